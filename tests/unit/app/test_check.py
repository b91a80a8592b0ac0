"""What `sresnap check` finds: which states are good, and the exit code."""

import dataclasses

import pytest

from sresnap.app import check
from sresnap.app.findings import CheckResult, Finding, State
from sresnap.app.some_services import of_services
from sresnap.config import loads
from sresnap.demo import demo_config
from sresnap.errors import ExitCode, UsageError
from sresnap.model.query import Result, Series
from sresnap.model.series_key import SeriesKey
from sresnap.plan import trial
from sresnap.progress import Quiet


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.OK, ExitCode.DONE),
        (State.NONE_HAPPENED, ExitCode.DONE),
        (State.NO_VALUE, ExitCode.DONE),
        (State.IN_PART, ExitCode.INCOMPLETE),
        (State.NO_DATA, ExitCode.INCOMPLETE),
        (State.FAILED, ExitCode.INCOMPLETE),
    ],
)
def test_a_query_without_all_its_data_makes_the_check_incomplete(state, code):
    good = Finding("api", "total", State.OK, 1.0, None)
    result = CheckResult((good, Finding("api", "bad", state, None, None)))
    assert result.exit_code == code
    assert result.bad == (code != ExitCode.DONE)


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("latency_good@0.3", State.IN_PART),
        ("slices_good#latency_good.5m.0.99@0.3", State.IN_PART),
        ("total#api.latency_good", State.OK),  # the scope of an objective that is named so
    ],
)
def test_only_fast_requests_are_looked_for_in_the_buckets(monkeypatch, key, state):
    class Cause:
        text = "some instances have no bucket 0.3"

    async def fetch(*_, **__):
        query = dataclasses.replace(first, series_key=SeriesKey.parse(key))
        return [Result(query, {member.service: Series({}, query.grid, (1.0,)) for member in query.members})]

    async def partial_buckets(_client, queries, _time):
        return [Cause] * len(queries)

    async def look_back(*_):
        return []

    config = loads(demo_config(1), "demo", {}, cwd=None)
    first = trial(config, 0)[0]
    monkeypatch.setattr(check, "fetch", fetch)
    monkeypatch.setattr(check, "look_back", look_back)
    monkeypatch.setattr(check, "partial_buckets", partial_buckets)
    assert {finding.state for finding in check.check_queries(config, 0, Quiet()).findings} == {state}


def test_a_share_of_one_where_percent_is_expected_needs_attention():
    assert not State.NOT_PERCENT.is_good
    assert not State.MISSES.is_good


def test_the_check_is_of_the_services_that_are_named():
    config = loads("services: [{name: api, slo_target: 99}, {name: web, slo_target: 99}]", "a.yaml", {}, cwd=None)
    assert [one.name for one in of_services(config, ["web"]).services] == ["web"]
    assert of_services(config, []) == config
    with pytest.raises(UsageError, match="no service 'wep'"):
        of_services(config, ["api", "wep"])
