"""Writes what was found as lines of sresnap.yaml, with the reasons as comments."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from sresnap.discovery.naming import Named
from sresnap.discovery.objectives import Proposal
from sresnap.printable import has_unprintable, printable

_PLAIN = re.compile(r"[A-Za-z_./][\w./-]*", re.ASCII)
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as it is written."""

    named: Named
    off: tuple[str, ...]
    """Queries that find nothing for it."""
    availability: Proposal
    latency: Proposal | None
    notes: tuple[str, ...]
    """What to know of it, in a line each."""
    lacking: str | None = None
    """Why it cannot be judged; None where it can."""

    @property
    def is_active(self) -> bool:
        """Whether it is a service, or only a comment."""
        return self.named.counted_by is None and self.lacking is None

    @property
    def settings(self) -> tuple[str, tuple[tuple[str, str | tuple[str, ...]], ...], tuple[str, ...]]:
        """Its source, as several services may have it in common."""
        return (*self.named.chosen.source, self.off)


@dataclass(frozen=True, slots=True)
class Head:
    """What the file says beside its services."""

    url: str
    title: str = "Our reliability"
    remarks: tuple[str, ...] = ()
    """What was left out, and why."""
    preset_path: tuple[str, ...] = ()
    """Folders with presets of the user's own."""


def config_text(head: Head, entries: Sequence[Entry]) -> str:
    """A whole sresnap.yaml."""
    active = [entry for entry in entries if entry.is_active]
    common = Counter(entry.settings for entry in active).most_common(1)
    settings = common[0][0] if common else None
    lines = [
        "# Written by `sresnap init --detect` from what Prometheus has. Objectives are proposals from what was seen:",
        "# change them to what you promise. Then: sresnap check --online",
        *(line for remark in head.remarks for line in _comment(remark, "# ")),
        "",
        f"title: {scalar(head.title)}",
        "timezone: UTC                      # IANA name; the pages show times in this zone",
        "",
        "prometheus:",
        f"  url: {scalar(head.url)}",
        *([f"preset_path: [{', '.join(map(scalar, head.preset_path))}]"] if head.preset_path else []),
        "",
        "window: 28d                        # the SLO window",
        "schedule: 5m                       # how often your cron job or workflow runs `sresnap build`",
        "",
    ]
    if settings is not None:
        lines += ["# For services that name no provider of their own:", *_source(settings, ""), ""]
    lines += ["services:", *service_lines(entries, "  ", common=settings)]
    return "\n".join(lines).rstrip() + "\n"


def service_lines(
    entries: Iterable[Entry], indent: str, *, common: object = None, source: str | None = None
) -> list[str]:
    """The items of `services:`. One that is counted elsewhere is a comment.

    Args:
        entries: the services.
        indent: before each line.
        common: settings that the file has for all of them.
        source: the Prometheus that has them, where the file names several.
    """
    lines: list[str] = []
    for entry in entries:
        item = [*_item(entry, common, source)]
        if entry.is_active:
            lines += [f"{indent}{line}".rstrip() for line in item]
        else:
            lines += [f"{indent}# {line}".rstrip() for line in item]
        lines.append("")
    return lines


def _item(entry: Entry, common: object, source: str | None) -> Iterator[str]:
    chosen = entry.named.chosen
    yield f"- name: {scalar(entry.named.name)}"
    for note in (*([entry.lacking] if entry.lacking else []), *entry.notes):
        yield from (f"  {line}" for line in _comment(note, "# "))
    if source is not None:
        yield f"  source: {scalar(source)}"
    if entry.settings != common:
        yield from _source(entry.settings, "  ")
    yield f"  labels: {flow(chosen.labels)}"
    yield "  slos:"
    yield from _slo(entry.availability, "availability")
    if entry.latency is not None:
        yield from _slo(entry.latency, "latency")


def _slo(proposal: Proposal, name: str) -> Iterator[str]:
    threshold = f", latency_threshold: {proposal.threshold}" if proposal.threshold else ""
    yield from (f"    {line}" for line in _comment(proposal.reason, "# "))
    yield f"    - {{name: {name}, objective: {proposal.percent:g}{threshold}}}"


def _source(
    settings: tuple[str, tuple[tuple[str, str | tuple[str, ...]], ...], tuple[str, ...]], indent: str
) -> list[str]:
    provider, parameters, off = settings
    lines = [f"{indent}provider: {scalar(provider)}"]
    if parameters:
        lines.append(f"{indent}parameters: {flow(dict(parameters))}")
    if off:
        nulls = ", ".join(f"{key}: null" for key in off)
        lines.append(f"{indent}queries: {{{nulls}}}   # without metrics here")
    return lines


def flow(values: Mapping[str, str | tuple[str, ...]]) -> str:
    """A mapping in one line."""
    return "{" + ", ".join(f"{scalar(key)}: {_value(value)}" for key, value in values.items()) + "}"


def _value(value: str | tuple[str, ...]) -> str:
    return scalar(value) if isinstance(value, str) else f"[{', '.join(map(scalar, value))}]"


def scalar(text: str) -> str:
    """A text as YAML reads it back as this text."""
    if _PLAIN.fullmatch(text) and yaml.safe_load(text) == text:
        return text
    return json.dumps(text, ensure_ascii=has_unprintable(text))  # YAML takes no control characters, even in quotes


def _comment(text: str, mark: str) -> Iterator[str]:
    """A sentence in lines of a comment."""
    line = ""
    for word in printable(text).split():
        if line and len(line) + len(word) >= _WIDTH:
            yield f"{mark}{line}"
            line = word
        else:
            line = f"{line} {word}".strip()
    yield f"{mark}{line}"
