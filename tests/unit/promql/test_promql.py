"""Values go into queries as values: no value can change a query's meaning."""

from __future__ import annotations

import re
from itertools import pairwise

import promql_parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap import promql
from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.model.series import Grid
from sresnap.promql.reader import read
from sresnap.promql.template import Hole, parse, parse_joined

VARIABLES = {"window": "1h", "rate": "5m"}
ODD = 'a"b\\c.*'
# Everything but lone surrogates, which no configuration can contain.
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def template(text: str, by: str | None = None) -> QueryTemplate:
    return QueryTemplate("total", text, (by,) if by else (), "test.yaml:1")


def member(service: str, **labels: str) -> Member:
    return Member(service, {"service": service, **labels})


def filled(text: str, value: str = "api", **labels: str) -> str:
    return promql.render_member(template(text), member(value, **labels), VARIABLES)


def grouped(text: str, *services: str, purpose: Purpose = Purpose.SIGNAL, by: str = "service") -> str:
    members = tuple(member(name) for name in services)
    return promql.render(Query(template(text, by), members, VARIABLES, Grid.instant(0), purpose, "total", "1h"))


def matchers(text: str) -> list[promql_parser.Matcher]:
    return promql_parser.parse(text).matchers.matchers


def test_placeholders_are_the_plain_names_in_single_braces() -> None:
    assert promql.placeholders('sum by (x) (a{{b="{service}"}}[{window}])') == {"service", "window"}


def test_a_template_without_placeholders_stays_as_it_is() -> None:
    assert filled("demo_vps_cpu_percent") == "demo_vps_cpu_percent"


@pytest.mark.parametrize(
    "text", ["{a.b}", "{a[0]}", "{a!r}", "{a:>3}", "{}", "{0}", "{a b}", 'up{job="x"}', 'up{job="a:b"}', "{é}"]
)
def test_only_a_plain_name_is_a_placeholder(text: str) -> None:
    with pytest.raises(promql.TemplateError, match="is not a placeholder: only a plain name may be in braces"):
        promql.placeholders(text)


@pytest.mark.parametrize("text", ["up}", "up{", "{a{b}}", 'up{{a="b"}'])
def test_unbalanced_braces_are_refused(text: str) -> None:
    with pytest.raises(promql.TemplateError, match="twice"):
        promql.placeholders(text)


def test_a_single_literal_brace_is_left_to_the_syntax_check() -> None:
    assert promql.check_syntax(filled('up{{a="b"'))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('up{{a="{service}"}}', r'up{a="a\"b\\c.*"}'),
        ("up{{a='{service}'}}", r"""up{a='a"b\\c.*'}"""),
        ("up{{a=`{service}`}}", r"""up{a=`a"b\c.*`}"""),
        ('up{{a!="x{service}"}}', r'up{a!="xa\"b\\c.*"}'),
        ('up{{a=~"{service}"}}', r'up{a=~"a\"b\\\\c\\.\\*"}'),
        ('up{{a !~ "{service}"}}', r'up{a !~ "a\"b\\\\c\\.\\*"}'),
        ('up{{a=~"x{service}+"}}', r'up{a=~"x(?:a\"b\\\\c\\.\\*)+"}'),
        ('label_replace(up, "x", "{service}", "a", "(.+)")', r'label_replace(up, "x", "a\"b\\c.*", "a", "(.+)")'),
        (
            'label_replace(up{{b="1",c="2"}}, "x", "y", "a", "{service}")',
            r'label_replace(up{b="1",c="2"}, "x", "y", "a", "a\"b\\\\c\\.\\*")',
        ),
        ('label_join(up, "{service}", ",", "a")', r'label_join(up, "a\"b\\c.*", ",", "a")'),
    ],
)
def test_a_value_is_escaped_for_its_context(text: str, expected: str) -> None:
    assert filled(text, ODD) == expected


def test_a_dollar_in_a_replacement_is_doubled() -> None:
    assert filled('label_replace(up, "x", "{service}", "a", "(.+)")', "$1") == (
        'label_replace(up, "x", "$$1", "a", "(.+)")'
    )


def test_line_breaks_and_control_characters_are_escaped() -> None:
    assert filled('up{{a="{service}"}}', "a\n\t\x01\x7f é") == r'up{a="a\n\t\x01\x7f é"}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('up{{a="\\{service}"}}', "unfinished escape"),
        ('up{{a="\\x4{service}"}}', "unfinished escape"),
        ('up{{a=~"[{service}]"}}', "not closed before it"),
        ('up{{a=~"x\\\\{service}"}}', "not closed before it"),
        ("up{{a=~`x\\{service}`}}", "not closed before it"),
        ('up{{a=~"x{{{service}}}"}}', "not closed before it"),
        ('up{{a=~"(?{service})"}}', "not closed before it"),
        ('label_replace(up, "x", "$1{service}", "a", "(.+)")', "would swallow it"),
        ('up{{a="{service}}}', "is not closed on its line"),
    ],
)
def test_a_value_that_would_merge_with_the_text_before_is_refused(text: str, message: str) -> None:
    with pytest.raises(promql.TemplateError, match=message):
        promql.placeholders(text)


@pytest.mark.parametrize("text", ['up{{a=~"[a-z]+(b|c){service}\\\\d"}}', 'up{{a=~"(?i:x){{2}}{service}"}}'])
def test_a_value_may_follow_closed_parts(text: str) -> None:
    assert promql.check_syntax(filled(text, ODD)) is None


def test_a_reference_in_braces_may_stand_before_a_value() -> None:
    assert filled('label_replace(up, "x", "${{1}}{service}", "a", "(.+)")') == (
        'label_replace(up, "x", "${1}api", "a", "(.+)")'
    )


def test_a_backtick_cannot_go_into_a_raw_string() -> None:
    with pytest.raises(promql.TemplateError, match="backtick"):
        filled("up{{a=`{service}`}}", "a`b")


@pytest.mark.parametrize("value", ["x} or up{", "a b", "", "a-b", "a\n"])
def test_outside_a_string_only_plain_characters_are_accepted(value: str) -> None:
    with pytest.raises(promql.TemplateError, match="outside a string"):
        filled("{service}_total", value)


def test_outside_a_string_a_metric_name_is_accepted() -> None:
    assert filled("{service}_total", "job:http") == "job:http_total"


def test_a_comment_is_dropped_and_its_quotes_and_braces_do_not_confuse() -> None:
    assert filled('# don\'t (count) {{\nup{{a="{service}#1"}} # "') == 'up{a="api#1"}'


def test_a_variable_wins_over_a_label_of_the_same_name() -> None:
    assert filled("x[{window}]", window="9d") == "x[1h]"


def test_a_missing_label_names_service_and_label() -> None:
    with pytest.raises(promql.TemplateError, match="service 'api' has no label 'container'"):
        filled('x{{a="{container}"}}')


def test_a_grouped_query_gets_the_distinct_values_in_order() -> None:
    assert grouped('x{{s=~"{service}"}}', "b", "a.b", "b") == r'x{s=~"a\\.b|b"}'


def test_alternatives_beside_other_text_stay_together() -> None:
    assert grouped('x{{s=~"{service}-.*"}}', "a", "b") == 'x{s=~"(?:a|b)-.*"}'


@pytest.mark.parametrize("text", ['x{{s="{service}"}}', "x_{service}", 'label_replace(x, "a", "b", "c", "{service}")'])
def test_a_grouped_placeholder_is_in_a_regex_matcher_only(text: str) -> None:
    with pytest.raises(promql.TemplateError, match="must be in a regex matcher"):
        grouped(text, "a")


def test_another_placeholder_of_a_grouped_query_must_be_the_same_for_all() -> None:
    members = (member("a", env="prod"), member("b", env="test"))
    query = Query(
        template('x{{s=~"{service}",e="{env}"}}', "service"),
        members,
        VARIABLES,
        Grid.instant(0),
        Purpose.SLI,
        "total",
        "1h",
    )
    with pytest.raises(promql.TemplateError, match=r"\{env\} differs between services 'a' and 'b'"):
        promql.render(query)


def test_an_ungrouped_query_takes_the_first_members_labels() -> None:
    assert grouped('x{{s="{service}"}}', "a", by="other") == 'x{s="a"}'
    query = Query(template("up"), (member("a"), member("b")), VARIABLES, Grid.instant(0), Purpose.SIGNAL, "total", "1h")
    assert promql.render(query) == "up"


def test_a_peak_is_the_highest_of_the_hours_spans_even_after_a_comment() -> None:
    text = grouped('x{{s=~"{service}"}}  # all\n', "a", purpose=Purpose.PEAK)
    assert text == 'max_over_time((x{s=~"a"})[1h:5m])'


@pytest.mark.parametrize(
    "text", ["up", "sum by (a) (rate(x[5m]))", "up{a=~`\\d+`}", "up{a=`'\"`}", "up # `", "x offset 1734s"]
)
def test_valid_promql_has_no_objection(text: str) -> None:
    assert promql.check_syntax(text) is None


@pytest.mark.parametrize("text", ["sum(", "up{a=b}", "", "rate(up)", 'up{a=~"("}'])
def test_invalid_promql_is_explained_in_one_line(text: str) -> None:
    problem = promql.check_syntax(text)
    assert problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    "text", [*(f" {sign} ".join(["up"] * 9000) for sign in ("+", "or", ">", "==", "atan2")), "(" * 60_000 + "up"]
)
def test_promql_that_would_crash_the_parser_is_refused(text: str) -> None:
    # promql-parser ends the process with a segmentation fault, so a failure of this test ends the test run.
    assert promql.check_syntax(text) == "it is nested too deeply"


@pytest.mark.parametrize("quote", ['"', "'", "`"])
def test_what_strings_and_comments_say_does_not_nest(quote: str) -> None:
    names = "|".join(f"my-own-service-{number}" for number in range(1000))
    text = f"sum(up{{job=~{quote}{names}{quote}}}) # {'-' * 2000}"
    assert promql.check_syntax(text) is None
    assert read(text)


@given(VALUES)
def test_property_an_equality_matches_exactly_its_value(value: str) -> None:
    first, second = matchers(filled("""x{{a="{service}",b!='{service}'}}""", value))
    assert (first.name, str(first.op), first.value) == ("a", "MatchOp.Equal", value)
    assert (second.name, str(second.op), second.value) == ("b", "MatchOp.NotEqual", value)


@given(VALUES, VALUES)
def test_property_a_regex_matches_exactly_its_value(value: str, other: str) -> None:
    (found,) = matchers(filled('x{{a=~"{service}"}}', value))
    assert re.fullmatch(found.value, value)
    assert (value == other) == bool(re.fullmatch(found.value, other))


@given(st.lists(VALUES, min_size=1, max_size=5), VALUES)
def test_property_a_grouped_regex_matches_its_values_and_no_other(values: list[str], other: str) -> None:
    (found,) = matchers(grouped('x{{a=~"{service}"}}', *values))
    assert all(re.fullmatch(found.value, value) for value in values)
    assert (other in values) == bool(re.fullmatch(found.value, other))


@given(VALUES)
def test_property_no_value_changes_the_structure(value: str) -> None:
    rate = """rate(x{{a="{service}",b=~'p{service}q'}}[{rate}])"""
    text = f"""sum by (a) (label_replace({rate}, "t", "{{service}}", "a", "(.*){{service}}") > 0)"""

    def structure(rendered: str) -> list[str]:
        node_types: list[str] = []
        promql_parser.walk(promql_parser.parse(rendered), lambda node: node_types.append(type(node).__name__))
        return node_types

    assert structure(filled(text, value)) == structure(filled(text, "plain"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum(increase(x[1h] @ end()))", "@ end()"),
        ("topk(2, x) and topk(2, x @ start() offset 5m)", "@ start() offset 5m"),
        ("max_over_time((x)[1h:5m] @ 3)", "@ 3.0"),
        ("topk(scalar(x @ end()), x)", "@ end()"),
        ('x{user="a@b"} offset 5m', None),
        ("sum(x", None),
        ("count_eq_over_time(x[1h], 1) keep_metric_names @ now()", None),
    ],
)
def test_a_query_that_reads_one_moment_in_all_hours_is_known(text: str, expected: str | None) -> None:
    assert promql.fixed_moment(text) == expected


@pytest.mark.parametrize("text", ['sum(x{{a="b", c=~"{c}|d"}}[{window}])', "{x}{y} # z", "x", ""])
def test_a_template_is_filled_from_holes_and_the_whole_texts_between_them(text: str) -> None:
    token_by_token, joined = parse(text), parse_joined(text)
    assert "".join(map(str, joined)) == "".join(map(str, token_by_token))
    assert [piece for piece in joined if isinstance(piece, Hole)] == [p for p in token_by_token if isinstance(p, Hole)]
    assert not any(isinstance(one, str) and isinstance(other, str) for one, other in pairwise(joined))
