"""A current folder that another program has removed."""

import pytest

from sresnap import api
from sresnap.cli.commands import run
from sresnap.current_folder import absolute, current_folder
from sresnap.errors import UsageError
from sresnap.publish.targets.registry import open_target


@pytest.fixture
def gone(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["build"],
        ["init"],
        ["publish", "gh-pages:origin"],
        ["publish", "www"],
        ["restore", "www"],
        ["gate"],
        ["gate", "--site", "www"],
        ["explain", "api"],
        ["verify", "www"],
        ["render", "x.json"],
        ["rules"],
    ],
)
def test_a_command_in_a_folder_that_is_gone_says_so(gone, monkeypatch, capfd, arguments):
    monkeypatch.setattr("sys.argv", ["sresnap", *arguments])
    assert run() == 2
    said = capfd.readouterr().err
    assert "the current folder is gone\n  → change to one that is there, and run it again\n" in said


def test_the_api_says_so_too(gone):
    for call in (api.load_config, current_folder, lambda: open_target("www")):
        with pytest.raises(UsageError, match="the current folder is gone"):
            call()


def test_a_current_folder_that_may_not_be_entered_is_named(monkeypatch):
    def denied():
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.getcwd", denied)
    with pytest.raises(UsageError, match="the current folder cannot be used: this user is not allowed to"):
        current_folder()


def test_an_absolute_path_needs_no_current_folder(gone):
    assert absolute(gone / "x") == gone / "x"
