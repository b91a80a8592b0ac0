"""One committed snapshot renders to the committed files, byte for byte: a change of a page is seen in review."""

import difflib

from tests.golden.files import ACTUAL, EXPECTED, rendered, stored, write

_MOST_LINES = 40


def test_the_committed_snapshot_renders_to_the_committed_files():
    found, expected = rendered(), stored(EXPECTED)
    if found != expected:
        write(found, ACTUAL)
    different = sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))
    assert not different, "\n".join(
        [f"`make golden` takes these over, if they are meant; they are in {ACTUAL.name}/:", *different]
        + [line for name in different for line in diff(name, expected.get(name, b""), found.get(name, b""))]
    )


def diff(name, expected, found):
    lines = difflib.unified_diff(
        expected.decode().splitlines(), found.decode().splitlines(), f"expected/{name}", f"actual/{name}", "", "", 0, ""
    )
    return [line[:200] for line in lines][:_MOST_LINES]
