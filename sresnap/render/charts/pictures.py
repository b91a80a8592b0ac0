"""The PNG files of a report: each objective's budget, and its SLI by days."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sresnap.model.slug import slo_slug
from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.charts.burn_down import burn_down
from sresnap.render.charts.drawing import Charts
from sresnap.render.charts.sli_trend import sli_trend
from sresnap.render.clock import Clock
from sresnap.resources import bundled

_TOKEN = re.compile(r"--([a-z]+):\s*(#[0-9a-f]{3,6})")


def palette() -> Mapping[str, str]:
    """The light theme's colours by their names in the style sheet: `series`, `muted`, `bad` and so on."""
    light, _, _ = (bundled("site") / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media")
    return dict(_TOKEN.findall(light))


def pictures(snapshot: Snapshot) -> Mapping[str, bytes]:
    """PNG files by name. A chart without data has no file."""
    colours = palette()
    files: dict[str, bytes] = {}
    with Charts(Clock.of(snapshot.site.timezone)) as charts:
        for service in snapshot.services:
            files |= _of_service(service, charts, colours)
    return files


def _of_service(service: ServiceReport, charts: Charts, colours: Mapping[str, str]) -> dict[str, bytes]:
    files = {}
    for slo in service.slos:
        name = slo_slug(slo.name)
        for kind, chart in (("budget", burn_down(charts, "c", slo)), ("sli", sli_trend(charts, "c", slo))):
            if chart.spec is not None:
                title = f"{service.name}: {chart.title}"
                files[f"{service.slug}-{name}-{kind}.png"] = charts.renderer.png(chart.spec, title, colours)
    return files
