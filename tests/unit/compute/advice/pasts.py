"""Histories for the advisor's tests, from a seed."""

import random

import numpy as np

from sresnap.compute.advice.past import Past
from sresnap.compute.slo.corrections import NO_EXCLUSIONS, Exclusions
from sresnap.model.corrections import Correction, cuts
from sresnap.model.events import EventCount
from sresnap.model.hours import HourlyCounts
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.windows import DAY, HOUR, Window, parse_time

START = parse_time("2025-02-01T07:00:00Z")
"""The history goes over both changes of the clock in Berlin."""
ZONE = "Europe/Berlin"


def slo(objective=0.99, window=28, basis=Basis.EVENTS):
    return Slo("a", objective, basis, SeriesKey("total"), SeriesKey("good"), None, window=Window(window * DAY))


def counted(bad, total, start=START):
    total = np.array(total, float)
    return HourlyCounts(start, total - np.array(bad, float), total)


def past(hours, possible=None, exclusions=NO_EXCLUSIONS, of=None):
    found = Past.of(of or slo(), ZONE, hours, hours if possible is None else possible, exclusions)
    assert found is not None
    return found


def random_past(seed, days, traffic=None, of=None):
    """Traffic with a night, incidents, gaps, hours whose bad events are open, and corrections of parts of hours."""
    chance = random.Random(seed)
    level, noise = traffic or chance.choice([2, 40, 1_000, 1e6]), chance.choice([0, 0.0005, 0.004])
    low, high, total = [], [], []
    incident = 0
    for hour in range(days * 24):
        events = round(level * (0.4 + (hour % 24) / 24)) + chance.choice([0, 0, 0.5])
        incident = incident - 1 if incident else chance.randrange(1, 12) * (chance.random() < 0.004)
        bad = min(events, round(events * (chance.random() if incident else noise)))
        is_unknown = chance.random() < 0.01 or 500 < hour % 1_500 < 500 + 60 * (seed % 3)
        low.append(None if is_unknown else bad)
        high.append(None if is_unknown else min(events, bad + (chance.random() < 0.05) * chance.randrange(1, 30)))
        total.append(None if is_unknown else events)
    hours, possible = counted(low, total), counted(high, total)
    corrections = [
        Correction("upgrade", begins, begins + chance.choice([3_600, 5_400, 90_000]))
        for begins in (
            START + chance.randrange(days * 24) * HOUR + chance.choice([0, 1_200]) for _ in range(days // 40)
        )
    ]
    parts = cuts(corrections, START, START + days * DAY)
    events = {cut: None if cut.is_whole or chance.random() < 0.3 else EventCount(3, 4) for cut in parts}
    return past(hours, possible, Exclusions(corrections, events), of)
