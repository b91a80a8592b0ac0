"""Tries a preset on the series that it brings along, with Prometheus' own engine (`promtool test rules`)."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from sresnap import promql
from sresnap.config import nearest
from sresnap.config.preset_files import PresetFile, mistakes_of
from sresnap.config.shapes.presets import PresetTestShape
from sresnap.config.source import KeyPath
from sresnap.errors import UsageError
from sresnap.model.query import LatencyUnit, Member, QueryTemplate
from sresnap.model.windows import HOUR
from sresnap.plan import window_variables
from sresnap.printable import quotable
from sresnap.promql.names import label_text, labels_text

_AT = "2h"
_SERVICE = "api"
_PATIENCE = 60
"""Seconds for one run of promtool."""
_GOT = re.compile(r"got:\s*(.*)")
_REASON = re.compile(r"parse error:\s*(.*)")
_REPEATED = re.compile(r"[xX]([0-9]+)")
_MOST_SAMPLES = 100_000
"""Of one test: promtool keeps all of them in memory."""
_EXPONENT = re.compile(r"(?<=} )-?[\d.]+E[+-]\d+")
"""A number as promtool writes it: 3.6E+02."""
_MOST = 200
"""Characters shown of an answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """One query of a preset on one set of series."""

    about: str
    key: str
    promql: str
    expected: Mapping[str, Any]
    """As promtool wants it."""
    several: str
    """An expression that finds something where a service has several series."""
    value: float | None


@dataclass(frozen=True, slots=True)
class Failed:
    """A query that answered something else."""

    check: Check
    found: str


@dataclass(frozen=True, slots=True)
class TriedPreset:
    """How a preset did on its series."""

    checks: int
    failed: tuple[Failed, ...]
    untested: tuple[str, ...]
    """Queries that no test expects anything of."""


def try_preset(preset: PresetFile) -> TriedPreset:
    """Evaluate the queries of a preset on each of its tests.

    Raises:
        UsageError: promtool is not there, the preset has no tests, or a query cannot be filled.
        ConfigError: the preset or a series has mistakes.
    """
    promtool = shutil.which("promtool")
    if promtool is None:
        raise UsageError("promtool is not installed", "it comes with Prometheus; put it on PATH and try again")
    if not preset.tests:
        raise UsageError(f"{preset.name} has no `tests`", "add series and what to expect; see docs/presets.md")
    expected = {key for test in preset.tests for key in test.expect}
    checks, failed = 0, list[Failed]()
    for index, test in enumerate(preset.tests):
        _check_size(preset, index)
        found = list(checks_of(preset, test, ("tests", index, "parameters")))
        checks += len(found)
        output = _run(promtool, test, found)
        if output is not None:
            if _GOT.search(output) is None:
                _check_series(promtool, preset, index)
            for check in found:
                output = _run(promtool, test, [check])
                failed += [] if output is None else [Failed(check, _found(promtool, test, check, output))]
    untested = tuple(key for key in preset.keys if key not in expected)
    return TriedPreset(checks, tuple(failed), untested)


def _check_size(preset: PresetFile, index: int) -> None:
    """Refuse a test that promtool would need minutes for.

    Raises:
        ConfigError: it has too many samples.
    """
    texts = preset.tests[index].series.values()
    # A number with more digits than that is too high anyway.
    repeated = (int(digits.lstrip("0")[:9] or 0) for text in texts for digits in _REPEATED.findall(text))
    samples = sum(repeated) + sum(len(text.split()) for text in texts)
    if samples > _MOST_SAMPLES:
        expected = f"at most {_MOST_SAMPLES:,} samples in one test"
        raise mistakes_of(
            preset.name,
            [preset.file.mistake(("tests", index, "series"), expected, "more", "two hours of a series are 0+54x120")],
        )


def _check_series(promtool: str, preset: PresetFile, index: int) -> None:
    """Find the series that promtool cannot read: it names neither the series nor its place.

    Raises:
        ConfigError: there is one.
    """
    test = preset.tests[index]
    for name, values in test.series.items():
        output = _run(promtool, test.model_copy(update={"series": {name: values}}), [])
        if output is not None:
            reason = _REASON.search(output)
            found = f'"{quotable(values, _MOST)}": {promql.one_line(reason[1] if reason else output)}'
            expected = "a series and its samples as promtool reads them, such as 0+54x120"
            raise mistakes_of(preset.name, [preset.file.mistake(("tests", index, "series", name), expected, found)])


def checks_of(preset: PresetFile, test: PresetTestShape, path: KeyPath) -> Iterator[Check]:
    """The queries that a test expects something of, as an engine evaluates them.

    Raises:
        UsageError: there is no such query, or it cannot be filled.
    """
    queries = preset.loaded(test.parameters or {}, path).queries
    for key, value in test.expect.items():
        if key not in queries:
            found = f"{preset.name}: a test expects {key}, and there is no such query"
            raise UsageError(found, nearest(key, queries) or "remove it, or add the query")
        try:
            yield _check(queries[key].template, test, value)
        except promql.TemplateError as error:
            raise UsageError(f"{preset.name}: {key}: {error}", "add the label to the test's `labels`") from error


def _check(template: QueryTemplate, test: PresetTestShape, value: float | None) -> Check:
    labels = {"service": _SERVICE, **test.labels}
    threshold = (template.unit or LatencyUnit.SECONDS).written(test.threshold)
    variables = {**window_variables(HOUR), "rate": "5m", "threshold": threshold, "slo": "availability"}
    text = promql.one_line(promql.render_member(template, Member(_SERVICE, labels), variables))
    # A report takes no number from several series of a service. Quotients may differ in their last bit.
    by = f"by ({labels_text(template.by)})"
    several = f"count {by} ({text}) > 1"
    rounded = f"round((sum {by} ({text}) and count {by} ({text}) == 1) / {template.per_second}, 0.000001)"
    series = ", ".join(f"{label_text(label)}={promql.quote(labels[label])}" for label in template.by)
    samples = [] if value is None else [{"labels": f"{{{series}}}", "value": value}]
    return Check(
        test.about, template.key, text, {"expr": rounded, "eval_time": _AT, "exp_samples": samples}, several, value
    )


def _run(promtool: str, test: PresetTestShape, checks: list[Check]) -> str | None:
    """The output of promtool; None where all is as expected."""
    series = [{"series": name, "values": values} for name, values in test.series.items()]
    group = {"interval": "1m", "input_series": series, "promql_expr_test": [check.expected for check in checks]}
    text = yaml.safe_dump({"evaluation_interval": "1m", "tests": [group]})
    command = [promtool, "test", "rules", "/dev/stdin"]
    try:
        ran = subprocess.run(  # noqa: S603 - promtool, with arguments of our own
            command, input=text, capture_output=True, text=True, check=False, timeout=_PATIENCE
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UsageError(f"promtool did not run: {error}", "does `promtool --version` work?") from error
    return None if ran.returncode == 0 else ran.stdout + ran.stderr


def _found(promtool: str, test: PresetTestShape, check: Check, output: str) -> str:
    """What a query that failed answers; where it has too many series, that."""
    nothing = {**check.expected, "expr": check.several, "exp_samples": []}
    several = _run(promtool, test, [replace(check, expected=nothing)])
    if several is None or _GOT.search(several) is None:
        return _got(output)
    return f"several series for one service ({_got(several)}), and a report takes none of them: aggregate them"


def _got(output: str) -> str:
    """What promtool says it found, in one line."""
    found = _GOT.search(output)
    text = promql.one_line(found[1] if found else output)
    text = _EXPONENT.sub(lambda number: f"{float(number[0]):.12g}", text)
    return text if len(text) <= _MOST else f"{text[:_MOST]}…"
