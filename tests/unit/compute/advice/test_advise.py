"""The advisor's rules, each with numbers that can be checked by hand."""

import numpy as np
import pytest

from sresnap.compute.advice.advise import advise
from sresnap.compute.advice.past import Past
from sresnap.compute.slo.corrections import Exclusions
from sresnap.config import burn_pairs
from sresnap.model.advice import Alarms
from sresnap.model.corrections import Correction, cuts
from sresnap.model.windows import DAY, HOUR, Window
from tests.unit.compute.advice.pasts import START, counted, past, slo

WEEK = Window(7 * DAY)


def advised(bad, total=None, target=0.99, possible=None, exclusions=None, **more):
    total = [100] * len(bad) if total is None else total
    hours = counted(bad, total)
    more |= {} if exclusions is None else {"exclusions": exclusions}
    found = past(hours, None if possible is None else counted(possible, total), of=slo(target, 7), **more)
    return advise(found, burn_pairs(), [target], [WEEK])


def test_a_budget_spent_to_the_last_event_is_met_and_freezes_releases():
    # 28 days of 100 events an hour: a week allows 168 bad ones of 16,800.
    calm = [0] * 672
    exactly, more = (advised([*calm[:300], bad, *calm[301:]], [100_000] * 672, 0.999) for bad in (16_800, 16_801))
    assert exactly.results[0].missed == 0
    assert exactly.results[0].frozen_days == more.results[0].frozen_days == more.results[0].missed == 7


def test_a_window_with_open_bounds_is_open_never_met():
    bad, possible = [0] * 672, [0] * 672
    possible[300:302] = [100, 100]
    found = advised(bad, possible=possible).results[0]
    assert (found.missed, found.open, found.frozen_days) == (0, 7, 7)
    assert found.met_share == found.met / (found.met + 7)


def test_unknown_hours_are_not_zero_and_a_window_without_90_percent_is_counted_as_incomplete():
    bad = [0.0] * 672
    bad[300:317] = [np.nan] * 17  # of 168 hours: 89.9 % known
    found = advised(bad, [*[100] * 300, *[np.nan] * 17, *[100] * 355])
    whole = found.windows[0]
    assert (whole.ends, whole.incomplete) == (21, 6)
    assert found.results[0].judged == found.results[0].met == 15


def test_without_traffic_nothing_is_met():
    assert advised([0] * 700, [0] * 700).results[0].judged == 0


def test_too_few_events_for_a_target_are_not_judged():
    assert advised([0] * 700, [1] * 700, 0.999).results[0].judged == 0
    assert advised([0] * 700, [1] * 700, 0.99).results[0].judged > 0


@pytest.mark.parametrize(("days", "enough"), [(27, False), (28, True)])
def test_under_four_windows_side_by_side_it_says_nothing(days, enough):
    found = advised([0] * days * 24)
    assert (found.windows[0].side_by_side, found.windows[0].is_enough, bool(found.results)) == (
        days // 7,
        enough,
        enough,
    )


def test_the_target_that_was_met_in_9_of_10_windows_is_the_ninth_worst_of_ten():
    # Ten weeks side by side with 0.1 %, 0.2 %, … 1.0 % bad events; windows in between are mixtures of two.
    weeks = [tenth for tenth in range(1, 11) for _ in range(168)]
    found = advise(past(counted(weeks, [1_000] * 1_680)), (), None, [WEEK])
    best = found.windows[0].nine_of_ten
    assert best == pytest.approx(0.991, abs=0.0006)
    result = found.result("7d", best)
    assert result.met >= 0.9 * result.judged
    higher = advise(past(counted(weeks, [1_000] * 1_680)), (), [best + 0.0001], [WEEK]).results[0]
    assert higher.met < 0.9 * higher.judged


def test_no_target_below_90_percent_or_above_9999_is_advised():
    assert advised([20] * 672).windows[0].nine_of_ten is None
    assert advised([0] * 672).windows[0].nine_of_ten == 0.9999


def test_the_worst_window_has_the_episodes_of_a_report_at_its_end():
    bad = [0] * 672
    bad[300:303] = [60, 80, 70]
    found = advised(bad)
    worst = found.windows[0].worst
    assert worst.sli == 1 - 210 / 16_800
    assert worst.end - worst.start == 7 * DAY
    (episode,) = found.worst_episodes
    assert (episode.start, episode.end, episode.bad) == (START + 300 * HOUR, START + 303 * HOUR, 210)
    assert episode.budget_share == 210 / 168


def test_an_outage_of_an_hour_is_one_page_and_one_on_both_sides_of_a_full_hour_is_at_most_one():
    # 99 % over 7 days: a page over 1h at 0.02 × 168 = 3.36×, more than 3.36 of 100 bad; and ten bad events in it.
    calm = [0] * 672
    surely = advised([*calm[:300], 50, *calm[301:]], target=0.99).results[0]
    assert surely.pages == Alarms(1, 1)
    # 20 bad of 1,000 in each of two hours burn at 2×, and over 6h at 0.67×. All 40 in one hour would burn at 4×.
    hidden = advised([*calm[:300], 20, 20, *calm[302:]], [1_000] * 672).results[0]
    assert hidden.pages == Alarms(0, 1)


def test_a_correction_takes_its_hours_out_of_windows_and_withholds_alerts():
    bad = [0] * 672
    bad[300:304] = [100] * 4
    start = START + 300 * HOUR
    correction = Correction("upgrade", start, start + 4 * HOUR)
    exclusions = Exclusions([correction], dict.fromkeys(cuts([correction], START, START + 672 * HOUR)))
    without, corrected = advised(bad).results[0], advised(bad, exclusions=exclusions).results[0]
    assert (without.missed, corrected.missed) == (7, 0)
    assert (without.pages.counted, without.tickets.counted) == (1, 0)  # 7d has no ticket pair that fits
    assert corrected.pages.counted == 0


def test_a_history_without_a_known_hour_has_no_past():
    nothing = counted([np.nan] * 5, [np.nan] * 5)
    assert Past.of(slo(), "UTC", nothing, nothing) is None
