"""What a configuration without mistakes should have said otherwise: nothing is asked of Prometheus."""

from __future__ import annotations

import itertools

from sresnap import format as fmt
from sresnap.config.settings import Config
from sresnap.model.query import QueryTemplate
from sresnap.model.service import Service, Slo
from sresnap.model.windows import HOUR
from sresnap.promql.tree import Aggregate, Call, Range, Selector
from sresnap.publish.targets.registry import is_public

_MOST_NAMES = 3
PAGES_BUILDS_AN_HOUR = 10
"""Of a branch, by GitHub Pages."""


def filtered_totals(config: Config) -> tuple[str, ...]:
    """Where queries of all events are written with a filter that hides hours without traffic; it is left out."""
    of_services = (service.queries.values() for service in config.services)
    of_slos = ((one.template for one in service.series.values()) for service in config.services)
    templates = [*itertools.chain(*of_services), *itertools.chain(*of_slos)]
    return tuple(dict.fromkeys(template.origin for template in templates if template.written is not None))


def unasked_panels(config: Config) -> tuple[str, ...]:
    """The panels that are left out because a label is not set, in a sentence for each label and set of panels."""
    found: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for service in config.services:
        for key, labels in service.lacking.items():
            found.setdefault(labels, {}).setdefault(service.name, []).append(key)
    said = []
    for labels, of_services in found.items():
        keys = dict.fromkeys(key for some in of_services.values() for key in some)
        named = f"the label{'s' * (len(labels) > 1)} {', '.join(labels)}"
        who = fmt.some(list(of_services), _MOST_NAMES)
        said.append(f"{who}: {', '.join(keys)}: not asked without {named}; add {', '.join(labels)} under `labels`")
    return tuple(said)


def slos_missing_births(config: Config) -> tuple[int, int]:
    """How many SLOs count only errors, with a query that misses the increment at which a series of errors is born.

    The second number is how many of these could be counted by the form `counted`.
    """
    found = [(service, slo) for service in config.services for slo in service.slos if _misses_births(service, slo)]
    return len(found), sum(
        slo.bad is not None and _can_be_counted(service.series[slo.bad].template) for service, slo in found
    )


def never_public(config: Config) -> tuple[str, ...]:
    """What a public target would never take, where this target is not public: there it is a mistake."""
    from sresnap.leaks.inputs import leaks_in_values
    from sresnap.leaks.publication_rules import PublicationRules

    if config.target is not None and is_public(config.target):
        return ()
    rules = PublicationRules(secrets=config.secrets, private=True)
    return tuple(dict.fromkeys(map(str, leaks_in_values({"services": config.services}, rules))))


def reports_beyond_pages(config: Config) -> int | None:
    """How many reports an hour are planned for a branch, if GitHub Pages does not build so many.

    Source: https://docs.github.com/en/pages/getting-started-with-github-pages/github-pages-limits: 10 builds an hour,
    unless a workflow of one's own deploys.
    """
    to_branch = (config.target or "").startswith("gh-pages:")
    planned = HOUR // config.schedule_seconds
    return planned if to_branch and planned > PAGES_BUILDS_AN_HOUR else None


def _can_be_counted(template: QueryTemplate) -> bool:
    """Whether a query is a sum of increases of one selector, which the form `counted` writes in another way."""
    from sresnap.promql.reader import read_template  # the parser is loaded only where it is needed

    match read_template(template.promql):
        case Aggregate("sum", Call("increase" | "rate", (Range(Selector()),))):
            return True
        case _:
            return False


def _misses_births(service: Service, slo: Slo) -> bool:
    """Whether the SLO, or the slices it is made of, counts bad events without the form `counted`.

    That form reads raw samples where a series is born.
    """
    if service.provider == "recorded":
        return False  # The rules decided it when they recorded the series.
    part = slo.bad or slo.good
    if part is None or part.events_role != "bad":
        return False
    return service.series[part].template.raw is None
