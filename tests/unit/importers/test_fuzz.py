"""With any value in any field, the import succeeds or reports one clear mistake."""

import copy
import tempfile
from pathlib import Path

import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sresnap.cli import cli
from sresnap.errors import ConfigError, ExitCode, UsageError
from tests.examples import FEW
from tests.unit.importers.test_importers import ALL, V1ALPHA
from tests.unit.importers.test_rules import PYRRA, sloth

HOLE = "HOLE"
TEXTS = ALL | {"openslo-v1alpha": V1ALPHA, "sloth-rules": sloth(), "pyrra-rules": PYRRA}


def places(value, path=()):
    """Every path in a document."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from places(child, (*path, key))


def with_hole(document, path):
    """A document with the hole at a path."""
    if not path:
        return HOLE
    changed = copy.deepcopy(document)
    parent = changed
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = HOLE
    return changed


def holes():
    return [
        (tool, index, path)
        for tool, text in TEXTS.items()
        for index, document in enumerate(yaml.safe_load_all(text))
        for path in places(document)
    ]


ODD = [
    "2024-99-99", "9" * 5000, "0x" + "f" * 5000, ".inf", "-.inf", ".nan", "1e999", "1_0", "0x", "on", "-1", "''", "~",
    "!!int ''", "!!bool maybe", "!!timestamp x", "!!float x", "!!binary '*'", "!!set {a, b}", "!!omap [a: 1]",
    "!!pairs [a: 1]", "!odd x", "=", "<<", "&a [*a]", "&a {a: *a}", "{1: 2}", "{[a]: b}", "{? {a: b} : c}",
    '"\\ud800"', '"\\0"', '"\\x85\\u2028\\e"', "'{{.window}}'", "'{x}'", "'}'", "'sum(x[5m'", "'\"'", "'# all'",
    "'x{a=\"b'", "9" * 400 + "d", "'9w'", "'0d'",
]  # fmt: skip
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates(),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=8), children, max_size=3),
    max_leaves=5,
)
YAML = st.sampled_from(ODD) | TREES.map(lambda tree: yaml.safe_dump(tree, default_flow_style=True, width=10**6))


def flow(text):
    """A value that can stand inside another: without its end of document."""
    return text.removesuffix("\n").removesuffix("\n...")


@settings(FEW, suppress_health_check=[HealthCheck.too_slow])
@given(hole=st.deferred(lambda: st.sampled_from(holes())), value=YAML)
@example(hole=("sloth", 0, ()), value="&a [*a]")
@example(hole=("pyrra", 0, ("spec",)), value="&a {b: *a}")
@example(hole=("pyrra", 0, ("metadata", "labels")), value="[a]")
@example(hole=("pyrra", 0, ("spec", "indicator", "ratio", "grouping")), value="5")
@example(hole=("openslo", 4, ("spec", "objectives", 0, "op")), value="[a]")
@example(hole=("sloth", 0, ("slos", 0, "objective")), value="9" * 5000)
@example(hole=("sloth", 0, ("slos", 0, "objective")), value="2024-99-99")
def test_any_value_in_place_of_any_field_imports_or_is_reported_in_words(hole, value):
    tool, changed, path = hole
    parts = [
        yaml.safe_dump(
            with_hole(document, path) if index == changed else document, default_flow_style=True, width=10**6
        )
        for index, document in enumerate(yaml.safe_load_all(TEXTS[tool]))
    ]
    text = "---\n".join(f"{flow(part)}\n" for part in parts).replace(HOLE, flow(value))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "slo.yaml")
        file.write_text(text, encoding="utf-8", errors="surrogatepass")
        result = CliRunner().invoke(cli, ["import", str(file)], standalone_mode=False)
    if result.exception is None:
        assert result.return_value in {ExitCode.DONE, ExitCode.INCOMPLETE}
        result.output.encode()
    else:
        assert isinstance(result.exception, UsageError | ConfigError), result.exc_info
        assert "slo.yaml" in result.exception.message
        mistakes = [line for line in result.exception.message.splitlines() if ": expected " in line]
        assert all(len(line) < 400 for line in mistakes)
