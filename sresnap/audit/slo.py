"""The formula of each number of a report, the formula with its numbers, and the queries behind them.

The filled formulas are plain arithmetic with unrounded numbers: pasted into a calculator they give the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sresnap.audit.queries import asked_for
from sresnap.compute.slo.budget import error_budget
from sresnap.compute.slo.corrections import as_measured, is_corrected
from sresnap.model.composite import Composite
from sresnap.model.instant import Instant
from sresnap.model.query import Purpose
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Method
from sresnap.model.slo import Budget, Flag, Provisional, SloReport, WindowReport
from sresnap.model.snapshot import QueryRecord, ServiceReport, Snapshot
from sresnap.model.windows import SHORT_WINDOWS, parse_duration

_SHORT = {window.name for window in SHORT_WINDOWS}
_BESIDE = (Purpose.RAW, Purpose.LOOK_UP)
"""What is asked beside the queries of counts: samples where they are not clear, what exists where they are zero."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """One number."""

    name: str
    """`SLI, 28d`."""
    value: float | None
    """Unrounded."""
    formula: str
    filled: str | None
    """None when there is no value; `why` gives the reason."""
    start: Instant | None = None
    """The pinned times of its window."""
    end: Instant | None = None
    coverage: float | None = None
    samples: str | None = None
    """The samples that were added up: `671 of 671 hours`."""
    queries: tuple[QueryRecord, ...] = ()
    """The queries that this report sent for it, as they would be sent for its service only. Sealed hours come from the
    history and are not queried again."""
    why: str | None = None


def slo_derivations(snapshot: Snapshot, service: ServiceReport, slo: SloReport) -> tuple[Derivation, ...]:
    """Every number of an SLO, from the counts to the remaining budget."""
    return tuple(_slo(slo, _asked(snapshot, service, slo)))


def composite_derivations(snapshot: Snapshot) -> tuple[Derivation, ...]:
    """The remaining budget and the mean SLI, of the fleet and of each group."""
    everything = {"fleet": snapshot.composite, **{f"group {group.name}": group.composite for group in snapshot.groups}}
    return tuple(
        derivation
        for name, composite in everything.items()
        for derivation in (
            *_composites(f"budget remaining, {name}", composite),
            *_means(name, composite, _members(snapshot, None if name == "fleet" else composite)),
        )
    )


def _members(snapshot: Snapshot, composite: Composite | None) -> list[ServiceReport]:
    """The services of a composite; all of them for the fleet's."""
    if composite is None:
        return list(snapshot.services)
    names = {*(share.service for share in composite.shares), *composite.missing}
    return [service for service in snapshot.services if service.name in names]


def _means(name: str, composite: Composite, members: Sequence[ServiceReport]) -> Iterator[Derivation]:
    """The plain mean of the first SLOs' SLIs; where a member has corrections, the mean without them, too."""
    slos = [service.slos[0] for service in members if service.slos]
    yield _mean(f"mean SLI, {name}", composite.mean_sli, slos)
    if composite.raw_mean_sli is not None:
        measured = [as_measured(slo) for slo in slos]
        yield _mean(f"mean SLI, {name} without corrections", composite.raw_mean_sli, measured)


def _mean(name: str, value: float | None, slos: Sequence[SloReport]) -> Derivation:
    found = [slo.windows[slo.window].sli for slo in slos if Flag.IMPLAUSIBLE not in slo.flags]
    slis = [sli for sli in found if sli is not None]
    filled = f"({' + '.join(map(repr, slis))}) / {len(slis)}" if slis else None
    return Derivation(
        name,
        value,
        "Σ SLI / services",
        filled,
        samples=f"{len(slis)} of {len(slos)} services, each by its first SLO",
        why=None if slis else "no member has data",
    )


def _composites(name: str, composite: Composite) -> Iterator[Derivation]:
    """The composite as judged and, where a member has corrections, without them."""
    yield _composite(name, composite)
    if composite.raw_shares:
        measured = replace(
            composite,
            remaining_ratio=composite.raw_remaining_ratio,
            shares=composite.raw_shares,
            with_data=len(composite.raw_shares),
        )
        yield _composite(f"{name} without corrections", measured)


def _slo(slo: SloReport, asked: Mapping[str, tuple[QueryRecord, ...]]) -> Iterator[Derivation]:
    yield from _windows(slo, asked)
    yield from _budget(slo, asked["long"])
    yield from _thresholds(slo)


def _windows(slo: SloReport, asked: Mapping[str, tuple[QueryRecord, ...]]) -> Iterator[Derivation]:
    budget = error_budget(slo.objective)
    raw = slo.uncorrected.windows if slo.uncorrected is not None else {}
    measured = ((name, f"{name} without corrections", window, None) for name, window in raw.items())
    judged = ((name, name, w, _samples(slo) if name == slo.window else None) for name, w in slo.windows.items())
    for name, label, window, samples in (*judged, *measured):
        facts = (window.start, window.end, window.coverage, samples, asked["short" if name in _SHORT else "long"])
        queries = tuple(q for q in facts[4] if name not in _SHORT or q.window == name or q.purpose in _BESIDE)
        known = window.good is not None and window.total is not None and window.total > 0
        why = None if known else "no traffic" if window.total == 0 else "no data"
        yield Derivation(
            f"SLI, {label}", window.sli, "good / total", f"{window.good!r} / {window.total!r}" if known else None,
            *facts[:4], queries, why,
        )  # fmt: skip
        filled = f"{_bad(window)} / {window.total!r} / {budget!r}" if known else None
        yield Derivation(
            f"burn rate, {label}", window.burn_rate, "(total − good) / total / (1 − objective)", filled,
            *facts[:4], queries, why,
        )  # fmt: skip


def _bad(window: WindowReport) -> str:
    return f"({window.total!r} - {window.good!r})"


def _budget(slo: SloReport, queries: tuple[QueryRecord, ...]) -> Iterator[Derivation]:
    """The remaining budget as judged and, where corrections leave something out, without them."""
    of_period = slo.calendar.of_period_ratio if slo.calendar is not None else None
    yield from _left(slo, slo.windows[slo.window], slo.budget, of_period, (_samples(slo), queries), "")
    if slo.uncorrected is not None and is_corrected(slo):
        raw = slo.uncorrected
        yield from _left(slo, raw.window, raw.budget, raw.of_period_ratio, (None, queries), " without corrections")


def _left(
    slo: SloReport,
    window: WindowReport,
    left: Budget,
    of_period: float | None,
    source: tuple[str | None, tuple[QueryRecord, ...]],
    suffix: str,
) -> Iterator[Derivation]:
    budget, seconds = error_budget(slo.objective), _length(slo)
    if slo.calendar is not None:
        seconds = window.end - window.start
    facts = (window.start, window.end, window.coverage, *source)
    known = window.total is not None and window.total > 0
    why = None if known else "no traffic spends nothing" if window.total == 0 else "no data"
    seen, times = _times_seen(slo.provisional)
    ratio = f"1 - {_bad(window)} / {window.total!r} / {budget!r}{seen}" if known else None
    yield Derivation(
        f"budget remaining{suffix}",
        left.remaining_ratio,
        f"1 − (total − good) / total / (1 − objective){times}",
        ratio,
        *facts,
        why,
    )
    in_seconds = None if left.remaining_seconds is None else f"{left.remaining_ratio!r} * {budget!r} * {seconds}"
    yield Derivation(
        f"budget remaining in seconds{suffix}",
        left.remaining_seconds,
        "remaining × (1 − objective) × window" if slo.calendar is None else "remaining × (1 − objective) × elapsed",
        in_seconds,
        *facts,
        why if in_seconds is None else None,
    )
    if left.remaining_events is not None:
        whole, over = _over_seen(slo.provisional)
        filled = f"{budget!r} * {window.total!r}{whole} - {_bad(window)}"
        yield Derivation(
            f"budget remaining in events{suffix}", left.remaining_events,
            f"(1 − objective) × total{over} − (total − good)", filled, *facts, None,
        )  # fmt: skip
    if slo.calendar is not None and of_period is not None:
        filled = f"1 - (1 - {left.remaining_ratio!r}) * {slo.calendar.elapsed_ratio!r}"
        yield Derivation(
            f"budget of the whole {slo.window} remaining{suffix}", of_period, "1 − (1 − remaining) × elapsed", filled,
            *facts, None,
        )  # fmt: skip


def _times_seen(provisional: Provisional | None) -> tuple[str, str]:
    """The factor of what was spent, filled and as a formula: in the first days, the share of the window seen."""
    if provisional is None:
        return "", ""
    return f" * {provisional.seen_seconds} / {provisional.of_seconds}", " × seen / window"


def _over_seen(provisional: Provisional | None) -> tuple[str, str]:
    """The factor of all events, filled and as a formula: the whole window has as many an hour as what was seen."""
    if provisional is None:
        return "", ""
    return f" / {provisional.seen_seconds} * {provisional.of_seconds}", " / seen × window"


def _thresholds(slo: SloReport) -> Iterator[Derivation]:
    seconds = _length(slo)
    for alert in slo.alerts:
        long, share = int(parse_duration(alert.long)), alert.budget_share
        yield Derivation(
            f"threshold, {alert.long} and {alert.short}", alert.threshold, "share of budget × window / long window",
            None if share is None else f"{share!r} * {seconds} / {long}",
            why="an older report, which does not say the share" if share is None else None,
        )  # fmt: skip


def _length(slo: SloReport) -> int:
    """Seconds of the whole window."""
    if slo.calendar is None:
        return int(parse_duration(slo.window))
    return slo.calendar.resets_at - slo.calendar.start


def _samples(slo: SloReport) -> str:
    seen = sum(value is not None for value in slo.hours.total)
    return f"{seen} of {len(slo.hours.total)} whole hours, and the running one"


def _asked(snapshot: Snapshot, service: ServiceReport, slo: SloReport) -> dict[str, tuple[QueryRecord, ...]]:
    """The queries of this report for an SLO: for the short windows, and for the hours."""
    mine = asked_for(
        snapshot,
        service,
        lambda query: query.purpose == Purpose.RAW or str(SeriesKey.parse(query.signal).whole) in slo.series,
    )
    return {
        "short": tuple(query for query in mine if query.purpose in {Purpose.SLI, *_BESIDE}),
        "long": tuple(query for query in mine if query.purpose in {Purpose.HOURLY, Purpose.RUNNING_HOUR, *_BESIDE}),
    }


def _composite(name: str, composite: Composite) -> Derivation:
    shares = composite.shares
    if composite.method == Method.POOLED:
        formula = "1 − Σ bad / Σ (1 − objective) × total"
        bad = " + ".join(f"({share.total!r} - {share.good!r})" for share in shares)
        filled = f"1 - ({bad}) / ({' + '.join(repr(share.allowed_bad) for share in shares)})"
    else:
        formula = "1 − Σ weight × (1 − remaining) / Σ weight"
        consumed = " + ".join(f"{share.weight!r} * (1 - {share.remaining_ratio!r})" for share in shares)
        filled = f"1 - ({consumed}) / ({' + '.join(repr(share.weight) for share in shares)})"
    samples = f"{composite.with_data} of {composite.members} services"
    if not shares:
        return Derivation(name, composite.remaining_ratio, formula, None, samples=samples, why="no member has data")
    if composite.method == Method.POOLED and not any(share.total for share in shares):
        return Derivation(
            name, composite.remaining_ratio, formula, None, samples=samples, why="no traffic spends nothing"
        )
    return Derivation(name, composite.remaining_ratio, formula, filled, samples=samples)
