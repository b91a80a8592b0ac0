"""What is mutated, and what must hold then: a documented exit code, no traceback, no change of what was there."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, ClassVar

import httpx
import yaml

from sresnap.config import loads
from sresnap.config.settings import Config
from sresnap.demo import DemoServer, demo_config
from sresnap.documents import snapshots
from sresnap.documents.history import load_history, save_history
from sresnap.documents.layout import HISTORY_DAY, INDEX, MANIFEST, POINTER
from sresnap.errors import SresnapError
from sresnap.model.history import Span
from sresnap.model.query import Grid
from sresnap.model.windows import DAY, HOUR, parse_time
from sresnap.prometheus.client import PrometheusClient
from sresnap.prometheus.errors import QueryError
from sresnap.publish.targets.folder import Folder
from tests import factories
from tests.fuzz import mutations
from tests.fuzz.program import contents, program
from tests.integration import sites
from tests.integration.pageless import build_without_pages

AT = parse_time("2026-03-15T12:00:00Z")
CONFIGURATION = """
title: Acme
timezone: Europe/Berlin
accent: "#3b82f6"
favicon: icon.svg
prometheus: {url: "https://prom.example:9090", timeout: 30s, concurrency: 8, headers: {X-Scope-OrgID: acme},
  basic_auth: {username: me, password_file: secret}, ca_file: secret}
provider: http
default_service: api
window: [28d, month]
schedule: 5m
services:
  - {name: api, slo_target: 99.5, labels: {service: api, container: api}, weight: 2}
  - name: web
    labels: {service: web, container: web}
    slos:
      - {name: availability, objective: 99.9}
      - {name: latency, objective: 99, latency_threshold: 300ms}
      - {name: minutes, objective: 99.5, kind: timeslices, slice: {length: 1m, target: 95}}
queries:
  saturation: 'max(my_cpu_ratio{{container="{container}"}}) * 100'
  latency_p99: null
corrections:
  - {reason: Maintenance, start: 2026-01-04T02:00, duration: 2h, rrule: "FREQ=WEEKLY;BYDAY=SU"}
policy: {EXHAUSTED: {text: Freeze, link: "https://wiki.example/policy"}}
archive: {keep: {every: 24h, hourly: 7d, daily: 90d, monthly: 5y}, max_bytes: 600MB}
publish: {target: "file:www", base_url: "https://status.example", hide: [promql]}
"""


class Subject(ABC):
    """One kind of input."""

    name: ClassVar[str]
    share: ClassVar[int]
    """How many of 1,000 inputs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @abstractmethod
    def fault(self, random: Random) -> str | None:
        """Try one input; what went wrong, if anything did."""


class Configuration(Subject):
    """`sresnap check`: the file, by its values and by its bytes."""

    name, share = "configuration", 100

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        (folder / "secret").write_text("hunter2")
        self._data = yaml.safe_load(CONFIGURATION)

    def fault(self, random: Random) -> str | None:
        if random.random() < 0.2:
            content = mutations.raw(CONFIGURATION.encode(), random)
        else:
            kept = [key for key in self._data if key == "services" or random.random() < 0.4]
            changed = mutations.document({key: self._data[key] for key in kept}, random)
            content = mutations.as_json(_plain(changed))
        (self.folder / "sresnap.yaml").write_bytes(content)
        before = contents(self.folder)
        ended = program("check", cwd=self.folder)
        return ended.fault() or _changed(before, self.folder)


class Environment(Subject):
    """`sresnap check` with variables of any bytes."""

    name, share = "environment", 20
    _NAMES = ("PROMETHEUS_URL", "SRE_TITLE", "SRE_TIMEZONE", "SRE_WINDOW", "SRE_STEP", "SRE_FAVICON", "SRE_ACCENT",
              "SRE_CONFIG_FILE", "TOKEN", "MPLBACKEND", "NO_COLOR", "COLUMNS", "TZ", "LC_ALL")  # fmt: skip

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        text = "services: [{name: api, slo_target: 99}]\nprovider: http\nprometheus: {bearer_token_env: TOKEN}\n"
        (folder / "sresnap.yaml").write_text(text)

    def fault(self, random: Random) -> str | None:
        odd = [item for item in mutations.ODD if isinstance(item, str) and "\0" not in item]
        value = random.choice([*odd, random.randbytes(9).replace(b"\0", b"").decode("utf-8", "surrogateescape")])
        value = (
            value.replace("\ue000", "").replace("\ud800", "\udc80").replace("\udfff", "\udcff")
        )  # as Python reads other bytes
        return program("check", cwd=self.folder, env={"TOKEN": "x", random.choice(self._NAMES): value}).fault()


class Answers(Subject):
    """The client of Prometheus, with the bytes and headers of its answers. One bad answer costs one query."""

    name, share = "answers", 298

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        config = demo(2)
        # Reading the authorities of TLS takes longer than everything else.
        self._config = replace(config, prometheus=replace(config.prometheus, verify=False))
        with DemoServer(self._config.templates, services=2, now=lambda: AT) as server:
            kept: list[tuple[str, bytes]] = []
            answer = server.answer

            def keep(path: str, form: Mapping[str, str]) -> str | None:
                found = answer(path, form)
                if found is not None:
                    kept.append((path, found.encode()))
                return found

            server.answer = keep  # type: ignore[method-assign]
            build_without_pages(at(self._config, server.url), folder / "public", AT)
        self._bodies = sorted(kept, key=lambda body: len(body[1]))[: len(kept) // 2]

    def fault(self, random: Random) -> str | None:
        path, body = random.choice(self._bodies)
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
        async with PrometheusClient(self._config.prometheus, transport=transport) as client:
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

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._config = demo(1)

    def fault(self, random: Random) -> str | None:
        out = self.folder / str(random.random())
        with DemoServer(self._config.templates, services=1, now=lambda: AT) as server:
            answer = server.answer

            def changed(path: str, form: Mapping[str, str]) -> str | None:
                found = answer(path, form)
                if found is None or random.random() > 0.3:
                    return found
                return mutations.stored(found.encode(), random).decode("utf-8", "replace")

            server.answer = changed  # type: ignore[method-assign]
            try:
                snapshot = build_without_pages(at(self._config, server.url), out, AT)
                snapshots.decode(snapshots.encode(snapshot), "the report")
            except SresnapError as error:
                return None if str(error.exit_code) != "1" else str(error)
            finally:
                shutil.rmtree(out, ignore_errors=True)
        return None


class Snapshots(Subject):
    """`render` of a stored report. One that is refused leaves no file."""

    name, share = "snapshots", 25

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._content = snapshots.encode(factories.small())

    def fault(self, random: Random) -> str | None:
        path = self.folder / "report.json"
        content = mutations.stored(self._content, random)
        if random.random() < 0.8:
            try:
                snapshots.decode(content, "the report")
            except SresnapError:
                return None  # most are refused here, which takes a tenth of the time of the command
            except Exception:  # noqa: BLE001 - the command below shows what becomes of it
                pass
        path.write_bytes(content)
        ended = program("render", path, "--out", self.folder / "drawn", "--dry-run", cwd=self.folder)
        return ended.fault() or ("files" if (self.folder / "drawn").exists() else None)


class Published(Subject):
    """A folder that a site was published to, with one of its files changed: what restores, continues and reads it."""

    name, share = "published", 20

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(3):
            sites.build(folder / "site", number)
            sites.publish(Folder(folder / "www"), folder / "site")
        sites.build(folder / "site", 3)
        self._names = [name for name in contents(folder / "www") if name.endswith(".json")]

    def fault(self, random: Random) -> str | None:
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.folder / "www", work / "www")
        shutil.copytree(self.folder / "site", work / "site")
        name = random.choice([POINTER, MANIFEST, INDEX, *self._names])
        (work / "www" / name).write_bytes(mutations.stored((work / "www" / name).read_bytes(), random))
        before = contents(work)
        arguments: list[object] = random.choice((
            ["restore", "file:www", "--out", "got", *random.choice(([], ["--all"], ["--first"]))],
            ["restore", "file:www", "--out", "site"],
            ["publish", "file:www", "--out", "site", *random.choice(([], ["--force-foreign"]))],
            ["verify", "file:www", *random.choice(([], ["--all"], ["--json"]))],
            ["gate", "--site", "file:www", "--max-age", "36500d"],
            ["explain", "api", "--site", "file:www"],
        ))  # fmt: skip
        ended = program(*arguments, cwd=work)
        problem = ended.fault()
        if problem or ended.code == 0:
            return problem and f"{name}: {problem}"
        changed = _changed(before, work)
        return changed and f"{name}: {arguments}: {changed}: {ended.printed}"


class Kept(Subject):
    """A site's own folder with one of its stored files changed: the commands that read it."""

    name, share = "kept", 45

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(3):
            sites.build(folder / "site", number)
        sites.publish(Folder(folder / "www"), folder / "site")
        (folder / "sresnap.yaml").write_text("services: [{name: api, slo_target: 99}]\nprovider: http\n")
        self._names = [name for name in contents(folder / "site") if name.endswith(".json")]
        self._reports = sites.reports(folder / "site")

    def fault(self, random: Random) -> str | None:
        name = random.choice([POINTER, INDEX, *self._names])
        path = self.folder / "site" / name
        kept = path.read_bytes()
        path.write_bytes(mutations.stored(kept, random))
        before = contents(self.folder)
        arguments = random.choice((
            ["archive", "list"], ["archive", "list", "--json"], ["archive", "prune", "--dry-run"],
            ["archive", "diff", *self._reports[:2]], ["gate", "--max-age", "36500d"], ["explain", "api"],
            ["archive", "pin", self._reports[0], "--dry-run"], ["publish", "file:www", "--dry-run"],
        ))  # fmt: skip
        try:
            ended = program(*arguments, "--out", "site", cwd=self.folder)
            problem = ended.fault() or _changed(before, self.folder)
        finally:
            path.write_bytes(kept)
        return problem and f"{name}: {arguments}: {problem}"


class HistoryDays(Subject):
    """A day of the history. What cannot be read is set aside, and what can is kept."""

    name, share = "history", 490

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        with DemoServer(demo(1).templates, services=1, now=lambda: AT) as server:
            build_without_pages(at(demo(1), server.url), folder / "site", AT)
        self._path = folder / "site" / HISTORY_DAY.path("2026-03-14")
        self._content = self._path.read_bytes()

    def fault(self, random: Random) -> str | None:
        span = Span(AT - DAY, AT)
        self._path.write_bytes(mutations.stored(self._content, random))
        try:
            found = load_history(self.folder / "site", span)
            if "2026-03-14" not in found.unreadable and random.random() < 0.2:
                save_history(self.folder / "site", found, found.history, "20260315T120000Z")
        except SresnapError as error:
            return None if int(error.exit_code) != 1 else str(error)
        except Exception as error:  # noqa: BLE001 - any other error is a fault
            return f"{type(error).__name__}: {error}"
        finally:
            self._path.write_bytes(self._content)
        return None


class GitTrees(Subject):
    """A branch with a file of an odd name: restore and publish."""

    name, share = "trees", 1

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        sites.build(folder / "site", 0)
        self._git("init", "--quiet", "--bare", str(folder / "bare.git"))
        target = f"gh-pages:{folder / 'bare.git'}"
        assert program("publish", target, "--out", "site", cwd=folder).code == 0
        self._tip = self._git("rev-parse", "gh-pages").decode().strip()

    def fault(self, random: Random) -> str | None:
        odd = [item.encode("utf-8", "surrogatepass") for item in mutations.ODD if isinstance(item, str)]
        name = random.choice([*odd, b"foreign\351.html", b"index.html", b"a\nb", b'"', b"\\", random.randbytes(5)])
        name = name.replace(b"\0", b"?").replace(b"/", b"?")[:3000] or b"x"
        blob = self._git("hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
        tree = self._git("ls-tree", "-z", self._tip) + b"100644 blob " + blob.encode() + b"\t" + name + b"\0"
        made = self._git("mktree", "-z", stdin=tree).decode().strip()
        commit = self._git("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", made, "-p", self._tip, "-m", "x")
        self._git("update-ref", "refs/heads/gh-pages", commit.decode().strip())
        command = random.choice((["restore", "--all", "--out", "got"], ["publish", "--out", "site"]))
        ended = program(command[0], f"gh-pages:{self.folder / 'bare.git'}", *command[1:], cwd=self.folder)
        shutil.rmtree(self.folder / "got", ignore_errors=True)
        problem = ended.fault()
        return problem and f"{name[:300]!r}: {problem}"

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        command = ["git", "--git-dir", str(self.folder / "bare.git"), *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


ALL: tuple[type[Subject], ...] = (
    Configuration, Environment, Answers, Builds, Snapshots, Published, Kept, HistoryDays, GitTrees,
)  # fmt: skip


def demo(services: int) -> Config:
    return loads(demo_config(services), "demo", {}, cwd=Path("/"))


def at(config: Config, url: str) -> Config:
    return replace(config, prometheus=replace(config.prometheus, url=url))


def _plain(value: Any) -> Any:
    """Dates as the texts that YAML read them from."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _changed(before: dict[str, str], folder: Path) -> str | None:
    after = contents(folder)
    names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    return f"changed: {', '.join(names)[:500]}" if names else None
