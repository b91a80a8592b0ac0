"""Whether an SLO burns now: by its burn-rate pairs, and nothing of the past.

The status of its window says what was spent. A service may have spent its budget weeks ago and be quiet, or burn again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap import format as fmt
from sresnap.model.events import PAGE
from sresnap.model.now import DecidingPair, Now, NowState
from sresnap.model.slo import Alert
from sresnap.model.windows import SHORT_WINDOWS


def now_of(alerts: Sequence[Alert], burn_rates: Mapping[str, float | None], window: str) -> Now:
    """The state, with the pairs that decide; the moment of its beginning is left open.

    What fires decides, a page before a ticket. When nothing fires, a window without data or an SLO window that is too
    short for any pair makes it unknown.

    Args:
        alerts: the pairs, judged.
        burn_rates: of all windows, by name.
        window: the name of the SLO window.
    """
    firing = [alert for alert in alerts if alert.firing]
    pages = [alert for alert in firing if alert.severity == PAGE]
    if firing:
        deciding = pages or firing
        state = NowState.PAGING if pages else NowState.TICKET
        return Now(state, pairs=tuple(map(_pair, deciding)), reason=burning(deciding[0]))
    if not alerts:
        short = f"A window of {fmt.window_phrase(window)} is too short for burn-rate alerts"
        return Now.unknown(fmt.plain(f"{short}, so the present is not judged."))
    missing = no_data_over(alerts, burn_rates)
    if missing is not None:
        unknown = tuple(_pair(alert) for alert in alerts if alert.firing is None)
        return Now.unknown(fmt.plain(f"There is no data for the last {missing}."), unknown)
    return Now(NowState.QUIET, reason=fmt.plain(f"No burn-rate alert fires.{_withheld(alerts)}"))


def no_data_over(alerts: Sequence[Alert], burn_rates: Mapping[str, float | None]) -> str | None:
    """The shortest window that the present state depends on and that has no data; None when all are known.

    A short SLO window has no pair left, so the short windows are checked by themselves.
    """
    names = (*(short.name for short in SHORT_WINDOWS), *(alert.long for alert in alerts))
    return next((name for name in names if burn_rates.get(name) is None), None)


def unknown_now(alerts: Sequence[Alert], burn_rates: Mapping[str, float | None]) -> str | None:
    """Why the present state is unknown, for a verdict on a window that needs it; None when it is known."""
    missing = no_data_over(alerts, burn_rates)
    if missing is None:
        return None
    return fmt.plain(f"There is no data for the last {missing}, so the current state is unknown.")


def burning(alert: Alert) -> str:
    """A firing pair in a sentence: burning at 71× over 1h and 68× over 5m; the limit is 13.44×."""
    found = alert.judged
    rates = [fmt.burn_rate(rate, alert.threshold) for rate in (found.long_burn_rate, found.short_burn_rate)]
    text = f"Burning at {rates[0]} over {found.long} and {rates[1]} over {found.short}"
    return fmt.plain(f"{text}; the limit is {fmt.threshold(alert.threshold)}.")


def _pair(alert: Alert) -> DecidingPair:
    found = alert.judged
    return DecidingPair(
        alert.severity, found.long, found.short, alert.threshold, found.long_burn_rate, found.short_burn_rate
    )


def _withheld(alerts: Sequence[Alert]) -> str:
    reason = next((alert.withheld for alert in alerts if alert.withheld is not None), None)
    return "" if reason is None else f" One that exceeds its limit is withheld: {reason}."
