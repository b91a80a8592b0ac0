"""`snapshots/<id>.json`: a report as data, read and written as the class `Snapshot`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sresnap.documents.codec import Codec
from sresnap.documents.files import sha256
from sresnap.documents.layout import SNAPSHOT
from sresnap.documents.upgrades import with_now
from sresnap.errors import UsageError
from sresnap.file_errors import what_to_do, why
from sresnap.model.series_key import SeriesKey
from sresnap.model.slo import SloReport
from sresnap.model.slug import SLUG, team_slug
from sresnap.model.snapshot import SCHEMA, PreviousReport, Snapshot
from sresnap.model.windows import HOUR, moment_of
from sresnap.named_files import read_stored


def _check(snapshot: Snapshot) -> None:
    """Refuse what would make a wrong path or formula: snapshots come from published sites, too."""
    moment_of(snapshot.id)
    for slug, uses in Counter(service.slug for service in snapshot.services).items():
        if not re.fullmatch(SLUG, slug) or uses > 1:
            raise ValueError(f"the slug {slug!r} is not a folder of its own")
    teams = {service.people.team for service in snapshot.services if service.people is not None} - {None}
    if len({team_slug(str(team)) for team in teams}) < len(teams):
        raise ValueError("two teams have the same folder")
    for slo in (slo for service in snapshot.services for slo in service.slos):
        if not 0 < slo.objective < 1:
            raise ValueError(f"the objective of {slo.name!r} is not between 0 and 1")
        _check_hours(slo)
        for name in slo.series:
            SeriesKey.parse(name)
        if slo.window not in slo.windows:
            raise ValueError(f"the windows of {slo.name!r} lack its own, {slo.window!r}")


def _check_hours(slo: SloReport) -> None:
    """Refuse hours that no line can be drawn from, and an impossible share of a window."""
    for hours in (slo.hours, slo.earlier):
        if hours is not None and len(hours.good) != len(hours.total):
            raise ValueError(f"the hours of {slo.name!r} have {len(hours.good)} good and {len(hours.total)} total")
    if slo.earlier is not None and slo.earlier.start + len(slo.earlier.total) * HOUR != slo.hours.start:
        raise ValueError(f"the earlier hours of {slo.name!r} do not end where its window begins")
    provisional = slo.provisional
    if provisional is not None and not 0 < provisional.seen_seconds <= provisional.of_seconds:
        raise ValueError(f"{slo.name!r} has seen {provisional.seen_seconds} of {provisional.of_seconds} s")


CODEC = Codec(
    SCHEMA,
    Snapshot,
    "a snapshot",
    "give a file that sresnap build wrote, e.g. public/snapshots/20261122T213000Z.json",
    _check,
)


def encode(snapshot: Snapshot) -> bytes:
    """The snapshot as JSON, the same bytes for the same snapshot.

    Raises:
        ValueError: a number in it is not finite.
    """
    return CODEC.write(snapshot)


def decode(content: bytes, name: str) -> Snapshot:
    """A snapshot from JSON.

    Raises:
        DamagedFile: it is not a snapshot, or was edited.
        NewerFile: a newer sresnap wrote it.
    """
    return with_now(CODEC.read(content, name))


def read(path: Path) -> Snapshot:
    """A snapshot from a file.

    Raises:
        UsageError: the file cannot be read, or is not a snapshot.
    """
    try:
        content = read_stored(path)
    except FileNotFoundError as error:
        hint = "give a file in public/snapshots/; `sresnap archive list` shows the ids"
        raise UsageError(f"cannot read {path}: {why(error)}", hint) from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {why(error)}", what_to_do(error, read=True)) from error
    return decode(content, str(path))


def previous(root: Path, report: str) -> PreviousReport | None:
    """The newest report in a folder that is older than this one; None when there is none."""
    before = SNAPSHOT.path(report)
    for name in sorted((name for name in SNAPSHOT.names_in(root) if name < before), reverse=True):
        try:
            content = read_stored(root / name)
        except OSError:
            continue
        return PreviousReport(id=str(SNAPSHOT.value(name)), sha256=sha256(content))
    return None
