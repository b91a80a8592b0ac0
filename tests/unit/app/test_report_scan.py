"""A leak in any input of the pages is refused at build and at publish; clean pages are not scanned twice."""

import os
from dataclasses import replace

import pytest
from pydantic import SecretStr

from sresnap.app.report_scan import ReportScan
from sresnap.documents import folder_state, snapshots
from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.archive import ArchiveState, empty_index
from sresnap.model.snapshot import Policy, Problem
from sresnap.render.favicon import read_favicon
from sresnap.render.theme import ThemeError
from tests import factories

PUBLIC = PublicationRules()
ID = factories.healthy().id
SECRET = PublicationRules(secrets={"prometheus.bearer_token_env": SecretStr('gehe"imnis')})


def report(**changes):
    return replace(factories.snapshot([factories.healthy_service()]), **changes)


def titled(title):
    return report(site=replace(report().site, title=title))


def service(**changes):
    return report(services=(replace(factories.healthy_service(), **changes),))


def queried(**changes):
    return report(queries=(factories.query("total", **changes),))


REPORTS = {
    "title": titled("SLOs of title.internal"),
    "service": service(name="service.internal"),
    "objective": service(slos=(replace(factories.healthy_service().slos[0], name="objective.internal"),)),
    "policy": service(policy=Policy("ask policy.internal", "https://link.internal/policy", "config")),
    "source": report(source=replace(report().source, url="http://source.internal", version="2.42 of version.internal")),
    "message": report(problems=(Problem("query_failed", "message.internal refused"),)),
    "promql": queried(promql=r'up{instance=~"promql\\.internal"}'),
    "error": queried(error="error.internal refused"),
    "warning": queried(warnings=("warning.internal is slow",)),
    "icon": report(site=replace(report().site, favicon="https://icon.internal/icon.png")),
}


def refuse_leaks(snapshot, index=None, rules=PUBLIC, theme=None, favicon=None):
    """The scan of a build."""
    icon = read_favicon(None if favicon is None else str(favicon))
    content = snapshots.encode(snapshot)
    ReportScan(rules, theme).refuse_leaks(snapshot, content, b"", ArchiveState(index or empty_index()), icon.files)


@pytest.mark.parametrize("place", REPORTS)
def test_a_leak_in_a_report_is_refused_at_build(place):
    with pytest.raises(UsageError, match=rf"(?s)nothing was written.*report {ID}\..*{place}\.internal"):
        refuse_leaks(REPORTS[place])


def test_credentials_are_refused_at_build_and_not_shown():
    with pytest.raises(UsageError, match="holds credentials in an address") as refused:
        refuse_leaks(report(problems=(Problem("query_failed", "https://me:hunter2@prom.example refused"),)))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("name", ["theme.css", "macros.html", "panels/bar.html"])
def test_a_leak_in_a_theme_is_refused_at_build(tmp_path, name):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("\nurl(https://theme.internal/)")
    with pytest.raises(UsageError, match=rf"{name}:2 holds a private host name: theme\.internal"):
        refuse_leaks(report(), theme=tmp_path)


def test_a_theme_file_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "theme.css").write_text("body{}")

    def open_file(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", open_file)
    with pytest.raises(ThemeError, match=r"theme\.css: this user is not allowed to"):
        refuse_leaks(report(), theme=tmp_path)


def test_a_leak_in_a_favicon_is_refused_at_build(tmp_path):
    (tmp_path / "icon.svg").write_text("<svg><!-- favicon.internal --></svg>")
    with pytest.raises(UsageError, match=r"assets/favicon\.\w+\.svg:1 holds a private host name"):
        refuse_leaks(report(), favicon=tmp_path / "icon.svg")


def test_a_secret_of_the_configuration_is_found_at_build():
    with pytest.raises(UsageError, match=r"site\.title holds the secret of prometheus\.bearer_token_env"):
        refuse_leaks(titled('the gehe"imnis of Acme'), rules=SECRET)


def test_the_record_forgets_files_that_are_gone(tmp_path):
    (tmp_path / "kept.txt").write_text("kept")
    sha = "0" * 64
    folder_state.record_scanned(tmp_path, "1" * 64, {"kept.txt": sha, "gone.txt": sha})
    folder_state.record_scanned(tmp_path, "1" * 64, {"new.txt": sha})
    assert set(folder_state.scanned_files(tmp_path, "1" * 64)) == {"kept.txt", "new.txt"}
    folder_state.record_scanned(tmp_path, "2" * 64, {"new.txt": sha})
    assert folder_state.scanned_files(tmp_path, "1" * 64) == {}
    assert set(folder_state.scanned_files(tmp_path, "2" * 64)) == {"new.txt"}
