"""A gh-pages branch as target, on bare repositories on this disk."""

import json
import os
import subprocess

import pytest
from pydantic import SecretStr

from sresnap.app import archive
from sresnap.config import loads
from sresnap.demo import DemoServer, demo_config
from sresnap.errors import ExitCode, PublishConflict, PublishFailed, UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.windows import DAY, MINUTE, iso, parse_time, snapshot_id
from sresnap.publish.targets.base import Limits
from sresnap.publish.targets.branch import Branch
from tests.integration import sites
from tests.integration.killing import SOAK, Killed, Killing
from tests.integration.small_demo import small_demo
from tests.unit.cli.test_cli import run_here


def git(*arguments, cwd):
    clean = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
             "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}  # fmt: skip
    done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, text=True, check=False, env=clean)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def bare(tmp_path):
    git("init", "--bare", "--quiet", "site.git", cwd=tmp_path)
    return tmp_path / "site.git"


def branch(bare):
    return Branch(str(bare), bare.parent)


def push_by_hand(bare, **files):
    """A commit that another program pushed to the branch."""
    work = bare.parent / "work"
    if not work.exists():
        git("clone", "--quiet", str(bare), "work", cwd=bare.parent)
        git("checkout", "--quiet", "-B", "gh-pages", cwd=work)
    git("fetch", "--quiet", "origin", cwd=work)
    if git("ls-remote", "--heads", "origin", "gh-pages", cwd=work):
        git("reset", "--quiet", "--hard", "origin/gh-pages", cwd=work)
    for name, content in files.items():
        (work / name.replace("_", ".")).write_text(content)
    git("add", "-A", cwd=work)
    git("commit", "--quiet", "-m", "by hand", cwd=work)
    git("push", "--quiet", "origin", "HEAD:gh-pages", cwd=work)


def test_the_branch_has_one_commit_for_any_number_of_reports(bare, out):
    first = sites.build(out, 0)
    sites.publish(branch(bare), out)
    second = sites.build(out, 1)
    done = sites.publish(branch(bare), out)
    assert done.report == second
    assert git("rev-list", "--count", "gh-pages", cwd=bare).strip() == "1"
    assert git("log", "-1", "--format=%s %aI", "gh-pages", cwd=bare) == f"Report {second} 2026-11-22T21:31:00+00:00\n"
    assert sites.chain(branch(bare)) == [second, first]
    names = git("ls-tree", "-r", "--name-only", "gh-pages", cwd=bare).split()
    assert {".nojekyll", "manifest.json", "latest.json", f"snapshots/{first}.json"} <= set(names)
    assert sites.verify(branch(bare), everything=True).wrong == ()
    assert git("fsck", "--strict", "--no-dangling", cwd=bare) == ""


def test_only_what_changed_is_pushed(bare, out, tmp_path):
    (out / "assets").mkdir(exist_ok=True)
    (out / "assets/big.0123456789.png").write_bytes(b"\x89PNG" + os.urandom(500_000))
    sites.publish(branch(bare), out)
    before = sum(path.stat().st_size for path in bare.rglob("*") if path.is_file())
    sites.build(out, 1)
    done = sites.publish(branch(bare), out)
    assert "assets/big.0123456789.png" not in done.sent_files
    assert sum(path.stat().st_size for path in bare.rglob("*") if path.is_file()) - before < 200_000


def test_a_site_is_restored_and_continued_from_a_remote_that_sends_files_later(bare, out, tmp_path):
    git("config", "uploadpack.allowFilter", "true", cwd=bare)
    git("config", "uploadpack.allowAnySHA1InWant", "true", cwd=bare)
    first = sites.build(out, 0)
    target = Branch(f"file://{bare}", tmp_path)
    sites.publish(target, out)
    fresh = tmp_path / "fresh"
    target = Branch(f"file://{bare}", tmp_path)
    assert "?" in target._git.run("rev-list", "--objects", "--missing=print", target._commit).decode()
    sites.restore(target, fresh)
    second = sites.build(fresh, 1)
    sites.publish(target, fresh)
    assert sites.chain(branch(bare)) == [second, first]
    assert sites.verify(branch(bare), everything=True).wrong == ()
    assert git("fsck", "--strict", "--no-dangling", cwd=bare) == ""


def test_a_domain_that_was_set_stays_and_is_not_a_foreign_file(bare, out):
    push_by_hand(bare, CNAME="status.example\n")
    sites.publish(branch(bare), out)
    sites.build(out, 1)
    sites.publish(branch(bare), out)
    assert git("show", "gh-pages:CNAME", cwd=bare) == "status.example\n"
    assert git("rev-list", "--count", "gh-pages", cwd=bare).strip() == "2"  # the commit by hand, and the report


def test_a_branch_with_foreign_files_is_refused_unless_forced(bare, out):
    push_by_hand(bare, about_html="mine")
    with pytest.raises(PublishFailed, match=r"about\.html") as raised:
        sites.publish(branch(bare), out)
    assert "--force-foreign" in raised.value.hint
    sites.publish(branch(bare), out, force_foreign=True)
    assert git("show", "gh-pages:about.html", cwd=bare) == "mine"


def test_the_push_lease_is_on_the_commit_that_was_read_at_the_start(bare, out, tmp_path):
    sites.publish(branch(bare), out)
    one = branch(bare)
    sites.restore(one, out)
    push_by_hand(bare, CNAME="status.example\n")  # the pointer is the same, the commit is not
    sites.build(out, 1)
    before = git("rev-parse", "gh-pages", cwd=bare)
    with pytest.raises(PublishConflict, match="meanwhile") as raised:
        sites.publish(one, out)
    assert raised.value.exit_code == 6
    assert git("rev-parse", "gh-pages", cwd=bare) == before
    sites.publish(branch(bare), out)
    assert git("show", "gh-pages:CNAME", cwd=bare) == "status.example\n"


def test_two_first_publications_have_one_winner(bare, out, tmp_path):
    one, two = branch(bare), branch(bare)
    other = tmp_path / "other"
    sites.build(other, 1)
    sites.publish(one, out)
    with pytest.raises(PublishConflict):
        sites.publish(two, other)


def test_the_loser_restores_and_includes_the_winners_report(bare, out, tmp_path):
    sites.publish(branch(bare), out)
    other = tmp_path / "other"
    late = branch(bare)
    sites.restore(late, other)
    winner = sites.build(out, 1)
    sites.publish(branch(bare), out)
    sites.build(other, 2)
    with pytest.raises(PublishConflict):
        sites.publish(late, other)
    sites.restore(branch(bare), other)
    again = sites.build(other, 3)
    sites.publish(branch(bare), other)
    assert sites.chain(branch(bare))[:2] == [again, winner]


def test_a_publisher_that_is_killed_at_any_write_leaves_the_whole_old_report(bare, tmp_path):
    out = tmp_path / "public"
    first = sites.build(out, 0)
    sites.publish(branch(bare), out)
    second = sites.build(out, 1)
    for writes in range(1, 12) if SOAK else (1, 6, 11):
        with pytest.raises(Killed):
            sites.publish(Killing(branch(bare), writes, after=False), out)
        target = branch(bare)
        assert sites.read_whole(target) == first
        assert {sites.page_of(target, n) for n in ("index.html", "services/s0/index.html")} == {first}
        assert sites.verify(target).wrong == ()
    sites.publish(branch(bare), out)
    assert sites.read_whole(branch(bare)) == second


def test_a_publisher_that_is_killed_before_its_push_is_confirmed_continues(bare, out):
    sites.publish(branch(bare), out)
    second = sites.build(out, 1)
    with pytest.raises(Killed):
        sites.publish(Killing(branch(bare), 11, after=True), out)
    assert sites.read_whole(branch(bare)) == second
    assert sites.publish(branch(bare), out).sent_files == ()


def test_a_site_that_is_too_large_for_pages_is_refused_after_a_warning(bare, out, monkeypatch):
    monkeypatch.setattr(Branch, "limits", Limits(1000, 2_000_000))
    assert any("takes no more than 2 MB" in note for note in sites.publish(branch(bare), out).notes)
    (out / "video.png").write_bytes(b"0" * 2_000_000)
    with pytest.raises(PublishFailed, match="2 MB") as raised:
        sites.publish(branch(bare), out)
    assert "archive.keep" in raised.value.hint
    assert Branch.limits == Limits(1000, 2_000_000)


def test_nothing_private_goes_to_a_public_target(bare, out):
    (out / "index.html").write_text("see http://10.1.2.3:9090")
    with pytest.raises(UsageError, match=r"10\.1\.2\.3") as raised:
        sites.publish(branch(bare), out)
    assert "publish: {hide:" in raised.value.hint
    assert git("branch", "--list", cwd=bare) == ""


def test_a_target_in_ones_own_network_takes_private_addresses_but_no_credentials(bare, out):
    (out / "index.html").write_text("see http://10.1.2.3:9090 and http://prom.acme.svc")
    with pytest.raises(UsageError) as raised:
        sites.publish(branch(bare), out)
    assert "publish: {private: true}" in raised.value.hint
    sites.publish(branch(bare), out, rules=PublicationRules(private=True))
    (out / "index.html").write_text("see http://me:hunter2@10.1.2.3:9090")
    with pytest.raises(UsageError, match="credentials in an address") as raised:
        sites.publish(branch(bare), out, rules=PublicationRules(private=True))
    assert "private: true" not in raised.value.hint
    assert "hunter2" not in raised.value.message


def test_the_configuration_says_that_the_target_is_in_ones_own_network(bare, out, tmp_path):
    (out / "index.html").write_text("see http://10.1.2.3:9090")
    (tmp_path / "sresnap.yaml").write_text(
        f"prometheus: {{url: 'http://127.0.0.1:9'}}\nservices: [{{name: api, slo_target: 99}}]\n"
        f"publish: {{target: 'gh-pages:{bare}', private: true}}\n"
    )
    assert run_here("publish", f"gh-pages:{bare}", cwd=tmp_path).returncode == 2
    done = run_here("publish", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing to send" in run_here("publish", f"gh-pages:{bare}", "--private", cwd=tmp_path).stdout


def test_an_allowed_text_is_published_and_a_secret_of_the_configuration_is_not(bare, out):
    (out / "prom.yaml").write_text("url: http://10.1.2.3:9090")
    secrets = {"prometheus.bearer_token_env": SecretStr("geheimnis")}
    allowing = PublicationRules(allow=frozenset({"10.1.2.3:9090"}), secrets=secrets)
    (out / "index.html").write_text("Z2VoZWltbmlz")
    with pytest.raises(UsageError, match=r"index\.html:1 holds the secret of prometheus\.bearer_token_env"):
        sites.publish(branch(bare), out, rules=allowing)
    (out / "index.html").write_text("nothing")
    assert "prom.yaml" in sites.publish(branch(bare), out, rules=allowing).sent_files


def test_the_command_reads_allowed_texts_from_the_configuration(bare, tmp_path):
    git("init", "--quiet", "checkout", cwd=tmp_path)
    checkout = tmp_path / "checkout"
    sites.build(checkout / "public", 0)
    (checkout / "public/note.txt").write_text("node.internal")
    refused = run_here("publish", f"gh-pages:{bare}", cwd=checkout)
    assert (refused.returncode, 'publish: {allow: ["node.internal"]}' in refused.stderr) == (2, True)
    (checkout / "sresnap.yaml").write_text(f"{demo_config()}\npublish: {{allow: [node.internal]}}\n")
    done = run_here("publish", f"gh-pages:{bare}", cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_report_that_must_not_be_public_is_not_even_archived(bare, tmp_path):
    """Otherwise it would be frozen, and `hide` would come too late."""
    at = parse_time("2026-03-15T12:00:00Z")
    node = r'{{instance=~"10\\.0\\.0\\.5:9100"}}'
    templates = loads(demo_config(), "demo", {}, cwd=None).templates
    with DemoServer(templates, now=lambda: at) as server:
        text = small_demo(server.url).replace("demo_vps_disk_percent", f"demo_vps_disk_percent{node}")
        config = f"{text}\npublish: {{target: 'gh-pages:{bare}'"
        (tmp_path / "sresnap.yaml").write_text(config + "}")
        for publishes in (["--publish"], []):
            refused = run_here("build", *publishes, "--at", iso(at), cwd=tmp_path)
            assert refused.returncode == ExitCode.USAGE, refused.stderr
            assert "nothing was written, because this must not be public" in refused.stderr
            assert "private address: 10.0.0.5:9100" in refused.stderr
            assert [path.name for path in (tmp_path / "public").rglob("*") if not path.name.startswith(".")] == []
        (tmp_path / "sresnap.yaml").write_text(config + ", hide: [promql]}")
        done = run_here("build", "--publish", "--at", iso(at), cwd=tmp_path)
        assert done.returncode in (ExitCode.DONE, ExitCode.INCOMPLETE), done.stderr
        assert branch(bare).read("latest.json")
        (tmp_path / "sresnap.yaml").write_text(config.replace(f"gh-pages:{bare}", "file:www") + "}")
        done = run_here("build", "--publish", "--at", iso(at + 60), cwd=tmp_path)
        assert done.returncode in (ExitCode.DONE, ExitCode.INCOMPLETE), done.stderr


def test_an_archived_report_with_an_address_is_named_and_published_after_its_withdrawal(bare, tmp_path):
    out = tmp_path / "public"
    for number, title in enumerate(["of 10.1.2.3", "Acme"]):
        sites.build(out, number * DAY // MINUTE, by=title)
    with pytest.raises(UsageError, match=r"10\.1\.2\.3") as raised:
        sites.publish(branch(bare), out)
    assert f"archived reports that hold it ({snapshot_id(sites.AT)}) are frozen" in raised.value.hint
    assert "archive withdraw" in raised.value.hint
    archive.withdraw(out, snapshot_id(sites.AT), "it named a host", sites.AT + DAY)
    sites.publish(branch(bare), out)
    assert (
        b"withdrawn: <bdi>it named a host" in branch(bare).read(f"archive/{snapshot_id(sites.AT)}/index.html").content
    )
    assert sites.verify(branch(bare), everything=True).wrong == ()


def test_a_reason_that_names_the_leak_can_be_replaced(bare, tmp_path):
    out = tmp_path / "public"
    for number in range(2):
        sites.build(out, number * DAY // MINUTE)
    archive.withdraw(out, snapshot_id(sites.AT), "it named prometheus.internal", sites.AT + DAY)
    with pytest.raises(UsageError, match=r"prometheus\.internal"):
        sites.publish(branch(bare), out)
    archive.withdraw(out, snapshot_id(sites.AT), "it named a host", sites.AT + DAY)
    sites.publish(branch(bare), out)
    archive.withdraw(out, snapshot_id(sites.AT), "it named the host of an alert", sites.AT + DAY)
    sites.publish(branch(bare), out)
    assert b"the host of an alert" in branch(bare).read(f"archive/{snapshot_id(sites.AT)}/index.html").content
    assert sites.verify(branch(bare), everything=True).wrong == ()


def test_the_limit_leaves_room_below_the_gigabyte_that_pages_takes():
    assert Branch.limits == Limits(warn_bytes=600_000_000, max_bytes=950_000_000)


def test_a_remote_that_refuses_or_does_not_exist_is_reported_in_one_line(bare, out, tmp_path):
    with pytest.raises(UsageError, match="neither a remote") as missing:
        Branch("upstream", tmp_path)
    assert "gh-pages:origin" in missing.value.hint
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no pushing on Sundays >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PublishFailed, match="no pushing on Sundays"):
        sites.publish(branch(bare), out)


@pytest.mark.parametrize(
    "login", ["user:hunter2", "user:hunter2/x", "user:x/hunter2", "user:hunter2@x", "user:x@hunter2", "hunter2"]
)
def test_neither_sresnap_nor_git_shows_the_login_of_a_remote(tmp_path, monkeypatch, login):
    monkeypatch.setattr("sresnap.publish.targets.branch._ATTEMPTS", 1)
    with pytest.raises(PublishFailed, match="ls-remote") as raised:
        Branch(f"https://{login}@127.0.0.1:1/x.git", tmp_path)
    assert raised.value.message.startswith("https://127.0.0.1:1/x.git: git ls-remote: ")
    assert "hunter2" not in raised.value.message


@pytest.mark.parametrize("login", ["user:x#hunter2", "user:hunter2 x", "user:x hunter2"])
def test_a_login_with_a_hash_is_not_read_as_a_branch(tmp_path, login):
    with pytest.raises(UsageError, match="has an @ after a # or a space") as raised:
        Branch(f"https://{login}@127.0.0.1:1/x.git", tmp_path)
    assert "hunter2" not in raised.value.message
    assert "%23" in raised.value.hint


def test_the_token_of_a_checkout_is_used_and_is_in_no_argument(bare, tmp_path):
    git("init", "--quiet", "checkout", cwd=tmp_path)
    checkout = tmp_path / "checkout"
    git("remote", "add", "origin", str(bare), cwd=checkout)
    git("config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic c2VjcmV0", cwd=checkout)
    target = Branch("origin", checkout)
    found = target._git.run("config", "--get", "http.https://github.com/.extraheader").decode()
    assert found == "AUTHORIZATION: basic c2VjcmV0\n"
    assert target.shown == f"gh-pages:{bare}#gh-pages"


def test_the_commands_work_on_a_branch_of_a_checkouts_remote(bare, tmp_path):
    git("init", "--quiet", "checkout", cwd=tmp_path)
    checkout = tmp_path / "checkout"
    git("remote", "add", "origin", str(bare), cwd=checkout)
    report = sites.build(checkout / "public", 0)
    done = run_here("publish", "gh-pages:origin#pages", "--json", cwd=checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["report"] == report
    done = run_here("restore", "gh-pages:origin#pages", "--out", "fresh", cwd=checkout)
    assert (done.returncode, report in done.stdout) == (0, True)
    assert run_here("verify", f"gh-pages:{bare}#pages", cwd=tmp_path).returncode == 0
    assert git("branch", "--list", cwd=checkout) == ""
