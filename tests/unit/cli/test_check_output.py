"""What `sresnap check` says of a file."""

import pytest

from tests.unit.cli.test_cli import run_here

ONE = "services: [{name: api, slo_target: 99}, {name: web, slo_target: 99}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{ONE}]", "2 services, 2 SLOs over 28d, preset http"),
        (
            f"{ONE}, {{name: shop, slo_target: 99, provider: celery}}]",
            "3 services, 3 SLOs over 28d, presets http (2 services), celery (1)",
        ),
    ],
)
def test_the_presets_of_all_services_are_named(tmp_path, text, shown):
    (tmp_path / "sresnap.yaml").write_text(text)
    assert shown in run_here("check", cwd=tmp_path).stdout
