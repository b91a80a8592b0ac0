"""What is read of a YAML file does not depend on the parser: libyaml reads fast, PyYAML's own says what is wrong."""

import sys
from collections.abc import Iterator

import pytest
import yaml

from sresnap.config import source
from sresnap.resources import bundled

FILES = [
    bundled("templates") / "sresnap.yaml",
    *(bundled("presets") / f"{name}.yaml" for name in ("forms", "http", "traefik")),
]
"""Of each kind one: the whole configuration, the forms, presets without and with tests of several series. PyYAML's own
parser takes 40 ms a file."""
DEEP = 600
"""Levels: more than Python can follow with the limit of `shallow`. PyYAML's own parser takes their square."""
TEXTS = [
    "a: [1",
    "a: b: c",
    "\ta: 1",
    "a: *x",
    "a: 1\n---\nb: 2",
    "- a\nb: 1",
    "a: @x",
    "a: \x01",
    "a: \ud800",
    'a: "\\ud800"',
    "%YAML 9.9\n---\na: 1",
    "a: &x {b: 1}\nc: {<<: *x, d: 0x1F}\ne: 2026-01-01\n404: on\nf: |\n  1\n  2\ng: >-\n  3\n\n  4\n",
    'a: "\\UFFFFFFFF"',
    'a: "\\U00110000"',
    "[" * DEEP,
    '{"a":' * DEEP,
]


@pytest.fixture
def shallow() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP - 100)
    yield
    sys.setrecursionlimit(limit)


@pytest.mark.usefixtures("shallow")
@pytest.mark.parametrize("text", [*(path.read_text("utf-8") for path in FILES), *TEXTS], ids=lambda text: text[:20])
def test_both_parsers_read_the_same(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert yaml.__with_libyaml__
    fast = source.read("x.yaml", text)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert source.read("x.yaml", text) == fast


@pytest.mark.parametrize("is_fast", [True, False])
def test_a_file_with_too_many_values_is_not_read_to_its_end(is_fast: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", is_fast)
    monkeypatch.setattr(source, "MOST_NODES", 10)
    (mistake,) = source.read("x.yaml", "\n".join(f"- {number}" for number in range(30))).mistakes
    assert "at most 10 values" in mistake.expected
    assert mistake.line == 20


def test_a_valid_file_is_read_by_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "_compose_slowly", lambda _: 1 // 0)
    assert source.read("x.yaml", FILES[0].read_bytes()).data


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize(
    "value",
    [
        r'"\UFFFFFFFF"',
        r'"\U00110000"',
        "!!timestamp abc",
        "!!bool abc",
        "!!int ''",
        "!!float ''",
        "!!int abc",
        "!!binary a",
        "!!timestamp 2026-99-99",
        "!!python/name:os x",
    ],
)
def test_a_value_that_yaml_cannot_make_is_one_mistake_with_its_line(
    value: str, is_fast: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "__with_libyaml__", is_fast)
    (mistake,) = source.read("x.yaml", f"a: 1\nb: {value}\nc: 3\n").mistakes
    assert mistake.line == 2
    assert mistake.expected in {"plain YAML", "valid YAML"}
