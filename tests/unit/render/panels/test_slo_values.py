"""Headline numbers of an objective as text."""

from dataclasses import replace

import pytest

from sresnap.render.clock import Clock
from sresnap.render.panels.slo_values import budget_value, notes, sli_value
from tests import factories
from tests.panels import plain

BERLIN = Clock.of("Europe/Berlin")


@pytest.mark.parametrize(
    ("coverage", "note"),
    [
        (0.898, "data for 89.8 % of 28 days"),
        (0.8996, "data for 89.9 % of 28 days"),
        (0.9999, "data for 99.9 % of 28 days"),
    ],
)
def test_a_coverage_is_never_rounded_up_to_the_limit(coverage, note):
    slo = factories.slo()
    windows = {**slo.windows, "28d": replace(slo.windows["28d"], coverage=coverage)}
    assert note in [plain(text) for text in notes(replace(slo, windows=windows), BERLIN)]


def test_a_coverage_has_the_raw_one_beside_it():
    slo = factories.corrected_slo()
    raw = replace(slo.uncorrected, window=replace(slo.uncorrected.window, coverage=0.985))
    windows = {**slo.windows, "28d": replace(slo.windows["28d"], coverage=0.992)}
    found = notes(replace(slo, windows=windows, uncorrected=raw), BERLIN)
    assert "data for 99.2 % (raw 98.5 %) of 28 days" in [plain(text) for text in found]


@pytest.mark.parametrize(("most", "text"), [(4000, "99.60 % to 99.70 %"), (3000, "99.70 %"), (3000.2, "99.70 %")])
def test_an_sli_that_the_samples_leave_open_shows_both_ends(most, text):
    slo = factories.slo()
    window = replace(slo.windows["28d"], good=997_000, total=1_000_000, sli=0.997, bad_bounds=(3000, most))
    open_ = replace(slo, windows={**slo.windows, "28d": window})
    assert plain(sli_value(open_).text) == text
    found = [plain(note) for note in notes(open_, BERLIN)]
    assert ("3 000 to 4 000 bad requests: counters restarted or appeared" in found) == (most == 4000)


def test_a_budget_just_under_a_quarter_does_not_read_as_a_quarter():
    slo = factories.slo()
    short = replace(slo, budget=replace(slo.budget, remaining_ratio=0.2496))
    assert plain(budget_value(short).text) == "24.96 %"
