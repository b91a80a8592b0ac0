"""Answers of Prometheus, to the decoders, to the client and to a build."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import httpx

from sresnap.demo import DemoServer
from sresnap.documents import snapshots
from sresnap.errors import SresnapError
from sresnap.model.history import Span
from sresnap.model.query import Grid
from sresnap.model.windows import DAY, HOUR
from sresnap.prometheus.client import PrometheusClient
from sresnap.prometheus.decode import decode, decode_samples, read_data
from sresnap.prometheus.errors import QueryError
from tests.fuzz import mutations
from tests.fuzz.demo import AT, at, demo, recorded
from tests.fuzz.subject import Subject
from tests.integration.pageless import build_without_pages


class Decoding(Subject):
    """The decoders, which are given the body of every answer."""

    name, share = "decoding", 550
    _HOURS = Grid(AT - 28 * DAY, AT, HOUR)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._answers = _smaller_half()

    def fault(self, random: Random) -> str | None:
        path, body = random.choice(self._answers)
        changed = mutations.stored(body, random)
        decoders: list[Callable[[], object]] = [
            lambda: decode(changed, self._HOURS if path.endswith("_range") else Grid.instant(AT), 0.1),
            lambda: decode_samples(changed),
            lambda: read_data(changed),
        ]
        for call in decoders:
            try:
                call()
            except QueryError as error:
                if not error.message.isprintable():
                    return f"message {error!r}"
            except Exception as error:  # noqa: BLE001 - any other error is a fault
                return f"{path} {changed[:2000]!r}: {type(error).__name__}: {error}"
        return None


class Answers(Subject):
    """The client of Prometheus, with the bytes and headers of its answers. One bad answer costs one query."""

    name, share = "answers", 74

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        # Reading the authorities of TLS takes longer than everything else.
        self._settings = replace(demo().prometheus, verify=False)
        self._answers = _smaller_half()

    def fault(self, random: Random) -> str | None:
        path, body = random.choice(self._answers)
        changed = mutations.stored(body, random)
        headers = {"Content-Type": "application/json"}
        if random.random() < 0.2:
            odd = [item for item in mutations.ODD if isinstance(item, str) and item.isascii() and item.isprintable()]
            name = random.choice(
                ("Date", "Retry-After", "Content-Type", "Content-Encoding", "Location", "Content-Length")
            )
            headers[name] = random.choice([*odd, "9" * 20, f"Sun, 22 Nov {'9' * 20} 21:00:00 GMT", "gzip, gzip"])[:5000]
        status = random.choice((200,) * 12 + (302, 400, 422, 429, 503))
        try:
            return asyncio.run(
                self._ask(path, httpx.MockTransport(lambda _: httpx.Response(status, headers=headers, content=changed)))
            )
        except Exception as error:  # noqa: BLE001 - any other error is a fault
            return f"{path} {status} {headers} {changed[:2000]!r}: {type(error).__name__}: {error}"

    async def _ask(self, path: str, transport: httpx.MockTransport) -> str | None:
        async with PrometheusClient(self._settings, transport=transport) as client:
            try:
                if "status" in path:
                    info = await client.server_info()
                    return None if info.version is None or info.version.isprintable() else f"version {info.version!r}"
                if path.endswith("_range"):
                    answer = await client.query_range("up", Grid(AT - 28 * DAY, AT, HOUR))
                else:
                    answer = await client.query("up", AT)
                    await client.samples("up", Span(AT - DAY, AT))
            except (QueryError, SresnapError) as error:
                return None if str(error).isprintable() else f"message {error!r}"
            return next((f"warning {text!r}" for text in answer.warnings if not text.isprintable()), None)


class Builds(Subject):
    """Whole builds, without pages, with changes in some answers."""

    name, share = "builds", 1

    def fault(self, random: Random) -> str | None:
        out = self.folder / str(random.random())
        with DemoServer(demo().templates, services=1, now=lambda: AT) as server:
            answer = server.answer

            def changed(path: str, form: Mapping[str, str]) -> str | None:
                found = answer(path, form)
                if found is None or random.random() > 0.3:
                    return found
                return mutations.stored(found.encode(), random).decode("utf-8", "replace")

            server.answer = changed  # type: ignore[method-assign]
            try:
                snapshot = build_without_pages(at(demo(), server.url), out, AT)
                snapshots.decode(snapshots.encode(snapshot), "the report")
            except SresnapError as error:
                return None if str(error.exit_code) != "1" else str(error)
            finally:
                shutil.rmtree(out, ignore_errors=True)
        return None


def _smaller_half() -> list[tuple[str, bytes]]:
    answers = sorted(recorded().answers, key=lambda answer: len(answer[1]))
    return answers[: len(answers) // 2]
