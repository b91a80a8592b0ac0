"""What `git ls-remote` reaches in a checkout, a publisher reaches: FAULTS F3, F8, F14 and others of their kind."""

import base64

import pytest

from sresnap.errors import PublishFailed, UsageError
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.git_checkout import Setting, read_checkout
from tests.integration import sites
from tests.integration.git_servers import GitServer, checkout_of, git, own_home, reaches

LOGIN = "me:hunter2"
AUTHORIZATION = f"Basic {base64.b64encode(LOGIN.encode()).decode()}"
GOOD_HELPER = "!f() { echo username=me; echo password=hunter2; }; f"
EXPIRED_HELPER = "!f() { echo username=me; echo password=expired; }; f"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with GitServer(tmp_path_factory.mktemp("git")).running() as running:
        running.new("r.git")
        yield running


@pytest.fixture
def open_server(server):
    """The server, whose demands end with the test."""
    server.login, server.headers = None, {}
    yield server
    server.login, server.headers = None, {}


@pytest.fixture
def url(open_server):
    return f"{open_server.url}/r.git"


@pytest.fixture
def settings(monkeypatch, tmp_path):
    """The global file of git's settings."""
    return own_home(monkeypatch, tmp_path / "home")


@pytest.fixture
def checkout(settings, tmp_path, url):
    return checkout_of(tmp_path / "co", origin=url)


def config(checkout, *arguments):
    git("config", *arguments, cwd=checkout)


def is_reached(remote, checkout):
    """Whether git and a publisher reach it. Both or none: anything else fails the test."""
    by_git = reaches(remote, checkout)
    if by_git:
        Branch(remote, checkout)
    else:
        with pytest.raises(PublishFailed):
            Branch(remote, checkout)
    return by_git


def test_f3a_settings_in_the_environment_and_in_the_checkout_are_both_used(open_server, url, checkout, monkeypatch):
    open_server.headers = {"Authorization": AUTHORIZATION}
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"http.{url}/.extraheader")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"AUTHORIZATION: {AUTHORIZATION}")
    config(checkout, "http.postBuffer", "524288000")
    assert is_reached("origin", checkout)
    assert is_reached(url, checkout)


def test_f3b_of_two_extraheaders_both_are_sent(open_server, url, checkout):
    open_server.headers = {"X-Gate": "yes", "X-Other": "1"}
    config(checkout, "--add", f"http.{url}/.extraheader", "X-Gate: yes")
    assert not is_reached("origin", checkout)
    config(checkout, "--add", f"http.{url}/.extraheader", "X-Other: 1")
    assert is_reached("origin", checkout)


@pytest.mark.parametrize("start", ["git@example.test:", "org-1@example.test:"])
def test_f3c_each_of_two_insteadof_is_followed(open_server, checkout, start):
    for value in ("git@example.test:", "org-1@example.test:"):
        config(checkout, "--add", f"url.{open_server.url}/.insteadOf", value)
    assert is_reached(f"{start}r.git", checkout)
    git("remote", "add", "short", f"{start}r.git", cwd=checkout)
    assert is_reached("short", checkout)


def test_f3d_of_two_credential_helpers_the_first_may_be_the_one_that_knows(open_server, checkout):
    open_server.login = LOGIN
    config(checkout, "--add", "credential.helper", GOOD_HELPER)
    config(checkout, "--add", "credential.helper", "!true")
    assert is_reached("origin", checkout)


def test_f3e_an_empty_helper_resets_the_ones_before(open_server, checkout, settings):
    open_server.login = LOGIN
    git("config", "--global", "credential.helper", EXPIRED_HELPER, cwd=checkout)
    config(checkout, "--add", "credential.helper", "")
    config(checkout, "--add", "credential.helper", GOOD_HELPER)
    assert is_reached("origin", checkout)


def test_f3f_the_askpass_of_the_checkout_is_asked(open_server, checkout, tmp_path):
    open_server.login = LOGIN
    ask = tmp_path / "ask"
    ask.write_text('#!/bin/sh\ncase "$1" in User*) echo me;; *) echo hunter2;; esac\n')
    ask.chmod(0o755)
    assert not is_reached("origin", checkout)
    config(checkout, "core.askPass", str(ask))
    assert is_reached("origin", checkout)


def test_f3g_the_proxy_of_a_remote_is_used(open_server, checkout):
    git("remote", "set-url", "origin", "http://git.invalid/r.git", cwd=checkout)
    git("remote", "rename", "origin", "team/pages", cwd=checkout)
    config(checkout, "remote.team/pages.proxy", open_server.url)
    assert is_reached("team/pages", checkout)


def test_f3g_the_sign_in_to_the_proxy_of_a_remote_is_carried_over(open_server, checkout):
    git("remote", "set-url", "origin", "http://git.invalid/r.git", cwd=checkout)
    config(checkout, "remote.origin.proxy", open_server.url)
    config(checkout, "remote.origin.proxyAuthMethod", "basic")
    assert read_checkout(checkout).remote("origin").settings[-1] == Setting(
        "remote.origin.proxyauthmethod", "basic", "local"
    )


def test_settings_that_a_global_include_has_for_this_checkout_are_used(open_server, checkout, settings, tmp_path):
    open_server.headers = {"X-Gate": "yes"}
    (tmp_path / "work.inc").write_text('[http]\n\textraHeader = "X-Gate: yes"\n')
    settings.write_text(f'[includeIf "gitdir:{checkout}/"]\n\tpath = {tmp_path}/work.inc\n')
    assert is_reached("origin", checkout)
    assert not is_reached(f"{open_server.url}/r.git", tmp_path)


def test_a_helper_of_one_address_and_its_path_is_asked(open_server, url, checkout):
    open_server.login = LOGIN
    only_r = '!f() { grep -q "^path=r.git" && { echo username=me; echo password=hunter2; }; }; f'
    config(checkout, "credential.useHttpPath", "true")
    config(checkout, f"credential.{open_server.url}.helper", only_r)
    assert is_reached("origin", checkout)


def test_a_cookie_file_beside_the_checkouts_files_is_read_from_a_subfolder(open_server, checkout):
    open_server.headers = {"Cookie": "gate=yes"}
    (checkout / "cookies.txt").write_text("127.0.0.1\tFALSE\t/\tFALSE\t0\tgate\tyes\n")
    config(checkout, "http.cookieFile", "cookies.txt")
    (checkout / "sub").mkdir()
    assert is_reached("origin", checkout / "sub")


def test_a_helper_that_reads_a_setting_or_a_variable_of_its_own_finds_it(open_server, checkout, monkeypatch):
    open_server.login = LOGIN
    monkeypatch.setenv("GIT_TOKEN", "hunter2")
    config(checkout, "acme.user", "me")
    helper = '!f() { echo "username=$(git config acme.user)"; echo "password=$GIT_TOKEN"; }; f'
    config(checkout, "credential.helper", helper)
    assert is_reached("origin", checkout)


def test_settings_of_a_linked_worktree_are_used(open_server, checkout, tmp_path):
    open_server.headers = {"X-Gate": "yes"}
    git("-c", "user.name=p", "-c", "user.email=p@e", "commit", "-q", "--allow-empty", "-m", "first", cwd=checkout)
    git("worktree", "add", "--quiet", "--detach", str(tmp_path / "other"), cwd=checkout)
    config(checkout, "extensions.worktreeConfig", "true")
    git("config", "--worktree", "http.extraHeader", "X-Gate: yes", cwd=tmp_path / "other")
    assert is_reached("origin", tmp_path / "other")
    assert not is_reached("origin", checkout)


def test_the_ssh_command_of_the_checkout_is_run_at_its_top(server, checkout):
    """A stand-in for ssh, which runs the command on this machine."""
    (checkout / "ssh.sh").write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    (checkout / "ssh.sh").chmod(0o755)
    (checkout / "sub").mkdir()
    config(checkout, "core.sshCommand", "./ssh.sh")
    config(checkout, "ssh.variant", "simple")
    git("remote", "set-url", "origin", f"git@example.test:{server.root}/r.git", cwd=checkout)
    assert is_reached("origin", checkout / "sub")


def test_a_url_for_pushing_is_published_to(open_server, checkout, tmp_path):
    open_server.new("push.git")
    git("remote", "set-url", "origin", "pages:r.git", cwd=checkout)
    config(checkout, f"url.{open_server.url}/push.pushInsteadOf", "pages:r")
    sites.build(tmp_path / "public", 0)
    sites.publish(Branch("origin", checkout), tmp_path / "public")
    assert git("branch", "--list", cwd=open_server.root / "push.git").strip() == "gh-pages"


def test_a_whole_publication_signs_in_each_time(open_server, url, checkout, tmp_path):
    open_server.login = LOGIN
    config(checkout, "credential.helper", GOOD_HELPER)
    open_server.new("signed.git")
    target = f"{open_server.url}/signed.git"
    out = tmp_path / "public"
    for number in range(2):
        report = sites.build(out, number)
        sites.publish(Branch(target, checkout), out)
    assert sites.read_whole(Branch(target, checkout)) == report
    assert "hunter2" not in Branch(target, checkout).shown


def test_no_setting_is_in_an_argument_or_in_a_file_that_others_read(open_server, url, checkout):
    config(checkout, f"http.{url}/.extraheader", "X-Gate: hunter2")
    target = Branch("origin", checkout)
    folder = target._git._folder.path
    assert folder.stat().st_mode & 0o077 == 0
    assert [path for path in folder.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()] == []


def test_f8_a_checkout_of_another_user_is_named_in_gits_own_words(checkout, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match="dubious ownership in repository") as raised:
        Branch("origin", checkout)
    assert f"git config --global --add safe.directory {checkout}" in raised.value.hint


def test_f8_a_sign_in_that_is_missing_for_that_reason_says_so(open_server, url, checkout, monkeypatch):
    open_server.login = LOGIN
    config(checkout, "credential.helper", GOOD_HELPER)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(PublishFailed, match="could not read Username") as raised:
        Branch(url, checkout)
    assert "dubious ownership" in raised.value.hint
    assert f"git config --global --add safe.directory {checkout}" in raised.value.hint
    git("config", "--global", "safe.directory", "*", cwd=checkout.parent)
    Branch(url, checkout)


def test_f8_git_on_the_other_side_of_a_path_knows_which_folders_are_safe(checkout, settings, tmp_path):
    git("init", "--bare", "--quiet", "other.git", cwd=tmp_path)
    safe = ['/srv/it\'s "mine"', "/srv/a\\b # c", "*"]
    for folder in safe:
        git("config", "--global", "--add", "safe.directory", folder, cwd=tmp_path)
    target = Branch(str(tmp_path / "other.git"), checkout)
    assert target._git.run("config", "--global", "--get-all", "safe.directory").decode().splitlines() == safe


def test_f8_git_on_the_other_side_of_a_path_gets_settings_with_a_subsection(checkout, settings, tmp_path):
    git("init", "--bare", "--quiet", "other.git", cwd=tmp_path)
    git("config", "--global", "receive.fsck.badDate", "ignore", cwd=tmp_path)
    target = Branch(str(tmp_path / "other.git"), checkout)
    assert target._git.run("config", "--global", "--get-regexp", "^receive").decode() == "receive.fsck.baddate ignore\n"


def test_f8_a_damaged_file_of_settings_is_named_in_gits_own_words(checkout, url):
    (checkout / ".git/config").write_text("[core\n")
    for remote in ("origin", url):
        with pytest.raises(UsageError, match=r"bad config line 1 in file .*config"):
            Branch(remote, checkout)


def test_f14_a_relative_remote_is_meant_from_the_top_of_the_checkout(checkout, tmp_path):
    git("init", "--bare", "--quiet", "remote.git", cwd=tmp_path)
    git("remote", "set-url", "origin", "../remote.git", cwd=checkout)
    (checkout / "sub/deep").mkdir(parents=True)
    for folder in (checkout, checkout / "sub/deep"):
        assert is_reached("origin", folder)
        assert Branch("origin", folder).shown == f"gh-pages:{tmp_path}/remote.git#gh-pages"


def test_f14_a_remotes_name_may_have_a_slash(checkout, url):
    git("remote", "rename", "origin", "team/origin", cwd=checkout)
    assert Branch("team/origin", checkout).shown == f"gh-pages:{url}#gh-pages"
    with pytest.raises(UsageError, match="neither a remote of that name"):
        Branch("team/other", checkout)


@pytest.mark.parametrize("remote", ["", "#gh-pages", " "])
def test_a_target_without_a_remote_is_refused(checkout, remote):
    with pytest.raises(UsageError, match="names no remote"):
        Branch(remote, checkout)
