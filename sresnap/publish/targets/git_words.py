"""What git and the servers behind it say when they refuse: the reason in their own words, and what to do next."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sresnap.printable import quotable
from sresnap.publish.targets.address import without_user
from sresnap.publish.targets.git_folder import ROOM

_MARKS = ("fatal:", "error:", "ERROR:", "remote:", "!")
_NOISE = re.compile(
    r"error: failed to push some refs|fatal: the remote end hung up|fatal: could not read from remote"
    r"|please make sure you have|and the repository exists|to [^ ]+$|\d\d:\d\d:\d\d\.\d+ "
    r"|(remote: )?(hint:|(counting|compressing|resolving|enumerating|total|processing|writing|receiving)\b)",
    re.IGNORECASE,
)
"""Lines that say nothing of the cause, if there are others."""
_COLOURS = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
_CONTINUED = re.compile(r"(?<!\n)\n\t")
"""Git writes a name, such as an extension or a file that includes itself, on a line of its own, after a tab."""
_MAY_PUSH = "may this user push there? In GitHub Actions the job needs permissions: {contents: write}"
_NAMES = re.compile(r"'[^']*'|\S+://\S+|\bto \S+$|\bhost: \S+|-> \S+|refs/\S+", re.MULTILINE)
"""Addresses, paths and branches, whose words say nothing of the cause."""
_NETWORK = "check the address and the network connection: `git ls-remote` asks the same remote"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of refusal."""

    pattern: str
    """Any of git's or the server's wordings, as a regular expression without regard to case."""
    hint: str
    """What to do."""
    may_pass: bool = False
    """Whether the same command may succeed a moment later."""
    is_sign_in: bool = False
    """Whether the login was refused or is missing."""
    is_other_hash: bool = False
    """Whether the remote has another kind of hash."""


# The first match counts, so what a server says about a rule comes before what git makes of it.
_REFUSALS = (
    Refusal(r"dubious ownership", "add the folder to git's safe.directory"),
    Refusal(r"no space left|disk quota exceeded|the disk is full", ROOM),
    Refusal(
        r"not allowed to force.?push|cannot force.?push|non-fast-forward|force.?push\w* .*(denied|not permitted)",
        "each report replaces the last one by a forced push, which this branch forbids: allow it for this user "
        "(GitHub: Settings → Rules; GitLab: Protected branches; a server of your own: receive.denyNonFastForwards)",
    ),
    Refusal(
        r"GH006|GH013|protected branch|protected ref|repository rule violations",
        "a rule protects this branch: exempt this user, and allow forced pushes (GitHub: Settings → Rules; GitLab: "
        "Protected branches), or publish to another branch",
    ),
    Refusal(
        r"GH001|file size limit|exceeds .*(limit|maximum)",
        "the server takes no file that large: remove it from the site's folder, or publish to object storage",
    ),
    Refusal(
        r"\b413\b|request entity too large|content too large",
        "a server before git takes no upload that large: raise its limit (nginx: client_max_body_size), or push by ssh",
    ),
    Refusal(
        r"cannot lock ref|directory/file conflict", "a branch's name cannot begin with another branch's name and a /"
    ),
    Refusal(r"shallow update not allowed", "the remote is a shallow clone: publish to a whole repository"),
    Refusal(
        r"dumb http transport",
        "this web server only hands out files, and cannot be pushed to: let it run `git http-backend`, or use ssh",
    ),
    Refusal(
        r"plaintext credentials",
        "git's setting transfer.credentialsInUrl forbids a login in an address: use a credential helper instead",
    ),
    Refusal(
        r"expected git repo version|unknown repository extension",
        "the checkout was made by a newer git: upgrade git here",
    ),
    Refusal(
        r"GIT_CONFIG_(COUNT|KEY|VALUE|PARAMETERS)",
        "correct or unset the variable GIT_CONFIG_…, which holds settings of git",
    ),
    Refusal(
        r"not a git repository: ",
        "the folder that the file .git or GIT_DIR names is gone: in a container, mount it, too; if it moved, run "
        "`git worktree repair`",
    ),
    Refusal(
        r"transport '…' not allowed",
        "git's settings forbid this kind of address: allow it in GIT_ALLOW_PROTOCOL or protocol.allow, or use another",
    ),
    Refusal(
        r"deny updating a hidden ref",
        "the remote hides this branch from pushes (receive.hideRefs): publish to another branch",
    ),
    Refusal(
        r"'…' is not a git command",
        "git has no program for this kind of address: install it, or use an address with https:// or ssh://",
    ),
    Refusal(
        r"strange (hostname|pathname|port|username) .*blocked",
        "a part of the address begins with a -, which another program would take for an option: correct it",
    ),
    Refusal(
        r"hash algorithm|mismatched algorithms",
        "git here and the remote use different hashes: upgrade git",
        is_other_hash=True,
    ),
    Refusal(r"hook declined|pre-receive|update hook", "a rule of the remote refused the push; its words are above"),
    Refusal(
        r"archived|read.?only", "the repository takes no pushes, or this key may only read: use one that may write"
    ),
    Refusal(
        r"host key verification failed",
        "this machine does not know the server's ssh key: compare it with the one that its operator publishes, then "
        "add it to ~/.ssh/known_hosts",
    ),
    Refusal(
        r"permission denied \(|publickey",
        "the server accepts none of this user's ssh keys: `ssh -T` to the same host shows which one it is offered",
    ),
    Refusal(
        r"could not read (username|password)|terminal prompts disabled|authentication failed|\b40[13]\b|denied",
        _MAY_PUSH,
        is_sign_in=True,
    ),
    Refusal(
        r"repository .*not found|does not appear to be a git repository|\b404\b",
        "check the address; many servers say the same of a repository that this user may not see",
    ),
    Refusal(
        r"certificate|SSL|TLS",
        "is the proxy's or the server's certificate authority known? git reads http.sslCAInfo and GIT_SSL_CAINFO",
    ),
    Refusal(
        r"could not resolve proxy|proxy connect|from proxy", "check git's http.proxy and https_proxy", may_pass=True
    ),
)
_OTHER = Refusal("", _NETWORK, may_pass=True)


def refusal(output: bytes) -> Refusal:
    """What kind of refusal git's output is."""
    text = _NAMES.sub("'…'", _readable(output))
    return next((row for row in _REFUSALS if re.search(row.pattern, text, re.IGNORECASE)), _OTHER)


def advice(output: bytes, otherwise: str = _NETWORK) -> str:
    """What to do: the command that git itself proposes, what is known of such a refusal, or something else."""
    command = re.search(r"^\s*(git config --global --add safe\.directory .+)$", _readable(output), re.MULTILINE)
    if command:
        return f"`{quotable(command[1])}` if you trust it"
    found = refusal(output)
    return otherwise if found is _OTHER else found.hint


def reason(output: bytes) -> str:
    """The lines that give the reason, in one, without credentials."""
    whole = _CONTINUED.sub(" ", _readable(output))
    lines = [" ".join(line.split()) for line in whole.splitlines()]
    said = [line for line in dict.fromkeys(lines) if line.removeprefix("remote:").strip(" !=-")]
    marked = [line for line in said if line.startswith(_MARKS)]
    for group in (marked, said):  # ssh does not mark its lines
        causes = [line for line in group if not _NOISE.match(line)]
        if causes:
            break
    return quotable(without_user("; ".join(causes or marked or said or ["it gave no reason"])))


def _readable(output: bytes) -> str:
    """Git's output as text, without the colours that some servers send."""
    return _COLOURS.sub("", output.decode(errors="replace").replace("\r", "\n"))
