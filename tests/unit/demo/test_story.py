"""The story of `sresnap demo`: whenever it begins, one service burns, and its budget was spent weeks ago."""

import numpy as np
import pytest

from sresnap.demo.model import services
from sresnap.demo.profiles import CYCLE_MINUTES
from sresnap.demo.story import story
from sresnap.model.windows import DAY, HOUR, MINUTE, parse_time

NOW = parse_time("2026-11-22T21:30:00Z")
PAGE_OVER_1H = 0.02 * 28 * 24
"""The workbook's page: 2 % of four weeks' budget in an hour, a burn rate of 13.44."""


def remaining(service, end):
    return 1 - service_burn(service, end - 28 * DAY, end)


def service_burn(service, start, end):
    return (1 - service.events(start, end).sli) / (1 - service.profile.slo_target / 100)


def at_any_weekday_and_hour():
    """Each weekday once, at several hours."""
    return [NOW + day * DAY + (day * 7 % 24) * HOUR for day in range(0, 28, 4)]


@pytest.mark.parametrize("at", at_any_weekday_and_hour())
def test_the_worker_burns_now_and_spent_its_budget_weeks_ago(at):
    frontend, api, worker = story(3, at)
    assert service_burn(worker, at - HOUR, at) > 1.5 * PAGE_OVER_1H
    assert service_burn(worker, at - 5 * MINUTE, at) > 2 * PAGE_OVER_1H
    assert remaining(worker, at - 26 * DAY) > 0.1
    assert remaining(worker, at - 17 * DAY) < -0.2
    assert -1 < remaining(worker, at) < -0.2
    assert 0.6 < remaining(frontend, at) < 0.8
    assert 0.1 < remaining(api, at) < 0.22
    assert all(service_burn(quiet, at - 30 * MINUTE, at - 29 * MINUTE) < 200 for quiet in (frontend, api))


def test_the_outage_ends_while_the_demo_runs():
    worker = story(3, NOW)[2]
    assert service_burn(worker, NOW + 4 * HOUR, NOW + 5 * HOUR) < 1


def test_each_budget_was_another_one_four_weeks_ago():
    for service in story(3, NOW):
        assert remaining(service, NOW - 28 * DAY) > remaining(service, NOW) + 0.02, service.name


def test_counters_only_grow_where_the_profile_changes():
    for service in story(8, NOW):
        seconds = np.arange(service.changed_at - HOUR, service.changed_at + HOUR)
        if service.restarts(int(seconds[0]), int(seconds[-1])):
            continue
        assert (np.diff(service.codes(seconds)) >= 0).all()
        assert (np.diff(service.buckets(seconds)) >= 0).all()
        assert (service.codes(seconds).sum(axis=0) == service.buckets(seconds)[-1]).all()
        assert (np.abs(np.diff(service.saturation(seconds))) < 60).all()


def test_incidents_are_of_the_profile_of_their_time():
    for service, plain in zip(story(3, NOW), services(), strict=True):
        before, after = service.incidents(NOW - 56 * DAY, NOW - 29 * DAY), service.incidents(NOW - 27 * DAY, NOW)
        assert len(before) == 1
        assert len(after) == len(plain.incidents(NOW - 27 * DAY, NOW))
        for incident in (*before, *after):
            end = min(incident.end, NOW)
            inside = service.events(incident.start, end)
            assert inside.bad == pytest.approx(inside.total * incident.error_ratio, abs=3)


@pytest.mark.parametrize("minutes_before_the_end", [47, 100, 200])
def test_an_outage_over_the_end_of_the_four_weeks_is_whole(minutes_before_the_end):
    cycle = CYCLE_MINUTES * MINUTE
    at = NOW - NOW % cycle + cycle - minutes_before_the_end * MINUTE + 47 * MINUTE
    worker = story(3, at)[2]
    assert service_burn(worker, at - 47 * MINUTE, at + 133 * MINUTE) == pytest.approx(36, abs=0.2)
    assert service_burn(worker, at - 50 * MINUTE, at - 48 * MINUTE) < 1
    assert service_burn(worker, at + 134 * MINUTE, at + 180 * MINUTE) < 1


def test_a_larger_fleet_has_one_service_that_burns_because_of_the_story():
    assert [one.name for one in story(20, NOW) if one.profile not in {s.profile for s in services(20)}] == ["worker"]
