"""The presets' counted form, at its edges. Counters have one sample a minute; times end in :30, between two samples,
where that is the point. Prometheus' `increase` is worked out beside each case as promql/functions.go does it.
"""

from __future__ import annotations

import pytest

from tests.promql.conftest import Judge, counter, series
from tests.promql.test_presets import METRICS, rendered, rounded

API = series("", service="api")
PROVIDERS = pytest.mark.parametrize("provider", ["http", "traefik"])


def requests(provider: str, values: str, code: str = "200", **target: str) -> dict[str, str]:
    return {series(METRICS[provider][0], service="api", code=code, **target): values}


def errors(provider: str, values: str) -> dict[str, str]:
    return requests(provider, values, "500")


@PROVIDERS
def test_without_a_reset_the_count_is_exact_where_increase_is_not(judge: Judge, provider: str) -> None:
    # One error in minute 61. At 120:30 the range begins at 60:30: increase() first sees the counter at 61, already 1.
    given = errors(provider, counter([0] * 60 + [1] + [0] * 60))
    plain = f'sum by (service) (increase({METRICS[provider][0]}{{code="500"}}[1h]))'
    judge(given, [(rendered(provider, "bad"), "120m30s", {API: 1}), (plain, "120m30s", {API: 0})])


@PROVIDERS
def test_two_hours_add_up_to_the_count_of_both(judge: Judge, provider: str) -> None:
    # 7 and 11 errors at odd moments; at each whole hour and over both together.
    given = errors(provider, counter([0] * 13 + [7] + [0] * 46 + [0] * 50 + [11] + [0] * 9))
    judge(
        given,
        [
            (rendered(provider, "bad"), "60m", {API: 7}),
            (rendered(provider, "bad"), "120m", {API: 11}),
            (rendered(provider, "bad", window="2h"), "120m", {API: 18}),
        ],
    )


@PROVIDERS
def test_a_reset_within_the_window_is_left_to_increase(judge: Judge, provider: str) -> None:
    # 60 a minute up to 5340 in minute 89, 0 in minute 90, 60 a minute again up to 1800 in minute 120.
    # increase: 1800 − 3600 + 5340 = 3540, seen over the whole hour. The plain difference would be −1800.
    given = requests(provider, f"{counter([60] * 89)} {counter([60] * 30)}")
    judge(given, [(rounded(rendered(provider, "total")), "120m", {API: 3540})])


@PROVIDERS
def test_a_reset_between_the_sample_before_the_window_and_its_first_is_left_to_increase(
    judge: Judge, provider: str
) -> None:
    # 3600 in minute 60, 0 in minute 61, 3540 in minute 120; the range from 60:30 to 120:30 has no reset inside.
    # increase: 3540 over 59 minutes, extended to the end by 30 s, not before 61, where the counter was 0: 3570.
    # The plain difference would be −60.
    given = requests(provider, f"{counter([60] * 60)} {counter([60] * 60)}")
    judge(given, [(rounded(rendered(provider, "total")), "120m30s", {API: 3570})])


@PROVIDERS
def test_a_series_that_appears_within_the_window_is_left_to_increase(judge: Judge, provider: str) -> None:
    # New in minute 90 at 5, 60 a minute up to 1805 in minute 120. increase: 1800 in 30 minutes, extended back by the
    # 5 s that the counter took from 0 to 5 at that pace: 1805, which is all there was.
    given = requests(provider, "_x90 " + counter([60] * 30, start=5))
    judge(given, [(rounded(rendered(provider, "total")), "120m", {API: 1805})])


ONE, OTHER = {"job": "api", "instance": "one"}, {"job": "api", "instance": "other"}


@PROVIDERS
def test_an_error_series_that_appears_beside_older_series_of_its_target_is_counted_from_0(
    judge: Judge, provider: str
) -> None:
    # 5 errors at once in minute 90, 2 more in minute 100. increase: 2 in 30 minutes, extended back by half a minute, 2.
    given = requests(provider, counter([60] * 120), **ONE) | requests(
        provider, "_x90 " + counter([0] * 9 + [2] + [0] * 20, start=5), "500", **ONE
    )
    # All events: 60 a minute from minute 60 on, and the 7 errors.
    judge(
        given,
        [
            (rendered(provider, "bad"), "120m", {API: 7}),
            (rendered(provider, "total"), "120m", {API: 3607}),
            # The next hour has only the plain difference.
            (rendered(provider, "bad", window="15m"), "120m", {API: 0}),
        ],
    )


@PROVIDERS
def test_an_error_series_of_a_young_target_is_counted_from_0_when_the_target_was_seen_before_it(
    judge: Judge, provider: str
) -> None:
    # The target is scraped from minute 70 on, its first error is in minute 90, at 5.
    given = requests(provider, "_x70 " + counter([60] * 50), **ONE) | requests(
        provider, "_x90 " + counter([0] * 30, start=5), "500", **ONE
    )
    judge(given, [(rendered(provider, "bad"), "120m", {API: 5})])


@PROVIDERS
@pytest.mark.parametrize(
    "older",
    [
        # All series of the target appear at once, as when a label is added to all of them: these are not events.
        requests("http", "_x90 " + counter([60] * 30, start=9000), **ONE),
        # Another target, or the same one with another job, existed before.
        requests("http", counter([60] * 120), **OTHER),
        requests("http", counter([60] * 120), job="else", instance="one"),
    ],
)
def test_a_series_that_appears_with_its_target_is_left_to_increase(
    judge: Judge, provider: str, older: dict[str, str]
) -> None:
    given = {name.replace(METRICS["http"][0], METRICS[provider][0]): values for name, values in older.items()}
    born = requests(provider, "_x90 " + counter([0] * 30, start=5000), "500", **ONE)
    judge({**given, **born}, [(rendered(provider, "bad"), "120m", {API: 0})])


@PROVIDERS
def test_without_a_label_that_distinguishes_targets_a_new_series_is_left_to_increase(
    judge: Judge, provider: str
) -> None:
    given = requests(provider, counter([60] * 120)) | errors(provider, "_x90 " + counter([0] * 30, start=5000))
    judge(given, [(rendered(provider, "bad"), "120m", {API: 0})])


@PROVIDERS
def test_a_new_series_that_is_reset_within_the_window_is_left_to_increase(judge: Judge, provider: str) -> None:
    # New at 5 in minute 70, 0 in minute 90, 3 from minute 100 on. increase: 3 − 5 + 5 = 3 in 50 minutes, extended back
    # by half a scrape: 3.03.
    born = "_x70 " + " ".join(["5"] * 20 + ["0"] * 10 + ["3"] * 21)
    given = requests(provider, counter([60] * 120), **ONE) | requests(provider, born, "500", **ONE)
    judge(given, [(rounded(rendered(provider, "bad")), "120m", {API: 3.03})])


@PROVIDERS
def test_a_series_that_ended_before_the_window_counts_nothing(judge: Judge, provider: str) -> None:
    given = requests(provider, counter([60] * 50))
    judge(given, [(rendered(provider, "total"), "120m", {})])


@PROVIDERS
def test_one_instances_restart_leaves_the_others_count_exact(judge: Judge, provider: str) -> None:
    # Code 200 restarts as above: 3540 by increase. Code 404 has one request that only the exact form sees.
    given = requests(provider, f"{counter([60] * 89)} {counter([60] * 31)}")
    given |= requests(provider, counter([0] * 60 + [1] + [0] * 60), "404")
    # At 120:30, code 200: samples 61..120 are 1800 − 3660 + 5340 = 3480 over 59 of 60 minutes, extended by 30 s to
    # both sides: 3480 × 60 / 59 = 3538.983051, and 1 more.
    judge(given, [(rounded(rendered(provider, "total")), "120m30s", {API: 3539.983051})])


@PROVIDERS
def test_without_a_5xx_series_nothing_is_bad_and_the_error_rate_is_0(judge: Judge, provider: str) -> None:
    given = requests(provider, counter([60] * 120))
    judge(given, [(rendered(provider, "bad"), "120m", {}), (rendered(provider, "error_rate"), "120m", {API: 0})])


@PROVIDERS
def test_without_traffic_the_total_is_0_and_the_error_rate_is_nan(judge: Judge, provider: str) -> None:
    given = {**requests(provider, counter([0] * 120)), **errors(provider, counter([0] * 120))}
    rate = rendered(provider, "error_rate")
    judge(
        given,
        [
            (rendered(provider, "total"), "120m", {API: 0}),
            (rendered(provider, "bad"), "120m", {API: 0}),
            (rendered(provider, "request_rate"), "120m", {API: 0}),
            # The answer is NaN, which is not equal to itself; the decoder makes it a missing sample.
            (f"count({rate})", "120m", {"{}": 1}),
            (f"({rate}) == ({rate})", "120m", {}),
        ],
    )


@PROVIDERS
def test_without_any_series_there_is_no_answer(judge: Judge, provider: str) -> None:
    keys = ("total", "bad", "latency_good", "error_rate", "request_rate", "latency_p99", "availability")
    judge({series("other"): "0x120"}, [(rendered(provider, key), "120m", {}) for key in keys])
