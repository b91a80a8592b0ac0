"""What is wrong with a text that is not YAML is said without the words of the parser."""

import pytest
import yaml

from sresnap.config.source import read
from sresnap.config.validation import _BOUNDS, _EXPECTED, _expected
from sresnap.config.yaml_faults import syntax_fault

TEXTS = {
    "a: *x": (1, "an alias"),
    "a:\n\tb: 1": (2, "a tab"),
    "a: @b": (1, "needs quotes"),
    "a: !x!y b": (1, "not declared"),
    "\n\na: 'b": (3, "quotes that are not closed"),
    'a: "\\q"': (1, "escape"),
    "a: [1 2": (1, "a comma or a closing bracket"),
    "a: [": (1, "bracket"),
    "a:\n    b: 1\n  c: 2": (3, "indentation"),
    "a: b: c": (1, "second"),
    "a: - b": (1, "an item"),
    "a: 1\nb\nc: 2": (3, "a key without a colon"),
    "a\nb: 1": (2, "second"),
    "%YAML 3.0\n---\na: 1": (1, "version of YAML"),
    "a: 1\n---\nb: 1": (2, "several documents"),
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_syntax_error_is_said_in_words_of_our_own(text):
    line, words = TEXTS[text]
    found = read("f", text).mistakes
    (mistake,) = found
    assert (mistake.line, mistake.expected) == (line, "valid YAML")
    assert words in mistake.found
    with pytest.raises(yaml.YAMLError) as error:
        yaml.compose(text, Loader=yaml.SafeLoader)
    assert error.value.problem not in mistake.found


@pytest.mark.parametrize(("content", "words"), [(b"a: \xff", "the byte 0xff"), (b"a: \x07", "the character U+0007")])
def test_what_cannot_be_read_as_text_is_named(content, words):
    with pytest.raises(yaml.YAMLError) as error:
        yaml.compose(content, Loader=yaml.SafeLoader)
    assert words in syntax_fault(error.value)[1]


def test_no_text_of_the_library_that_validates_reaches_a_message():
    """An unknown kind of mistake has a text of our own, too."""
    from typing import get_args

    from pydantic_core.core_schema import ErrorType

    context = {"gt": 1, "ge": 1, "lt": 1, "le": 1, "multiple_of": 1, "max_length": 1}
    for kind in get_args(ErrorType):
        text = _expected(kind, context)
        assert "Input" not in text
        assert text
    assert {*_EXPECTED, *_BOUNDS} <= {*get_args(ErrorType)}
