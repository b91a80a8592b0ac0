"""A parameter's value is written for where it stands, so that none changes what the rest of a preset's text means."""

import pytest

from sresnap.promql import TemplateError, check_syntax
from sresnap.promql.parameters import Kind, Value, fill

ONE = Value(Kind.LABELS, ("service",))
TWO = Value(Kind.LABELS, ("namespace", "ingress"))
NONE = Value(Kind.MATCHERS, ("",))
PROD = Value(Kind.MATCHERS, ('env="prod"',))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("x{{{identity}}}", {"identity": ONE}, 'x{{service=~"{service}"}}'),
        ("x{{{identity}}}", {"identity": TWO}, 'x{{namespace=~"{namespace}", ingress=~"{ingress}"}}'),
        ("sum by ({identity}, le) (x)", {"identity": TWO}, "sum by (namespace, ingress, le) (x)"),
        ('label_replace(x, "{identity}", "$1", "job", "(.+)")', {"identity": ONE},
         'label_replace(x, "service", "$1", "job", "(.+)")'),
        ("{total}_bucket", {"total": Value(Kind.METRIC, ("a:b",))}, "a:b_bucket"),
        ('x{{{code}=~"{bad}"}}', {"code": Value(Kind.LABEL, ("status",)), "bad": Value(Kind.REGEX, ("5..",))},
         'x{{status=~"5.."}}'),
        # A label that is not a parameter stays a placeholder.
        ('x{{{identity}, c="{container}"}}[{window}]', {"identity": ONE},
         'x{{service=~"{service}", c="{container}"}}[{window}]'),
        # Further matchers have a comma where they follow others, and none where they do not.
        ("x{{{identity}{matchers}}}", {"identity": ONE, "matchers": NONE}, 'x{{service=~"{service}"}}'),
        ("x{{{identity}{matchers}}}", {"identity": ONE, "matchers": PROD}, 'x{{service=~"{service}", env="prod"}}'),
        ("x{{{matchers}}}", {"matchers": PROD}, 'x{{env="prod"}}'),
        ("x{{{matchers}}}", {"matchers": NONE}, "x{{}}"),
    ],
)  # fmt: skip
def test_a_value_is_written_for_where_it_stands(text, values, expected):
    assert fill(text, values) == expected


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        # Braces and backslashes of a regular expression are its own: neither placeholders nor escapes of the string.
        ('x{{a=~"{p}"}}', Value(Kind.REGEX, (r"5\d{2}",)), r'x{{a=~"5\\d{{2}}"}}'),
        ("x{{a=~`{p}`}}", Value(Kind.REGEX, (r"5\d{2}",)), r"x{{a=~`5\d{{2}}`}}"),
        # Beside other text it is one unit.
        ('x{{a=~"HTTP_{p}"}}', Value(Kind.REGEX, ("4..|5..",)), 'x{{a=~"HTTP_(?:4..|5..)"}}'),
        ('x{{a="{p}"}}', Value(Kind.VALUE, ('a"} or up{b="{c}',)), r'x{{a="a\"}} or up{{b=\"{{c}}"}}'),
        ('x{{a=~"{p}"}}', Value(Kind.VALUE, ("a.*",)), r'x{{a=~"a\\.\\*"}}'),
    ],
)
def test_a_value_is_escaped_for_its_string(text, value, expected):
    assert fill(text, {"p": value}) == expected
    assert check_syntax(expected.replace("{{", "{").replace("}}", "}")) is None


@pytest.mark.parametrize(
    ("text", "value", "message"),
    [
        ("x{{a={p}}}", Value(Kind.REGEX, ("5..",)), "stands where no regex can be"),
        ('x{{a="{p}"}}', Value(Kind.REGEX, ("5..",)), "stands where no regex can be"),
        ("x * {p}", PROD, "stands where no matchers can be"),
        ('x{{a="{p}"}}', PROD, "stands where no matchers can be"),
        ("x{{a={p}}}", Value(Kind.VALUE, ("b",)), "stands where no value can be"),
        ('label_replace(x, "{p}", "$1", "job", "(.+)")', TWO, "is one label here, and several are given"),
        ("x{{a=~`{p}`}}", Value(Kind.REGEX, ("a`b",)), "no backtick can be put"),
        ("x / {p}", Value(Kind.UNIT, ("seconds",)), "stands where no unit can be"),
    ],
)
def test_a_value_that_cannot_stand_there_is_a_mistake(text, value, message):
    with pytest.raises(TemplateError, match=message):
        fill(text, {"p": value})
