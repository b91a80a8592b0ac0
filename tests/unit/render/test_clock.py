"""Times are local and named."""

import pytest

from sresnap.model.windows import HOUR, parse_time
from sresnap.render.clock import Clock


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "22 Nov 2026, 21:30 UTC"),
        ("Europe/Berlin", "22 Nov 2026, 22:30 CET"),
        ("Asia/Kolkata", "23 Nov 2026, 03:00 IST"),
        ("America/Sao_Paulo", "22 Nov 2026, 18:30 UTC-03"),
    ],
)
def test_a_moment_is_in_the_zone_and_names_it(zone, text):
    moment = Clock.of(zone).moment(parse_time("2026-11-22T21:30:00Z"))
    assert (moment.iso, moment.text) == ("2026-11-22T21:30:00Z", text)


def test_the_two_hours_of_the_same_name_in_autumn_differ_by_their_zone():
    clock = Clock.of("Europe/Berlin")
    assert clock.moment(parse_time("2026-10-25T00:30:00Z")).text == "25 Oct 2026, 02:30 CEST"
    assert clock.moment(parse_time("2026-10-25T01:30:00Z")).text == "25 Oct 2026, 02:30 CET"


@pytest.mark.parametrize("hours", [1, 6, 24, 72, 28 * 24, 365 * 24])
def test_a_chart_has_a_few_round_ticks(hours):
    end = parse_time("2026-11-22T21:30:00Z")
    ticks = Clock.of("Europe/Berlin").ticks(end - hours * HOUR, end)
    assert 2 <= len(ticks) <= 5
    assert all(end - hours * HOUR <= time <= end for time, _ in ticks)
    assert len({label for _, label in ticks}) == len(ticks)
