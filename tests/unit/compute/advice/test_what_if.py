"""What if: the two ends of a past that did not happen."""

import numpy as np
import pytest

from sresnap.compute.advice.advise import episodes
from sresnap.compute.advice.past import Past
from sresnap.compute.advice.what_if import corrected_by, without
from sresnap.model.corrections import Correction
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import HOUR, parse_time

START = parse_time("2026-10-01T00:00:00Z")
SLO = Slo("a", 0.99, Basis.EVENTS, SeriesKey("total"), None, SeriesKey("bad"))


def past(bad, total):
    hours = HourlyCounts.of_arrays(START, np.array(total) - np.array(bad), np.array(total))
    return Past.of(SLO, "UTC", hours, hours)


def of_hour(end, hour):
    return end.hours.bad[hour], end.hours.total[hour]


def test_an_hour_that_a_correction_cuts_lies_between_its_bad_events_left_out_and_its_good_ones():
    cut = Correction("what if", START + 5 * HOUR, START + 5 * HOUR + 1200)
    found = corrected_by(past([10.0] * 48, [100.0] * 48), cut)
    assert (of_hour(found.low, 5), of_hour(found.high, 5)) == ((0.0, 100.0), (10.0, 10.0))
    assert of_hour(found.low, 6) == of_hour(found.high, 6) == (10.0, 100.0)


def test_no_hour_of_a_prevented_incident_gets_more_bad_events_than_it_had():
    bad, total = [2.0] * 72, [1_000.0] * 72
    bad[30:33] = [400.0, 1.0, 400.0]
    before = past(bad, total)
    found = without(before, episodes(before)[0], episodes(before))
    assert found.low.hours.bad[30:33].tolist() == [0.0, 0.0, 0.0]
    assert found.high.hours.bad[30:33].tolist() == pytest.approx([2.0, 1.0, 2.0])
    assert found.high.hours.bad[29] == 2.0


def test_an_episode_of_two_windows_of_history_is_a_share_of_one_budget():
    bad, total = [0.0] * 56 * 24, [1_000.0] * 56 * 24
    bad[700] = 1_000.0
    (episode,) = episodes(past(bad, total))
    assert episode.budget_share == pytest.approx(1_000 / 6_720)  # 28 days of 672,000 events at 99 %
