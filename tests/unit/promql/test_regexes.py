"""Regular expressions that RE2 refuses, and those that only look like them."""

import pytest

from sresnap.promql.regexes import objection


@pytest.mark.parametrize(
    ("regex", "found"),
    [
        ("x**", "RE2 takes no repetition of a repetition: **"),
        ("x*+", "RE2 takes no repetition of a repetition: *+"),
        ("x*??", "RE2 takes no repetition of a repetition: *??"),
        ("a{2}{3}", "RE2 takes no repetition of a repetition: {2}{3}"),
        ("x{1001}", "RE2 repeats at most 1,000 times: {1001}"),
        ("x{2,1001}", "RE2 repeats at most 1,000 times: {2,1001}"),
        ("(x{100}){100}", "RE2 repeats at most 1,000 times: {100}"),
        ("(a|(?:b{40}c)){30,}", "RE2 repeats at most 1,000 times: {30,}"),
        ("(?x)a", "RE2 has no (?x)"),
        ("(?<n>a)", "RE2 has no (?<n>"),
        (r"\u0041", r"RE2 has no \u"),
    ],
)
def test_re2_refuses(regex, found):
    assert objection(regex) == found


@pytest.mark.parametrize(
    "regex",
    ["5..", "x*?", "x??", "x+?", "x{2}?", "x{1000}", "(x{10}){100}", "(x{10}){10}y{100}", "[*+]*", r"\*+", "[]*+]+",
     "(?i)a", "(?s-i:a)", "(?P<n>a)", r"\pL+", r"\x{41}{2}", "x{,5}", "[[:alpha:]*]+", r"[\]*+]+", "a|b*|c+", "(a*)*",
     r"\p{Greek}{3}"],
)  # fmt: skip
def test_re2_takes(regex):
    assert objection(regex) is None
