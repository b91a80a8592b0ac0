"""Unit tests do not wait."""

import pytest
import stamina


@pytest.fixture(autouse=True, scope="module")
def _retry_at_once():
    """Retries keep their number and leave out the waits. Integration tests in the same process wait as usual."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield
