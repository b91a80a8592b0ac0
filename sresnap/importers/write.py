"""Writes imported SLOs as a sresnap.yaml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from sresnap.importers.model import Found, FoundSlo


def config_yaml(found: Found) -> str:
    """The configuration, headed by a list of everything that was changed or left out."""
    services: dict[str, list[FoundSlo]] = {}
    for slo in found.slos:
        services.setdefault(slo.service, []).append(slo)
    document: dict[str, Any] = {}
    if len(found.timezones) == 1:
        document["timezone"] = next(iter(found.timezones))
    if found.url is not None or found.sources:
        document["prometheus"] = {} if found.url is None else {"url": found.url}
    if found.sources:
        document["sources"] = {name: {"url": url} if url else {} for name, url in found.sources.items()}
    document["provider"] = "custom"
    document["services"] = [_service(name, slos, found.people.get(name, {})) for name, slos in services.items()]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"{_head(found)}{text}"


def _service(name: str, slos: Sequence[FoundSlo], people: Mapping[str, str]) -> dict[str, Any]:
    """A service, whose SLOs all have the same source."""
    source = {"source": slos[0].source} if slos[0].source else {}
    return {"name": name, **source, **people, "slos": [_slo(slo) for slo in slos]}


def _slo(slo: FoundSlo) -> dict[str, Any]:
    options = {
        "window": slo.window,
        "latency_threshold": slo.latency_threshold,
        "kind": slo.kind,
        "slice": slo.slice,
    }
    given = {key: value for key, value in options.items() if value is not None}
    return {"name": slo.name, "objective": slo.objective, **given, "queries": dict(slo.queries)}


def _head(found: Found) -> str:
    lines = [
        "# Imported by sresnap. Golden signals and capacity have no queries yet: add them under `queries:`, or name a"
    ]
    lines.append("# preset as `provider`. `sresnap check --online` shows whether every query finds data.")
    if found.mistakes:
        lines += ["#", "# Wrong, so left out:", *(f"#   {mistake}" for mistake in found.mistakes)]
    if found.notes:
        lines += ["#", "# Changed or left out:", *(f"#   {note}" for note in found.notes)]
    return "\n".join(lines) + "\n"
