"""Verdicts: their order, and which of them say only that data is missing."""

import pytest

from sresnap.model.status import Status


@pytest.mark.parametrize("status", Status)
def test_a_status_is_judged_unless_it_says_that_data_is_missing(status):
    assert status.is_judged is (status.value not in {"NO_DATA", "INSUFFICIENT"})


def test_the_worst_status_comes_first():
    assert min(Status, key=lambda status: status.rank) is Status.EXHAUSTED
