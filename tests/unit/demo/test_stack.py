"""The rules by which the containers of `demo/docker-compose.yml` can read and write what they share.

No container engine is needed: `make demo-stack` runs the same commands with the same users and folders.
"""

import re
from pathlib import Path

import pytest
import yaml

from tests.demo_stack.__main__ import Stack

STACK = Path(__file__).parents[3] / "demo"
SERVICES = yaml.safe_load((STACK / "docker-compose.yml").read_text("utf-8"))["services"]
DOCKERFILE = (STACK / "Dockerfile").read_text("utf-8")
IMAGE_FOLDERS = {"sresnap-demo": {"/backfill", "/public"}, "prom/prometheus": {"/prometheus"}}
"""By image, the folders in it that its user owns."""


def mounts():
    """Service, image, volume, folder, whether it is only read, and whether an engine may fill it from the image."""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            image = service["image"].partition(":")[0]
            if isinstance(volume, dict):
                copies = not volume.get("volume", {}).get("nocopy", False)
                yield name, image, volume["source"], volume["target"], volume.get("read_only", False), copies
            elif not volume.startswith("./"):
                source, target, *mode = volume.split(":")
                yield name, image, source, target, "ro" in mode, True


@pytest.mark.parametrize("mount", list(mounts()), ids=lambda mount: f"{mount[0]}-{mount[2]}")
def test_a_volume_is_filled_and_owned_by_the_image_that_writes_to_it(mount):
    _, image, _, target, is_read_only, copies = mount
    assert copies is not is_read_only
    if copies:
        assert target in IMAGE_FOLDERS[image]


def test_each_volume_that_is_read_is_written_by_another_service():
    written = {volume for _, _, volume, _, is_read_only, _ in mounts() if not is_read_only}
    assert {volume for _, _, volume, *_ in mounts()} == written


def test_the_folders_of_the_image_belong_to_its_user():
    user = re.search(r"^USER (\w+)$", DOCKERFILE, re.MULTILINE)[1]
    owned = set(re.search(rf"chown {user} (.*)$", DOCKERFILE, re.MULTILINE)[1].split())
    made = set(re.search(r"mkdir (/[\w/ ]+)", DOCKERFILE)[1].split())
    assert owned == made == IMAGE_FOLDERS["sresnap-demo"]


def test_no_service_begins_before_what_it_needs_is_ready():
    conditions = {
        (name, other): needs["condition"]
        for name, service in SERVICES.items()
        if isinstance(service.get("depends_on"), dict)
        for other, needs in service["depends_on"].items()
    }
    assert conditions == {
        ("exporter", "history"): "service_completed_successfully",
        ("blocks", "history"): "service_completed_successfully",
        ("prometheus", "blocks"): "service_completed_successfully",
        ("sresnap", "prometheus"): "service_healthy",
    }
    assert "/-/ready" in SERVICES["prometheus"]["healthcheck"]["test"][-1]
    assert "restart" not in SERVICES["history"]
    assert "restart" not in SERVICES["blocks"]


def test_the_exporter_continues_the_story_that_the_history_began():
    began = [re.search(r"--began (\S+)", SERVICES[name]["command"])[1] for name in ("history", "exporter")]
    folders = {target for _, _, volume, target, *_ in mounts() if volume == "backfill"}
    assert began == ["/backfill/began"] * 2
    assert folders == {"/backfill"}


def test_without_containers_the_exporter_listens_where_prometheus_scrapes_it(tmp_path):
    stack = Stack(tmp_path, SERVICES)
    command = stack.command_of("exporter")
    assert [command[command.index(name) + 1] for name in ("--host", "--port", "--began")] == [
        "127.0.0.1", str(stack.exporter), str(tmp_path / "backfill/began")
    ]  # fmt: skip
    assert f"127.0.0.1:{stack.exporter}" in (tmp_path / "prometheus.yml").read_text()
