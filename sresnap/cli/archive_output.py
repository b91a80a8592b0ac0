"""What `sresnap archive` prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from sresnap.printable import printable

if TYPE_CHECKING:
    from sresnap.model.archive import Entry
    from sresnap.model.comparison import Comparison
    from sresnap.model.now import NowState


def entry_line(entry: Entry, notes: Mapping[str, str]) -> str:
    """A kept report as one line: id, worst status and state now of its services, their budget left together, marks."""
    from sresnap.format import percent_signed

    note = printable(notes.get(entry.id, ""))
    marks = [f"pinned: {note}" if note else "pinned"] if entry.id in notes else []
    marks += ["reconstructed"] if entry.reconstructed else []
    marks += [_count(entry.problems, "problem")] if entry.problems else []
    if entry.unjudged:
        marks.append(f"{entry.unjudged} of {_count(sum(entry.services.values()), 'service')} without enough data")
    left = percent_signed(entry.remaining_ratio)
    now = "" if entry.now is None else entry.now.value
    verdict = f"{entry.status.value:<12}  {now:<7}  {left:>8} budget left of all together"
    return f"{entry.id}  {verdict}  {'; '.join(marks)}".rstrip()


def reports(number: int) -> str:
    """`1 report`, `3 reports`."""
    return _count(number, "report")


def megabytes(entries: Iterable[Entry]) -> str:
    """The size of reports together: `1.5 MB`."""
    return f"{sum(entry.bytes for entry in entries) / 1e6:.1f} MB"


def withdrawal_advice(report: str) -> str:
    """What to do after a withdrawal, and what it cannot reach."""
    from sresnap.documents.layout import FROZEN_PAGE, SNAPSHOT

    page = FROZEN_PAGE.path(report)
    addresses = f"{SNAPSHOT.path(report)}, {page.removesuffix('index.html')} and {page}"
    return (
        f"publish, then purge {addresses} from caches such as a CDN; `sresnap verify` names what is still served. "
        "Copies in browsers cannot be called back"
    )


def print_comparison(found: Comparison) -> None:
    """Print what differs between two reports."""
    from sresnap.format import plain
    from sresnap.model.windows import iso
    from sresnap.render.panels.comparison import change_text

    before = f"{iso(found.before_at)} {found.status_before.value}{_state(found.now_before)}"
    click.secho(f"{before}  →  {iso(found.after_at)} {found.status.value}{_state(found.now)}", bold=True)
    for slo in found.slos:
        status = "" if slo.status is slo.status_before else f"{slo.status_before or 'new'} → {slo.status or 'gone'}: "
        click.echo(f"  {printable(plain(f'{slo.service} {slo.slo}: {status}{change_text(slo)}'))}")
    for title, settings in (("configuration", found.config), ("PromQL", found.queries)):
        if not settings:
            click.echo(f"{title}: no difference")
            continue
        click.echo(f"{title}:")
        for setting in settings:
            click.echo(f"  {printable(setting.name)}")
            click.echo(f"    - {printable(setting.before or '(not set)')}")
            click.echo(f"    + {printable(setting.after or '(not set)')}")


def _state(now: NowState | None) -> str:
    return "" if now is None else f", {now.value}"


def _count(number: int, one: str) -> str:
    from sresnap.format import count, plain

    return plain(count(number, one))
