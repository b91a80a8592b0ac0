"""What was read, as a sresnap.yaml."""

from __future__ import annotations

from typing import Any

import yaml

from sresnap.imports.model import Found, FoundSlo


def config_yaml(found: Found) -> str:
    """The configuration, headed by what could not be carried over."""
    services: dict[str, list[FoundSlo]] = {}
    for slo in found.slos:
        services.setdefault(slo.service, []).append(slo)
    document: dict[str, Any] = {}
    if len(found.timezones) == 1:
        document["timezone"] = next(iter(found.timezones))
    if found.urls:
        document["prometheus"] = {"url": next(iter(found.urls))}
    document["provider"] = "custom"
    document["services"] = [
        {"name": name, "slos": [_slo(slo, own) for slo, own in zip(slos, _names(slos), strict=True)]}
        for name, slos in services.items()
    ]
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1_000_000)
    return f"{_head(found)}{text}"


def _names(slos: list[FoundSlo]) -> list[str]:
    """Their names, numbered where one comes twice in a service."""
    seen: dict[str, int] = {}
    names = []
    for slo in slos:
        seen[slo.name] = seen.get(slo.name, 0) + 1
        names.append(slo.name if seen[slo.name] == 1 else f"{slo.name}-{seen[slo.name]}")
    return names


def _slo(slo: FoundSlo, name: str) -> dict[str, Any]:
    options = {"window": slo.window, "kind": slo.kind, "slice": slo.slice}
    given = {key: value for key, value in options.items() if value is not None}
    return {"name": name, "objective": slo.objective, **given, "queries": dict(slo.queries)}


def _head(found: Found) -> str:
    lines = [
        "# Imported by sresnap. Golden signals and capacity have no queries yet: add them under `queries:`, or name a"
    ]
    lines.append("# preset as `provider`. `sresnap check --online` tells whether every query finds data.")
    if len(found.urls) > 1:
        lines.append(f"# Only one Prometheus can be asked; these were named: {', '.join(found.urls)}")
    if len(found.timezones) > 1:
        lines.append(f"# Only one time zone can be set; these were named: {', '.join(found.timezones)}")
    if found.notes:
        lines += ["#", "# Not carried over as it was:", *(f"#   {_one_line(str(note))}" for note in found.notes)]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
