"""Burn-rate pairs: thresholds from the SLO's own window, and what withholds them."""

import pytest

from sresnap.compute.slo.alerts import alerts, steps
from sresnap.config import burn_pairs
from sresnap.model.slo import JudgedWindows
from sresnap.model.windows import DAY, HOUR, MINUTE

PAIRS = burn_pairs()
BURNING = {5 * MINUTE: 20.0, 30 * MINUTE: 20.0, HOUR: 20.0, 2 * HOUR: 20.0, 6 * HOUR: 20.0, DAY: 20.0, 3 * DAY: 20.0}
MANY = dict.fromkeys(BURNING, 100.0)
FEW = dict.fromkeys(BURNING, 9.0)


def test_each_window_has_the_thresholds_that_follow_from_its_length():
    # 2 % in 1 h, 5 % in 6 h, 10 % in 1 d and in 3 d, of 30 days (the workbook's 14.4, 6, 3, 1), of 28 and of 90.
    def of(days):
        return [alert.threshold for alert in alerts(PAIRS, BURNING, days * DAY)]

    assert of(30) == pytest.approx([14.4, 6, 3, 1])
    assert of(28) == pytest.approx([13.44, 5.6, 2.8, 0.9333333])
    assert of(90) == pytest.approx([43.2, 18, 9, 3])


def test_pairs_that_the_budget_of_a_short_window_outlasts_are_left_out():
    # Of 7 days: 3.36, 1.4, 0.7, 0.233. The last two would fire at a pace that the budget lasts through.
    assert [alert.long for alert in alerts(PAIRS, BURNING, 7 * DAY)] == ["1h", "6h"]


def test_nine_bad_events_in_the_long_window_wake_nobody_and_ten_do():
    nine, ten = (alerts(PAIRS, BURNING, 28 * DAY, bad={**FEW, HOUR: bad})[0] for bad in (9.0, 10.0))
    assert (nine.firing, nine.withheld) == (False, "only 9 bad events in 1h; it takes 10 to fire")
    assert (nine.long_burn_rate, nine.short_burn_rate, nine.long_bad) == (20, 20, 9)
    assert (ten.firing, ten.withheld, ten.long_bad) == (True, None, 10)


def test_one_bad_event_is_written_in_the_singular():
    assert "only 1 bad event in 1h" in alerts(PAIRS, BURNING, 28 * DAY, bad={**FEW, HOUR: 1.0})[0].withheld


def test_a_count_just_under_the_minimum_is_not_shown_as_enough():
    found = alerts(PAIRS, BURNING, 28 * DAY, bad={**FEW, HOUR: 9.997})[0]
    assert found.withheld == "only 9.997 bad events in 1h; it takes 10 to fire"


def test_slices_and_time_have_no_events_to_be_too_few():
    assert [alert.firing for alert in alerts(PAIRS, BURNING, 28 * DAY)] == [True] * 4


def test_a_correction_in_the_short_window_withholds_the_pair_and_one_in_the_long_window_does_not():
    found = alerts(
        PAIRS, BURNING, 28 * DAY, bad=MANY, maintenance={HOUR: "move", 2 * HOUR: "move", 30 * MINUTE: "move"}
    )
    assert [alert.firing for alert in found] == [True, False, False, True]
    assert found[1].withheld == "a correction lies in the last 30m: move"


def test_a_pair_that_does_not_exceed_is_quiet_and_has_nothing_to_withhold():
    calm = dict.fromkeys(BURNING, 0.1)
    found = alerts(PAIRS, calm, 28 * DAY, bad=dict.fromkeys(BURNING, 1.0), maintenance=dict.fromkeys(BURNING, "move"))
    assert {(alert.firing, alert.withheld) for alert in found} == {(False, None)}


@pytest.mark.parametrize(
    ("long", "short", "firing"),
    [(20.0, None, None), (None, 20.0, None), (None, None, None), (0.1, None, False), (13.44, 20.0, False)],
)
def test_a_pair_is_unknown_unless_the_known_window_decides_it_and_must_exceed(long, short, firing):
    found = alerts(PAIRS, {HOUR: long, 5 * MINUTE: short}, 28 * DAY, bad=MANY)
    assert found[0].firing is firing


def test_half_an_event_is_not_one_event():
    # increase() estimates, so counts need not be whole.
    assert "only 0.5 bad events in 1h" in alerts(PAIRS, BURNING, 28 * DAY, bad={**FEW, HOUR: 0.5})[0].withheld


def test_a_pair_whose_threshold_is_the_least_one_stays():
    # 10 % of 27 days in 3 days: 0.1 × 27 / 3 = 0.9.
    assert [alert.long for alert in alerts(PAIRS, BURNING, 27 * DAY)] == ["1h", "6h", "1d", "3d"]


def test_a_pair_with_too_few_bad_events_is_judged_by_the_next_longer_windows_that_hold_ten():
    # Bad: 4 in 1h, 6 in 6h, 12 in 1d. The page pairs (13.44 and 5.6) look at 1d and 2h, which burn at 20.
    bad = {**FEW, HOUR: 4.0, 6 * HOUR: 6.0, DAY: 12.0, 3 * DAY: 12.0}
    found = alerts(PAIRS, {**BURNING, 5 * MINUTE: 0.0, 30 * MINUTE: 0.0}, 28 * DAY, bad=bad)
    assert [alert.firing for alert in found] == [True] * 4
    assert [(alert.judged.long, alert.judged.short) for alert in found] == [("1d", "2h")] * 3 + [("3d", "6h")]
    assert found[0].longer == JudgedWindows("1d", "2h", 20.0, 20.0, 12.0)
    # What the pair itself saw stays beside it.
    assert (found[0].long, found[0].short, found[0].short_burn_rate, found[0].long_bad) == ("1h", "5m", 0.0, 4.0)
    assert found[2].longer is None


def test_a_page_looks_back_a_day_at_most_and_a_ticket_three_days():
    # Four bad events in each of three nights are 4 in a day and 12 in three days.
    bad = {**dict.fromkeys(BURNING, 4.0), 3 * DAY: 12.0}
    assert [alert.firing for alert in alerts(PAIRS, BURNING, 28 * DAY, bad=bad)] == [False, False, True, True]


def test_longer_windows_that_burn_too_slowly_are_named_where_a_pair_is_withheld():
    rates = {**BURNING, 6 * HOUR: 5.0, 30 * MINUTE: 20.0}
    found = alerts(PAIRS, rates, 28 * DAY, bad={**MANY, HOUR: 4.0})[0]
    assert found.firing is False
    assert found.withheld == "only 4 bad events in 1h; it takes 10 to fire, and over 6h and 30m it burns at 5.00×"


def test_a_longer_window_that_is_unknown_leaves_the_pair_unknown():
    rates = {**BURNING, 6 * HOUR: None}
    bad = {window: 4.0 for window in BURNING if window != 6 * HOUR}
    found = alerts(PAIRS, rates, 28 * DAY, bad=bad)[0]
    assert (found.firing, found.withheld) == (None, None)


def test_a_correction_in_the_short_window_that_is_looked_at_withholds_the_pair():
    found = alerts(PAIRS, BURNING, 28 * DAY, bad={**MANY, HOUR: 4.0}, maintenance={30 * MINUTE: "move"})[0]
    assert (found.firing, found.withheld) == (False, "a correction lies in the last 30m: move")


def test_a_short_window_that_may_be_empty_by_chance_does_not_say_that_it_is_over():
    # 24 requests in 6h are 2 in 30m, and one such window in seven has none: the pair over 6h looks at 1d and 2h.
    rates = {**BURNING, 5 * MINUTE: 0.0, 30 * MINUTE: 0.0}
    bad = {**MANY, HOUR: 4.0, 6 * HOUR: 22.0}
    few, many = (
        alerts(PAIRS, rates, 28 * DAY, bad=bad, total={HOUR: 4.0, 6 * HOUR: six, DAY: 96.0})[1] for six in (24.0, 60.0)
    )
    assert (few.firing, few.judged.long, few.judged.short) == (True, "1d", "2h")
    # 60 in 6h are 5 in 30m: an empty window means something.
    assert (many.firing, many.longer) == (False, None)


def test_the_longest_windows_decide_although_their_short_one_may_be_empty_by_chance():
    rates = {**BURNING, 2 * HOUR: 0.0}
    found = alerts(PAIRS, rates, 28 * DAY, bad={**MANY, HOUR: 4.0, 6 * HOUR: 4.0}, total=dict.fromkeys(BURNING, 12.0))
    assert [alert.firing for alert in found] == [False, False, True, True]
    assert found[2].judged.long == "3d"


def test_no_window_is_longer_than_the_slo_window():
    assert steps(PAIRS[0], PAIRS, 7 * DAY) == ((HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE), (DAY, 2 * HOUR))
    assert steps(PAIRS[0], PAIRS, 12 * HOUR) == ((HOUR, 5 * MINUTE), (6 * HOUR, 30 * MINUTE))
    assert steps(PAIRS[2], PAIRS, 28 * DAY) == ((DAY, 2 * HOUR), (3 * DAY, 6 * HOUR))
