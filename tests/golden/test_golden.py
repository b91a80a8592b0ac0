"""Panels, charts and downloads equal their golden files: a reviewer sees what a change of a page does."""

import difflib

from tests.golden.files import ACTUAL, EXPECTED, rendered, stored, write

_MOST_LINES = 40


def test_everything_renders_to_its_golden_file():
    found, expected = rendered(), stored(EXPECTED)
    if found != expected:
        write(found, ACTUAL)
    different = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    assert not different, "\n".join(
        [f"If the changes are meant, run `make golden`. What was rendered is in {ACTUAL.name}/:", *different]
        + [line for name in different for line in diff(name, expected.get(name, b""), found.get(name, b""))]
    )


def diff(name, expected, found):
    lines = difflib.unified_diff(
        expected.decode().splitlines(), found.decode().splitlines(), f"expected/{name}", f"actual/{name}", "", "", 0, ""
    )
    return [line[:200] for line in lines][:_MOST_LINES]
