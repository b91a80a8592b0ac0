"""Whether a number is known to be right, by what exists of what its query selects."""

import pytest

from sresnap.compute.zeros import doubt
from sresnap.model.evidence import Evidence, LabelValues
from sresnap.model.series_key import SeriesKey

FINE = Evidence(None)
LACK = Evidence("no metric")
FAILED = Evidence("no answer", has_failed=True)
MISSED = Evidence(None, (LabelValues("code", (), ("500",), ("500",)),))
SLICES_OF_BAD, SLICES_OF_GOOD = "slices_good#bad.5m.0.99", "slices_good#good.5m.0.99"


@pytest.mark.parametrize("lacking", [LACK, FAILED])
@pytest.mark.parametrize(
    ("key", "value", "is_doubted"),
    [
        ("bad", None, True),
        ("good", None, True),
        ("availability", None, True),
        ("bad", 0.0, True),  # `… or vector(0)`
        ("bad", 3.0, False),  # one of two terms found them
        ("good", 0.0, False),  # that is bad news
        ("good", 90.0, False),
        ("availability", 1.0, True),
        ("availability", 0.98, False),
        (SLICES_OF_BAD, 12.0, True),
        (SLICES_OF_GOOD, 12.0, False),
    ],
)
def test_a_number_that_a_query_without_its_series_would_give_is_doubted(lacking, key, value, is_doubted):
    assert doubt(lacking, SeriesKey.parse(key), value) == (lacking.lack if is_doubted else None)
    assert doubt(FINE, SeriesKey.parse(key), value) is None


@pytest.mark.parametrize("value", [None, 0.0, 3.0])
def test_errors_that_a_query_misses_make_every_number_doubted(value):
    assert doubt(MISSED, SeriesKey("bad"), value) == MISSED.missed
