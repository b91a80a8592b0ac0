"""What `sresnap check` finds: which states are good, and the exit code."""

import pytest

from sresnap.app.check import CheckResult, Finding, State
from sresnap.errors import ExitCode


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.OK, ExitCode.DONE),
        (State.NONE_HAPPENED, ExitCode.DONE),
        (State.NO_VALUE, ExitCode.DONE),
        (State.IN_PART, ExitCode.INCOMPLETE),
        (State.NO_DATA, ExitCode.INCOMPLETE),
        (State.FAILED, ExitCode.INCOMPLETE),
    ],
)
def test_a_query_without_all_its_data_makes_the_check_incomplete(state, code):
    good = Finding("api", "total", State.OK, 1.0, None)
    result = CheckResult((good, Finding("api", "bad", state, None, None)))
    assert result.exit_code == code
    assert result.bad == (code != ExitCode.DONE)
