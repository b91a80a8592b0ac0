r"""Literal runs of regular expressions, \Q…\E, which RE2 and Go's engines read and promql-parser does not."""

import pytest

from sresnap import promql
from sresnap.config import loads
from sresnap.promql.literals import quote
from sresnap.promql.reader import read
from sresnap.promql.regexes import is_match, objection_to_query

RUNS = {
    r"\Qa.b\E": r"a\.b",
    r"x\Qa.b\E+": r"xa\.b+",
    r"\Qa|b": r"a\|b",
    r"\Q\d\E": r"\\d",
    r"\Q\E": "",
    r"\Qa\Eb\Qc.\E": r"abc\.",
    r"\\Qa.b": r"\\Qa.b",
    r"a\.b": r"a\.b",
    r"\Q(\E1\Q)\E": r"\(1\)",
}


@pytest.mark.parametrize("run", RUNS)
def test_an_expression_with_literal_runs_means_the_same_without(run):
    assert promql.check_syntax(f"x{{a=~{quote(run)}}}") is None
    assert read(f"x{{a=~{quote(run)}}}").matchers[0].value == RUNS[run]
    assert read(f"x{{a!~`{run}`}}").matchers[0].value == RUNS[run]
    assert objection_to_query(f"x{{a=~{quote(run)}}}") is None
    for value in ("a.b", "axb", "a|b", r"\d", "1", "xa.bb", "", "abc.", "(1)", r"\Qaxb"):
        assert is_match(run, value) is is_match(RUNS[run], value)


def test_other_texts_stay_as_they_are():
    text = r"\Qa.b\E"
    assert read(f"x{{a={quote(text)}}}").matchers[0].value == text


def test_a_parameter_may_have_one_and_its_neighbours_stay_apart(tmp_path):
    text = "provider: http\nparameters: {bad: '5..|\\Q4.'}\nservices: [{name: api, slo_target: 99}]\n"
    config = loads(text, "sresnap.yaml", {}, cwd=tmp_path)
    assert r'code=~"5..|4\\."' in config.services[0].queries["bad"].promql
