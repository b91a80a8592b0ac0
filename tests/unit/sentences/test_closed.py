"""The sentences of closed periods: each says what the files say."""

from __future__ import annotations

import string
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from sresnap import format as fmt
from sresnap.config.default_wording import default_wording
from sresnap.config.policy import default_policy
from sresnap.model.review import (
    CorrectedTime,
    Gap,
    Outcome,
    RestatedResult,
    Restatement,
    Review,
    ReviewedEpisode,
    ServiceReview,
    WorstDay,
)
from sresnap.model.windows import HOUR, parse_time
from sresnap.sentences.closed import Material, subject_of_review
from sresnap.sentences.rules import MOST_SENTENCES, RULES, sentences
from tests.reviews import ZONE, past, random_review, restatement, result, review, slo_review
from tests.sentence_numbers import as_file, check, parts, resolved

WORDING = default_wording()


def said(of: Review, before: Review | None = None, restatements=(), wording=WORDING) -> list[str]:
    material = Material(of, before, restatements, default_policy())
    return [fmt.plain(one.text) for one in sentences(subject_of_review(material), wording, ZONE)]


def of_slos(*slos, period: str = "2026-10", **changes) -> Review:
    return review(period, (ServiceReview("api", "api", slos),), **changes)


def episode(start: str, hours: int, share: float) -> ReviewedEpisode:
    begin = parse_time(start)
    return ReviewedEpisode(begin, begin + hours * HOUR, 500.0, hours * 60, share, 20.0)


@cache
def random_sentences(seed):
    """A review, what it is compared with, and its sentences."""
    of, before, restated = random_review(seed)
    return (
        of,
        before,
        restated,
        sentences(subject_of_review(Material(of, before, restated, default_policy())), WORDING, ZONE),
    )


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_every_number_of_200_random_reviews_is_where_its_sentence_says(first):
    for seed in range(first, first + 20):
        of, before, restated, found = random_sentences(seed)
        files = {f"reviews/{one.period}/review.json": as_file(Review, one) for one in (of, before) if one is not None}
        files |= {f"reviews/{s.period}/restatement-{s.number}.json": as_file(Restatement, s) for s in restated}
        assert 1 <= len(found) <= MOST_SENTENCES
        for sentence in found:
            template = WORDING.rules[sentence.rule][sentence.form]
            shown = parts(template, sentence)
            assert set(shown) <= set(sentence.values)
            for name, text in shown.items():
                check(name, text, sentence.values[name], files, ZoneInfo(ZONE))
            resolved(files, sentence.address)
            assert not any(sign.isdigit() for sign in "".join(text for text, *_ in string.Formatter().parse(template)))


def test_random_reviews_make_use_of_every_rule_of_a_closed_period():
    used = {one.rule for seed in range(200) for one in random_sentences(seed)[-1]}
    assert set(RULES) - used <= {"calm", "nothing", "comes_back", "settings_changed"}


def test_a_quiet_month_is_said_in_two_sentences():
    assert said(of_slos(slo_review())) == [
        "The only objective was met in October 2026.",
        "No objective spent its budget faster than it lasts.",
    ]


def test_missing_data_is_never_a_good_sentence():
    assert said(of_slos(slo_review(left=None))) == ["Nothing is known of October 2026: no objective has a result."]
    unknown = said(of_slos(slo_review(), slo_review("latency", None)))
    assert unknown == [
        "1 of 2 objectives met in October 2026, 0 missed, 1 without a verdict.",
        "There is no verdict on api/latency: it has no data.",
    ]
    with_gap = said(
        of_slos(slo_review(), gaps=(Gap(parse_time("2026-10-07T10:00:00Z"), parse_time("2026-10-08T00:00:00Z")),))
    )
    assert with_gap[1:] == ["No report counted 14 hours, from 7 October, 12:00 to 8 October, 02:00."]


def test_what_burned_says_its_share_and_its_hours():
    burned = slo_review(
        "latency", 0.2, episodes=(episode("2026-10-14T08:00:00Z", 3, 0.61), episode("2026-10-20T20:00:00Z", 4, 0.12))
    )
    assert said(of_slos(burned))[1:] == [
        "api/latency spent 61 % of its budget in 3 hours on 14 October.",
        "api/latency spent 12 % of its budget in 4 hours, from 20 October, 22:00 to 21 October, 02:00.",
    ]


def test_a_missed_objective_says_by_how_much_and_what_the_policy_asks_for():
    assert said(of_slos(slo_review(left=-0.5))) == [
        "The only objective was missed in October 2026.",
        "api/availability missed its objective of 99 %: it reached 98.50 % and spent 150 % of its budget.",
        f"The policy for a spent budget: {default_policy()['EXHAUSTED'].text}",
    ]


def test_open_verdicts_say_both_bounds():
    found = slo_review(result=result(Outcome.OPEN, 0.1, worst=-0.25))
    assert said(of_slos(found))[1] == (
        "Whether api/availability met its objective is open: by its samples, between −25 % and 10 % of its budget is "
        "left."
    )


def test_a_period_that_was_never_closed_ends_a_streak():
    row = ("2026-09", "2026-08", "2026-07")
    whole = slo_review(last=(past("2026-10", 0.4), *(past(period, 0.4) for period in row)))
    assert "api/availability has met its objective for 4 months in a row." in said(of_slos(whole))
    broken = slo_review(last=(past("2026-10", 0.4), *(past(period, 0.4) for period in row[1:])))
    assert not any("in a row" in text for text in said(of_slos(broken)))


def test_a_verdict_that_turned_is_compared_with_the_period_next_to_it_only():
    missed_before = slo_review(last=(past("2026-10", 0.4), past("2026-09", -0.4)))
    assert "api/availability met its objective again, after missing it in September 2026." in said(
        of_slos(missed_before)
    )
    long_ago = slo_review(last=(past("2026-10", 0.4), past("2026-07", -0.4)))
    assert not any("again" in text for text in said(of_slos(long_ago)))
    other_objective = slo_review(last=(past("2026-10", 0.4), past("2026-09", -0.4, 0.999)))
    assert not any("again" in text for text in said(of_slos(other_objective)))


def test_corrections_say_what_they_changed():
    span = (parse_time("2026-10-03T20:00:00Z"), parse_time("2026-10-03T22:00:00Z"))
    corrected = slo_review(uncorrected=result(Outcome.MISSED, -0.2))
    assert said(of_slos(corrected, corrections=(CorrectedTime("Database upgrade", *span, None),)))[2:] == [
        "A correction leaves out 2 hours from 3 October, 22:00: Database upgrade.",
        "Corrections changed what api/availability has left of its budget: 40 %, without them −20 %.",
    ]


def test_restatements_compare_the_first_number_with_the_last():
    first = RestatedResult("api", "availability", result(Outcome.MET, 0.1), result(Outcome.MISSED, -0.1))
    second = RestatedResult("api", "availability", first.now, result(Outcome.MET, 0.3))
    both = [restatement("2026-10", [first]), restatement("2026-10", [second], 2)]
    of = of_slos(slo_review(left=0.1))
    assert "Restated on 4 November (late data): api/availability was met, now missed." in said(of, None, both[:1])
    assert "Restated on 7 November (late data): api/availability had 10 % of its budget left, now 30 %." in said(
        of, None, both
    )


def test_changes_of_the_configuration_are_named():
    now = of_slos(slo_review(objective=0.995), slo_review("latency"), slo_review("new"))
    then = of_slos(slo_review(), slo_review("latency", definitions={"total": "f"}), slo_review("old"), period="2026-09")
    assert said(now, then)[2:] == [
        "The objective of api/availability changed from 99 % to 99.5 %: earlier results are not comparable.",
        "New: api/new.",
        "No longer measured: api/old.",
        "The queries of api/latency changed: earlier results are not comparable.",
    ]


def test_a_worst_day_is_named_where_no_episode_says_it():
    day = WorstDay("2026-10-05", 300.0, 9000.0, 0.3)
    assert "The worst day of api/availability was 5 October, which took 30 % of its budget." in said(
        of_slos(slo_review(worst_days=(day,)))
    )
    same = slo_review(worst_days=(day,), episodes=(episode("2026-10-05T08:00:00Z", 3, 0.29),))
    assert not any("worst day" in text for text in said(of_slos(same)))


def test_a_rule_that_is_switched_off_says_nothing():
    calm = replace(WORDING, off=frozenset({"calm"}))
    assert said(of_slos(slo_review()), wording=calm) == ["The only objective was met in October 2026."]


def test_the_table_has_every_rule_and_only_rules():
    assert set(WORDING.rules) == set(RULES)
    assert set(WORDING.dropped_first) <= set(RULES)
