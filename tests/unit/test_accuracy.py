"""The counters of `make accuracy`: their truth is worked out, not measured."""

import numpy as np
import pytest

from sresnap.model.windows import DAY, HOUR
from tests.accuracy.__main__ import error
from tests.accuracy.counters import COUNTER_KINDS, END, INTERVALS, START, Counter


@pytest.mark.parametrize("interval", INTERVALS)
def test_a_steady_counter_has_its_rate_between_scrapes(interval):
    # 5 good a second over an hour between scrapes of the same beat: 18,000.
    assert Counter("steady", interval).true("200", END - HOUR, END) == 18_000


@pytest.mark.parametrize("kind", COUNTER_KINDS)
def test_no_counter_falls_but_by_a_restart(kind):
    _, values = Counter(kind, 120).samples("200")
    falls = int((np.diff(values) < 0).sum())
    assert (falls > 10) if kind == "restarting" else falls == 0


def test_a_vanished_counter_has_no_more_events_and_a_newborn_is_born_with_five():
    assert Counter("vanishing", 60).true("500", END - DAY, END) == 0
    _, values = Counter("newborn", 5).samples("500")
    assert values[0] == 5
    assert Counter("newborn", 5).true("500", START, END) == values[-1]


@pytest.mark.parametrize(
    ("answer", "truth", "text"),
    [(None, 3, "no data"), (3.0, 3, "exact"), (3.03, 3, "+1 %"), (2.0, 0, "+2 events"), (0.0, 0, "exact")],
)
def test_an_error_is_signed_and_exact_only_to_the_event(answer, truth, text):
    assert error(answer, truth) == text
