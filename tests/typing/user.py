"""A program of a user, for the type checker: `make check` runs mypy --strict on it. It is never run."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import sresnap
from sresnap import Snapshot, build_report, load_config, publish_site, read_snapshot, render_snapshot
from sresnap.errors import SresnapError


def budgets(snapshot: Snapshot) -> dict[str, float | None]:
    return {
        f"{service.name}/{slo.name}": slo.budget.remaining_ratio
        for service in snapshot.services
        for slo in service.slos
    }


def job(config_path: str) -> int:
    try:
        config = load_config(config_path, prometheus_url="http://localhost:9090")
        built = build_report(config, "public", at=datetime(2026, 11, 22, 21, tzinfo=UTC))
        sent_files: tuple[str, ...] = publish_site(config, Path("public"), dry_run=True).sent_files
        render_snapshot(read_snapshot("public/snapshots/20261122T210000Z.json"), "friday", theme=Path("brand"))
    except SresnapError as error:
        message: str = error.message
        hint: str | None = error.hint
        print(message, hint)
        return int(error.exit_code)
    print(sresnap.__version__, len(sent_files), budgets(built.snapshot))
    return 0
