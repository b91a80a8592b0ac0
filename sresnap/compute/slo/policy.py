"""What follows from a status: the team's error budget policy.

Source of the defaults: Google SRE workbook, appendix B "Example Error Budget Policy".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sresnap.model.service import PolicyText
from sresnap.model.slo import SloReport
from sresnap.model.snapshot import Policy
from sresnap.model.status import Status

FREEZE_BURN = 2.0
"""Burn rate over 6h above which sre-framework freezes risky deploys, whatever is left of the budget."""
_UNKNOWN = (Status.NO_DATA, Status.INSUFFICIENT)


def policy(
    slos: Sequence[SloReport], status: Status, own: Mapping[str, PolicyText], defaults: Mapping[str, PolicyText]
) -> Policy:
    """The text for a service's status, the team's own before the default.

    A service whose 6h burn rate is over 2 is treated as AT_RISK at least. HEALTHY and AT_RISK, whose texts let releases
    go on, hold only where every SLO's budget and 6h burn rate are known: with 20 % of the budget left and no data for
    6 hours, nobody says that they do.
    """
    effective = _effective(slos, status)
    text = own.get(effective.value)
    source = "default" if text is None else "config"
    text = text or defaults[effective.value]
    return Policy(text.text, text.link, source)


def _effective(slos: Sequence[SloReport], status: Status) -> Status:
    if status not in {Status.HEALTHY, Status.AT_RISK}:
        return status
    unjudged = [slo.status for slo in slos if slo.status in _UNKNOWN]
    if status is Status.AT_RISK and unjudged:
        return unjudged[0]
    burns = [slo.windows["6h"].burn_rate if "6h" in slo.windows else None for slo in slos]
    if not slos or unjudged or None in burns or any(slo.budget.remaining_ratio is None for slo in slos):
        return Status.INSUFFICIENT
    return Status.AT_RISK if any(burn is not None and burn > FREEZE_BURN for burn in burns) else status
