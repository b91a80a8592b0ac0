"""The table of `init --detect`."""

import pytest

from sresnap.cli.detect_output import errors_text
from sresnap.discovery.objectives import Seen


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (Seen(3600, total=1000, bad=20, least=20), "2.0 %"),
        (Seen(3600, total=1000, bad=30, least=20), "2.0 % to 3.0 %"),
        (Seen(3600, total=1000, bad=0, least=0), "0 %"),
        (Seen(3600, total=1000), "—"),
        (Seen(3600, up=0.75), "25 %"),
    ],
    ids=["counted", "between bounds", "none", "unknown", "by time"],
)
def test_errors_are_shown_with_both_bounds_and_unknown_ones_not_as_none(seen, text):
    assert errors_text(seen) == text
