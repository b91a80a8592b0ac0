"""What `sresnap check` finds: which states are good, and the exit code."""

import dataclasses
import hashlib

import pytest

from sresnap.app import check
from sresnap.app.check import CheckResult, Finding, State
from sresnap.config import loads
from sresnap.demo import demo_config
from sresnap.errors import ExitCode
from sresnap.model.history import History
from sresnap.model.query import Result, Series
from sresnap.model.series_key import SeriesKey
from sresnap.plan import plan, trial
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

    async def partial_bucket(*_):
        return Cause

    config = loads(demo_config(1), "demo", {}, cwd=None)
    first = trial(config, 0)[0]
    monkeypatch.setattr(check, "fetch", fetch)
    monkeypatch.setattr(check, "partial_bucket", partial_bucket)
    assert {finding.state for finding in check.check_queries(config, 0, Quiet()).findings} == {state}


def test_a_filter_around_the_total_is_left_out_and_named(tmp_path):
    total, bad = (
        'sum(increase(x{{service="{service}"}}[{window}]))',
        'sum(increase(y{{service="{service}"}}[{window}]))',
    )
    head = "provider: custom\nservices: [{name: api, slo_target: 99}]\nqueries:\n"
    text = f"{head}  total: '{total}TAIL'\n  bad: '{bad}'\n"
    filtered = loads(text.replace("TAIL", " > 0"), "sresnap.yaml", {}, cwd=tmp_path)
    plain = loads(text.replace("TAIL", ""), "sresnap.yaml", {}, cwd=tmp_path)
    assert check.filtered_totals(filtered) == ("sresnap.yaml:4",)
    assert check.filtered_totals(plain) == ()
    assert filtered.templates["total"].promql == plain.templates["total"].promql == total


def test_hours_that_were_counted_with_the_filter_stay_in_the_history(tmp_path):
    """A change of the definition would lose hours that Prometheus no longer has."""
    query = 'sum(increase(x{{service="{service}"}}[{window}])) > 0'
    parts = [query, None, [("", ""), ("service", "api"), ("window", "")], [("rate", "1h"), ("window", "1h")], 1.0]
    text = (
        f"provider: custom\nservices: [{{name: api, slo_target: 99}}]\nqueries: {{total: '{query}', bad: '{query}'}}\n"
    )
    config = loads(text, "sresnap.yaml", {}, cwd=tmp_path)
    found = plan(config, History(), 1_764_500_000).definitions["api", SeriesKey("total")]
    expected = hashlib.sha256(repr(["prometheus", *parts, "hourly"]).encode()).hexdigest()[:12]
    assert found == expected


@pytest.mark.parametrize(
    ("bad", "hint"),
    [
        ('sum(increase(x{{code=~"5.."}}[{window}]))', (1, 1)),
        ('sum by (service) (rate(x{{service="{service}"}}[{window}]))', (1, 1)),
        # The form counts one selector, so it cannot write these.
        ("sum(increase(x[{window}])) - sum(increase(y[{window}]))", (1, 0)),
        ("sum_over_time(x[{window}])", (1, 0)),
        ("{form: counted, selector: x}", (0, 0)),
    ],
)
def test_the_form_is_advised_only_where_it_can_be_used(bad, hint, tmp_path):
    query = bad if bad.startswith("{form") else f"'{bad}'"
    head = "provider: custom\nservices: [{name: api, slo_target: 99}]\nqueries:\n"
    text = f"{head}  total: 'sum(increase(x[{{window}}]))'\n"
    config = loads(f"{text}  bad: {query}\n", "sresnap.yaml", {}, cwd=tmp_path)
    assert check.slos_missing_births(config) == hint


def test_a_share_of_one_where_percent_is_expected_needs_attention():
    assert not State.NOT_PERCENT.is_good
    assert not State.MISSES.is_good
