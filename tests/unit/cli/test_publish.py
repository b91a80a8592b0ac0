"""`sresnap publish`, `restore` and `verify`, called with a mistake."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sresnap.app.restore import RestoreResult
from sresnap.app.site_writer import BuildResult
from sresnap.cli import cli
from sresnap.cli.build_output import print_thinning
from sresnap.cli.publish_output import print_restored
from sresnap.errors import NotServed, UsageError
from tests import factories


def run(*arguments):
    found = CliRunner().invoke(cli, arguments, standalone_mode=False)
    if found.exception is not None:
        raise found.exception
    return found.output


@pytest.mark.parametrize("command", ["publish", "restore", "verify"])
@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_does_not_mean_the_configured_target(tmp_path, monkeypatch, command, name):
    monkeypatch.chdir(tmp_path)
    target = tmp_path / "www"
    Path("sresnap.yaml").write_text(
        f"services: [{{name: api, slo_target: 99}}]\npublish: {{target: 'file:{target}'}}\n"
    )
    with pytest.raises(UsageError, match="the target's address is empty"):
        run(command, name)
    assert not target.exists()


def test_verify_of_an_empty_site_asks_whether_the_address_is_right(tmp_path):
    with pytest.raises(NotServed, match=r"latest\.json is missing") as error:
        run("verify", str(tmp_path / "nowhere"))
    assert "is the address right" in error.value.hint


def test_a_dry_run_of_restore_shows_what_it_would_move(capsys):
    done = RestoreResult("file:/srv/www", "20261122T213000Z", ("a",), 1, moved_files=("x", "y"), seconds=0.1)
    print_restored(done, Path("public"), dry_run=True)
    assert "2 files of this folder would be moved to public/.sresnap-unpublished" in capsys.readouterr().err
    print_restored(done, Path("public"))
    assert "2 files of this folder are kept in public/.sresnap-unpublished" in capsys.readouterr().err


@pytest.mark.parametrize(("thinned", "kept", "warns"), [(0, 1, False), (1, 1, False), (2, 1, True), (70, 71, False)])
def test_a_build_that_thins_out_most_of_the_archive_warns(capsys, thinned, kept, warns):
    print_thinning(BuildResult(factories.healthy(), Path("public"), 1, thinned=thinned, kept=kept))
    text = capsys.readouterr().err
    assert (f"thinned out {thinned} of {thinned + kept} reports" in text) is warns
    assert bool(text) is warns
