"""Every window's good and total of every service against the model's true counts, through a real Prometheus."""

import pytest

from sresnap.model.windows import DAY, HOUR, ceil
from tests.integration.month import AT, FLEET, HTTP, SCRAPES, TRAEFIK, configured
from tests.integration.pageless import build_without_pages

WINDOWS = {
    "5m": 300,
    "30m": 1800,
    "1h": HOUR,
    "2h": 2 * HOUR,
    "6h": 6 * HOUR,
    "1d": DAY,
    "3d": 3 * DAY,
    "28d": 28 * DAY,
}


@pytest.fixture(scope="module")
def report(month, tmp_path_factory):
    return build_without_pages(configured(month.url, HTTP), tmp_path_factory.mktemp("counts"), AT)


def report_of_three_days(url, text, tmp_path):
    return build_without_pages(configured(url, f"window: 3d{text}"), tmp_path, AT)


def slos(snapshot):
    for service in snapshot.services:
        for slo in service.slos:
            yield service.name, slo


def start_of(window):
    seconds = WINDOWS[window]
    return AT - seconds if seconds <= 6 * HOUR else ceil(AT - seconds, HOUR)


def compare(snapshot):
    """(service, SLO, window, restarted, found, truth) for every window."""
    for name, slo in slos(snapshot):
        for window in WINDOWS:
            found = slo.windows[window]
            start = start_of(window)
            assert found.start == start
            truth = FLEET[name].seen(start, AT, SCRAPES, slo.threshold_seconds)
            # A latency SLO counts every request as its total.
            restarted = bool(FLEET[name].restarts(SCRAPES.last(start), AT))
            yield f"{name}/{slo.name} {window}", restarted, (found.good, found.total), (truth.good, truth.total)


def test_counters_without_a_restart_are_counted_to_the_event(report):
    compared = 0
    for what, restarted, found, truth in compare(report):
        if not restarted:
            assert found == truth, what
            compared += 1
    assert compared >= 28


def test_counters_with_restarts_are_counted_within_a_twentieth_of_a_percent(report):
    compared = 0
    for what, restarted, found, truth in compare(report):
        if restarted:
            assert found == pytest.approx(truth, rel=0.0005), what
            compared += 1
    assert compared >= 2, "the api restarts within 28 days"


def test_every_window_is_covered_and_nothing_is_missing(report):
    assert report.problems == ()
    for what, slo in slos(report):
        assert {name: window.coverage for name, window in slo.windows.items()} == dict.fromkeys(WINDOWS, 1.0), what


def test_signals_and_capacity_are_present_in_their_units(report):
    api = report.services[1]
    assert 0.02 < api.signals["latency_p99"].value < 2
    assert 1 < api.signals["request_rate"].value < 100
    assert 0 <= api.signals["error_rate"].value < 1
    assert 0 < api.signals["saturation"].value < 1
    assert all(0 < value < 1 for value in api.capacity.values())
    windows = api.signals["latency_p99"].windows
    assert {name: len(window.values) for name, window in windows.items()} == {"1h": 61, "6h": 73, "28d": 671}
    assert max(windows["28d"].peaks) >= max(windows["28d"].values)


def test_traefik_gives_the_same_report(month, traefik_month, tmp_path):
    report = report_of_three_days(month.url, HTTP, tmp_path / "http")
    traefik_report = report_of_three_days(traefik_month.url, TRAEFIK, tmp_path / "traefik")
    assert traefik_report.problems == ()
    assert traefik_report.status == report.status
    for (name, http), (_, traefik) in zip(slos(report), slos(traefik_report), strict=True):
        assert traefik.windows.keys() == http.windows.keys() == WINDOWS.keys() - {"28d"}
        for window, expected in http.windows.items():
            assert traefik.windows[window].good == pytest.approx(expected.good, rel=1e-12), (name, window)
            assert traefik.windows[window].total == pytest.approx(expected.total, rel=1e-12), (name, window)
        assert traefik.status == http.status
    for ours, theirs in zip(report.services, traefik_report.services, strict=True):
        for key, signal in ours.signals.items():
            if key != "saturation":  # dockerstats has CPU in its place
                assert theirs.signals[key].value == pytest.approx(signal.value, rel=1e-9), (ours.name, key)


def test_no_number_in_the_snapshot_hides_where_it_came_from(report):
    sli = [query for query in report.queries if query.purpose == "sli" and query.signal == "total"]
    assert {query.window for query in sli} == {"5m", "30m", "1h", "2h", "6h"}
    assert {query.time for query in sli} == {report.at}
    assert all(query.series == 3 and not query.error for query in sli)
