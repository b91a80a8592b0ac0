"""A fleet whose queries are longer than VictoriaMetrics takes: from about 85 services on, every count was refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sresnap.config import loads
from sresnap.model.windows import HOUR, MINUTE, parse_time
from tests.accuracy.engines import victoria
from tests.integration.pageless import build_without_pages

AT = parse_time("2026-11-20T12:00:00Z")
SERVICES = [f"checkout-of-team-{number:03}" for number in range(120)]


def exposition():
    """Of each service 60 requests a minute for 6½ hours, and an error every hour. Times are in milliseconds."""
    times = range(AT - 13 * HOUR // 2 + 17, AT, MINUTE)
    for service in SERVICES:
        for code, events in (("200", lambda minute: 60 * minute), ("500", lambda minute: 1 + minute // 60)):
            labels = f'job="api",instance="{service}:80",service="{service}",code="{code}"'
            for minute, time in enumerate(times):
                yield f"http_requests_total{{{labels}}} {events(minute)} {time * 1000}\n"


def config(url):
    services = ", ".join(f"{{name: {name}, slo_target: 99}}" for name in SERVICES)
    text = f"provider: http\nwindow: 1d\nprometheus: {{url: '{url}', dialect: metricsql}}\nservices: [{services}]"
    return loads(text, "sresnap.yaml", {}, cwd=Path.cwd())


def test_a_hundred_and_twenty_services_have_a_whole_report_from_victoria_metrics(tmp_path):
    with victoria("".join(exposition()), tmp_path / "data") as url:
        snapshot = build_without_pages(config(url), tmp_path / "out", AT)
    assert Counter(service.status for service in snapshot.services) == {"HEALTHY": len(SERVICES)}
    slos = [service.slos[0] for service in snapshot.services]
    # 60 requests a minute and one error an hour
    assert {(slo.windows["6h"].total, slo.windows["6h"].bad_bounds) for slo in slos} == {(21606, (6, 6))}
    assert not [query.error for query in snapshot.queries if query.error]
