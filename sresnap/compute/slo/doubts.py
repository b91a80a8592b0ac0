"""What is known of the answers behind an SLO's numbers: causes of missing data, zeros without a reason, warnings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sresnap.model.now import Now, NowState
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Flag, SloReport
from sresnap.model.status import Status

NOT_PERCENT = "The query answers between 0 and 1, where percent is expected: multiply it by 100."
_OPEN = (Status.NO_DATA, Status.INSUFFICIENT, Status.HEALTHY)
"""Statuses that a missing series or a doubtful zero explains or refutes. Bad news stands."""


def with_doubts(
    report: SloReport,
    slo: Slo,
    causes: Mapping[SeriesKey, str],
    doubted: Collection[SeriesKey],
    warning: str | None,
) -> SloReport:
    """The report of an SLO with the cause of what is missing or doubtful. Nothing is healthy by a doubtful answer.

    Args:
        report: what its counts say.
        slo: the objective.
        causes: by series, why it has no data, or why its zeros may not be zero.
        doubted: the series with such zeros.
        warning: the first warning of an answer that it is counted from.
    """
    if warning is not None and report.now.state is NowState.QUIET:
        report = replace(report, now=Now(reason="Prometheus warns of its answers, so events may be missing."))
    if report.status not in _OPEN:
        return _at_least(report, [cause for key, cause in causes.items() if key in doubted], warning)
    for key, cause in causes.items():
        if key in doubted:
            return _unknown(report, f"{_part(slo, key)} unknown", "", cause)
        return replace(report, reason=f"{report.reason.removesuffix('.')}: {cause}.", cause=cause)
    if warning is None or report.status is not Status.HEALTHY:
        return report
    return _unknown(report, "Events may be missing", ", and the next build asks again. Prometheus warns", warning)


def looks_like_ratio(slo: Slo, hours: Sequence[float | None]) -> bool:
    """Whether a query that must answer in percent, here divided by 100, has answered between 0 and 1 in every hour."""
    known = [value for value in hours if value]
    return slo.basis is Basis.TIME and bool(known) and max(known) <= 1 / 100


def _at_least(report: SloReport, doubts: Sequence[str], warning: str | None) -> SloReport:
    """A report of bad news, which stands. It may be worse, so whether it burns is unknown, and no gate passes it."""
    cause = next(iter(doubts), warning)
    if cause is None:
        return report
    now = Now(reason="Bad events may be missing.") if report.now.state is NowState.QUIET else report.now
    reason = f"{report.reason} It may be worse, as bad events may be missing: {cause}."
    return replace(report, reason=reason, cause=cause, now=now, flags=(*report.flags, Flag.AT_LEAST))


def _unknown(report: SloReport, what: str, more: str, cause: str) -> SloReport:
    """The report with a reason. Whether it burns now is unknown, too; the cause, which may be private, is said once."""
    status = Status.INSUFFICIENT if report.status is Status.HEALTHY else report.status
    now = Now(reason=f"{what}.") if report.now.state is NowState.QUIET else report.now
    return replace(report, status=status, reason=f"{what}{more}: {cause}.", cause=cause, now=now)


def _part(slo: Slo, key: SeriesKey) -> str:
    if key.role == "availability":
        return "The share of good time is"
    return "Bad events are" if key == slo.bad or key.events_role == "bad" else "Good events are"
