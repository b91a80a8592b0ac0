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
"""Burn rate over 6h above which sre-framework freezes risky deploys, regardless of the remaining budget."""


def policy(
    slos: Sequence[SloReport], status: Status, own: Mapping[str, PolicyText], defaults: Mapping[str, PolicyText]
) -> Policy:
    """The text for a service's status, the team's own before the default.

    A service with a 6h burn rate over 2 is treated at least as AT_RISK. HEALTHY and AT_RISK allow releases, so they
    need every SLO's budget and 6h burn rate: 20 % of the budget left and no data for 6 hours do not allow a release.
    """
    effective = _effective(slos, status)
    text = own.get(effective.value)
    source = "default" if text is None else "config"
    text = text or defaults[effective.value]
    return Policy(text.text, text.link, source)


def _effective(slos: Sequence[SloReport], status: Status) -> Status:
    if status not in {Status.HEALTHY, Status.AT_RISK}:
        return status
    unjudged = [slo.status for slo in slos if not slo.status.is_judged]
    if status is Status.AT_RISK and unjudged:
        return unjudged[0]
    burns = [slo.windows["6h"].burn_rate if "6h" in slo.windows else None for slo in slos]
    if not slos or unjudged or None in burns or any(slo.budget.remaining_ratio is None for slo in slos):
        return Status.INSUFFICIENT
    return Status.AT_RISK if any(burn is not None and burn > FREEZE_BURN for burn in burns) else status
