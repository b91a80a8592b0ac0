"""Charts as PNG files at twice the size, for what knows no style sheet: mails, slides, chats."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sresnap.model.snapshot import ServiceReport, Snapshot
from sresnap.render.charts.renderer import Easel
from sresnap.render.charts.slo import burn_down, sli_trend
from sresnap.render.charts.studio import Studio
from sresnap.render.clock import Clock
from sresnap.render.downloads.statements import statement_paths
from sresnap.resources import bundled

_TOKEN = re.compile(r"--([a-z]+):\s*(#[0-9a-f]{3,6})")


def palette() -> Mapping[str, str]:
    """The light theme's colours by their names in the style sheet: such as `series`, `muted` and `bad`."""
    light, _, _ = (bundled("site") / "css" / "tokens.css").read_text(encoding="utf-8").partition("@media")
    return dict(_TOKEN.findall(light))


def pictures(snapshot: Snapshot) -> Mapping[str, bytes]:
    """By file name, each objective's budget and its SLI by days. What has no data has no picture."""
    colours = palette()
    found: dict[str, bytes] = {}
    with Easel() as easel:
        studio = Studio(Clock.of(snapshot.site.timezone), easel)
        for service in snapshot.services:
            found |= _of_service(service, studio, colours)
    return found


def _of_service(service: ServiceReport, studio: Studio, colours: Mapping[str, str]) -> dict[str, bytes]:
    found = {}
    for slo, (table, _) in zip(service.slos, statement_paths(service), strict=True):
        name = table.removeprefix("statement-").removesuffix(".csv")
        for kind, chart in (("budget", burn_down(studio, "c", slo)), ("sli", sli_trend(studio, "c", slo))):
            if chart.sketch is not None:
                title = f"{service.name}: {chart.title}"
                found[f"{service.slug}-{name}-{kind}.png"] = studio.easel.png(chart.sketch, title, colours)
    return found
