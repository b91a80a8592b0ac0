"""The forecast in words, case by case."""

import pytest

from sresnap.model.events import MeanHour
from sresnap.model.forecast import Forecast, PaceForecast
from sresnap.model.windows import parse_time
from sresnap.render.clock import Clock
from sresnap.render.panels.forecast import forecast_text

UTC = Clock.of("UTC")
SOON, LATER, END = map(parse_time, ("2026-11-26T04:00:00Z", "2026-12-01T12:00:00Z", "2026-12-20T21:00:00Z"))


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
            ("Runs out between 26 Nov (pace of the last 6 hours) and 1 Dec (pace of the last 3 days)."),
        ),
        (
            ahead("exhausted", pace("6h", LATER), pace("3d", SOON)),
            0.4,
            ("Runs out between 26 Nov (pace of the last 3 days) and 1 Dec (pace of the last 6 hours)."),
        ),
        (
            ahead("exhausted", pace("6h", SOON), pace("3d", SOON)),
            0.4,
            "Runs out on 26 Nov at the pace of the last 3 days and of the last 6 hours.",
        ),
        (
            ahead("exhausted", pace("6h", SOON), pace("3d")),
            0.4,
            "Runs out on 26 Nov at the pace of the last 6 hours, but lasts at the pace of the last 3 days.",
        ),
        (
            ahead("exhausted", None, pace("3d", SOON)),
            0.4,
            "Runs out on 26 Nov at the pace of the last 3 days.",
        ),
        (
            ahead("lasts", pace("6h"), pace("3d")),
            0.4,
            "Lasts until at least 20 Dec at the pace of the last 6 hours and of the last 3 days.",
        ),
        (
            ahead("recovers", pace("6h", None, SOON), pace("3d", None, LATER), recovers_at=LATER),
            -0.2,
            "Back in budget around 1 Dec at the pace of the last 6 hours and of the last 3 days.",
        ),
        (
            ahead("stays_spent", pace("6h"), pace("3d")),
            -0.2,
            "Not back in budget before 20 Dec at the pace of the last 6 hours and of the last 3 days.",
        ),
        (
            ahead("stays_spent", pace("6h"), pace("3d", None, LATER)),
            -0.2,
            (
                "Back in budget around 1 Dec if it stays as calm as in the last 3 days; "
                "not before 20 Dec at the pace of the last 6 hours."
            ),
        ),
        (Forecast(None, None), 0.4, "There is too little data for a forecast."),
        (Forecast(None, None), None, "There is too little data for a forecast."),
        (Forecast(None, None), 0.0, "Overspent. There is too little data to forecast when the budget recovers."),
        # An outcome without its moment promises nothing.
        (Forecast(None, "3d", "recovers"), -0.2, "Not back in budget at the present pace."),
        (Forecast(None, "3d", "exhausted"), 0.4, "Runs out at the present pace."),
    ],
)
def test_a_forecast_names_the_paces_that_it_holds_for(forecast, remaining, text):
    assert forecast_text(forecast, remaining, UTC) == text


def test_a_forecast_is_in_the_sites_zone():
    evening = parse_time("2026-11-26T20:00:00Z")
    text = forecast_text(ahead("exhausted", None, pace("3d", evening)), 0.4, Clock.of("Asia/Kolkata"))
    assert text.startswith("Runs out on 27 Nov ")
