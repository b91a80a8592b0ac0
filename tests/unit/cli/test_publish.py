"""`sresnap publish`, `restore` and `verify` as somebody meets them who has mistyped something."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.app.restore import RestoreResult
from sresnap.app.write_site import Built
from sresnap.cli import cli
from sresnap.cli.console import tell_thinning
from sresnap.cli.publish import tell_restored
from sresnap.errors import NotServed, UsageError
from tests import factories


def run(*arguments):
    found = CliRunner().invoke(cli, arguments, standalone_mode=False)
    if found.exception is not None:
        raise found.exception
    return found.output


@pytest.mark.parametrize("command", ["publish", "restore", "verify"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_not_taken_for_the_configured_place(tmp_path, monkeypatch, command, name):
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "www"
    Path("sresnap.yaml").write_text(
        f"services: [{{name: api, slo_target: 99}}]\npublish: {{target: 'file:{target}'}}\n"
    )
    with pytest.raises(UsageError, match="the name of the place is empty"):
        run(command, name)
    assert not target.exists()


def test_verifying_what_is_not_there_asks_for_the_address(tmp_path):
    with pytest.raises(NotServed, match=r"latest\.json is missing") as error:
        run("verify", str(tmp_path / "nowhere"))
    assert "is the address right" in error.value.hint


def test_a_dry_run_of_a_restore_says_what_would_be_moved(capsys):
    done = RestoreResult("file:/srv/www", "20261122T213000Z", ("a",), 1, set_aside=("x", "y"), seconds=0.1)
    tell_restored(done, Path("public"), dry_run=True)
    assert "2 files of this folder would be moved to public/.sresnap-unpublished" in capsys.readouterr().err
    tell_restored(done, Path("public"))
    assert "2 files of this folder are kept in public/.sresnap-unpublished" in capsys.readouterr().err


@pytest.mark.parametrize(("thinned", "kept", "told"), [(0, 1, False), (1, 1, False), (2, 1, True), (70, 71, False)])
def test_a_build_that_thins_out_most_of_the_archive_says_so(capsys, thinned, kept, told):
    tell_thinning(Built(factories.healthy(), Path("public"), 1, thinned=thinned, kept=kept))
    text = capsys.readouterr().err
    assert text.startswith(f"{thinned} of {thinned + kept} reports were thinned out at once") if told else text == ""
