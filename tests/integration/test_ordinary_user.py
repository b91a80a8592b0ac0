"""Files and folders that this user may not read or write: one clear message, nothing lost, nothing left."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sresnap.publish.targets.folder import Folder
from tests.fuzz.program import contents
from tests.integration import sites
from tests.integration.ordinary_user import Run, run_all

CONFIG = "provider: http\nservices: [{name: api, slo_target: 99.5, labels: {service: api}}]\n"
NOBODY_THERE = {"PROMETHEUS_URL": "http://127.0.0.1:1"}
BUILD, PRUNE, LIST = ["build"], ["archive", "prune"], ["archive", "list"]
PUBLISH, ELSEWHERE, BRANCH = ["publish", "file:www"], ["publish", "file:new/www"], ["publish", "gh-pages:bare.git"]
RESTORE, GET = ["restore", "file:www"], ["restore", "file:www", "--out", "got"]
VERIFY, GATE = ["verify", "file:www"], ["gate", "--site", "www"]
DENIED = "this user is not allowed to"
LET_READ, LET_WRITE = "let this user read there", "let this user write there"


def mode(name, bits):
    return lambda folder: (folder / name).chmod(bits)


def foreign(where):
    def make(folder):
        (folder / where / "private").mkdir(mode=0)

    return make


def nothing(folder):
    pass


def cannot_read(folder):
    return f"cannot read the folder {folder}: {DENIED}"


REFUSED = [
    ("config", mode("sresnap.yaml", 0), ["check"], 2, f"expected a file to read, found {DENIED}", LET_READ),
    ("config", mode("sresnap.yaml", 0), BUILD, 2, f"expected a file to read, found {DENIED}", LET_READ),
    ("site", mode("public", 0), BUILD, 2, "'public' is not readable", ""),
    *[("history", mode("public/history", 0), args, 2, cannot_read("public/history"), LET_READ)
      for args in (BUILD, PUBLISH, ELSEWHERE, RESTORE, PRUNE)],
    ("services", mode("public/services", 0), ELSEWHERE, 2, cannot_read("public/services"), LET_READ),
    ("listed only", mode("public/services", 0o644), ELSEWHERE, 2, cannot_read("public/services"), LET_READ),
    ("entered only", mode("public/services", 0o311), ELSEWHERE, 2, cannot_read("public/services"), LET_READ),
    ("one month", mode("public/history/2026/11", 0), ELSEWHERE, 2, cannot_read("public/history/2026/11"), LET_READ),
    ("user's folder", foreign("public"), ELSEWHERE, 2, cannot_read("public/private"), LET_READ),
    *[("archive", mode("public/archive", 0), args, 2, cannot_read("public/archive"), LET_READ)
      for args in (BUILD, RESTORE, PRUNE)],
    ("archive", mode("public/archive", 0), LIST, 2, f"cannot read public/archive/index.json: {DENIED}", LET_READ),
    ("index", mode("public/archive/index.json", 0), RESTORE, 2, f"cannot read public/archive/index.json: {DENIED}",
     LET_READ),
    ("day", mode(f"public/{sites.DAY_FILE}", 0), ELSEWHERE, 2, f"cannot read public/{sites.DAY_FILE}: {DENIED}",
     LET_READ),
    ("state", mode("public/.sresnap-state.json", 0), RESTORE, 2, f"cannot read public/.sresnap-state.json: {DENIED}",
     LET_READ),
    ("read-only", mode("public", 0o555), PUBLISH, 1, f"cannot write public/.sresnap-state.json: {DENIED}", LET_WRITE),
    ("read-only", mode("public", 0o555), RESTORE, 1, f"cannot write public/manifest.json: {DENIED}", LET_WRITE),
    ("no new folder", mode(".", 0o555), ELSEWHERE, 5, f"cannot publish to new/www: {DENIED}", "may write to"),
    ("no new folder", mode(".", 0o555), GET, 2, f"cannot use got as the output folder: {DENIED}", "--out DIR"),
    ("target", mode("www", 0), PUBLISH, 5, f"www/latest.json: {DENIED}", LET_READ),
    ("target", mode("www", 0), VERIFY, 7, f"www/latest.json: {DENIED}", LET_READ),
    ("target", mode("www", 0), GATE, 10, f"www/latest.json: {DENIED}", LET_READ),
    ("target's archive", mode("www/archive", 0), PUBLISH, 5, f"www/archive: {DENIED}", LET_READ),
    ("target's archive", mode("www/archive", 0), GET, 5, f"www/archive/index.json: {DENIED}", LET_READ),
    ("target's archive", mode("www/archive", 0), VERIFY, 7, f"index.html: {DENIED}", LET_READ),
    ("read-only target", mode("www", 0o555), PUBLISH, 5, f"cannot write .*www/.*: {DENIED}", "site is whole"),
]  # fmt: skip
"""What is closed, how, the command, its exit code, its message, its hint."""
DONE = [
    ("nothing is closed", nothing, PUBLISH, {}),
    ("other folder of the target", foreign("www"), PUBLISH, {}),
    ("lost+found", lambda folder: (folder / "public/lost+found").mkdir(mode=0), PUBLISH, {}),
    ("no home", nothing, BRANCH, {"env": {"HOME": "/nonexistent/home"}}),
    ("home that nothing can be written to", nothing, BRANCH, {"env": {"HOME": "/proc"}}),
    ("no folder for temporary files", nothing, BRANCH, {"env": {"TMPDIR": "/nonexistent/tmp"}}),
    ("folder for temporary files that takes none", nothing, BRANCH, {"env": {"TMPDIR": "/proc"}}),
    ("umask 777", nothing, ELSEWHERE, {"umask": 0o777}),
    ("umask 777", nothing, BRANCH, {"umask": 0o777}),
    ("umask 777", nothing, GET, {"umask": 0o777}),
]
CLOSED_CWD = [["check"], BUILD, PUBLISH, RESTORE, GET, VERIFY, GATE, LIST, ["init"]]


def case_id(case):
    return f"{case[0]}: {' '.join(case[2])}"


class Case:
    """A command in a folder of its own."""

    def __init__(self, folder, close, arguments, options):
        close(folder)
        self.folder = folder
        self.before = contents(folder)
        self.run = Run(arguments, str(folder), **{"env": NOBODY_THERE, **options})
        self.ended = None


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """Every command, each in a folder of its own."""
    root = tmp_path_factory.mktemp("user")
    base = root / "base"
    sites.build(base / "public", 0)
    sites.publish(Folder(base / "www"), base / "public")
    sites.build(base / "public", 1)
    (base / "sresnap.yaml").write_text(CONFIG)
    subprocess.run(["git", "init", "--quiet", "--bare", base / "bare.git"], check=True)
    made = {}

    def add(key, close, arguments, **options):
        folder = root / str(len(made))
        shutil.copytree(base, folder)
        made[key] = Case(folder, close, arguments, options)

    for case in REFUSED:
        add(case_id(case), *case[1:3])
    for case in DONE:
        add(case_id(case), *case[1:3], **case[3])
    for arguments in CLOSED_CWD:
        add(("cwd", *arguments), nothing, arguments, closes_cwd=True)
    for case, ended in zip(made.values(), run_all([case.run for case in made.values()]), strict=True):
        case.ended = ended
    yield made
    for folder, _, _ in os.walk(root):  # pytest removes it, later as an ordinary user
        Path(folder).chmod(0o700)


@pytest.mark.parametrize("case", REFUSED, ids=case_id)
def test_what_this_user_may_not_use_is_named(cases, case):
    _, _, _, code, message, hint = case
    found = cases[case_id(case)]
    assert found.ended.code == code, found.ended.printed
    assert re.search(message, found.ended.printed), found.ended.printed
    assert hint in found.ended.printed
    for path in (found.folder, *found.folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    assert contents(found.folder).keys() >= found.before.keys()
    assert not [name for name in contents(found.folder) if "tmp" in name]


@pytest.mark.parametrize("case", DONE, ids=case_id)
def test_what_does_not_matter_is_not_missed(cases, case):
    ended = cases[case_id(case)].ended
    assert ended.code == 0, ended.printed


@pytest.mark.parametrize("arguments", CLOSED_CWD, ids=" ".join)
def test_a_current_folder_that_may_not_be_entered_ends_in_one_message(cases, arguments):
    found = cases["cwd", *arguments]
    assert found.ended.code in (2, 5, 7, 10), found.ended.printed
    assert "not allowed to" in found.ended.printed or "not readable" in found.ended.printed, found.ended.printed
    assert contents(found.folder) == found.before
