"""Regular expressions that RE2 refuses, and those that only look like them."""

import time

import pytest

from sresnap.promql.regexes import is_match, objection


@pytest.mark.parametrize(
    ("regex", "found"),
    [
        ("x**", "RE2 says: bad repetition operator: **"),
        ("x*+", "RE2 says: bad repetition operator: *+"),
        ("x*??", "RE2 says: bad repetition operator: *??"),
        ("a{2}{3}", "RE2 says: bad repetition operator: {2}{3}"),
        ("x{1001}", "RE2 says: invalid repetition size: {1001}"),
        ("x{2,1001}", "RE2 says: invalid repetition size: {2,1001}"),
        ("(x{100}){100}", "RE2 says: invalid repetition size: {100}"),
        ("(a|(?:b{40}c)){30,}", "RE2 says: invalid repetition size: {30,}"),
        ("(?x)a", "RE2 says: invalid perl operator: (?x"),
        (r"\u0041", r"RE2 says: invalid escape sequence: \u"),
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


@pytest.mark.parametrize(
    ("regex", "value", "found"),
    [
        ("5..", "503", True),
        ("5..", "5030", False),
        ("a|ab", "ab", True),
        ("[[:alpha:]]+", "eu", True),
        (r"\pL+", "größe", True),
        (r"\Qa.b\E", "a.b", True),
        (r"\Qa.b\E", "axb", False),
        ("a.b", "a\nb", True),
        ("", "", True),
    ],
)
def test_a_value_matches_as_in_prometheus(regex, value, found):
    assert is_match(regex, value) is found


def test_a_regex_that_doubles_its_ways_is_matched_in_linear_time():
    started = time.process_time()
    assert not is_match("(a+)+(a+)+", "a" * 100_000 + "!")
    assert time.process_time() - started < 5


def test_a_class_of_letters_that_prometheus_repeats_is_not_too_large():
    assert objection(r"\pL{1000}") is None
    assert is_match(r"\pL{1000}", "ß" * 1000)


def test_the_names_of_a_large_fleet_are_one_regex():
    names = [f"service-{number:06}-of-a-long-name" for number in range(5_000)]
    assert is_match("|".join(names), names[-1])
