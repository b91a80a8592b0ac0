"""A server with made-up services, and what a build got from it and kept."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.demo import DemoServer, demo_config
from sresnap.documents.layout import HISTORY_DAY
from sresnap.model.windows import parse_time
from tests.integration.pageless import build_without_pages

AT = parse_time("2026-03-15T12:00:00Z")
DAY_BEFORE = "2026-03-14"


@cache
def demo() -> Config:
    return loads(demo_config(1), "demo", {}, cwd=Path("/"))


def at(config: Config, url: str) -> Config:
    return replace(config, prometheus=replace(config.prometheus, url=url))


@dataclass(frozen=True, slots=True)
class Recorded:
    """One build."""

    answers: tuple[tuple[str, bytes], ...]
    """Path and body of each."""
    day: bytes
    """The history of `DAY_BEFORE`."""


@cache
def recorded() -> Recorded:
    answers: list[tuple[str, bytes]] = []
    with DemoServer(demo().templates, services=1, now=lambda: AT) as server, tempfile.TemporaryDirectory() as folder:
        answer = server.answer

        def keep(path: str, form: Mapping[str, str]) -> str | None:
            found = answer(path, form)
            if found is not None:
                answers.append((path, found.encode()))
            return found

        server.answer = keep  # type: ignore[method-assign]
        build_without_pages(at(demo(), server.url), Path(folder), AT)
        return Recorded(tuple(answers), Path(folder, HISTORY_DAY.path(DAY_BEFORE)).read_bytes())
