"""The presets' counted form, at its edges: exact where every counter of a sum is clear, +Inf where samples must decide.

Counters have one sample a minute; times end in :30, between two samples, where that is the point.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.promql.conftest import Judge, counter, series
from tests.promql.test_presets import METRICS, ODD, rendered, rounded

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


# Two servers scrape one target. The first sees minute 60 at 60, the second sees one event more.
COPIES = {
    "a": counter([60] * 120),
    "b": counter([60] * 120, start=1),
}


def copies(provider: str, values: Mapping[str, str], label: str = "prometheus_replica") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, samples in values.items():
        found |= requests(provider, samples, **{label: name})
    return found


@PROVIDERS
@pytest.mark.parametrize("label", ["prometheus_replica", "replica", "__replica__"])
def test_series_that_differ_only_in_a_replica_label_leave_their_sum_open(
    judge: Judge, provider: str, label: str
) -> None:
    judge(copies(provider, COPIES, label), [(rendered(provider, "total"), "120m", OPEN)])


@PROVIDERS
@pytest.mark.parametrize("label", ["pod", "instance"])
def test_series_that_differ_in_another_label_add_up(judge: Judge, provider: str, label: str) -> None:
    judge(copies(provider, COPIES, label), [(rendered(provider, "total"), "120m", {API: 7200})])


@PROVIDERS
@pytest.mark.parametrize(
    ("second", "found"),
    [
        (COPIES["b"], 3600),
        # It misses more than the window; it appears, ends, or restarts within the window.
        (counter([60] * 30, start=1) + " stale _x100", 3600),
        ("_x80 " + counter([60] * 40, start=4800), float("inf")),
        (counter([60] * 100, start=1) + " stale _x40", float("inf")),
        (f"{counter([60] * 99, start=1)} {counter([60] * 20)}", float("inf")),
        # It ended four minutes before the window: its last value is still found there.
        (counter([60] * 57, start=1000) + " _x70", float("inf")),
    ],
)
def test_copies_count_once_where_all_are_clear(judge: Judge, provider: str, second: str, found: float) -> None:
    once = rendered(provider, "total", form="once")
    judge(copies(provider, {"a": COPIES["a"], "b": second}), [(once, "120m", {API: found})])


@PROVIDERS
def test_hours_of_copies_add_up_to_both_hours(judge: Judge, provider: str) -> None:
    # The second copy is 1 behind at 60 and 5 ahead at 120: 3600 and 3605, together 7205.
    second = counter([60] * 59 + [59] + [60] * 59 + [66])
    given = copies(provider, {"a": COPIES["a"], "b": second})
    hour, both = (rendered(provider, "total", form="once", window=window) for window in ("1h", "2h"))
    judge(given, [(hour, "60m", {API: 3600}), (hour, "120m", {API: 3605}), (both, "120m", {API: 7205})])


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        # A clear counter: both bounds are its difference.
        (counter([60] * 121), 3600, 3600),
        # It appears in minute 90 at 5: 1800 were seen, the 5 may be from before.
        ("_x90 " + counter([60] * 30, start=5), 1800, 2 * 1805),
        # It ends in minute 90 at 5400, 1800 after the window's start. Its first sample in the window is 3660.
        (counter([60] * 90) + " stale _x30", 1740, 1800),
        # It restarts in minute 90, at 5340: 1680 until then, 1800 since, in 59 minutes. increase() extrapolates that to
        # 60. At most this and twice the 5340.
        (f"{counter([60] * 89)} {counter([60] * 30)}", 1800, 3480 * 60 / 59 + 2 * 5340),
    ],
)
def test_without_samples_a_count_lies_between_two_queries(judge: Judge, values: str, low: float, high: float) -> None:
    given = requests("http", values)
    least, most = (rounded(rendered("http", "total", form=form)) for form in ("least", "most"))
    judge(given, [(least, "120m30s", {API: low}), (most, "120m30s", {API: round(high, 6)})])


def test_the_least_of_two_copies_is_the_least_of_one_and_the_most_holds_both(judge: Judge) -> None:
    given = copies("http", COPIES)
    least, most = (rendered("http", "total", form=form) for form in ("least", "most"))
    judge(given, [(least, "120m", {API: 3600}), (most, "120m", {API: 7200})])


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
