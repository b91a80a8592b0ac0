"""The presets' counted form, at its edges: exact where every counter of a sum is clear, +Inf where samples must decide.

Counters have one sample a minute; times end in :30, between two samples, where that is the point.
"""

from __future__ import annotations

import pytest

from tests.promql.conftest import Judge, counter, series
from tests.promql.test_presets import METRICS, ODD, rendered

API = series("", service="api")
OPEN = {API: float("inf")}
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
@pytest.mark.parametrize(
    ("values", "time"),
    [
        # 60 a minute, 0 in minute 90.
        (f"{counter([60] * 89)} {counter([60] * 30)}", "120m"),
        # 3600 in minute 60, 0 in minute 61: the range from 60:30 to 120:30 has no reset inside.
        (f"{counter([60] * 60)} {counter([60] * 60)}", "120m30s"),
        # It appears in minute 90, it ends in minute 90, it is there in the middle only.
        ("_x90 " + counter([60] * 30, start=5), "120m"),
        (counter([60] * 90) + " stale _x30", "120m"),
        ("_x70 5x10 stale _x40", "120m"),
    ],
)
def test_a_counter_that_is_not_clear_leaves_its_sum_open(judge: Judge, provider: str, values: str, time: str) -> None:
    judge(requests(provider, values), [(rendered(provider, "total"), time, OPEN)])
    # A clear counter beside it does not close the sum.
    judge(
        requests(provider, values) | errors(provider, counter([1] * 121)), [(rendered(provider, "total"), time, OPEN)]
    )


@PROVIDERS
def test_another_service_stays_exact(judge: Judge, provider: str) -> None:
    other = series(METRICS[provider][0], service=ODD, code="200")
    given = requests(provider, "_x90 " + counter([60] * 30)) | {other: counter([60] * 120)}
    judge(given, [(rendered(provider, "total"), "120m", OPEN | {series("", service=ODD): 3600})])


@PROVIDERS
def test_a_series_that_ended_before_the_window_counts_nothing(judge: Judge, provider: str) -> None:
    given = requests(provider, counter([60] * 50))
    judge(given, [(rendered(provider, "total"), "120m", {})])


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
