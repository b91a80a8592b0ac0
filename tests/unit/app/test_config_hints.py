"""What `sresnap check` advises about a configuration without mistakes."""

import hashlib

import pytest

from sresnap.app.config_hints import filtered_totals, never_public, reports_beyond_pages, slos_missing_births
from sresnap.config import loads
from sresnap.model.history import History
from sresnap.model.series_key import SeriesKey
from sresnap.plan import plan


def test_a_filter_around_the_total_is_left_out_and_named(tmp_path):
    total, bad = (
        'sum(increase(x{{service="{service}"}}[{window}]))',
        'sum(increase(y{{service="{service}"}}[{window}]))',
    )
    head = "provider: custom\nservices: [{name: api, slo_target: 99}]\nqueries:\n"
    text = f"{head}  total: '{total}TAIL'\n  bad: '{bad}'\n"
    filtered = loads(text.replace("TAIL", " > 0"), "sresnap.yaml", {}, cwd=tmp_path)
    plain = loads(text.replace("TAIL", ""), "sresnap.yaml", {}, cwd=tmp_path)
    assert filtered_totals(filtered) == ("sresnap.yaml:4",)
    assert filtered_totals(plain) == ()
    assert filtered.templates["total"].promql == plain.templates["total"].promql == total


@pytest.mark.parametrize(
    ("target", "schedule", "planned"),
    [("gh-pages:origin", "5m", 12), ("gh-pages:origin", "6m", None), ("file:www", "1m", None), (None, "1m", None)],
)
def test_f15_more_reports_than_github_pages_builds_are_named(tmp_path, target, schedule, planned):
    publish = f"publish: {{target: '{target}'}}\n" if target else ""
    text = f"schedule: {schedule}\n{publish}services: [{{name: api, slo_target: 99}}]\n"
    assert reports_beyond_pages(loads(text, "sresnap.yaml", {}, cwd=tmp_path)) == planned


@pytest.mark.parametrize(("target", "is_said"), [(None, True), ("file:www", True), ("gh-pages:origin", False)])
def test_what_no_public_target_takes_is_said_where_the_target_is_not_public(tmp_path, target, is_said):
    """Where it is public, `check` refuses the file."""
    publish = f"publish: {{target: '{target}'}}\n" if target else ""
    label = "https://user:hunter22@shop.example/?token=abcdef12"
    text = f"{publish}services: [{{name: api, slo_target: 99, labels: {{service: '{label}'}}}}]\n"
    said = never_public(loads(text, "sresnap.yaml", {}, cwd=tmp_path))
    assert bool(said) is is_said
    assert not any("hunter" in one or "abcdef" in one for one in said)
    assert not said or said[0].startswith("services[0]")


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
    assert slos_missing_births(config) == hint
