"""The profiles of the synthetic services: how busy, how fast, how often broken.

Everything repeats after 28 days. So any 28 days hold the same requests and incidents, and spend the same budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from sresnap.model.windows import DAY, HOUR, MINUTE

CYCLE_MINUTES = 28 * DAY // MINUTE
"""Four weeks, counted from the epoch: the cycle begins on a Thursday at 00:00 UTC."""

PPM = 1_000_000
"""Shares are whole parts per million, so that counters are exact integers."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Minutes of the cycle in which a service fails more and answers more slowly."""

    start_minute: int
    """Minute of the cycle."""
    minutes: int
    error_ppm: int
    """Share of requests that are answered with a 5xx."""
    slowdown: float
    """Factor on the median latency."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The character of a service."""

    seed: int
    """Of its noise."""
    requests_per_minute: int
    """Mean over the cycle, roughly."""
    slo_target: float
    """Percent, as in the demo's configuration."""
    error_ppm: int
    """Share of 5xx outside of outages."""
    not_found_ppm: int
    """Share of 404."""
    unavailable_ppm: int
    """503 among the 5xx; the others are 500."""
    median_seconds: float
    tail: float
    """Shape of the log-logistic latency: p99 is median × 99^(1/tail)."""
    load_percent: float
    """Saturation at mean traffic."""
    outages: tuple[Outage, ...]
    restart_every: int = 0
    """Seconds between restarts of its counters; 0 for never."""
    restart_at: int = 0
    """Seconds after a multiple of `restart_every`."""


def _at(day: int, hour: int, minute: int) -> int:
    return (day * DAY + hour * HOUR + minute * MINUTE) // MINUTE


FRONTEND = Profile(
    seed=11, requests_per_minute=2400, slo_target=99.9, error_ppm=260, not_found_ppm=14_000, unavailable_ppm=240_000,
    median_seconds=0.042, tail=5.2, load_percent=38,
    outages=(
        Outage(_at(4, 9, 41), 7, 40_000, 3.0),
        Outage(_at(12, 19, 13), 11, 25_000, 2.4),
        Outage(_at(19, 13, 52), 4, 60_000, 3.6),
        Outage(_at(25, 16, 5), 9, 30_000, 2.8),
    ),
)  # fmt: skip
API = Profile(
    seed=23, requests_per_minute=720, slo_target=99.5, error_ppm=1650, not_found_ppm=21_000, unavailable_ppm=310_000,
    median_seconds=0.078, tail=5.6, load_percent=52,
    outages=(
        Outage(_at(2, 14, 23), 47, 520_000, 4.2),
        Outage(_at(9, 3, 7), 190, 260_000, 2.9),
        Outage(_at(15, 11, 36), 22, 810_000, 6.0),
        Outage(_at(21, 20, 48), 95, 180_000, 2.6),
        Outage(_at(26, 7, 55), 14, 300_000, 3.8),
    ),
    restart_every=9 * DAY, restart_at=_at(3, 3, 37) * MINUTE,
)  # fmt: skip
WORKER = Profile(
    seed=37, requests_per_minute=190, slo_target=99.0, error_ppm=4200, not_found_ppm=2_500, unavailable_ppm=4_000,
    median_seconds=0.24, tail=4.4, load_percent=61,
    outages=(
        Outage(_at(1, 22, 11), 364, 410_000, 3.1),
        Outage(_at(8, 10, 29), 138, 760_000, 4.5),
        Outage(_at(16, 1, 3), 505, 240_000, 2.2),
        Outage(_at(23, 17, 44), 58, 640_000, 3.7),
    ),
)  # fmt: skip
_SEARCH = Profile(
    seed=41, requests_per_minute=1300, slo_target=99.5, error_ppm=600, not_found_ppm=52_000, unavailable_ppm=600_000,
    median_seconds=0.061, tail=4.8, load_percent=44,
    outages=(Outage(_at(6, 12, 17), 33, 210_000, 5.0), Outage(_at(18, 21, 2), 64, 60_000, 2.5)),
)  # fmt: skip
_CHECKOUT = Profile(
    seed=53, requests_per_minute=260, slo_target=99.9, error_ppm=390, not_found_ppm=1_200, unavailable_ppm=150_000,
    median_seconds=0.19, tail=6.1, load_percent=29,
    outages=(Outage(_at(10, 18, 38), 18, 700_000, 4.4), Outage(_at(22, 8, 26), 41, 340_000, 3.3)),
    restart_every=13 * DAY, restart_at=_at(5, 5, 11) * MINUTE,
)  # fmt: skip
_MAILER = Profile(
    seed=67, requests_per_minute=84, slo_target=99.0, error_ppm=2_100, not_found_ppm=400, unavailable_ppm=880_000,
    median_seconds=0.33, tail=3.9, load_percent=23,
    outages=(Outage(_at(13, 2, 19), 420, 180_000, 1.9),),
)  # fmt: skip
_REPORTS = Profile(
    seed=79, requests_per_minute=36, slo_target=98.0, error_ppm=4_800, not_found_ppm=9_000, unavailable_ppm=90_000,
    median_seconds=0.71, tail=3.6, load_percent=67,
    outages=(Outage(_at(5, 4, 33), 210, 330_000, 2.7), Outage(_at(20, 4, 31), 205, 290_000, 2.5)),
)  # fmt: skip
_GATEWAY = Profile(
    seed=83, requests_per_minute=4100, slo_target=99.9, error_ppm=170, not_found_ppm=33_000, unavailable_ppm=410_000,
    median_seconds=0.027, tail=4.9, load_percent=47,
    outages=(Outage(_at(17, 15, 9), 6, 80_000, 3.4),),
)  # fmt: skip

PROFILES = (FRONTEND, API, WORKER, _SEARCH, _CHECKOUT, _MAILER, _REPORTS, _GATEWAY)
"""The first three are the demo's services; the others make larger fleets varied."""
