"""Imported SLOs give the value of the tool that they come from, or the truth, on a real Prometheus.

Every target is scraped each minute at :17. The window is three days: 4,320 minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from sresnap.config import loads
from sresnap.importers import config_yaml, read_files
from sresnap.model.status import Status
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time
from tests.integration.pageless import build_without_pages
from tests.integration.prometheus_server import prometheus_of

AT = parse_time("2026-11-20T12:00:00Z")
START = AT - 3 * DAY
FIRST = START - HOUR
SCRAPES = range(FIRST + 17, AT + 1, MINUTE)
MINUTES = range(START + MINUTE, AT + 1, MINUTE)
UPGRADE = AT - DAY
OUTAGE = (AT - 30 * HOUR, AT - 24 * HOUR)
pytestmark = pytest.mark.xdist_group("imports_in_the_wild")

SLOTH = """
version: prometheus/v1
service: shop
slos:
  - name: another_spelling
    objective: 99
    sli:
      events:
        error_query: |
          sum(rate(fresh_seconds_count[{{.window}}])) - sum(rate(fresh_seconds_bucket{le="1"}[{{.window}}]))
        total_query: sum(rate(fresh_seconds_count[{{.window}}]))
  - name: rate_or_gauge
    objective: 90
    sli:
      events:
        error_query: |
          sum(rate(shop_requests_total{code="500"}[{{.window}}])) or clamp_min(1 - sum(up{job="shop"}), 0)
        total_query: sum(rate(shop_requests_total[{{.window}}])) or vector(1)
  - name: targets
    objective: 90
    sli:
      events:
        error_query: sum((1 - avg_over_time(up{job="pool"}[{{.window}}])) > 0.33)
        total_query: count(up{job="pool"})
  - name: quantile
    objective: 90
    sli:
      events:
        error_query: histogram_quantile(0.95, sum by (le) (rate(page_seconds_bucket[{{.window}}]))) > 0.05
        total_query: sum(rate(page_seconds_count[{{.window}}]))
  - name: quiet_nights
    objective: 99
    sli:
      events:
        error_query: sum(rate(day_requests_total{code="500"}[{{.window}}]))
        total_query: sum(rate(day_requests_total[{{.window}}])) > 0
  - name: sum_of_two
    objective: 40
    sli:
      events:
        error_query: sum(rate(page_seconds_bucket{le="0.05"}[{{.window}}])) + sum(rate(never_total[{{.window}}]))
        total_query: sum(rate(page_seconds_count[{{.window}}]))
  - name: gone
    objective: 99
    sli:
      events:
        error_query: sum(rate(lost_requests_total{code="500"}[{{.window}}])) or clamp_min(1 - sum(up{job="lost"}), 0)
        total_query: sum(rate(lost_requests_total[{{.window}}])) or vector(1)
  - name: minutes
    objective: 40
    sli:
      events:
        error_query: sum_over_time((sum(rate(day_requests_total[2m])) > bool 0)[{{.window}}:1m])
        total_query: count_over_time((sum(day_requests_total))[{{.window}}:1m])
"""
PYRRA = """
apiVersion: pyrra.dev/v1alpha1
kind: ServiceLevelObjective
metadata: {name: upgraded, labels: {pyrra.dev/service: shop}}
spec:
  target: "99"
  window: 3d
  indicator:
    latency:
      success: {metric: 'api_seconds_bucket{le="1"}'}
      total: {metric: api_seconds_count}
"""


def is_day(time):
    return 8 <= time % DAY // HOUR < 20


def is_slow(time):
    return is_day(time)


def pool_is_up(pod, time):
    """Pod 3 fails 13 minutes of each hour, pod 2 one minute of ten, which is less than a third of five minutes."""
    minute = (time - FIRST) // MINUTE
    return not ((pod == 3 and minute % 60 < 13) or (pod == 2 and minute % 10 == 0))


def by_minute(per_minute, when):
    """A counter that grows by per_minute in every minute in which it is on."""
    values, value = {}, 0
    for time in SCRAPES:
        value += per_minute if when(time) else 0
        values[time] = value
    return values


def always(_):
    return True


def in_outage(time):
    return OUTAGE[0] <= time < OUTAGE[1]


def families():
    """By family: labels → values by time."""
    full, fast = by_minute(60, always), by_minute(36, always)
    yield "fresh_seconds_count", {'job="shop",instance="a"': full}
    yield "fresh_seconds_bucket", {'job="shop",instance="a",le="1.0"': fast, 'job="shop",instance="a",le="+Inf"': full}
    # 60 requests a minute, of them 36 slow ones in each hour: 1 %.
    good = {time: 60 * i - 36 * i // 60 for i, time in enumerate(SCRAPES)}
    yield "api_seconds_count", {'job="api",instance="a"': {time: 60 * i for i, time in enumerate(SCRAPES)}}
    yield (
        "api_seconds_bucket",
        {
            'job="api",instance="a",le="1"': {time: value for time, value in good.items() if time < UPGRADE},
            'job="api",instance="a",le="1.0"': {time: value for time, value in good.items() if time >= UPGRADE},
        },
    )
    present = {time: value for time, value in full.items() if not in_outage(time)}
    errors = dict.fromkeys(present, 2)
    yield "shop_requests_total", {'job="shop",code="200"': present, 'job="shop",code="500"': errors}
    shop = {'job="shop"': {time: int(not in_outage(time)) for time in SCRAPES}}
    pool = {f'job="pool",instance="{pod}"': {time: int(pool_is_up(pod, time)) for time in SCRAPES} for pod in range(4)}
    yield "up", {**shop, **pool}
    slow = by_minute(60, is_slow)
    quick = {time: full[time] - slow[time] for time in SCRAPES}
    yield "page_seconds_count", {'job="page"': full}
    yield "page_seconds_bucket", {'le="0.05"': quick, 'le="0.1"': full, 'le="+Inf"': full}
    yield (
        "day_requests_total",
        {'job="day",code="200"': by_minute(60, is_day), 'job="day",code="500"': by_minute(0, always)},
    )


def exposition():
    lines = []
    for name, series in families():
        lines.append(f"# TYPE {name.removesuffix('_total')} {'counter' if name.endswith('_total') else 'gauge'}\n")
        lines += [
            f"{name}{{{labels}}} {value} {time}\n"
            for labels, values in series.items()
            for time, value in values.items()
        ]
    return "".join(lines)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """By its name, each imported SLO in a report of three days."""
    folder = tmp_path_factory.mktemp("imported")
    for name, text in {"sloth.yaml": SLOTH, "pyrra.yaml": PYRRA}.items():
        (folder / name).write_text(text)
    text = config_yaml(read_files([folder / "sloth.yaml", folder / "pyrra.yaml"])).replace("window: 30d", "window: 3d")
    with prometheus_of(exposition(), folder / "engine") as url:
        config = loads(text, "sresnap.yaml", {}, prometheus_url=url, cwd=Path.cwd())
        snapshot = build_without_pages(config, folder / "site", AT)
    return {slo.name: slo for service in snapshot.services for slo in service.slos}


def bad_share(report):
    return 1 - report.windows["3d"].sli


def test_row_8_the_bucket_1_is_found_where_it_is_written_1_0(reports):
    report = reports["another_spelling"]
    # 24 of 60 requests a minute are slow.
    assert (bad_share(report), report.status) == (pytest.approx(0.4), Status.EXHAUSTED)


def test_row_9_an_upgrade_that_renames_the_bucket_within_the_window_changes_no_count(reports):
    window = reports["upgraded"].windows["3d"]
    assert (window.total, window.bad_bounds) == (259_200, (2592, 2592))


def test_row_10_a_rate_or_a_gauge_is_the_share_of_minutes_that_its_own_tool_takes(reports):
    # Six hours less the three minutes in which the last two samples still lie within five: 357 of 4,320.
    assert bad_share(reports["rate_or_gauge"]) == pytest.approx(357 / 4320, abs=1e-9)
    assert reports["rate_or_gauge"].kind == "time"


def test_row_11_a_share_of_targets_over_five_minutes_is_taken_minute_by_minute(reports):
    def share(pod, minute):
        samples = list(range(minute - 5 * MINUTE + 17, minute, MINUTE))
        return sum(not pool_is_up(pod, time) for time in samples) / len(samples)

    every = [sum(one for pod in range(4) if (one := share(pod, minute)) > 0.33) / 4 for minute in MINUTES]
    assert bad_share(reports["targets"]) == pytest.approx(sum(every) / len(every), abs=1e-9)
    assert bad_share(reports["targets"]) == pytest.approx(0.053, abs=0.002)


def test_row_12_a_quantile_above_its_limit_is_bad_for_as_long_as_it_is(reports):
    # Slow from 8 to 20 o'clock: half of the time. Five minutes of rates reach four minutes over each end.
    assert bad_share(reports["quantile"]) == pytest.approx(0.5, abs=5 * 3 / 4320)


def test_row_15_a_total_above_0_spends_nothing_in_quiet_nights(reports):
    report = reports["quiet_nights"]
    assert (report.status, report.windows["3d"].coverage) == (Status.HEALTHY, 1.0)
    assert report.windows["3d"].total == pytest.approx(3 * 12 * 3600)


def test_an_error_that_never_happened_does_not_hide_the_ones_that_did(reports):
    assert bad_share(reports["sum_of_two"]) == pytest.approx(0.5, abs=0.001)


def test_a_service_that_prometheus_no_longer_knows_has_no_data(reports):
    assert reports["gone"].status is Status.NO_DATA


def test_minutes_in_which_a_condition_holds_are_counted_once_each(reports):
    window = reports["minutes"].windows["3d"]
    assert (window.total, window.total - window.good) == (4320, 3 * 12 * 60)
