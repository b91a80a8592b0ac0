"""The traps that a preset of the user's own names."""

import pytest

from sresnap.config import loads
from sresnap.errors import ConfigError

PRESET = """
parameters: {{reporter: {{kind: value, default: a, about: Who counts.}}}}
queries: {{total: 'sum(increase(x{{{{a="{{reporter}}"}}}}[{{window}}]))', bad: 'sum(increase(y[{{window}}]))'}}
traps: [{{text: Look., {trap}}}]
"""
FILE = "provider: ./mine.yaml\nprometheus: {url: http://localhost:9090}\nservices: [{name: api, slo_target: 99}]\n"


def traps(tmp_path, trap, more=""):
    (tmp_path / "mine.yaml").write_text(PRESET.format(trap=trap))
    return loads(FILE + more, "sresnap.yaml", {}, cwd=tmp_path).traps["api"]


def test_a_trap_has_the_series_that_show_it(tmp_path):
    (trap,) = traps(tmp_path, "present: 'x{a=\"1\"}', absent: y, several: b, queries: [total]")
    assert (trap.present, trap.absent, trap.several, trap.queries) == ('x{a="1"}', "y", "b", ("total",))


def test_who_sets_the_parameter_of_a_trap_does_not_meet_it(tmp_path):
    assert len(traps(tmp_path, "present: x, parameter: reporter")) == 1
    assert traps(tmp_path, "present: x, parameter: reporter", "parameters: {reporter: b}\n") == ()


@pytest.mark.parametrize(
    ("trap", "found"),
    [
        ("present: 'rate(x[5m])'", 'found "rate(x[5m])"'),
        ("present: 'x offset 5m'", 'found "x offset 5m"'),
        ("present: '{a=\"1\"}'", "selector that names a metric"),
        ("present: x, absent: '!'", 'found "!"'),
        ("present: 'x{a=~\"(\"}'", "selector that names a metric"),
        ("present: x, several: a b", "traps"),
        ("present: x, parameter: reportr", "reporter"),
        ("present: x, queries: [totl]", "total"),
        ("absent: x", "present"),
    ],
)
def test_a_mistake_in_a_trap_is_named_with_its_line(tmp_path, trap, found):
    with pytest.raises(ConfigError) as caught:
        traps(tmp_path, trap)
    (mistake,) = caught.value.mistakes
    assert mistake.line == 4
    assert found in str(mistake)
