"""Writes imported SLOs as a sresnap.yaml."""

from __future__ import annotations

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
    if found.url is not None:
        document["prometheus"] = {"url": found.url}
    document["provider"] = "custom"
    document["services"] = [
        {"name": name, **found.people.get(name, {}), "slos": [_slo(slo) for slo in slos]}
        for name, slos in services.items()
    ]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"{_head(found)}{text}"


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
