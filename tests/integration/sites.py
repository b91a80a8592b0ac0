"""Small sites, whose builds take milliseconds: a page that names its report, a snapshot, a history that names them all.

Like a build it goes on from what the folder holds, so that a report that a publisher lost is missing from the history.
"""

from __future__ import annotations

import json
from pathlib import Path

from sresnap.model.windows import MINUTE, iso
from sresnap.publish import run
from sresnap.publish.needed import Wanted
from sresnap.store import snapshots
from sresnap.store.files import write_changed
from tests import factories

AT = factories.AT
DAY_FILE = "history/2026/11/2026-11-22.json"


class Quiet:
    """Progress that tells nobody."""

    def stage(self, name, total): ...

    def advance(self): ...

    def note(self, text): ...


def build(out: Path, number: int, *, by: str = "one", pages: int = 3) -> str:
    """The report of a minute, made on what the folder holds; its id."""
    at = AT + number * MINUTE
    snapshot = factories.snapshot(services=[], at=at)
    snapshot = factories.replace(snapshot, previous=snapshots.previous(out, snapshot.id), generated_at=iso(at))
    snapshot = factories.replace(snapshot, site=factories.replace(snapshot.site, title=by))
    day = {
        "schema": "sresnap/history/1",
        "day": "2026-11-22",
        "previous_sha256": None,
        "services": {},
        "superseded": [],
    }
    known = [*(report for report in reports(out) if report != snapshot.id), snapshot.id]
    text = f"{snapshot.id} by {by}"
    css = f"assets/app.{number % 7:010x}.css"
    names = ["index.html", *(f"services/s{i}/index.html" for i in range(pages - 1))]
    html = {name: f"<html><link href={css}><p>{text}</p>{name}</html>".encode() for name in reversed(names)}
    files = {
        DAY_FILE: json.dumps({**day, "reports": known}).encode(),
        snapshots.snapshot_name(snapshot.id): snapshots.encode(snapshot),
        css: b"p{}" * 1000 + str(number % 7).encode(),
        **html,
        "feed.xml": f"<feed>{text}</feed>".encode(),
        "latest.json": snapshots.latest(snapshot, dict.fromkeys(names, text)),
    }
    write_changed(out, files)
    return snapshot.id


def reports(out: Path) -> list[str]:
    """The ids that the folder's history names."""
    try:
        return json.loads((out / DAY_FILE).read_bytes())["reports"]
    except FileNotFoundError:
        return []


def reports_of(source) -> list[str]:
    """The ids that a published history names."""
    return json.loads(source.read(DAY_FILE).content)["reports"]


def publish(target, out: Path, now: int = AT, **options) -> run.Published:
    return run.publish(target, out, now, run.Options(**options), Quiet())


def restore(source, out: Path, **more):
    from sresnap.publish.restore import restore as restore_from

    return restore_from(
        source, out, Wanted(**{k: more.pop(k) for k in ("since", "everything") if k in more}), Quiet(), **more
    )


def read_whole(source) -> str | None:
    """What a reader meets who walks from the pointer: a whole report, or the test fails. None before the first one.

    Pages are replaced in place, so on a place that writes file by file they may be of the report before or after; but
    each is a whole page, and all that it needs is there.
    """
    pointer = source.read("latest.json")
    if pointer is None:
        return None
    data = json.loads(pointer.content)
    snapshot = snapshots.decode(source.read(data["snapshot"]).content, data["snapshot"])
    assert snapshot.id == data["id"]
    listed = json.loads(source.read(DAY_FILE).content)["reports"]
    assert data["id"] in listed
    seen = {page_of(source, name) for name in data["pages"]}
    assert len(seen - {data["id"]}) <= 1
    return data["id"]


def page_of(source, name: str) -> str:
    """The report that a page is of; its style sheet must be there."""
    html = source.read(name).content.decode()
    assert html.endswith("</html>"), f"{name} is cut short"
    css = html.split("<link href=")[1].split(">")[0]
    assert source.read(css) is not None, f"{name} needs {css}"
    return html.split("<p>")[1].split(" by ")[0]


def chain(source) -> list[str]:
    """Ids from the newest snapshot back to the first, each checked by its hash."""
    import hashlib

    found = []
    name = json.loads(source.read("latest.json").content)["snapshot"]
    expected = None
    while name:
        content = source.read(name).content
        assert expected in (None, hashlib.sha256(content).hexdigest())
        snapshot = snapshots.decode(content, name)
        found.append(snapshot.id)
        before = snapshot.previous
        name, expected = (snapshots.snapshot_name(before.id), before.sha256) if before else (None, None)
    return found
