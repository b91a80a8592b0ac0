"""The forecast in words, case by case."""

import pytest

from sresnap.model.events import MeanHour
from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock
from sresnap.render.panels.forecast import forecast_words

UTC = Clock.of("UTC")
SOON, LATER, END = (
    parse_time("2026-11-26T04:00:00Z"),
    parse_time("2026-12-01T12:00:00Z"),
    parse_time("2026-12-20T21:00:00Z"),
)
NEVER = "The budget is spent, and stays spent at this pace"


def pace(name, exhausted=None, recovers=None):
    return PaceForecast(name, MeanHour(540, 600, 6), 1.0, exhausted, recovers, 0.5)


def ahead(outcome, six_hours=None, three_days=None, **more):
    paces = tuple(p for p in (six_hours, three_days) if p is not None)
    return Forecast(more.pop("exhausted_at", None), "6h", outcome, paces=paces, horizon=END, **more)


@pytest.mark.parametrize(
    ("forecast", "remaining", "text"),
    [
        (
            ahead("exhausted", pace("6h", SOON), pace("3d", LATER)),
            0.4,
            "The budget is spent between Thu 26 Nov 04:00 (6h pace) and Tue 1 Dec 12:00 (3d pace).",
        ),
        (
            ahead("exhausted", pace("6h", LATER), pace("3d", SOON)),
            0.4,
            "The budget is spent between Thu 26 Nov 04:00 (3d pace) and Tue 1 Dec 12:00 (6h pace).",
        ),
        (
            ahead("exhausted", pace("6h", SOON), pace("3d", SOON)),
            0.4,
            "At the 3d and 6h pace the budget is spent by Thu 26 Nov 04:00.",
        ),
        (
            ahead("exhausted", pace("6h", SOON), pace("3d")),
            0.4,
            "At the 6h pace the budget is spent by Thu 26 Nov 04:00; not at the 3d pace.",
        ),
        (
            ahead("exhausted", None, pace("3d", SOON)),
            0.4,
            "At the 3d pace the budget is spent by Thu 26 Nov 04:00.",
        ),
        (
            ahead("lasts", pace("6h"), pace("3d")),
            0.4,
            "The budget is spent: not at this pace (6h and 3d), up to Sun 20 Dec 21:00.",
        ),
        (
            ahead("recovers", pace("6h", None, SOON), pace("3d", None, LATER), recovers_at=LATER),
            -0.2,
            "The budget is spent; it is back above zero on Tue 1 Dec 12:00, if errors keep coming as of late.",
        ),
        (
            ahead("stays_spent", pace("6h"), pace("3d")),
            -0.2,
            f"{NEVER} (6h and 3d), looking ahead to Sun 20 Dec 21:00.",
        ),
        (
            ahead("stays_spent", pace("6h"), pace("3d", None, LATER)),
            -0.2,
            (
                "The budget is spent; at the 3d pace it is back above zero on Tue 1 Dec 12:00, "
                "at the 6h pace it stays spent, looking ahead to Sun 20 Dec 21:00."
            ),
        ),
        (Forecast(None, None), 0.4, "When the budget is spent cannot be told from the data."),
        (Forecast(None, None), None, "When the budget is spent cannot be told from the data."),
        (Forecast(None, None), 0.0, "The budget is spent; when it is back above zero cannot be told from the data."),
        # as reports had it before there was an outcome
        (Forecast(SOON, "3d"), 0.4, "At the 3d pace the budget is spent by Thu 26 Nov 04:00."),
        (Forecast(None, "3d"), 0.4, "The budget is spent: not at this pace (3d)."),
        # an outcome without its moment promises nothing
        (Forecast(None, "3d", "recovers"), -0.2, f"{NEVER}."),
        (Forecast(None, "3d", "exhausted"), 0.4, "At the 3d pace the budget is spent by an unknown time."),
    ],
)
def test_a_forecast_is_said_with_the_paces_that_it_holds_for(forecast, remaining, text):
    assert forecast_words(forecast, remaining, UTC) == text


def test_a_forecast_is_in_the_sites_zone():
    text = forecast_words(ahead("exhausted", None, pace("3d", SOON)), 0.4, Clock.of("Asia/Kolkata"))
    assert "Thu 26 Nov 09:30" in text
