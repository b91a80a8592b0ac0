"""A bucket has two spellings of its boundary: le="1" from clients, le="1.0" from Prometheus 3."""

import pytest

from tests.promql.conftest import Judge, counter, series
from tests.promql.test_presets import METRICS, rendered


@pytest.mark.parametrize("provider", ["http", "traefik"])
def test_le_1_and_le_1_0_are_the_same_bucket(judge: Judge, provider: str) -> None:
    buckets = METRICS[provider][1]
    given = {
        series(buckets, service="api", instance="old", le="1"): counter([3] * 120),
        series(buckets, service="api", instance="new", le="1.0"): counter([4] * 120),
        # Neither of these is 1.
        series(buckets, service="api", instance="new", le="1.05"): counter([50] * 120),
        series(buckets, service="api", instance="new", le="10.0"): counter([60] * 120),
    }
    api = series("", service="api")
    judge(given, [(rendered(provider, "latency_good", threshold="1"), "120m", {api: 7 * 60})])


@pytest.mark.parametrize("provider", ["http", "traefik"])
def test_a_service_that_changes_to_le_1_0_is_counted_before_and_after(judge: Judge, provider: str) -> None:
    # 3 a minute as le="1" until minute 90, as le="1.0" from there, where the counter continues at 270. By increase():
    # 29 minutes are seen of the first, 30 of the second, and each is extended by half a minute at its end.
    buckets = METRICS[provider][1]
    given = {
        series(buckets, service="api", le="1"): counter([3] * 89),
        series(buckets, service="api", le="1.0"): "_x90 " + counter([3] * 30, start=270),
    }
    text = f"{rendered(provider, 'latency_good', threshold='1')} > bool 175"
    judge(given, [(text, "120m", {series("", service="api"): 1})])
