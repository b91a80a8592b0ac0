"""The demo's configuration and the compose stack around it."""

from pathlib import Path

import yaml

from sresnap.config import loads
from sresnap.demo import demo_config
from sresnap.demo.pattern import BOUNDS

STACK = Path(__file__).resolve().parents[3] / "demo"


def _loaded(text):
    return loads(text, "sresnap.yaml", {}, cwd=Path())


def test_it_is_a_valid_configuration_with_three_services():
    config = _loaded(demo_config())
    objectives = {(s.name, slo.name): slo.objective for s in config.services for slo in s.slos}
    assert objectives == {
        ("frontend", "availability"): 0.999,
        ("api", "availability"): 0.995,
        ("api", "latency"): 0.99,
        ("worker", "availability"): 0.99,
    }
    thresholds = [slo.threshold_seconds for s in config.services for slo in s.slos if slo.threshold_seconds]
    assert set(thresholds) <= set(BOUNDS)


def test_every_panel_has_a_query():
    keys = {"total", "bad", "request_rate", "latency_p99", "error_rate", "saturation"}
    keys |= {"cap_vps_cpu", "cap_vps_mem", "cap_vps_disk", "cap_container_cpu", "cap_container_mem"}
    assert keys <= _loaded(demo_config()).templates.keys()


def test_larger_and_smaller_fleets_are_valid_too():
    assert len(_loaded(demo_config(40)).services) == 40
    one = _loaded(demo_config(1))
    assert one.default_service == "frontend"


def test_the_url_is_the_one_asked_for():
    assert _loaded(demo_config(url="http://127.0.0.1:1234")).prometheus.url == "http://127.0.0.1:1234"


def test_the_stack_runs_the_same_configuration():
    assert (STACK / "sresnap.yaml").read_text("utf-8") == demo_config(3, "http://prometheus:9090")


def test_the_stack_mounts_files_that_exist_and_names_hosts_that_exist():
    stack = yaml.safe_load((STACK / "docker-compose.yml").read_text("utf-8"))
    for service in stack["services"].values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0] if isinstance(volume, str) else volume["source"]
            assert source in stack["volumes"] or (STACK / source).is_file()
        if "build" in service:
            assert (STACK / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    scraped = yaml.safe_load((STACK / "prometheus.yml").read_text("utf-8"))["scrape_configs"]
    hosts = [
        target.split(":")[0] for one in scraped for static in one["static_configs"] for target in static["targets"]
    ]
    assert set(hosts) <= stack["services"].keys()
    assert all(one["honor_labels"] for one in scraped)


def test_the_image_gets_every_file_that_the_package_needs():
    """The ignore file is an allow-list, which must name every file that hatchling needs."""
    kept = {line[1:] for line in (STACK / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert {"sresnap", "templates", "presets", "site", "pyproject.toml", "README.md"} <= kept
