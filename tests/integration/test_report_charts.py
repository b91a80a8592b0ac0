"""A report's charts: drawn once a site, and as files for documents."""

import re
import struct

from sresnap.documents import snapshots
from sresnap.render.charts import renderer
from sresnap.render.charts.pictures import pictures
from sresnap.render.charts.renderer import ChartRenderer
from sresnap.render.charts.shapes import shapes_svg
from sresnap.render.site import render
from tests import factories
from tests.golden.files import SNAPSHOT


def test_a_report_has_its_charts_as_png_files_at_twice_the_size():
    drawn = pictures(factories.mixed())
    assert "worker-availability-budget.png" in drawn
    assert "api-latency-sli.png" in drawn
    image = drawn["worker-availability-budget.png"]
    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    # 720 by 216 with 60 + 104 beside and 30 above, at 144 instead of 72 dots an inch.
    assert struct.unpack(">II", image[16:24]) == (2 * (720 + 60 + 104), 2 * (216 + 30))
    assert pictures(factories.overspent()).items() < drawn.items(), "the same bytes each time"


def test_an_objective_without_data_has_no_picture():
    assert pictures(factories.no_data()) == {}


def test_a_chart_that_is_on_several_pages_of_a_site_is_drawn_once(monkeypatch):
    drawn, asked = [], set()
    svg = ChartRenderer.svg
    monkeypatch.setattr(renderer, "shapes_svg", lambda spec: drawn.append(spec) or shapes_svg(spec))
    monkeypatch.setattr(ChartRenderer, "svg", lambda self, spec: asked.add(spec) or svg(self, spec))
    site = render(snapshots.read(SNAPSHOT))
    assert len(drawn) == len(asked) > 10
    frozen = next(content for name, content in site.files.items() if re.match(r"archive/2.*Z/", name))
    curves = [set(re.findall(rb'<path class="line" d="[^"]*"', page)) for page in (frozen, site.files["index.html"])]
    assert curves[0] == curves[1] != set(), "the frozen page shows the same charts"
