"""Times are numbers inside and RFC 3339 text in JSON."""

import pytest
from pydantic import TypeAdapter, ValidationError

from sresnap.model.instant import Instant
from sresnap.model.windows import END_OF_TIME, parse_time

ADAPTER = TypeAdapter(Instant)
TEXT = "2026-11-22T21:30:00Z"


def test_text_is_read_as_seconds_and_written_as_the_same_text():
    assert ADAPTER.validate_json(f'"{TEXT}"') == parse_time(TEXT)
    assert ADAPTER.dump_json(parse_time(TEXT)) == f'"{TEXT}"'.encode()
    assert ADAPTER.dump_python(parse_time(TEXT)) == parse_time(TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "notatime",
        "2026-11-22",
        "2026-11-22T21:30:00",
        "2026-11-22T21:30:00+00:00",
        "2026-11-22T21:30:00.5Z",
        "2026-11-22T22:30:00+01:00",
        "2026-02-30T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        1795383000,
        None,
    ],
)
def test_any_other_spelling_is_refused_because_it_would_not_be_written_the_same(text):
    with pytest.raises(ValidationError, match="is not a UTC time such as"):
        ADAPTER.validate_python(text)


def test_times_end_with_the_last_year_that_a_configuration_may_name():
    assert ADAPTER.validate_python("2200-12-31T23:59:59Z") == END_OF_TIME - 1
    with pytest.raises(ValidationError, match="is not a UTC time such as"):
        ADAPTER.validate_python("2201-01-01T00:00:00Z")


def test_the_schema_describes_the_text():
    assert ADAPTER.json_schema(mode="serialization")["type"] == "string"
