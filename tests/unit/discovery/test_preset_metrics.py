"""What presets read, from their queries."""

import pytest

from sresnap.config.preset_files import preset_file, shipped_presets
from sresnap.discovery.preset_metrics import fitting, metrics_of, names_of, shipped_metrics
from sresnap.promql.reader import read

TRAEFIK = {"traefik_service_requests_total", "traefik_service_request_duration_seconds_bucket"}


def of(name):
    return next(one for one in shipped_metrics() if one.preset == name)


@pytest.mark.parametrize("preset", shipped_presets(), ids=lambda preset: preset.name)
def test_every_preset_fits_the_series_that_its_own_tests_have(preset):
    names = {series.partition("{")[0] for test in preset.tests if not test.parameters for series in test.series}
    windows = {name for name in names if name.startswith("slo:")}  # recorded ones are named by their window
    assert names - windows <= set(metrics_of(preset).metrics) | {"up"}
    assert metrics_of(preset).fits(names)
    assert metrics_of(preset).identity


def test_a_preset_is_known_by_what_it_counts():
    assert of("traefik").deciding == ("traefik_service_requests_total",)
    assert of("celery").deciding == ("celery_task_succeeded_total", "celery_task_failed_total")
    assert "node_cpu_seconds_total" in of("traefik").metrics


def test_a_preset_without_events_is_known_by_what_is_up_and_never_by_up():
    assert of("blackbox").deciding == ("probe_success",)
    assert "up" not in of("node").deciding
    assert not of("node").fits({"up"})
    assert of("node").fits({"up", "node_cpu_seconds_total"})


def test_one_metric_of_a_sum_is_enough():
    assert of("celery").fits({"celery_task_failed_total"})
    assert "total" not in of("celery").unanswered({"celery_task_failed_total"})


def test_queries_without_their_metrics_are_named():
    without = of("traefik").unanswered(TRAEFIK)
    assert set(without) == {
        "availability", "saturation", "cap_container_cpu", "cap_container_mem", "cap_vps_cpu", "cap_vps_mem",
        "cap_vps_disk",
    }  # fmt: skip


def test_the_labels_of_each_query_are_known():
    bad = next(one for one in of("traefik").readings if one.key == "bad")
    assert (bad.metric, bad.labels) == ("traefik_service_requests_total", ("service", "code"))
    assert of("ingress-nginx").identity == ("namespace", "ingress")


def test_both_readers_of_one_metric_fit():
    assert {"http", "fastapi"} <= {one.preset for one in fitting({"http_requests_total"})}
    assert not fitting({"up", "go_goroutines"})


def test_a_preset_of_the_users_own_without_defaults_shows_its_parameters(tmp_path):
    (tmp_path / "mine.yaml").write_text(
        "about: Mine.\nparameters:\n  total: {kind: metric, about: Counts.}\n"
        "queries:\n  total: {by: app, form: counted, selector: '{total}{{app=~\"{app}\"}}'}\n"
    )
    found = metrics_of(preset_file("./mine.yaml", tmp_path))
    assert (found.metrics, found.identity) == (("total",), ("app",))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x", ("x",)),
        ('{__name__="x"}', ("x",)),
        ('{__name__=~"x|y"}', ("x", "y")),
        ('{__name__=~"a_(total|count)"}', ("a_total", "a_count")),
        ('{__name__=~"a_(?:x|y)_total|b"}', ("a_x_total", "a_y_total", "b")),
        ('{__name__=~"node_.*"}', ()),
        ('{job="x"}', ()),
    ],
)
def test_alternatives_in_a_name_are_names(text, names):
    assert names_of(read(text)) == names
