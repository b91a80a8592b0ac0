"""The forms of what must not be public: credentials, private addresses, private names of hosts.

A form has enough structure that prose does not take it by chance. Sources: GitHub's list of supported secret scanning
patterns, the rules of gitleaks, and each vendor's own words on the prefix of its tokens; RFC 1918, 3927, 4193, 4291 and
6598 for addresses; RFC 6762 appendix G, RFC 8375 and ICANN's `.internal` for names; Kubernetes' DNS specification for
`.svc`.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """What something that must not be public looks like."""

    what: str
    needles: tuple[str, ...]
    """In lower case; it is looked for around these alone, as finding them is twenty times as fast."""
    pattern: re.Pattern[str]
    """Its group `secret`, or else the whole of it but the beginning, is not repeated in messages."""
    is_one: Callable[[str], bool] | None = None
    """What a regex cannot tell, of the group `secret` or the whole."""
    before: int = 256
    """So many characters before a needle it begins at most; a host's name is no longer (RFC 1035)."""
    after: int = 1024
    """So far behind a needle it is told from what it is not."""

    def matches(self, text: str, lower: str) -> Iterator[re.Match[str]]:
        """Where a text holds it; `lower` is the text in lower case."""
        if len(lower) != len(text):  # a few letters are two in lower case, and places differ
            yield from self.pattern.finditer(text)
            return
        for start, end in self._windows(lower):
            yield from self.pattern.finditer(text, start, end)

    def _windows(self, lower: str) -> Iterator[tuple[int, int]]:
        """The stretches around needles, without overlaps."""
        start, end = 0, -1
        for place in sorted(set(self._places(lower))):
            if place - self.before > end:
                if end >= 0:
                    yield start, end
                start = max(0, place - self.before)
            end = place + self.after
        if end >= 0:
            yield start, end

    def _places(self, lower: str) -> Iterator[int]:
        for needle in self.needles:
            place = lower.find(needle)
            while place >= 0:
                yield place
                place = lower.find(needle, place + 1)


def _token(what: str, needles: str, pattern: str) -> Form:
    """What begins as no part of a word; after an underscore, as in a variable's name, it may."""
    return Form(what, tuple(needles.split()), re.compile(f"(?<![A-Za-z0-9])(?:{pattern})"))


def _any_case(what: str, needles: str, pattern: str, is_one: Callable[[str], bool] | None = None) -> Form:
    return Form(what, tuple(needles.split()), re.compile(pattern, re.IGNORECASE), is_one)


def _address(needles: str, pattern: str, is_one: Callable[[str], bool] | None = None) -> Form:
    """An address begins with its needle and is short."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return Form("a private address", tuple(needles.split()), compiled, is_one, before=0, after=64)


def _is_login(text: str) -> bool:
    """Whether it is `user:password` in Base64 (RFC 7617), and no word such as `Basic authentication`."""
    try:
        found = base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except binascii.Error:
        return False
    return b":" in found and all(byte >= 0x20 for byte in found)  # noqa: PLR2004 - no control characters


def _is_ipv6(text: str) -> bool:
    """Whether it is an address; a colon at its end may be the sentence's."""
    try:
        ipaddress.IPv6Address(text if text.endswith("::") else text.rstrip(":"))
    except ValueError:
        return False
    return True


_PARAMETERS = (
    r"(?:[a-z]+[_-])?token|api[_-]?key|subscription[_-]key|pass(?:word|wd|phrase)?|pwd|(?:client[_-])?secret"
    r"|secret[_-]key|sig|signature|x-amz-signature|x-amz-security-token|x-goog-signature"
)
CREDENTIALS = (
    _any_case(
        "a bearer token",
        "bearer",
        r"(?:authorization[\"']?\s*[:=]\s*[\"']?bearer\s+(?P<secret>[\w.~+/-]{8,}=*)"
        r"|bearer\s+(?=[\w.~+/-]*\d)(?P<other>[\w.~+/-]{12,}=*))",
    ),
    _any_case("a login", "basic", r"basic\s+(?P<secret>[a-z0-9+/]{6,}={0,2})(?![\w+/=])", _is_login),
    _any_case(
        "credentials in an address",
        "://",
        # A port and a path after the first colon are no password: https://host:9090/a@b.
        r"\b[a-z][a-z0-9+.-]{0,30}://(?P<secret>[^\s/?#\"'<>@:]{0,1024}+:(?!\d{1,5}[/?#])[^\s\"'<>@]{1,1024}+)@",
    ),
    _any_case(
        "credentials in an address",
        "://",
        r"\b(?:[a-z]+\+)?(?:https?|wss?)://(?P<secret>(?![{$(<])[^\s/?#\"'<>@:]{1,1024}+)@(?=[\w\[])",
    ),
    _any_case(
        "credentials in an address",
        "=",
        rf"[?&;](?:{_PARAMETERS})=(?P<secret>(?![<{{$(*…])[^\s&;#\"'<>]{{4,}})",
    ),
    _token(
        "a token of GitHub",
        "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_",
        r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
    ),
    _token(
        "a token of GitLab",
        "glpat- gldt- glrt glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- gr1348941",
        r"gl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_.-]{16,}|GR1348941[A-Za-z0-9_-]{20,}",
    ),
    _token("a token of Slack", "xox xapp", r"(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}"),
    _any_case(
        "the address of a webhook",
        "hooks.slack.com discord webhook.office.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/+-]{12,}"
        r"|discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}|webhook\.office\.com/webhookb2/[\w@/-]{20,}",
    ),
    _token("a token of Grafana", "glsa_ glc_", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{20,}"),
    _token("an access key of AWS", "akia asia abia acca", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    _any_case(
        "a secret key of AWS",
        "secret",
        r"secret_?access_?key[\"'\s:=]{1,6}(?P<secret>[a-z0-9/+]{40})(?![\w/+])",
    ),
    _any_case(
        "a key of Azure",
        "accountkey sharedaccess",
        r"(?:accountkey|sharedaccesskey)=(?P<secret>[a-z0-9+/]{20,}={0,2})|sharedaccesssignature[= ]s[rv]=",
    ),
    _token(
        "a key of Google",
        "aiza ya29. gocspx-",
        r"AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}",
    ),
    _token(
        "a key of Stripe",
        "_live_ _test_ whsec_",
        r"[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}",
    ),
    _token(
        "a key of OpenAI or Anthropic",
        "sk-",
        r"sk-(?:proj|svcacct|admin|None)-[\w-]{20,}|sk-ant-[a-z0-9]+-[\w-]{20,}|sk-[A-Za-z0-9]{40,}",
    ),
    _token("a token of npm", "npm_", r"npm_[A-Za-z0-9]{36}\b"),
    _token("a token of PyPI", "pypi-", r"pypi-[\w-]{40,}"),
    _token("a token of Vault", "hvs. hvb. hvr.", r"hv[sbr]\.[\w-]{20,}"),
    _token("a token of Docker", "dckr_", r"dckr_(?:pat|oat)_[\w-]{20,}"),
    _token("a token of Hugging Face", "hf_", r"hf_[A-Za-z0-9]{34}\b"),
    _token("a token of DigitalOcean", "_v1_", r"do[oprt]_v1_[a-f0-9]{40,}"),
    _token("a key of SendGrid", "sg.", r"SG\.[\w-]{20,24}\.[\w-]{39,50}"),
    _token("a token of a Telegram bot", ":aa", r"\d{8,10}:AA[\w-]{32,34}(?![\w-])"),
    _token(
        "a JSON Web Token",
        "eyj",
        r"eyJ[\w-]{8,}\.(?:eyJ[\w-]{8,}\.[\w-]*|[\w-]*\.[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,})",
    ),
    _any_case("a private key", "private", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"),
    _token("a private key", "age-secret putty", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}|PuTTY-User-Key-File-\d"),
)

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_PORT = r"(?::\d{1,5}(?!\d))?"
_IPV4 = (
    rf"(?:10(?:\.{_OCTET}){{3}}|192\.168(?:\.{_OCTET}){{2}}|172\.(?:1[6-9]|2\d|3[01])(?:\.{_OCTET}){{2}}"
    rf"|169\.254(?:\.{_OCTET}){{2}}|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])(?:\.{_OCTET}){{2}})"
)
_LABEL = r"[\w-]++\."
_NO_MORE = r"(?![\w-]|\.\w)"
_NAMES = r"internal|local|localdomain|lan|corp|intranet|intra|home\.arpa"
"""Names that no public DNS has; a host in them is private wherever it stands."""
_RARE_NAMES = r"svc|home|private|consul"
"""Those that may be something else in prose and in code: `WindowService.svc`, `this.private`."""
PRIVATE = (
    # v10.2.3.4 is a version.
    _address("10. 192.168. 172. 169.254. 100.", rf"(?<![\d.])(?<!\bv){_IPV4}(?!\d|\.\d){_PORT}"),
    _address(
        "fc fd fe8 fe9 fea feb",
        r"(?<![\w:.])f(?:[cd][0-9a-f]{2}|e[89ab][0-9a-f])(?::[0-9a-f]{0,4}){2,7}(?!\w)",
        _is_ipv6,
    ),
    _any_case(
        "a private host name",
        ".internal .local .lan .corp .intra .home.arpa .svc",
        rf"(?<![\w.\\-])(?:(?:{_LABEL})+(?:{_NAMES})|(?:{_LABEL}){{2,}}svc){_PORT}{_NO_MORE}",
    ),
    _any_case(
        "a private host name",
        ".svc .home .private .consul",
        rf"(?:(?<=://)(?:{_LABEL})+(?:{_RARE_NAMES}){_PORT}"
        rf"|(?<![\w.\\-])(?:{_LABEL})+(?:{_RARE_NAMES}):\d{{1,5}}){_NO_MORE}",
    ),
    # A name without a dot, http://prometheus:9090, means a host of this network; buckets have such names, too.
    _any_case(
        "a private host name",
        "://",
        r"(?<=://)(?<!\bs3://)(?<!\bgs://)(?<!\baz://)(?:[^\s/?#@\"'<>]{0,1024}+@)?"
        r"(?P<value>(?!localhost\b)(?=[\w-]*[^\W\d])[\w-]++(?::\d{1,5}+)?)(?![\w@-]|\.\w|:[^\s/])",
    ),
)
