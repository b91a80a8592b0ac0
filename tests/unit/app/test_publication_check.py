"""`sresnap check` refuses a configuration whose report a build would refuse to file for a public target."""

import pytest

from sresnap.app.publication_check import refuse_unpublishable
from sresnap.config import loads
from sresnap.errors import UsageError
from tests.factories import AT

TOKEN = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789AB"
"""In two parts, as scanners of sources look for such."""


def check(tmp_path, publish, *lines, env=None):
    text = "\n".join(
        [
            "prometheus: {url: 'http://prom.example:9090'}",
            "services: [{name: api, slo_target: 99, labels: {service: '10.1.2.3:9090'}}]",
            f"publish: {{{publish}}}",
            *lines,
        ]
    )
    refuse_unpublishable(loads(text, "sresnap.yaml", env or {}, cwd=tmp_path), AT)


def test_a_private_address_in_a_query_is_refused_with_its_place(tmp_path):
    with pytest.raises(
        UsageError, match=r"(?s)a build would be refused.*\n  report \S+\.queries\[\d+\]\.promql holds"
    ) as refused:
        check(tmp_path, "target: 'gh-pages:origin'")
    assert "hide" in refused.value.hint


@pytest.mark.parametrize(
    "publish",
    [
        "base_url: 'https://status.example'",
        "target: 'file:www'",
        "target: 'gh-pages:origin', allow: ['10.1.2.3:9090']",
        "target: 'gh-pages:origin', hide: [promql]",
        "target: 'gh-pages:origin', private: true",
    ],
)
def test_what_may_go_to_the_target_passes(tmp_path, publish):
    check(tmp_path, publish)


def test_it_makes_no_temporary_folder_that_a_kill_would_leave_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    check(tmp_path, "target: 'gh-pages:origin', private: true")


@pytest.mark.parametrize("key", ["title", "theme"])
def test_a_token_in_a_text_or_in_a_template_of_the_theme_is_refused(tmp_path, key):
    (tmp_path / "brand").mkdir()
    (tmp_path / "brand" / "base.html").write_text(f"<p>{TOKEN}</p>")
    with pytest.raises(UsageError, match="a token of GitHub"):
        check(tmp_path, "target: 's3://bucket', private: true", f"{key}: {'brand' if key == 'theme' else TOKEN}")


@pytest.mark.parametrize(
    ("publish", "env", "where"),
    [
        ("", {"PROMETHEUS_URL": "http://10.0.0.5:9090"}, r"source\.url holds a private address: 10\.0\.0\.5:9090"),
        ("", {"PROMETHEUS_URL": "http://prometheus:9090"}, r"source\.url holds a private host name: prometheus:9090"),
        (", base_url: 'http://10.0.0.6/'", {}, r"site\.base_url holds a private address: 10\.0\.0\.6"),
    ],
)
def test_a_private_address_of_prometheus_or_of_the_site_is_refused(tmp_path, publish, env, where):
    with pytest.raises(UsageError, match=where):
        check(tmp_path, f"target: 's3://bucket', allow: ['10.1.2.3:9090']{publish}", env=env)


@pytest.mark.parametrize("target", ["gh-pages", "git@host:acme/x.git"])
def test_a_target_that_names_neither_folder_nor_address_is_refused_by_check(tmp_path, target):
    with pytest.raises(UsageError) as refused:
        check(tmp_path, f"target: '{target}'")
    assert "did you mean gh-pages:" in refused.value.hint


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("s3://", "s3: has no bucket's name after it"),
        ("s3:///x", "s3: has no bucket's name after it"),
        ("az://", "az: has no bucket's name after it"),
        ("s3://a b/x", "a bucket's name has up to 255 letters"),
        ("s3://" + "b" * 5000, "a bucket's name has up to 255 letters"),
        ("s3://b/" + "x" * 5000, "a prefix has at most 700 bytes"),
        ("s3://b/x\\ty", "a prefix has at most 700 bytes and no control characters"),
        ("gh-pages:", "gh-pages: names no remote"),
        ("gh-pages: #x", "gh-pages: names no remote"),
        ("gh-pages:origin#a b", "cannot be the name of a branch"),
        ("gh-pages:origin#a..b", "cannot be the name of a branch"),
        ("gh-pages:origin#" + "b" * 300, "cannot be the name of a branch"),
        ("gh-pages:" + "x" * 5000, "more than 2,000 characters"),
        ("file:", "file: has no folder's name after it"),
        ("file: ", "file: has no folder's name after it"),
        ("file://host/x", "file://host/x is a folder on another machine"),
        ("file:" + "x" * 5000, "its name is too long"),
        ("file:/dev/null", "/dev/null cannot be the site's folder: it is a file"),
        ("file:/dev/null/x", "/dev/null/x cannot be the site's folder: a part of its path is a file"),
        ("https://me:hunter2@status.example", "https://status.example is a web server"),
        ("ftp://x", "ftp:… does not name a target"),
    ],
)
def test_a_target_that_no_publication_could_reach_is_refused_with_its_place(tmp_path, target, fault):
    with pytest.raises(UsageError) as refused:
        check(tmp_path, f'target: "{target}"')
    assert refused.value.message.startswith("the configuration: publish.target: ")
    assert fault in refused.value.message
    assert refused.value.hint
    assert len(refused.value.message) < 500
    assert "hunter2" not in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    "target",
    ["file:www", "a b", "../x", "s3://My_old.bucket/a b", "gh-pages:origin#reports/2026", "gh-pages:https://h/x"],
)
def test_a_target_that_may_be_there_is_accepted(tmp_path, target):
    check(tmp_path, f'target: "{target}", private: true')
