"""Charts: fit for a strict policy, honest about gaps, the same bytes every time."""

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from sresnap.documents import snapshots
from sresnap.format import plain
from sresnap.model.golden import SignalReport, SignalWindow
from sresnap.model.slo import Provisional
from sresnap.model.windows import DAY, parse_time
from sresnap.render.charts import burn_rates
from sresnap.render.charts.bars import budget_bar, burn_bar
from sresnap.render.charts.burn_down import burn_down
from sresnap.render.charts.burn_rates import burn_bars
from sresnap.render.charts.cells import cell_chart, day_cell, strip_size
from sresnap.render.charts.clip import above
from sresnap.render.charts.drawing import Charts, Span
from sresnap.render.charts.pictures import palette
from sresnap.render.charts.scale import buckets, log_position, nice_top
from sresnap.render.charts.shapes import shapes_svg
from sresnap.render.charts.signal import signal_chart
from sresnap.render.charts.spec import ChartSpec, Frame, Layer, Mark
from sresnap.render.charts.spent import spent_chart
from sresnap.render.charts.svg import area, coordinate, line
from sresnap.render.clock import Clock
from tests import factories
from tests.golden.files import SNAPSHOT


@pytest.fixture
def charts():
    with Charts(Clock.of("UTC")) as charts:
        yield charts


def signal(values, unit="ratio", peaks=None):
    window = SignalWindow(parse_time("2026-11-22T20:30:00Z"), 60, tuple(values), peaks)
    return SignalReport(unit, values[-1] if values else None, {"1h": window})


def draw(charts, values, unit="ratio", peaks=None):
    return signal_chart(charts, "c", "Errors", signal(values, unit, peaks), "1h", ())


def lines(chart, css_class="line"):
    root = ET.fromstring(str(chart.svg))
    return [path.get("d") for path in root.iter("path") if path.get("class") == css_class]


def test_a_drawing_has_no_style_and_only_the_ids_of_its_title_and_description(charts):
    svg = str(draw(charts, [0.1, 0.2, 0.3]).svg)
    assert "style" not in svg
    assert re.findall(r'\bid="([^"]*)"', svg) == ["c-t", "c-d"]
    assert 'role="img"' in svg
    assert 'aria-labelledby="c-t c-d"' in svg


def test_a_gap_stays_a_gap(charts):
    (line,) = lines(draw(charts, [0.1, 0.2, None, 0.3, 0.4]))
    assert line.count("M") == 2


def test_a_single_point_is_drawn_as_a_dot(charts):
    chart = draw(charts, [None, 0.2, None])
    assert lines(chart, "dot")
    assert not lines(chart)


def test_a_series_of_one_value_is_drawn(charts):
    assert lines(draw(charts, [0.2]), "dot")


def test_a_series_without_a_value_says_why_instead(charts):
    assert draw(charts, [None, None]).svg is None
    assert draw(charts, [None, None]).summary == "No data over 1h."
    absent = SignalReport("ratio", None, {}, "The preset has no query for it.")
    assert signal_chart(charts, "c", "Errors", absent, "1h", ()).summary == "The preset has no query for it."


@pytest.mark.parametrize("values", [[0.0] * 5, [1e12, 2e12], [1e-9, 0.0], [-0.5, 0.5], [1e300, 1e299]])
def test_odd_values_are_drawn(charts, values):
    chart = draw(charts, values, "per_second")
    assert lines(chart)
    assert "nan" not in str(chart.svg)


def test_all_zeros_lie_on_the_zero_line(charts):
    chart = draw(charts, [0.0] * 5)
    assert lines(chart)[0].split("L")[0].split()[-1] == lines(chart, "zero")[0].split("L")[0].split()[-1]


def test_the_highest_peak_is_marked_and_in_the_words(charts):
    chart = draw(charts, [0.1] * 60, peaks=(*[0.1] * 30, 0.9, *[0.1] * 29))
    assert "10 % to 90 %" in chart.summary.replace("\u00a0", " ")
    assert lines(chart, "peak")
    assert lines(chart, "band")


def test_many_points_become_a_band_that_keeps_the_spike(charts):
    values = [0.1] * 672
    values[400] = 0.8
    chart = draw(charts, values)
    assert "80 %" in chart.summary.replace("\u00a0", " ")
    assert len(str(chart.svg)) < 9000


def test_the_table_behind_a_chart_is_short_and_keeps_the_extremes(charts):
    values = [0.1] * 672
    values[400] = 0.8
    table = draw(charts, values).table
    assert len(table.rows) <= 28
    assert any("80\u00a0%" in row for row in table.rows)
    assert table.head == ("from", "lowest", "median", "highest")


def test_an_overspent_budget_goes_below_zero(charts):
    chart = burn_down(charts, "c", factories.overspent_service().slos[0])
    assert "−52\u00a0%" in chart.summary
    assert lines(chart, "overspent")


def budget_of(remaining, ahead, slo=None):
    """A budget's chart with a forecast of the last six hours that falls evenly to a level within a week."""
    slo = slo or factories.slo()
    path = tuple(remaining + (ahead - remaining) * (day + 1) / 7 for day in range(7))
    paces = tuple(
        replace(pace, daily_remaining_ratios=path if pace.pace == "6h" else ()) for pace in slo.forecast.paces
    )
    return replace(
        slo,
        budget=replace(slo.budget, remaining_ratio=remaining),
        forecast=replace(slo.forecast, paces=paces),
    )


def test_a_forecast_far_below_zero_leaves_the_past_readable_and_says_that_it_is_lower(charts):
    # The axis ends one budget below the lowest of the past, which is above 0. The line falls from 0.7 to −20 over 7
    # days, so it leaves the frame at −1 after 1.7 / 20.7 of them.
    chart = burn_down(charts, "c", budget_of(0.7, -20.0))
    frame = chart.spec.frame
    assert (frame.bottom, frame.top) == (-1.0, 1.0)
    (forecast,) = [layer for layer in chart.spec.layers if layer.css_class == "forecast"]
    shown = [(x, y) for x, y in zip(forecast.xs, forecast.ys, strict=True) if y is not None]
    assert shown[-1][1] == -1.0
    week = forecast.xs[-1] - forecast.xs[0]
    assert (shown[-1][0] - forecast.xs[0]) / week == pytest.approx(1.7 / 20.7)
    assert [plain(label.text) for label in chart.spec.labels] == ["as last 6 hours", "below −100 %"]
    levels = [float(y) for y in re.findall(r'<text class="level" x="[^"]*" y="([^"]*)"', str(chart.svg))]
    assert len(levels) == 4
    assert min(abs(a - b) for a, b in pairwise(sorted(levels))) >= 14


def test_a_forecast_within_the_axis_is_drawn_whole(charts):
    chart = burn_down(charts, "c", budget_of(0.7, -0.5))
    assert chart.spec.frame.bottom == -0.5
    assert [label.text for label in chart.spec.labels] == ["as last 6 hours"]
    (forecast,) = [layer for layer in chart.spec.layers if layer.css_class == "forecast"]
    assert None not in forecast.ys


def test_labels_of_levels_that_would_overprint_are_dropped(charts):
    # From −1000 % to 100 % in 186 pixels, 100 % takes 17 and 50 % 8.
    frame = charts.frame((720, 216), 1.0, -10.0, "ratio", Span(0, 3600, 10))
    assert [level for level, _ in frame.y_ticks] == [-10.0, 0.0, 1.0]
    assert [level for level, _ in charts.frame((720, 216), 1.0, -50.0, "ratio", Span(0, 3600, 10)).y_ticks] == [
        -50.0,
        0.0,
    ]


def test_a_line_is_cut_where_it_leaves_and_where_it_returns():
    # From 1 to −3 it crosses −1 halfway, and from −3 to 1 as well.
    assert above(-1.0, (0.0, 1.0, 2.0), (1.0, -3.0, 1.0)) == (
        [0.0, 0.5, 1.0, 1.5, 2.0],
        [1.0, -1.0, None, -1.0, 1.0],
    )


def test_a_whole_window_that_was_never_whole_before_says_when_its_line_will_be_solid(charts):
    # The history begins 28 days before the report, so it reaches back 56 days 28 days later.
    slo = factories.slo()
    chart = burn_down(charts, "c", replace(slo, known_since=slo.hours.start))
    assert plain(chart.spec.note).endswith(
        "Dashed: provisional, because at these hours the history did not yet reach back 28 days. "
        "The whole line is solid once it reaches back 56 days, on 20 Dec."
    )
    older = burn_down(charts, "c", replace(slo, known_since=slo.hours.start - 14 * DAY))
    assert plain(older.spec.note).endswith("at these hours the history did not yet reach back 28 days.")


def test_a_calendar_window_in_its_first_days_says_until_when_it_is_provisional(charts):
    slo = factories.this_month()
    part = Provisional(slo.hours.start + DAY, DAY, 2 * DAY, parse_time("2026-12-01T00:00:00Z"))
    chart = burn_down(charts, "c", replace(slo, provisional=part))
    note = "Dashed: provisional until 1 Dec."
    assert plain(chart.spec.note).endswith(note)


def test_a_note_says_which_outage_drops_out_at_the_ticks(charts):
    notes = [burn_down(charts, "c", service.slos[0]).spec.note for service in snapshots.read(SNAPSHOT).services]
    assert notes == [
        "",
        "The tick is where the outage of 31 Oct drops out, on 28 Nov.",
        "The tick is where the outage of 30 Oct drops out, on 27 Nov.",
    ]


def test_a_young_history_is_drawn_as_a_guess_and_says_until_when(charts):
    chart = burn_down(charts, "c", factories.first_report().services[0].slos[0])
    assert lines(chart, "provisional")
    assert "known since Sat 21 Nov 22:00; provisional until Sat 19 Dec 22:00" in plain(chart.summary)
    assert "without data" not in chart.summary
    note = "Dashed: provisional until 19 Dec."
    assert plain(chart.spec.note) == note
    whole = burn_down(charts, "c", factories.slo())
    assert not lines(whole, "provisional")
    assert lines(whole, "line")


def test_a_report_without_the_window_before_says_that_it_does_not_know_what_was_left(charts):
    chart = burn_down(charts, "c", replace(factories.slo(), earlier=None, known_since=None))
    assert "does not know what was left earlier" in chart.summary
    assert lines(chart, "forecast")


def test_what_was_spent_ends_at_the_budgets_share_and_may_exceed_it(charts):
    slo = factories.overspent_service().slos[0]
    chart = spent_chart(charts, "c", slo)
    assert "152\u00a0% of the budget of 28 days was spent" in chart.summary
    assert lines(chart, "overspent")
    assert lines(chart, "even")
    idle = factories.no_traffic().services[0].slos[0]
    assert spent_chart(charts, "c", idle).summary == "No traffic, so nothing was spent."


def test_no_label_of_the_budget_lies_on_a_line(charts):
    report = snapshots.read(SNAPSHOT)
    for slo in (slo for service in report.services for slo in service.slos):
        chart = spent_chart(charts, "c", slo)
        boxes = [box(text) for text in re.findall("<text[^>]*>[^<]*even pace<", str(chart.svg))]
        for left, top, right, bottom in boxes:
            for path in (path for kind in ("line", "even") for path in lines(chart, kind)):
                points = [tuple(map(float, point.split())) for point in re.findall(r"[\d.]+ [\d.]+", path)]
                heights = np.interp(np.linspace(left, right, 100), *zip(*points, strict=True))
                is_beside = right < points[0][0] or left > points[-1][0]
                assert is_beside or heights.max() < top or heights.min() > bottom, (slo.name, path)


def box(text):
    """Left, top, right and bottom of a label in a chart that is 344 pixels wide, in the drawing's units."""
    x, y = (float(re.search(rf' {name}="([\d.]+)', text)[1]) for name in "xy")
    words = text.partition(">")[2].rstrip("<")
    x, width = 7.2 * x, 720 * len(words) * 6.5 / 344
    left = x - width if 'text-anchor="end"' in text else x
    return left, y - 9, left + width, y


def test_a_drawing_is_the_same_with_any_matplotlibrc():
    import matplotlib as mpl

    def once():
        with Charts(Clock.of("UTC")) as charts:
            return str(draw(charts, [0.1, None, 0.3]).svg)

    usual = once()
    with mpl.rc_context({"font.size": 30, "axes.grid": False, "ytick.major.pad": 40, "svg.fonttype": "path"}):
        assert once() == usual
        assert mpl.rcParams["font.size"] == 30


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 0.01), (0.09, 0.1), (0.1, 0.1), (0.11, 0.2), (0.21, 0.25), (0.26, 0.5), (0.7, 1), (1.01, 2)],
)
def test_scales_end_on_round_numbers(highest, top):
    assert nice_top(highest, "ratio") == pytest.approx(top)


def test_a_bucket_of_unknowns_is_unknown():
    found = buckets([None, None, 1.0, 3.0], 2)
    assert [(b.low, b.middle, b.high) for b in found] == [(None, None, None), (1.0, 2.0, 3.0)]


def test_path_data_is_short():
    assert [coordinate(pixels) for pixels in (0.0, 118.4, 16.828047, 25.04, -3.25)] == [
        "0",
        "118.4",
        "16.8",
        "25",
        "-3.2",
    ]


def test_a_shape_has_its_class_and_only_a_line_says_that_it_is_not_filled():
    assert line("grid", "M0 1L9 1") == '<path class="grid" d="M0 1L9 1" fill="none"/>\n'
    assert area("band", "M0 1L9 1L9 2") == '<path class="band" d="M0 1L9 1L9 2"/>\n'
    assert line("grid", "") == area("band", "") == ""


def test_lines_end_at_the_frame_with_gaps_and_without_points_that_nobody_sees():
    levels = tuple(0.25 if place < 300 else None if place == 300 else 2.0 for place in range(600))
    line_of_600 = Layer("sli", tuple(place / 599 for place in range(600)), levels)
    band = Layer("band", (0, 1), (0.5, 1.0), lower=(0.0, 0.25))
    drawn = shapes_svg(ChartSpec(Frame((640, 100), 0, 1, (), ()), (band, line_of_600), dots=((0.5, 1.0),)))
    assert drawn.splitlines() == [
        '<path class="band" d="M0 50L640 3L640 73.5L0 97"/>',
        '<path class="sli" d="M0 73.5L319.5 73.5L319.5 73.5" fill="none"/>',
        '<path class="peak" d="M320 3L320 3" fill="none"/>',
    ]


def test_a_picture_has_the_colours_of_the_style_sheet():
    assert palette() | {"bad": "#8e0932", "ok": "#156294", "bg": "#fff"} == palette()


def test_cells_of_one_class_are_one_path_and_those_without_data_are_hatched():
    cells = [day_cell(0, 5, "ok"), day_cell(1, 24, "nodata"), day_cell(2, 24, "ok")]
    chart = cell_chart("c", "Days", "Three days.", strip_size(3), cells)
    paths = {path.get("class"): path for path in ET.fromstring(str(chart.svg)).iter("path")}
    assert paths["fill-ok"].get("d") == "M0 24v-5h8v5zM20 24v-24h8v24z"
    assert paths["fill-nodata"].get("fill") == "url(#hatch)"
    assert 'viewBox="0 0 28 24"' in chart.svg


def test_a_burn_rates_bar_and_its_limit_are_on_one_logarithmic_scale():
    bar = burn_bar(1.0, "plain", 10.0)
    assert (bar.width, bar.marks) == ("33.33%", ("66.67%",))
    assert burn_bar(1000.0, "bad", 10.0).width == "100%"
    assert burn_bar(0.0, "plain", 10.0).width == "0%"
    assert burn_bar(None, "plain", 10.0) is None


def test_row_20_a_maximum_differs_from_the_grid_line_near_it(charts):
    # The grid of a chart up to 0.5 % has a line at 0.25 %.
    report = SignalReport("ratio", 0.001, {"1h": SignalWindow(0, 60, (0.001, 0.00252, 0.00149))})
    pace = Mark(0.005, "budget pace 0.5 %")
    chart = signal_chart(charts, "c", "Errors", report, "1h", [pace])
    assert [label for _, label in chart.spec.frame.y_ticks] == ["0", "0.25\u00a0%", "0.5\u00a0%"]
    assert [label.text for label in chart.spec.labels] == ["0.252\u00a0%"]
    assert "last 0.15\u00a0%" in chart.summary


def test_budgets_that_are_overspent_by_60_and_by_1336_percent_do_not_look_alike():
    # 3/8 and 93/100 of the third to the left of zero
    some, much = budget_bar(-0.6, "bad"), budget_bar(-13.36, "bad")
    assert (some.width, much.width) == ("12.5%", "31.01%")
    assert float(budget_bar(-1e9, "bad").start.rstrip("%")) >= 0
    assert budget_bar(-0.6, "bad").zero == much.zero == "33.33%"


def test_a_limit_has_another_colour_than_the_bar_that_exceeds_it(charts):
    slo = factories.burning_service().slos[0]
    layers = [layer.css_class for layer in burn_bars(charts, "b", slo, ("1h", "6h", "28d")).spec.layers]
    assert "fill-risk" in layers
    assert layers.count("limit") == 2
    assert "mark" not in layers


@pytest.mark.parametrize(
    "rate", [0.0, 0.05, 0.11, 0.45, 0.8, 0.97, 1.0, 2.7, 5.24, 13.0, 13.44, 27.8, 45.0, 98.0, 150.0]
)
def test_the_number_of_a_burn_rate_covers_no_mark_and_stays_within_the_chart(rate):
    width = 0.095  # five letters
    for limit in (None, 0.933, 2.8, 5.6, 13.44, 20.0, 33.6, 66.0, 99.0):
        marks = [log_position(1), *([] if limit is None else [log_position(limit)])]
        x, anchor = burn_rates._place(log_position(rate), marks, width)
        low, high = (x, x + width) if anchor == "start" else (x - width, x)
        assert low >= 0, limit
        assert high <= 1, limit
        assert not [mark for mark in marks if low < mark < high], limit
