"""Counts that miss errors: nothing is healthy by them, bad news stands, and whether it burns now is unknown."""

from dataclasses import replace

import pytest

from sresnap.compute.slo.doubts import with_doubts
from sresnap.model.now import Now, NowState
from sresnap.model.series_key import SeriesKey
from sresnap.model.service import Basis, Slo
from sresnap.model.slo import Flag
from sresnap.model.status import Status
from tests import factories

BAD = SeriesKey("bad")
SLO = Slo("a", 0.99, Basis.EVENTS, SeriesKey("total"), None, BAD)
CAUSE = "code has 503, which look like errors and which the query does not take"


def doubted(status, state, *, warning=None, causes=None):
    report = replace(factories.slo(), status=status, now=Now(state, reason="Said."), reason="Said.", cause=None)
    causes = {BAD: CAUSE} if causes is None else causes
    return with_doubts(report, SLO, causes, set(causes), warning)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.HEALTHY, Status.INSUFFICIENT),
        (Status.INSUFFICIENT, Status.INSUFFICIENT),
        (Status.NO_DATA, Status.NO_DATA),
        (Status.AT_RISK, Status.AT_RISK),
        (Status.CRITICAL, Status.CRITICAL),
        (Status.EXHAUSTED, Status.EXHAUSTED),
    ],
)
@pytest.mark.parametrize("state", [NowState.QUIET, NowState.TICKET, NowState.PAGING])
def test_missed_errors_make_good_news_unknown_and_bad_news_a_minimum(status, expected, state):
    found = doubted(status, state)
    assert found.status is expected
    assert found.now.state is (NowState.UNKNOWN if state is NowState.QUIET else state)
    assert found.cause == CAUSE
    assert found.reason.endswith(f"{CAUSE}.")
    stands = status in (Status.AT_RISK, Status.CRITICAL, Status.EXHAUSTED)
    assert ("may be worse" in found.reason, Flag.AT_LEAST in found.flags) == (stands, stands)


def test_a_partial_answer_is_said_beside_bad_news():
    found = doubted(Status.AT_RISK, NowState.QUIET, warning="a store is away", causes={})
    assert (found.status, found.now.state, found.cause) == (Status.AT_RISK, NowState.UNKNOWN, "a store is away")


def test_without_a_doubt_bad_news_stays_as_it_is():
    found = doubted(Status.AT_RISK, NowState.QUIET, causes={})
    assert (found.reason, found.cause, found.now.state) == ("Said.", None, NowState.QUIET)
