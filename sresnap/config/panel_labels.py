"""Which panels of a preset a service cannot have, because it lacks a label that their queries need."""

from __future__ import annotations

from collections.abc import Mapping

from sresnap import promql
from sresnap.config.presets import LocatedTemplate
from sresnap.config.source import Source
from sresnap.model.query import QueryTemplate
from sresnap.model.signals import CAPACITY, GOLDEN

PANELS = frozenset(signal.key for signal in (*GOLDEN, *CAPACITY))
VARIABLES = {"window": "1h", "rate": "5m", "within": "3599999ms"}


def without_label(
    queries: Mapping[str, LocatedTemplate], labels: Mapping[str, str], file: Source
) -> dict[str, tuple[str, ...]]:
    """By key of a preset's panel, the labels that its query needs and the service does not set.

    A query that the file itself has is another matter: it is meant for the services that have it.
    """
    found = {}
    for key, located in queries.items():
        if key in PANELS and located.source is not file:
            lacking = _needed(located.template) - labels.keys()
            if lacking:
                found[key] = tuple(sorted(lacking))
    return found


def _needed(template: QueryTemplate) -> frozenset[str]:
    try:
        return frozenset(promql.placeholders(template.promql) - VARIABLES.keys()) | frozenset(template.by)
    except promql.TemplateError:  # a mistake of its own
        return frozenset()
