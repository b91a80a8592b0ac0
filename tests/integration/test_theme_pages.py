"""A theme's templates and style sheet on whole pages, and in the command that draws them."""

from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.documents import files, snapshots
from sresnap.documents.layout import SNAPSHOT
from sresnap.errors import UsageError
from sresnap.render.favicon import read_favicon
from sresnap.render.site import render
from sresnap.render.theme import ThemeError, theme_errors
from tests import factories


@pytest.fixture
def theme(tmp_path):
    folder = tmp_path / "brand"
    (folder / "panels").mkdir(parents=True)
    return folder


def text_of(site, path):
    return site.files[path].decode()


def test_a_panel_of_the_theme_replaces_the_shipped_one_on_every_page(theme):
    (theme / "panels" / "verdict.html").write_text("<p>Acme says: {{ view.badge.word }}, {{ view.sentence }}</p>")
    small = factories.small_service()
    spent = replace(factories.overspent_service(), signals=small.signals, capacity=small.capacity)
    site = render(factories.snapshot([small, spent]), theme=theme)
    assert "Acme says: Budget spent, worker: Budget spent, and burning now" in text_of(site, "index.html")
    assert "Acme says: Healthy, api is healthy; no alert fires now." in text_of(site, "services/api/index.html")
    assert 'data-panel="slos"' in text_of(site, "index.html"), "the other panels are the shipped ones"


def test_values_in_a_themes_template_are_escaped_too(theme):
    (theme / "panels" / "verdict.html").write_text("{{ view.sentence }} {{ shell.site_title }}")
    weird = replace(factories.small_service(factories.WEIRD[0]), slug="s0")
    site = render(factories.snapshot([weird], title='"><script>alert(3)</script>'), theme=theme)
    assert "alert(3)" in text_of(site, "index.html")
    assert "<script>alert(3)" not in text_of(site, "index.html")


def test_theme_css_comes_last_and_changes_the_name_of_the_style_sheet(theme):
    (theme / "theme.css").write_text("/* ours */ .panel { border-radius: 0 }")
    report = factories.snapshot([])
    plain, own = render(report), render(report, theme=theme)
    (name,) = (name for name in own.files if name.endswith(".css"))
    assert own.files[name].decode().endswith(".panel{border-radius:0}")
    assert name not in plain.files


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{% if %}", "verdict.html:1"),
        ("{{ view.no_such_thing }}", "no_such_thing"),
        ("{{ undefined_name }}", "undefined"),
        ("\n{{ 1 / 0 }}", r"brand/panels/verdict\.html:2: division by zero"),
        ("\n\n{{ 1 + 'a' }}", r"brand/panels/verdict\.html:3: unsupported operand"),
        ("{% include 'panels/verdict.html' %}", r"brand/panels/verdict\.html:1: .* without an end"),
    ],
)
def test_a_wrong_template_is_named_and_ends_the_command_with_2(theme, tmp_path, content, said):
    (theme / "panels" / "verdict.html").write_text(content)
    report = factories.small()
    with pytest.raises(ThemeError, match=said):
        render(report, theme=theme)
    files.write_changed(tmp_path, {SNAPSHOT.path(report.id): snapshots.encode(report)})
    path = str(tmp_path / SNAPSHOT.path(report.id))
    out = tmp_path / "public"
    result = CliRunner().invoke(cli, ["render", path, "--theme", str(theme), "--out", str(out)], standalone_mode=False)
    assert isinstance(result.exception, UsageError)
    assert not (out / "index.html").exists()


def test_a_bug_beside_a_theme_is_not_called_an_error_of_the_theme(theme):
    with pytest.raises(ZeroDivisionError), theme_errors(theme):
        print(1 / 0)


@pytest.mark.parametrize("name", ["theme.css", "panels/verdict.html"])
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.mkdir(), "it is a folder"),
        (lambda path: path.symlink_to("nowhere"), "it is a link that leads nowhere"),
        (lambda path: path.write_bytes(b"\xff"), "is not UTF-8 text"),
    ],
)
def test_a_file_of_the_theme_that_cannot_be_read_is_named(theme, name, spoil, said):
    spoil(theme / name)
    with pytest.raises(ThemeError, match=f"{name}.* {said}"):
        render(factories.small(), theme=theme)


def test_an_empty_icon_is_refused(tmp_path):
    (tmp_path / "icon.svg").touch()
    with pytest.raises(UsageError, match=r"icon\.svg is an empty file"):
        read_favicon(str(tmp_path / "icon.svg"))
