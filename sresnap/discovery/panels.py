"""The panels that a service can have, by the metrics that exist and the labels that name it."""

from __future__ import annotations

from contextlib import suppress

from sresnap.discovery.choose import Chosen
from sresnap.model.signals import CAPACITY, GOLDEN
from sresnap.promql import TemplateError, placeholders

PANELS = tuple(signal.key for signal in (*GOLDEN, *CAPACITY))
"""The keys of their queries."""
_VARIABLES = frozenset({"window", "rate", "within", "threshold", "slo"})


def off(one: Chosen) -> tuple[str, ...]:
    """The panels whose metrics do not exist, or which need labels that this service does not have."""
    candidate, known = one.candidate, {"service", *one.labels}
    templates = candidate.preset.templates(one.parameters)
    found = set(candidate.off) & templates.keys()
    for key, template in templates.items():
        with suppress(TemplateError):
            if placeholders(template.promql) - _VARIABLES - known:
                found.add(key)
    return tuple(key for key in PANELS if key in found)
