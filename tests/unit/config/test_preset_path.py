"""Presets of a user's own, by name."""

import os
import socket
from pathlib import Path

import pytest

from sresnap.config import load
from sresnap.config.load import preset_folders
from sresnap.config.preset_files import own_presets, preset_file
from sresnap.config.preset_path import folders_given, folders_of, names_in
from sresnap.errors import ConfigError, UsageError

PRESET = "about: {}.\nqueries:\n  availability: 'avg_over_time({}[{{window}}])'\n"
SERVICES = "services: [{name: api, slo_target: 99}]\n"


@pytest.fixture
def ops(tmp_path: Path) -> Path:
    """A configuration beside two folders, which have one name in common, and one that is shipped, too."""
    (tmp_path / "ops").mkdir()
    (tmp_path / "more").mkdir()
    (tmp_path / "ops/jobs.yaml").write_text(PRESET.format("Jobs", "jobs_up"), "utf-8")
    (tmp_path / "ops/http.yaml").write_text(PRESET.format("Ours", "our_up"), "utf-8")
    (tmp_path / "more/jobs.yaml").write_text(PRESET.format("Other jobs", "other_up"), "utf-8")
    (tmp_path / "more/mail.yaml").write_text(PRESET.format("Mail", "mail_up"), "utf-8")
    return tmp_path


def configured(folder: Path, text: str) -> Path:
    (folder / "sresnap.yaml").write_text(text + SERVICES, "utf-8")
    return folder / "sresnap.yaml"


def promql(folder: Path, text: str) -> str:
    config = load(configured(folder, text), {}, cwd=Path("/"))
    return config.services[0].queries["availability"].promql


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("preset_path: ops\nprovider: jobs\n", "jobs_up"),
        ("preset_path: ops/\nprovider: http\n", "our_up"),
        ("preset_path: ops\n", "our_up"),  # the default's name
        ("preset_path: [ops, more]\nprovider: jobs\n", "jobs_up"),
        ("preset_path: [more, ops]\nprovider: jobs\n", "other_up"),
        ("preset_path: [ops, more]\nprovider: mail\n", "mail_up"),
        ("preset_path: ops\nprovider: more/jobs.yaml\n", "other_up"),
    ],
)
def test_a_name_means_the_first_file_and_a_users_own_before_a_shipped_one(ops: Path, text: str, metric: str) -> None:
    assert promql(ops, text) == f"avg_over_time({metric}[{{window}}])"


def test_a_service_finds_presets_by_name_too_and_its_query_names_the_file(ops: Path) -> None:
    text = "preset_path: ops\nservices: [{name: api, slo_target: 99, provider: jobs}]\n"
    (ops / "sresnap.yaml").write_text(text, "utf-8")
    query = load(ops / "sresnap.yaml", {}, cwd=Path("/")).services[0].queries["availability"]
    assert query.origin == "ops/jobs.yaml:3"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("preset_path: opx\n", ("preset_path", "a folder with presets", "opx: there is no such file", None)),
        ("preset_path: ops/jobs.yaml\n",
         ("preset_path", "a folder with presets", "ops/jobs.yaml: a part of its path is a file", None)),
        ("preset_path: [ops, ops]\n", ("preset_path", "a folder, or a list of different ones", "a list", None)),
        ("preset_path: 5\n", ("preset_path", "a folder, or a list of different ones", "5", None)),
        ("preset_path: ops\nprovider: jbos\n",
         ("provider", "a preset (`sresnap presets list` shows them), custom, or a path to a .yaml file", '"jbos"',
          'did you mean "jobs"?')),
    ],
)  # fmt: skip
def test_a_mistake_names_the_key(ops: Path, text: str, expected: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(configured(ops, text), {}, cwd=Path("/"))
    one = caught.value.mistakes[0]
    assert (one.path, one.expected, one.found, one.suggestion) == expected


def test_a_mistake_in_a_preset_has_the_line_of_its_file(ops: Path) -> None:
    (ops / "ops/jobs.yaml").write_text("about: Jobs.\nqueries:\n  availabilty: x\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(configured(ops, "preset_path: ops\nprovider: jobs\n"), {}, cwd=Path("/"))
    found = [(one.file, one.line, one.path) for one in caught.value.mistakes]
    assert ("ops/jobs.yaml", 3, "queries.availabilty") in found


def test_what_is_not_a_preset_has_no_name(ops: Path) -> None:
    os.mkfifo(ops / "ops/pipe.yaml")
    (ops / "ops/folder.yaml").mkdir()
    for name in ("custom.yaml", "notes.txt", ".hidden.yaml", "two words.yaml", "..yaml"):
        (ops / "ops" / name).write_text("x: 1", "utf-8")
    assert list(names_in(folders_of(["ops", "more"], ops))) == ["http", "jobs", "mail"]
    with pytest.raises(ConfigError) as caught:
        load(configured(ops, "preset_path: ops\nprovider: pipe\n"), {}, cwd=Path("/"))
    assert caught.value.mistakes[0].found == "pipe: it is a device or a pipe, not a file"


def test_a_folder_of_too_many_files_is_a_mistake(ops: Path) -> None:
    for number in range(1001):
        (ops / "ops" / f"{number}.txt").touch()
    with pytest.raises(ConfigError) as caught:
        load(configured(ops, "preset_path: ops\n"), {}, cwd=Path("/"))
    assert caught.value.mistakes[0].found == "ops: it has more than 1000 files"


def test_the_commands_of_presets_see_what_the_configuration_names(ops: Path) -> None:
    """Even where the rest of the configuration is wrong."""
    folders = preset_folders(configured(ops, "preset_path: [ops, more]\nprovider: [1]\n"), {}, Path("/"))
    found = own_presets(folders)
    assert [(preset.name, preset.about, preset.own_file) for preset in found] == [
        ("http", "Ours.", "ops/http.yaml"),
        ("jobs", "Jobs.", "ops/jobs.yaml"),
        ("mail", "Mail.", "more/mail.yaml"),
    ]
    assert dict(found[1].queries()) == {"availability": "avg_over_time(jobs_up[{window}])"}
    assert preset_file("istio", ops, folders).own_file is None
    with pytest.raises(UsageError, match="there is no preset") as caught:
        preset_file("mial", ops, folders)
    assert caught.value.hint == 'did you mean "mail"?'


def test_without_a_configuration_there_are_no_folders(tmp_path: Path) -> None:
    assert preset_folders(None, {}, tmp_path) == ()
    with pytest.raises(ConfigError):
        preset_folders(Path("gone.yaml"), {}, tmp_path)


@pytest.mark.parametrize(
    ("given", "message"),
    [(["nowhere"], "nowhere: there is no such file"), (["ops", "a.yaml"], "a.yaml: a part of its path is a file")],
)
def test_a_folder_of_the_command_line_that_cannot_be_listed_is_named(ops, given, message):
    (ops / "a.yaml").write_text("about: Jobs.\n", "utf-8")
    with pytest.raises(UsageError) as refused:
        folders_given(given, ops)
    assert refused.value.message == message


def test_a_preset_that_links_elsewhere_shows_nothing_of_that_file(tmp_path):
    (tmp_path / "ops").mkdir()
    (tmp_path / "passwords").write_text("root:hunter22:0:0\n")
    (tmp_path / "ops" / "mine.yaml").symlink_to(tmp_path / "passwords")
    with pytest.raises(ConfigError) as refused:
        preset_file("mine", tmp_path, folders_of(["ops"], tmp_path)).templates()
    assert "expected a mapping of keys to values, found a single value" in str(refused.value)
    assert "hunter22" not in str(refused.value)


def test_a_socket_is_not_a_preset(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("mine.yaml")
        (tmp_path / "sresnap.yaml").write_text(f"preset_path: .\nprovider: mine\n{SERVICES}")
        with pytest.raises(ConfigError, match="it is a socket or a device, not a file"):
            load(tmp_path / "sresnap.yaml", {}, cwd=tmp_path)
