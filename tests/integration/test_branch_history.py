"""Nothing that a person or a host put on a branch is lost: FAULTS F1, F2, F15, and names that clash."""

import subprocess

import pytest

from sresnap.app.publish import GRACE_SECONDS
from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.targets.branch import Branch
from tests.integration import sites
from tests.integration.git_servers import checkout_of, commit_by_hand, git, own_home
from tests.unit.cli.test_cli import run_here


@pytest.fixture
def bare(monkeypatch, tmp_path):
    own_home(monkeypatch, tmp_path / "home")
    git("init", "--bare", "--quiet", "--initial-branch=main", "site.git", cwd=tmp_path)
    return tmp_path / "site.git"


@pytest.fixture
def checkout(bare, tmp_path):
    return checkout_of(tmp_path / "co", origin=str(bare))


@pytest.fixture
def out(bare, tmp_path):
    sites.build(tmp_path / "public", 0)
    return tmp_path / "public"


def commits(bare, branch="gh-pages"):
    return git("rev-list", branch, cwd=bare).split()


def branch(bare, name="gh-pages"):
    return Branch(f"{bare}#{name}", bare.parent)


def push(checkout, branch, **files):
    """Push one commit with these files, and nothing else."""
    git("checkout", "--quiet", "--orphan", branch, cwd=checkout)
    for name, content in files.items():
        path = checkout / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    git("add", "-A", cwd=checkout)
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "-m", "by hand", cwd=checkout)
    git("push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}", cwd=checkout)


def test_f1_a_domain_that_was_once_in_the_folder_stays(bare, checkout, out):
    push(checkout, "gh-pages", CNAME="status.example\n")
    for name in ("CNAME", "robots.txt", "_headers", "google0a1b2c.html"):
        (out / name).write_text("status.example\n")
    sites.publish(branch(bare), out)
    for name in ("CNAME", "robots.txt", "_headers", "google0a1b2c.html"):
        (out / name).unlink()
    for number in (1, 2):
        sites.build(out, number)
        done = sites.publish(branch(bare), out, sites.AT + number * 2 * GRACE_SECONDS, grace_seconds=0)
        assert [name for name in done.deleted_files if not name.startswith("assets/")] == []
    names = git("ls-tree", "-r", "--name-only", "gh-pages", cwd=bare).split()
    assert {"CNAME", "robots.txt", "_headers", "google0a1b2c.html", ".nojekyll"} <= set(names)
    assert git("show", "gh-pages:CNAME", cwd=bare) == "status.example\n"


def test_f1_a_domain_that_a_user_changed_there_is_not_put_back(bare, checkout, out):
    (out / "CNAME").write_text("old.example\n")
    sites.publish(branch(bare), out)
    (out / "CNAME").unlink()
    sites.build(out, 1)
    sites.publish(branch(bare), out)
    git("fetch", "--quiet", "origin", cwd=checkout)
    git("checkout", "--quiet", "-B", "gh-pages", "origin/gh-pages", cwd=checkout)
    (checkout / "CNAME").write_text("new.example\n")
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "--quiet", "-am", "domain", cwd=checkout)
    git("push", "--quiet", "origin", "gh-pages", cwd=checkout)
    sites.build(out, 2)
    sites.publish(branch(bare), out)
    assert git("show", "gh-pages:CNAME", cwd=bare) == "new.example\n"
    assert sites.verify(branch(bare), everything=True).wrong == ()
    sites.restore(branch(bare), out.parent / "fresh", everything=True)
    (out / "CNAME").write_text("old.example\n")
    with pytest.raises(PublishFailed, match="holds a CNAME that sresnap did not put there"):
        sites.publish(branch(bare), out)


def test_f2a_twenty_commits_of_people_stay_below_the_reports(bare, checkout, out):
    last = commit_by_hand(checkout, "gh-pages", 20)
    with pytest.raises(PublishFailed, match="such as doc0") as refused:
        sites.publish(branch(bare), out)
    assert "--force-foreign" in refused.value.hint
    git("config", "receive.denyNonFastForwards", "true", cwd=bare)  # the first report needs no force
    done = sites.publish(branch(bare), out, force_foreign=True)
    assert any(last in note and "stays" in note for note in done.notes)
    assert commits(bare)[1:] == git("rev-list", last, cwd=bare).split()
    git("config", "receive.denyNonFastForwards", "false", cwd=bare)
    for number in (1, 2):
        sites.build(out, number)
        done = sites.publish(branch(bare), out)
        assert not any("not a report" in note for note in done.notes)
    assert len(commits(bare)) == 21
    assert commits(bare)[1] == last
    assert git("show", "gh-pages:doc7.html", cwd=bare) == "document 7"
    assert git("fsck", "--strict", "--no-dangling", "--connectivity-only", cwd=bare) == ""


def test_f2_a_commit_on_top_of_a_report_stays_too(bare, checkout, out):
    sites.publish(branch(bare), out)
    git("fetch", "--quiet", "origin", cwd=checkout)
    git("checkout", "--quiet", "-B", "gh-pages", "origin/gh-pages", cwd=checkout)
    by_hand = commit_by_hand(checkout, "gh-pages", 2)
    for number in (1, 2):
        sites.build(out, number)
        sites.publish(branch(bare), out)
        assert commits(bare)[1] == by_hand
    assert len(commits(bare)) == 4  # the first report, two commits by hand, the newest report


@pytest.mark.parametrize("force", [False, True])
def test_f2b_a_source_branch_is_refused_even_with_force_foreign(bare, checkout, out, force):
    last = commit_by_hand(checkout, "main", 3)
    with pytest.raises(PublishFailed, match="the default branch of its repository; nothing was sent") as refused:
        sites.publish(branch(bare, "main"), out, force_foreign=force)
    assert "--into-main-branch --force-foreign" in refused.value.hint
    assert git("rev-parse", "main", cwd=bare).strip() == last


def test_f2b_with_the_flag_its_commits_stay_and_later_reports_need_no_flag(bare, checkout, out):
    last = commit_by_hand(checkout, "main", 3)
    with pytest.raises(PublishFailed, match="did not put there"):
        sites.publish(branch(bare, "main"), out, into_main_branch=True)
    sites.publish(branch(bare, "main"), out, into_main_branch=True, force_foreign=True)
    sites.build(out, 1)
    sites.publish(branch(bare, "main"), out)
    assert commits(bare, "main")[1] == last
    assert len(commits(bare, "main")) == 4


def test_f2c_hidden_files_and_a_domain_do_not_hide_the_history_of_a_default_branch(bare, checkout, out):
    push(checkout, "main", CNAME="status.example", _github__ci_yml="on: push")
    before = commits(bare, "main")
    for dry_run in (True, False):
        with pytest.raises(PublishFailed, match="default branch"):
            sites.publish(branch(bare, "main"), out, dry_run=dry_run)
    assert commits(bare, "main") == before
    git("branch", "elsewhere", "main", cwd=bare)
    git("symbolic-ref", "HEAD", "refs/heads/elsewhere", cwd=bare)
    sites.publish(branch(bare, "main"), out)
    assert commits(bare, "main")[1:] == before


def test_f2_the_branch_that_the_checkout_is_on_is_refused_before_it_was_ever_pushed(bare, checkout, out):
    git("checkout", "--quiet", "--orphan", "work", cwd=checkout)
    for remote in ("origin", str(bare)):
        with pytest.raises(PublishFailed, match="the branch that this checkout is on"):
            sites.publish(Branch(f"{remote}#work", checkout), out)
    sites.publish(Branch("origin", checkout), out)
    sites.publish(branch(bare, "work"), out)  # from elsewhere it is a new branch like others


def test_f2_a_first_branch_that_the_host_made_its_default_one_is_continued(bare, out):
    sites.publish(branch(bare), out)
    git("symbolic-ref", "HEAD", "refs/heads/gh-pages", cwd=bare)
    sites.build(out, 1)
    sites.publish(branch(bare), out)
    assert len(commits(bare)) == 1


def test_f2_the_command_says_which_commit_stays(bare, checkout, out):
    last = commit_by_hand(checkout, "main", 2)
    command = ("publish", "gh-pages:origin#main", "--out", str(out))
    refused = run_here(*command, cwd=checkout)
    assert (refused.returncode, "--into-main-branch" in refused.stderr) == (5, True)
    done = run_here(*command, "--into-main-branch", "--force-foreign", cwd=checkout)
    assert (done.returncode, last in done.stdout + done.stderr) == (0, True)


def test_a_file_name_on_the_branch_that_is_not_utf8_stays_and_is_shown_with_escapes(bare, checkout, out):
    name = b"foreign\xe9.html"
    (checkout / "x").write_text("mine")
    blob = git("hash-object", "-w", "x", cwd=checkout).strip()
    entry = b"100644 blob " + blob.encode() + b"\t" + name + b"\0"
    tree = subprocess.run(["git", "mktree", "-z"], cwd=checkout, input=entry, capture_output=True, check=True).stdout
    who = ("-c", "user.name=p", "-c", "user.email=p@e")
    made = git(*who, "commit-tree", "-m", "by hand", tree.decode().strip(), cwd=checkout).strip()
    git("push", "--quiet", "origin", f"{made}:refs/heads/gh-pages", cwd=checkout)
    with pytest.raises(PublishFailed, match=r"such as foreign\\xe9\.html"):
        sites.publish(branch(bare), out)
    report = sites.publish(branch(bare), out, force_foreign=True).report
    found = subprocess.run(["git", "ls-tree", "-z", "gh-pages"], cwd=bare, capture_output=True, check=True).stdout
    assert b"\t" + name + b"\0" in found
    assert sites.verify(branch(bare), everything=True).wrong == ()
    assert sites.restore(branch(bare), out.parent / "fresh", everything=True).report == report


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"services": "a file"}, "has a file services, where the site has services/s0/index.html"),
        ({"index_html__x_txt": "in a folder"}, "has a folder index.html, where the site has a file of that name"),
    ],
)
def test_a_file_where_the_site_has_a_folder_or_the_other_way_round_is_not_replaced(bare, checkout, out, files, message):
    push(checkout, "gh-pages", **files)
    before = commits(bare)
    with pytest.raises(PublishFailed, match=message):
        sites.publish(branch(bare), out, force_foreign=True)
    assert commits(bare) == before


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("my branch", "'my branch' cannot be the name of a branch"),
        ("-x", "'-x' cannot be the name of a branch"),
        ("a..b", "cannot be the name of a branch"),
        ("refs/tags/v1", "refs/tags/v1 is a ref of git, not a branch"),
        ("HEAD", "HEAD is a ref of git"),
        ("a\0b", "has a control character"),
        ("main/reliability", "has the branch main, and git cannot store main/reliability beside it"),
    ],
)
def test_f11_what_git_cannot_have_as_a_branch_is_refused_by_name(bare, checkout, name, message):
    commit_by_hand(checkout, "main")
    with pytest.raises(UsageError, match=message):
        branch(bare, name)


def test_f11_a_whole_ref_is_read_as_its_branch(bare, out):
    sites.publish(branch(bare, "refs/heads/gh-pages"), out)
    assert git("for-each-ref", "--format=%(refname)", cwd=bare).split() == ["refs/heads/gh-pages"]
