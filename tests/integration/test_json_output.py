"""`--json`: each key that a command prints is on the page about data, and the page names no other."""

import json
import re
from dataclasses import asdict
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from sresnap import clock
from sresnap.app.detect import DetectedService
from sresnap.app.explain import QueryAnswer
from sresnap.app.findings import Finding, State
from sresnap.app.site_writer import BuildResult
from sresnap.cli import cli
from sresnap.cli.build_output import build_fields
from sresnap.cli.detect_output import service_fields
from sresnap.cli.query_output import answer_fields, query_fields
from sresnap.config import loads
from sresnap.demo import demo_config
from sresnap.discovery.config_text import Entry
from sresnap.discovery.hints import Hint
from sresnap.discovery.naming import named
from sresnap.discovery.objectives import Proposal, Seen
from sresnap.discovery.panels import off
from sresnap.documents import files, snapshots
from sresnap.documents.layout import SNAPSHOT
from sresnap.documents.pointer import pointer_to
from sresnap.model.evidence import LabelValues
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.snapshot import Problem
from sresnap.model.windows import DAY, MINUTE
from sresnap.plan import trial
from tests import closing, factories
from tests.archives import AT, put, report
from tests.closing import Site, steady
from tests.integration import sites
from tests.unit.app.test_advise import TEXT, write_history
from tests.unit.discovery.sources import chosen

DATA = (Path(__file__).parents[2] / "docs" / "data.md").read_text("utf-8")
BY_NAME = {"services", "services_now", "numbers", "parameters", "queries", "labels"}
"""Keys whose value has names of the configuration as its keys."""
REPORT = factories.healthy()
PROBLEM = Problem(ProblemKind.QUERY_FAILED, "it failed")

HINTS = (Hint("metric", "x", ""),)


def keys(value, of=""):
    """All keys, nested ones included."""
    if isinstance(value, dict):
        own = set() if of in BY_NAME else set(value)
        return own.union(*(keys(each, key) for key, each in value.items()))
    return set().union(*map(keys, value)) if isinstance(value, list | tuple) else set()


def printed(*arguments):
    done = CliRunner().invoke(cli, [*arguments, "--json"], standalone_mode=False)
    assert done.exception is None, done.exception
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each command prints, by the heading of its section."""
    root = tmp_path_factory.mktemp("json")
    presets = {"presets list": printed("presets", "list"), "presets show": printed("presets", "show", "linkerd")}
    return {
        **published(root),
        **archived(root / "archived"),
        **read(root / "read"),
        **closed(root / "closed"),
        **advised(root / "advised"),
        **asked(),
        **presets,
    }


def published(root):
    out, target = str(root / "public"), str(root / "target")
    sites.build(root / "public", 0)
    return {
        "publish": printed("publish", target, "--out", out),
        "restore": printed("restore", target, "--out", str(root / "restored")),
        "verify": printed("verify", target),
    }


def archived(out):
    put(out, report(AT - DAY))
    put(out, report(AT, lambda: factories.snapshot([factories.overspent_service("api")], timezone="UTC")))
    return {
        "archive list": printed("archive", "list", "--out", str(out)),
        "archive diff": printed("archive", "diff", "previous", "latest", "--out", str(out)),
        "archive prune": printed("archive", "prune", "--out", str(out), "--dry-run"),
    }


def read(site):
    files.write_changed(
        site, {SNAPSHOT.path(REPORT.id): snapshots.encode(REPORT), "latest.json": pointer_to(REPORT, {})}
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: REPORT.at + MINUTE)
        return {
            "gate": printed("gate", "--site", str(site)),
            "explain --site": printed("explain", REPORT.services[0].name, "--site", str(site)),
        }


def closed(out):
    Site(out, steady).build(AT)
    found = printed("review", "--out", str(out))
    return {
        "review": {**found, "review": None, "restatements": []}
    }  # tests/unit/test_docs.py has the keys of the files


def advised(out):
    write_history(out)
    (out / "sresnap.yaml").write_text(closing.QUERIES + TEXT)
    arguments = ["--config", str(out / "sresnap.yaml"), "--out", str(out), "--window", "28d"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: AT)
        return {"advise": printed("advise", "api", *arguments, "--without", "1")}


def asked():
    """The output of commands that ask Prometheus, by the functions that make it."""
    (query, *_) = trial(loads(demo_config(), "sresnap.yaml", {}, cwd=None), factories.AT)
    (found,) = named(chosen("traefik", {"service": "shop"}).services)
    latency = Proposal(99, "99.6 % was faster", "300ms")
    entry = Entry(found, off(found.chosen), Proposal(99.9, "99.97 % was good"), latency, ())
    return {
        "init --detect": [service_fields(DetectedService(entry, Seen(DAY, 10, 1)))],
        "explain": [answer_fields(QueryAnswer(query, 1, 1, 0.5, 0.1, (), None))],
        "build --dry-run": [query_fields(query)],
        "build": {**build_fields(BuildResult(factories.snapshot(problems=[PROBLEM]), Path(), 1)), "published": None},
        "check --online": [
            asdict(
                Finding(
                    "api", "bad", State.OK, 0, None, (LabelValues("code", (), ()),), hints=(Hint("metric", "x", ""),)
                )
            )
        ],
    }


def section(name):
    """The text about a command."""
    text = DATA.split("## Output of `--json`\n")[1].split("\n## ")[0]
    (own,) = (part for part in text.split("\n### ")[1:] if part.startswith(f"`{name}`\n"))
    return own


@pytest.mark.parametrize(
    "name",
    [
        "publish",
        "restore",
        "verify",
        "archive list",
        "archive diff",
        "archive prune",
        "gate",
        "review",
        "advise",
        "explain --site",
        "explain",
        "build --dry-run",
        "build",
        "check --online",
        "init --detect",
        "presets list",
        "presets show",
    ],
)
def test_the_page_names_each_key_that_a_command_prints_and_no_other(name, outputs):
    rows = [row.split("|")[1] for row in section(name).splitlines() if row.startswith("| `")]
    heads = {key for row in rows for key in re.findall(r"`(\w+)`", row)}
    assert heads - keys(outputs[name]) == set()
    assert {key for key in keys(outputs[name]) if f"`{key}`" not in section(name)} == set()


def test_each_command_with_the_option_is_on_the_page(outputs):
    def commands(group, before=""):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if isinstance(command, click.Group):
                yield from commands(command, f"{name} ")
            elif any("--json" in option.opts for option in command.params):
                yield before + name

    context = click.Context(cli)
    assert {re.sub(" --.*", "", name) for name in outputs} == set(commands(cli))


def test_the_page_names_each_state_of_a_check():
    assert [state for state in State if f"`{state}`" not in section("check --online")] == []
