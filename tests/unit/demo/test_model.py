"""The synthetic services have exact counters and known incidents, the same in every run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.demo.model import Scrapes, host_cpu, host_disk, host_idle_seconds, host_memory, services
from sresnap.demo.pattern import BOUNDS, CODES
from sresnap.demo.profiles import CYCLE_MINUTES
from sresnap.model.events import EventCount
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time

NOW = parse_time("2026-11-22T21:30:00Z")
CYCLE = CYCLE_MINUTES * MINUTE
FRONTEND, API, WORKER = services()
EIGHT = services(8)

PINNED = {
    "frontend": [70575943581, 1002055517, 16190644, 5112405],
    "api": [4628844, 99288, 17646, 7928],
    "worker": [5576011030, 13972759, 68464894, 274607],
}

times = st.integers(NOW - 2 * CYCLE, NOW + 2 * CYCLE)


def _remaining(service, count):
    return 1 - (1 - count.sli) / (1 - service.profile.slo_target / 100)


@pytest.mark.parametrize("service", EIGHT, ids=lambda s: s.name)
@pytest.mark.parametrize("start", [NOW, NOW - NOW % CYCLE - HOUR], ids=["now", "where the cycle ends"])
def test_counters_only_grow_and_every_request_has_one_code_and_one_bucket(service, start):
    seconds = np.arange(start, start + 2 * HOUR)
    assert service.restarts(start, start + 2 * HOUR) == ()
    codes, buckets = service.codes(seconds), service.buckets(seconds)
    assert (np.diff(codes) >= 0).all()
    assert (np.diff(buckets) >= 0).all()
    assert (np.diff(buckets, axis=0) >= 0).all()
    assert (np.diff(np.diff(buckets, axis=0)) >= 0).all(), "the requests between two bounds only grow, too"
    assert (codes.sum(axis=0) == buckets[-1]).all()


def test_counters_stay_exact_where_an_incident_begins_and_ends():
    for incident in (*API.incidents(NOW - CYCLE, NOW), *WORKER.incidents(NOW - CYCLE, NOW)):
        for edge in (incident.start, incident.end):
            service = API if incident in API.incidents(NOW - CYCLE, NOW) else WORKER
            seconds = np.arange(edge - 90, edge + 90)
            assert (np.diff(service.codes(seconds)) >= 0).all()
            assert (np.diff(service.buckets(seconds)) >= 0).all()


def test_requests_come_evenly_within_a_minute():
    minute = NOW - NOW % MINUTE
    steps = np.diff(API.codes(np.arange(minute, minute + MINUTE + 1)).sum(axis=0))
    assert steps.max() - steps.min() <= 1


def test_the_numbers_are_the_same_at_every_run_and_on_every_machine():
    """The noise comes from Python's own generator with fixed seeds. These numbers were recorded once."""
    assert FRONTEND.codes(np.array([NOW]))[:, 0].tolist() == PINNED["frontend"]
    assert API.codes(np.array([NOW]))[:, 0].tolist() == PINNED["api"]
    assert WORKER.codes(np.array([NOW]))[:, 0].tolist() == PINNED["worker"]


def test_count_is_one_row_of_codes():
    seconds = np.array([NOW - HOUR, NOW])
    for row, code in enumerate(CODES):
        assert API.count(code, seconds).tolist() == API.codes(seconds)[row].tolist()


def test_counters_of_api_restart_every_nine_days_at_the_same_odd_minute():
    restarts = API.restarts(NOW - 28 * DAY, NOW)
    assert len(restarts) == 3
    assert set(np.diff(restarts).tolist()) == {9 * DAY}
    assert {restart % DAY for restart in restarts} == {3 * HOUR + 37 * MINUTE}
    before, at, after = API.codes(np.array([restarts[0] - 1, restarts[0], restarts[0] + 30])).T
    assert (before > 1000).all()
    assert at.tolist() == [0, 0, 0, 0]
    assert 0 < after.sum() < 1000


def test_restarts_count_in_the_window_that_ends_with_them():
    restart = API.restarts(NOW - 9 * DAY, NOW)[0]
    assert API.restarts(restart - 1, restart) == (restart,)
    assert API.restarts(restart, restart + 1) == ()


def test_frontend_and_worker_never_restart_and_none_of_their_codes_is_born_late():
    for service in (FRONTEND, WORKER):
        assert service.restarts(NOW - 400 * DAY, NOW) == ()
        assert (service.codes(np.array([NOW - 400 * DAY])) > 1000).all()


def test_503_of_worker_are_rare():
    per_day = np.diff(WORKER.count("503", np.arange(NOW - 7 * DAY, NOW, DAY)))
    assert (per_day > 0).all()
    assert (per_day < 200).all()


@given(end=times)
def test_any_28_days_hold_the_same_events_and_give_the_same_verdicts(end):
    assert FRONTEND.events(end - 28 * DAY, end) == FRONTEND.events(NOW - 28 * DAY, NOW)
    left = {s.name: _remaining(s, s.events(end - 28 * DAY, end)) for s in services()}
    assert 0.6 < left["frontend"] < 0.8
    assert 0.1 < left["api"] < 0.22
    assert -0.5 < left["worker"] < -0.1
    under = API.events(end - 28 * DAY, end, 0.3)
    assert 0.99 < under.sli < 0.999, "the latency objective of 99 % is met, with some of it spent"


@given(a=times, b=times, c=times)
def test_events_add_up_over_windows(a, b, c):
    start, middle, end = sorted((a, b, c))
    for threshold in (None, 0.3):
        parts = API.events(start, middle, threshold) + API.events(middle, end, threshold)
        assert parts == API.events(start, end, threshold)


@pytest.mark.parametrize("service", services(), ids=lambda s: s.name)
def test_incidents_are_of_the_size_that_they_say(service):
    incidents = service.incidents(NOW - 28 * DAY, NOW)
    assert len(incidents) == len(service.profile.outages)
    for incident in incidents:
        inside = service.events(incident.start, incident.end)
        before = service.events(incident.start - HOUR, incident.start)
        # Nothing is random here: the error is the rounding to whole events.
        assert inside.bad == pytest.approx(inside.total * incident.error_ratio, abs=3)
        assert before.bad / before.total < 0.006
        slow = service.events(incident.start, incident.end, 0.3)
        slow_before = service.events(incident.start - HOUR, incident.start, 0.3)
        assert slow.sli < slow_before.sli, "latency goes up, too"


def test_an_incident_counts_where_it_overlaps():
    incident = API.incidents(NOW - 28 * DAY, NOW)[0]
    assert API.incidents(incident.start - 1, incident.start + 1) == (incident,)
    assert API.incidents(incident.end, incident.end + 1) == ()
    assert API.incidents(incident.start - 1, incident.start) == ()


def test_scrapes_fall_beside_whole_minutes():
    scrapes = Scrapes(interval_seconds=30, offset_seconds=7)
    assert [scrapes.last(t) for t in (600, 606, 607, 636, 637)] == [577, 577, 607, 607, 637]
    assert scrapes.between(600, 667).tolist() == [607, 637, 667]
    assert scrapes.between(607, 636).tolist() == [607]
    assert scrapes.between(608, 636).tolist() == []


def test_without_a_restart_a_reader_sees_every_event_between_its_scrapes():
    scrapes = Scrapes(60, 17)
    start, end = NOW - 3 * DAY, NOW
    assert FRONTEND.seen(start, end, scrapes) == FRONTEND.events(scrapes.last(start), scrapes.last(end))
    assert FRONTEND.seen(start, end, scrapes, 0.3) == FRONTEND.events(scrapes.last(start), scrapes.last(end), 0.3)


def test_a_restart_loses_only_the_events_since_the_last_scrape():
    scrapes = Scrapes(60, 17)
    restart = API.restarts(NOW - 9 * DAY, NOW)[0]
    start, end = restart - HOUR, restart + HOUR
    real = API.events(scrapes.last(start), scrapes.last(end))
    uncounted = API.events(scrapes.last(restart), restart)
    assert 0 < uncounted.total < 1000
    seen = API.seen(start, end, scrapes)
    assert seen + uncounted == real


def test_nothing_is_seen_between_two_scrapes():
    assert API.seen(NOW - 1, NOW, Scrapes(60, 17)) == EventCount(0, 0)


def test_a_larger_fleet_begins_with_the_three_and_is_varied():
    fleet = services(40)
    assert fleet[:3] == services()
    assert [s.name for s in fleet[:5]] == ["frontend", "api", "worker", "service-004", "service-005"]
    assert len({s.name for s in fleet}) == 40
    assert len({s.events(NOW - DAY, NOW) for s in fleet}) == 40


def test_a_threshold_has_to_be_a_bucket():
    assert 0.3 in BOUNDS
    with pytest.raises(ValueError):
        API.events(NOW - HOUR, NOW, 0.31)


def test_gauges_are_percentages():
    seconds = np.arange(NOW - 28 * DAY, NOW, 97)
    for values in (
        *(gauge(seconds) for s in EIGHT for gauge in (s.saturation, s.container_cpu, s.container_memory)),
        *(gauge(seconds) for gauge in (host_cpu, host_memory, host_disk)),
    ):
        assert values.min() >= 0
        assert values.max() <= 100
        assert len(np.unique(values)) > 10


def test_idle_seconds_grow_by_what_the_host_s_cpu_leaves():
    minute = NOW - NOW % MINUTE
    before, after = host_idle_seconds(np.array([minute, minute + MINUTE]))
    assert after - before == pytest.approx(60 * (1 - host_cpu(np.array([minute]))[0] / 100))
