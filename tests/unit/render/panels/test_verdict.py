"""The state of everything in a sentence."""

from dataclasses import replace

from sresnap.model.snapshot import Problem
from tests import factories
from tests.panels import Pages


def test_a_problem_does_not_hide_a_worse_verdict():
    snapshot = replace(factories.overspent(), problems=(Problem("timeout", "30 s passed", "worker", "saturation"),))
    verdict = Pages(snapshot).document("index.html", "verdict")
    assert "Budget spent" in verdict.text
    assert "1 gap in the data." in verdict.text
