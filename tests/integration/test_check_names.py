"""What a source calls otherwise is named: every metric and label of every preset, against one real Prometheus."""

import asyncio
import json
import re

import pytest

from sresnap.app.check import check_queries
from sresnap.app.check_hints import Read
from sresnap.config import loads
from sresnap.config.preset_files import shipped_presets
from sresnap.discovery.existence import survey
from sresnap.discovery.hints import hints_of
from sresnap.errors import ExitCode
from sresnap.plan import trial
from sresnap.progress import Quiet
from sresnap.prometheus import PrometheusClient
from tests.integration.prometheus_server import prometheus_of
from tests.promql.samples import lines

FIRST = 1_772_323_200
PRESETS = shipped_presets()
LABEL = re.compile(r'(\w+)="')
CODE = re.compile(r'\b(code|status)="')
VARIANTS = {
    "as it is": str,
    "metrics": lambda series: f"new_{series}",
    "labels": lambda series: LABEL.sub(r'\1_now="', series),
    "code": lambda series: CODE.sub('status_code="', series),
}
"""What becomes of each series of a preset's tests, each four hours after the one before."""
AT = {variant: FIRST + 4 * 3600 * place for place, variant in enumerate(VARIANTS)}


def configured(preset, url="http://localhost:9090"):
    test = preset.tests[0]
    slos = [{"name": "availability", "objective": 99.0}]
    if "latency_good" in preset.keys:
        slos.append({"name": "latency", "objective": 99.0, "latency_threshold": f"{round(test.threshold * 1000)}ms"})
    service = {"name": "api", "slos": slos, "labels": dict(test.labels)}
    given = {"provider": preset.name, "parameters": dict(test.parameters or {}), "services": [service]}
    return loads(json.dumps({"prometheus": {"url": url}, **given}), "sresnap.yaml", {}, cwd=None)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    found = [
        line
        for variant, change in VARIANTS.items()
        for series, text in {name: text for one in PRESETS for name, text in one.tests[0].series.items()}.items()
        for line in lines(change(series), text, AT[variant])
    ]
    with prometheus_of("\n".join([*found, "# EOF\n"]), tmp_path_factory.mktemp("names")) as address:
        yield address


@pytest.fixture(scope="module")
def read():
    return {preset.name: Read.of(trial(configured(preset), FIRST)) for preset in PRESETS}


@pytest.fixture(scope="module")
def hints(url, read):
    """By variant and metric, what is said when all presets are asked for at once."""
    every = Read.of([query for preset in PRESETS for query in trial(configured(preset), FIRST)])

    async def run(variant):
        async with PrometheusClient(configured(PRESETS[0], url).prometheus) as client:
            return await survey(client, every.every, AT[variant], every.identity, most=1000)

    def of(variant):
        found = asyncio.run(run(variant))
        return {use.metric: list(hints_of(use, found, lambda _: ())) for use in every.every}

    return {variant: of(variant) for variant in ("as it is", "metrics", "labels")}


def series_of(preset):
    """By metric, the labels of the preset's own series."""
    found = {}
    for series in preset.tests[0].series:
        found.setdefault(series.partition("{")[0], set()).update(LABEL.findall(series))
    return found


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_metric_of_a_preset_that_has_another_name_is_named_with_it(preset, hints, read):
    metrics = [use.metric for use in read[preset.name].every if use.metric in series_of(preset)]
    assert metrics
    for metric in metrics:
        (hint,) = hints["metrics"][metric]
        assert hint.names[0] == f"new_{metric}"
        assert f"{metric} is not here; " in hint.text


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_label_of_a_preset_that_has_another_name_is_named_with_it(preset, hints, read):
    has = series_of(preset)
    wanted = [
        (use.metric, label)
        for use in read[preset.name].every
        for label in (*use.chosen, *use.left_out)
        if label in has.get(use.metric, ())
    ]
    assert wanted
    for metric, label in wanted:
        (hint,) = [one for one in hints["labels"][metric] if one.of == label]
        assert hint.names[0] == f"{label}_now"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_a_source_as_its_preset_knows_it_needs_no_hint(preset, hints, read):
    has = series_of(preset)
    for use in read[preset.name].every:
        unknown = [label for label in use.left_out if label not in has.get(use.metric, ())]
        found = [hint for hint in hints["as it is"][use.metric] if hint.of not in unknown]
        assert found == [] or use.metric not in has


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.name in ("http", "traefik", "django")])
def test_the_check_names_another_label_of_the_code_though_the_error_rate_reads_0(preset, url):
    result = check_queries(configured(preset, url), AT["code"], Quiet())
    assert result.exit_code == ExitCode.INCOMPLETE
    of_bad = next(finding for finding in result.findings if finding.query == "bad")
    assert not of_bad.state.is_good
    (hint,) = [hint for hint in of_bad.hints if hint.kind == "label"]
    assert hint.names[0] == "status_code"
    assert {one.query for one in result.findings if hint in one.hints} == {"bad", "error_rate"}
