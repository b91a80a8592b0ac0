"""Snapshots ⇄ JSON, and `latest.json` which points to the newest."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sresnap.documents.layout import SNAPSHOT
from sresnap.errors import UsageError
from sresnap.model.snapshot import SCHEMA, PreviousReport, Snapshot
from sresnap.model.status import Status
from sresnap.model.windows import is_snapshot_id, iso

LATEST_SCHEMA = "sresnap/latest/1"
_VERSION = re.compile(r"sresnap/snapshot/([0-9]{1,9})")
_CURRENT = 1
_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]*")


@cache
def _adapter() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


@dataclass(frozen=True, slots=True)
class Latest:
    """`latest.json`: the newest report, and a hash for each page that is refreshed."""

    schema: str
    id: str
    at: str
    generated_at: str
    next_expected_at: str
    """When the next report is due; twice the schedule later, this one is stale."""
    schedule_seconds: int
    status: Status
    title: str
    snapshot: str
    """Site-relative path of its data."""
    pages: dict[str, str]
    """Site-relative path of a page → its hash, as in its `data-rev`."""


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as JSON, without NaN or infinity, the same bytes for the same snapshot."""
    data = _adapter().dump_python(snapshot, mode="json")
    return (json.dumps(data, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def decode(content: bytes, name: str) -> Snapshot:
    """A snapshot from JSON.

    Raises:
        UsageError: it is no snapshot, or one of a newer sresnap.
    """
    hint = "give a file that sresnap build wrote, e.g. public/snapshots/20261122T213000Z.json"
    try:
        data = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{name} is no JSON: {error}", hint) from error
    version = _VERSION.fullmatch(str(data.get("schema"))) if isinstance(data, dict) else None
    if version is None:
        raise UsageError(f"{name} is no snapshot of sresnap", hint)
    if int(version[1]) < 1:
        raise UsageError(f"{name} is no snapshot of sresnap", hint)
    if int(version[1]) > _CURRENT:
        message = f"{name} was written by a newer sresnap ({data['schema']}); this one reads up to {SCHEMA}"
        raise UsageError(message, "upgrade sresnap")
    try:
        return _checked(_adapter().validate_python(data))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"{name} is damaged: {place}: {first['msg']}", hint) from error
    except ValueError as error:
        raise UsageError(f"{name} is damaged: {error}", hint) from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _checked(snapshot: Snapshot) -> Snapshot:
    """What types cannot say, before a path or a formula is made of it: snapshots come from published sites, too."""
    if not is_snapshot_id(snapshot.id):
        raise ValueError(f"id {snapshot.id!r} is none")
    slugs = [service.slug for service in snapshot.services]
    for slug in slugs:
        if not _SLUG.fullmatch(slug) or slugs.count(slug) > 1:
            raise ValueError(f"the slug {slug!r} is not a folder of its own")
    for slo in (slo for service in snapshot.services for slo in service.slos):
        if not 0 < slo.objective < 1 or len(slo.hours.good) != len(slo.hours.total) or slo.window not in slo.windows:
            raise ValueError(f"the SLO {slo.name!r} does not hold together")
    return snapshot


def read(path: Path) -> Snapshot:
    """A snapshot from a file.

    Raises:
        UsageError: the file is missing or no snapshot.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return decode(content, str(path))


def previous(root: Path, snapshot_id: str) -> PreviousReport | None:
    """The newest snapshot in the folder that is older than this one."""
    before = SNAPSHOT.path(snapshot_id)
    for name in sorted((name for name in SNAPSHOT.names_in(root) if name < before), reverse=True):
        try:
            content = (root / name).read_bytes()
        except OSError:
            continue
        return PreviousReport(id=str(SNAPSHOT.value(name)), sha256=hashlib.sha256(content).hexdigest())
    return None


def latest_id(root: Path) -> str | None:
    """The id of the report that a folder shows; None when it shows none."""
    try:
        found = json.loads((root / "latest.json").read_bytes())["id"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) and is_snapshot_id(found) else None


def latest_kind(root: Path) -> str | None:
    """The kind of source (`prometheus`, `demo`) of the report that a folder shows; None when it shows none."""
    try:
        pointer = json.loads((root / "latest.json").read_bytes())
        snapshot = json.loads((root / pointer["snapshot"]).read_bytes())
        return str(snapshot["source"]["kind"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def latest(snapshot: Snapshot, pages: Mapping[str, str]) -> bytes:
    """`latest.json`: small, polled by every open page. `pages` is page → hash."""
    schedule = snapshot.site.schedule_seconds
    pointer = Latest(
        schema=LATEST_SCHEMA,
        id=snapshot.id,
        at=iso(snapshot.at),
        generated_at=iso(snapshot.generated_at),
        next_expected_at=iso(snapshot.generated_at + schedule),
        schedule_seconds=schedule,
        status=snapshot.status,
        title=snapshot.site.title,
        snapshot=SNAPSHOT.path(snapshot.id),
        pages=dict(pages),
    )
    return (json.dumps(asdict(pointer), allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n").encode()
