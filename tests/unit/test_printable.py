"""No text from outside steers a terminal, hides in a page, or cannot be written."""

import io
import json
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.cli.output import Output
from sresnap.printable import for_output, has_unprintable, printable, quotable

HOSTILE = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("\x00\x07\x1b\x7f\x9b\u202e\u2066\u200f\u2028\ufeff\ufffe\ud800\udfff\t\r\n"),
    )
)


def has_control(text):
    """By Unicode's own categories and classes, not by the list of the code."""
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return any(unicodedata.category(c) in ("Cc", "Cs") or unicodedata.bidirectional(c) in bidi for c in text)


@given(HOSTILE)
def test_no_control_character_override_or_half_of_a_pair_comes_through(text):
    shown = printable(text)
    assert not has_control(shown)
    assert not has_unprintable(shown)
    assert printable(shown) == shown
    shown.encode()
    ET.fromstring(f"<a>{shown.replace('&', '').replace('<', '').replace('>', '')}</a>")


@given(HOSTILE, st.integers(2, 50))
def test_a_quoted_text_is_short_too(text, most):
    shown = quotable(text, most)
    assert len(shown) <= most
    assert not has_control(shown)


@given(HOSTILE)
def test_json_that_is_printed_holds_the_same_text(text):
    shown = for_output(json.dumps({"a": text}, ensure_ascii=False), is_terminal=False)
    assert not has_control(shown)
    assert json.loads(shown) == {"a": text}


@pytest.mark.parametrize("text", ["é 可用性 עברית ‑ – … 👍🏽 👨‍👩‍👧 क्‍ष", "a\\u001b", "100 %"])
def test_what_people_write_stays(text):
    assert printable(text) == " ".join(text.split())
    assert for_output(text, is_terminal=False) == text


def test_texts_that_differ_stay_different():
    names = ["a\x1bb", "ab", "a\u202eb", "a\ud800b", "a\ud801b"]
    assert len(set(map(printable, names))) == len(names)


def test_the_last_guard_is_the_stream():
    stream = io.StringIO()
    Output(stream).write("one\x1b]0;title\x07\n\x1b[31mtwo\u202e\ud800\n")
    assert stream.getvalue() == "one\\u001b]0;title\\u0007\n\\u001b[31mtwo\\u202e\\ud800\n"


def test_a_terminal_gets_our_colours_and_bars_and_nothing_else_that_steers_it():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    stream = Terminal()
    ours = "\x1b[31mred\x1b[0m \x1b[2K\x1b[1A\r"
    Output(stream).write(ours + "\x1b]52;c;aGk=\x07\x1bc\x9b2J")
    assert stream.getvalue() == ours + "\\u001b]52;c;aGk=\\u0007\\u001bc\\u009b2J"
