"""What must not go to a public place: tokens, credentials in addresses, private addresses, the configuration's secrets.

Nothing is filed for a public place, and nothing published there, when anything is found. Whatever is no picture, font
or the like is read as text, so that an unknown kind of file is no way around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pydantic import SecretStr

from sresnap.config.settings import Config
from sresnap.errors import UsageError
from sresnap.leaks import own_secrets
from sresnap.leaks.patterns import CREDENTIALS, PRIVATE, Form
from sresnap.leaks.plain_text import decoded, unescaped
from sresnap.model.windows import is_snapshot_id

_BINARY = {
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8",
    ".jpeg": b"\xff\xd8",
    ".gif": b"GIF8",
    ".webp": b"RIFF",
    ".avif": b"",
    ".ico": b"\0\0",
    ".woff": b"wOFF",
    ".woff2": b"wOF2",
    ".ttf": b"\0\x01\0\0",
    ".otf": b"OTTO",
    ".pdf": b"%PDF",
    ".gz": b"\x1f\x8b",
}
"""Suffixes of what is not read as text, and how such a file begins; one that does not begin so is read."""
_SHOWN = 8
"""So much of what was found is repeated in a message; the rest would leak it again."""
_HINT_OF_WORDS = ", or name with --config FILE the configuration whose publish.allow or publish.private lets it pass"
_MOST_OF_A_FILE = 20
_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """What may be public all the same, and what may not in any case."""

    allow: frozenset[str] = frozenset()
    """Addresses and hosts, with or without a port, as `publish.allow` names them. Never tokens."""
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
    """The configuration's own, by where it names them."""
    private: bool = False
    """Whether all private addresses and hosts may pass. Never tokens."""

    @classmethod
    def of(cls, config: Config, *, private: bool = False) -> Rules:
        """Those of a configuration."""
        return cls(config.allow, config.secrets, private)


@dataclass(frozen=True, slots=True)
class Leak:
    """Something that must not be public."""

    file: str
    line: int | None
    """None: it is the file's name."""
    what: str
    shown: str | None
    """As much of it as may be told; None: nothing."""
    is_private: bool
    """Whether it is an address or a host, which may be allowed, and no credentials."""

    def __str__(self) -> str:
        where = f"the name of {self.file}" if self.line is None else f"{self.file}:{self.line}"
        return f"{where} holds {self.what}" + ("" if self.shown is None else f": {self.shown}")


def leaks(name: str, content: bytes, rules: Rules | None = None) -> list[Leak]:
    """What a file and its name hold that must not be public; nothing when they are clean.

    Args:
        name: site-relative path.
        content: its bytes.
        rules: what may be public all the same, and the configuration's secrets.
    """
    rules = rules or Rules()
    in_name = [*_found(name, name, rules)]
    if in_name:
        # The name stands in each message.
        name = f"{name[:_SHOWN]}…" if any(not leak.is_private for leak in in_name) else name
        in_name = [Leak(name, None, leak.what, leak.shown, leak.is_private) for leak in in_name]
    magic = _BINARY.get(PurePosixPath(name).suffix.lower())
    if magic is not None and content.startswith(magic):
        text = content.decode("latin-1")
        found = list(_own(name, text, rules))
    else:
        text = decoded(content)
        found = list(_found(name, text, rules))
    return list(dict.fromkeys([*in_name, *found]))[:_MOST_OF_A_FILE]


def _found(name: str, text: str, rules: Rules) -> Iterator[Leak]:
    seen: set[tuple[str, str, int]] = set()
    for written in (text, unescaped(text)):
        if not written.strip():
            continue
        yield from _own(name, written, rules)
        lower = written.lower()
        for form, is_private in _forms(rules):
            for match in form.matches(written, lower):
                if not _counts(form, match, rules, is_private=is_private):
                    continue
                leak = Leak(name, _line(written, match.start()), form.what, _shown(match, is_private), is_private)
                key = (leak.what, match[0], leak.line or 0)
                if key not in seen:
                    seen.add(key)
                    yield leak
                if len(seen) >= _MOST_OF_A_FILE:
                    return


def _forms(rules: Rules) -> Iterator[tuple[Form, bool]]:
    yield from ((form, False) for form in CREDENTIALS)
    if not rules.private:
        yield from ((form, True) for form in PRIVATE)


def _counts(form: Form, match: re.Match[str], rules: Rules, *, is_private: bool) -> bool:
    groups = match.groupdict()
    if form.is_one is not None and not form.is_one(groups.get("secret") or match[0]):
        return False
    return not (is_private and _is_allowed(_value(match), rules.allow))


def _is_allowed(found: str, allow: Iterable[str]) -> bool:
    """Whether it is named as it stands, or without its port."""
    host, _, port = found.rpartition(":")
    known = {text.lower() for text in allow}
    bare = host if host and port.isdigit() and not host.endswith(":") else found
    return found.lower() in known or (bare.lower() in known and bare.count(":") == 0)


def _value(match: re.Match[str]) -> str:
    value = match.groupdict().get("value") or match[0]
    return value if value.endswith("::") else value.rstrip(":")


def _shown(match: re.Match[str], is_private: bool) -> str:
    """Enough to find it; an address is told whole, as nobody could act on it else."""
    if is_private:
        return _value(match)
    for group, value in match.groupdict().items():
        if value is not None:
            return f"{match[0][: match.start(group) - match.start()]}…"
    return f"{match[0][:_SHOWN]}…"


def _own(name: str, text: str, rules: Rules) -> Iterator[Leak]:
    for where, position in own_secrets.found(text, rules.secrets):
        yield Leak(name, _line(text, position), f"the secret of {where}", None, is_private=False)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def refuse(files: Iterable[tuple[str, bytes]], rules: Rules, nothing: str, newest: str | None = None) -> None:
    """End it when one of the files must not be public.

    Args:
        files: names and contents, one at a time.
        rules: what may be public.
        nothing: what was not done, such as `sent`.
        newest: id of the report that may still be made again.

    Raises:
        UsageError: with what was found, where, and what can be done.
    """
    found = [leak for name, content in files for leak in leaks(name, content, rules)]
    if not found:
        return
    more = [f"… and {len(found) - _MOST_TOLD} more"] if len(found) > _MOST_TOLD else []
    lines = [f"nothing was {nothing}, as this must not be public:", *map(str, found[:_MOST_TOLD]), *more]
    raise UsageError("\n  ".join(lines), _hint(found, newest))


def refuse_words(option: str, text: str, rules: Rules) -> None:
    """What somebody says for everyone to read, before it is written where publishing would refuse it.

    Args:
        option: of the command, such as `--reason`.
        text: what it says.
        rules: what may be public.

    Raises:
        UsageError: it holds something that must not be.
    """
    found = leaks(option, text.encode(), rules)
    if not found:
        return
    told = "; ".join(dict.fromkeys(leak.what if leak.shown is None else f"{leak.what}: {leak.shown}" for leak in found))
    allowed = all(leak.is_private for leak in found)
    message = f"{option} holds what must not be public, {told}; nothing was changed"
    raise UsageError(message, "say it without" + (_HINT_OF_WORDS if allowed else ""))


def _hint(found: list[Leak], newest: str | None) -> str:
    parts = []
    if any(not leak.is_private for leak in found):
        parts.append(
            "take tokens and credentials out of where they come from, and replace them: they were written down"
        )
    private = sorted({leak.shown for leak in found if leak.is_private and leak.shown})
    if private:
        parts.append(
            "leave addresses and hosts out with publish: {hide: [source, promql, labels]}, or let them pass: these "
            f'with publish: {{allow: ["{private[0]}"]}}, all of them, where only your own people read it, with '
            "publish: {private: true}; then build again"
        )
    frozen = sorted({report for leak in found if (report := _report(leak.file)) is not None})
    if frozen and newest is not None:
        parts.append(_hint_of_frozen(frozen, newest))
    return "; ".join(parts)


def _hint_of_frozen(frozen: list[str], newest: str) -> str:
    listed = ", ".join(frozen[:_MOST_TOLD]) + (f" and {len(frozen) - _MOST_TOLD} more" * (len(frozen) > _MOST_TOLD))
    again = (
        "" if newest not in frozen else f"; {newest}, the newest one, is made again by `sresnap build --at` its time"
    )
    return (
        f"archived reports that hold it ({listed}) are frozen, and `hide` does not change them: let it pass with "
        f"publish.allow, or take a report out with `sresnap archive withdraw ID --reason TEXT`{again}"
    )


def _report(name: str) -> str | None:
    """The archived report that a file is of."""
    folder, _, rest = name.partition("/")
    report = rest.removesuffix(".json") if folder == "snapshots" else rest.partition("/")[0]
    return report if folder in {"snapshots", "archive"} and is_snapshot_id(report) else None
