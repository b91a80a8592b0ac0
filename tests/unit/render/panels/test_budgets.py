"""Alerts of an error budget that are withheld."""

from sresnap.render.panels.budgets import budgets
from sresnap.render.panels.policy import policy
from tests import factories
from tests.panels import pages_of


def test_a_withheld_alert_keeps_its_numbers_and_says_why():
    text = pages_of("evaluated").document("services/web/index.html", "budgets").text
    assert "– Withheld 13.441× 40× 13.44×" in text
    assert "1h and 5m: only 5 bad events in 1h; it takes 10 to fire" in text


def test_a_withheld_alert_looks_neither_quiet_nor_firing(charts):
    service = factories.service(slos=(factories.withheld_slo(),))
    alert = budgets(service, policy(service), charts, "").slos[0].alerts[0]
    assert (alert.state.word, alert.state.tone) == ("Withheld", "nodata")
