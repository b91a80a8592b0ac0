"""Each trap of each preset is reported where series show it, and nowhere else: against one real Prometheus."""

import asyncio
import json
import re
from dataclasses import replace

import pytest

from sresnap.app.check import check_queries
from sresnap.app.check_traps import shown
from sresnap.config import loads
from sresnap.config.preset_files import shipped_presets
from sresnap.errors import ExitCode
from sresnap.progress import Quiet
from sresnap.prometheus import PrometheusClient
from sresnap.promql.reader import read
from tests.integration.prometheus_server import prometheus_of
from tests.integration.test_check_names import configured

FIRST = 1_772_323_200
APART = 600
"""Seconds from the series of a trap to the next: Prometheus looks back half of it."""
PRESETS = [preset for preset in shipped_presets() if preset.traps]


def example(text, number=0):
    """A series that a selector of a trap finds."""
    found = read(text)
    names = {m.label: m.value for m in found.matchers if m.operator in ("=", "=~")}
    names |= {m.label: f"x{number}" for m in found.matchers if m.operator == "!=" and m.value == ""}
    texts = {label: value.split("|")[number % len(value.split("|"))] for label, value in names.items()}
    name = found.name or texts.pop("__name__").replace("[io]", "i")
    return name, {label: value for label, value in texts.items() if value}


def line(series, at):
    name, labels = series
    return f"{name}{{{','.join(f'{label}={json.dumps(value)}' for label, value in labels.items())}}} 1 {at}"


def with_the_trap(trap):
    some = [example(trap.present, number) for number in range(2 if trap.several else 1)]
    some += [(name, {**labels, label: "x"}) for name, labels in some for label in empty_labels(trap)]
    if trap.several:
        some = [(name, {trap.several: f"v{at}", **labels}) for at, (name, labels) in enumerate(some)]
    return some


def empty_labels(trap):
    """Those that other series must have, for their absence to say something."""
    named = {m.label for m in read(trap.absent).matchers} if trap.absent else set()
    return [m.label for m in read(trap.present).matchers if m.operator == "=" and not m.value and m.label not in named]


def without_it(trap):
    """The series that end it: of `absent`, or with one value only, without a label that is empty, or none."""
    if empty_labels(trap):
        return with_the_trap(trap)[:1]
    if trap.absent:
        return [*with_the_trap(trap), example(trap.absent)]
    return with_the_trap(trap)[:1] if trap.several else []


CASES = [(preset.name, trap) for preset in PRESETS for trap in preset.traps]
TIMES = {(name, trap.text): FIRST + 2 * APART * at for at, (name, trap) in enumerate(CASES)}
AS_TESTED = {preset.name: FIRST + APART * (2 * len(CASES) + at) for at, preset in enumerate(PRESETS)}
"""When the series of a preset's own tests are there."""
BOOT = FIRST + APART * (2 * len(CASES) + len(PRESETS) + 10)
FLEET = BOOT + 3 * APART
OF_THE_FLEET = [
    ("http_server_requests_seconds_count", {"application": "old", "uri": "/a", "status": "200"}),
    ("http_server_requests_seconds_count", {"application": "older", "uri": "/a", "status": "200"}),
    ("http_server_requests_seconds_count", {"application": "new", "uri": "/a", "status": "200"}),
    ("http_server_requests_seconds_bucket", {"application": "new", "uri": "/a", "status": "200", "le": "0.3"}),
    ("nginx_ingress_controller_requests", {"exported_namespace": "prod", "exported_ingress": "shop", "status": "200"}),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    found = [
        (series, at)
        for case in CASES
        for at, some in ((TIMES[case[0], case[1].text], with_the_trap(case[1])),)
        for series in some
    ]
    found += [(s, TIMES[name, trap.text] + APART) for name, trap in CASES for s in without_it(trap)]
    found.sort(key=lambda one: one[1])
    lines = [line(series, at) for series, at in found]
    spaceless = {one.name: [re.sub(r',\s*(?=\w+=")', ",", series) for series in one.tests[0].series] for one in PRESETS}
    lines += [f"{series} 1 {AS_TESTED[name]}" for name, some in spaceless.items() for series in some]
    count = 'http_server_requests_seconds_count{application="api",job="api",uri="/a",status="200"}'
    lines += [f"{count} {7 * place} {BOOT - 60 * (70 - place)}" for place in range(71)]
    falling = 'http_requests_total{service="%s",code="200"}'
    # Scraped each five minutes, and restarted three times in the hour: a quarter of few samples.
    lines += [f"{falling % 'few'} {place % 3} {BOOT - 300 * (11 - place)}" for place in range(12)]
    lines += [f"{falling % 'two'} {1000 * (place % 2) + place} {BOOT - 60 * (70 - place)}" for place in range(71)]
    lines += [
        f"{falling % 'one'} {place if place < 30 else place - 30} {BOOT - 60 * (70 - place)}" for place in range(71)
    ]
    lines += [f"{line(series, FLEET)}" for series in OF_THE_FLEET]
    with prometheus_of("\n".join([*lines, "# EOF\n"]), tmp_path_factory.mktemp("traps")) as address:
        yield address


def asked(url, preset, at):
    config = configured(preset, url)

    async def run():
        async with PrometheusClient(config.prometheus) as client:
            found = await shown(client, [(trap, ()) for trap in config.traps["api"]], at)
            return {trap.text for trap, _ in found}

    return asyncio.run(run())


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_each_trap_is_shown_where_its_series_are_and_only_there(preset, url):
    for trap in preset.traps:
        at = TIMES[preset.name, trap.text]
        assert trap.text in asked(url, preset, at)
        assert trap.text not in asked(url, preset, at + APART)


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_the_series_of_a_presets_own_tests_show_no_trap_that_switches_something_off(preset, url):
    told = asked(url, preset, AS_TESTED[preset.name])
    assert told.isdisjoint(trap.text for trap in preset.traps if trap.absent)


def test_the_check_says_what_to_switch_on_and_where(url):
    (preset,) = (one for one in PRESETS if one.name == "micrometer")
    test = preset.tests[0].model_copy(update={"labels": {}})
    result = check_queries(configured(replace(preset, tests=(test,)), url), BOOT, Quiet())
    said = {hint for finding in result.findings for hint in finding.hints if "buckets" in hint.text}
    (hint,) = said
    assert (hint.kind, hint.of) == ("trap", "http_server_requests_seconds_bucket")
    assert "percentiles-histogram.http.server.requests=true" in hint.text
    assert {one.query for one in result.findings if hint in one.hints} == {"latency_good", "latency_p99"}
    assert result.exit_code == ExitCode.INCOMPLETE, "the latency has no data; a mere hint would not end with 3"


def test_a_counter_of_two_processes_that_take_turns_falls_too_often_and_one_that_restarted_does_not(url):
    services = "[{name: one, slo_target: 99.9}, {name: two, slo_target: 99.9}, {name: few, slo_target: 99.9}]"
    config = loads(f"provider: http\nprometheus: {{url: '{url}'}}\nservices: {services}\n", "a.yaml", {}, cwd=None)
    findings = check_queries(config, BOOT, Quiet()).findings
    falls = {(one.service, hint.text[:42]) for one in findings for hint in one.hints if hint.kind == "falls"}
    assert falls == {("two", "http_requests_total fell at 49% of its sam")}
    assert {one.query for one in findings if any(h.kind == "falls" for h in one.hints)} >= {"total", "request_rate"}


def test_a_trap_is_reported_for_the_services_that_it_holds_for(url):
    names = ("old", "older", "new", "none")
    slo = "{name: latency, objective: 99, latency_threshold: 300ms}"
    services = ", ".join(f"{{name: {name}, slos: [{slo}]}}" for name in names)
    text = f"provider: micrometer\nprometheus: {{url: '{url}'}}\nservices: [{services}]\n"
    findings = check_queries(loads(text, "a.yaml", {}, cwd=None), FLEET, Quiet()).findings
    found = {(one.service, hint.text[:34]) for one in findings for hint in one.hints if hint.kind == "trap"}
    assert found == {("old", "Micrometer exports no buckets here"), ("older", "Micrometer exports no buckets here")}


def test_no_trap_of_an_empty_label_is_shown_where_no_series_has_the_label(url):
    (preset,) = (one for one in PRESETS if one.name == "ingress-nginx")
    assert not [text for text in asked(url, preset, FLEET) if "no ingress" in text]
