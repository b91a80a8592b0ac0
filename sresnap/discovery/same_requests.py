"""Whether services of one name in several sources count the same requests, by what they counted. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sresnap import format as fmt
from sresnap.discovery.candidates import nearness
from sresnap.discovery.config_text import Entry
from sresnap.discovery.objectives import Seen

_MOST_APART = 2.0
"""How many times as many requests the other one may count: retries, caches and rejected requests, but no other traffic.
A guess. Both counts are shown, so that a reader can judge."""


def settled(entries: Sequence[Entry], seen: Mapping[str, Seen]) -> tuple[Entry, ...]:
    """The entries, where one that counts the same requests as a service nearer to the user is a comment.

    Where the counts of the two are apart, or cannot be compared, both stay and say so.

    Args:
        entries: what was found. One that cannot be judged counts for nobody else.
        seen: by name, what each did, services of the file included.
    """
    judged: dict[str, Entry] = {entry.named.name: entry for entry in entries}
    for entry in sorted(entries, key=lambda one: nearness(one.named.chosen.candidate.name)):
        if entry.is_active:
            _settle(entry, judged, seen)
    return tuple(judged[entry.named.name] for entry in entries)


def _settle(entry: Entry, judged: dict[str, Entry], seen: Mapping[str, Seen]) -> None:
    name = entry.named.name
    apart: list[tuple[str, str]] = []
    for nearer in _active(entry, judged):
        counts = _counts(seen.get(nearer), seen.get(name))
        if counts is None:
            apart.append((nearer, "which may count the same requests: the two counts cannot be compared"))
            continue
        there, here, hours = counts
        both = f"{_shown(there, seen[nearer])} in {nearer}, {_shown(here, seen[name])} in {name}"
        both += f", in the same {fmt.count(hours, 'hour')}"
        if max(there, here) <= _MOST_APART * min(there, here):
            why = "nearer to the user" if nearer in judged else "and is in the file"
            note = f"{nearer} counts the same requests, {why}: {both}. Use one of them."
            named = replace(entry.named, counted_by=nearer)
            judged[name] = replace(judged[name], named=named, notes=(note, *judged[name].notes))
            return
        apart.append((nearer, f"but does not count the same requests: {both}"))
    for other, text in apart:
        judged[name] = _noted(judged[name], f"{other} has the same name, {text}")
        if other in judged:
            judged[other] = _noted(judged[other], f"{name} has the same name, {text}")


def _active(entry: Entry, judged: Mapping[str, Entry]) -> Iterator[str]:
    for nearer in entry.named.nearer:
        if nearer not in judged or judged[nearer].is_active:  # the file's own services are not among the entries
            yield nearer


def _noted(entry: Entry, note: str) -> Entry:
    return replace(entry, notes=(note, *entry.notes))


def _counts(there: Seen | None, here: Seen | None) -> tuple[float, float, int] | None:
    """What both counted in the spans that both have, and how many spans that are."""
    if there is None or here is None:
        return None
    shared = there.spans.keys() & here.spans.keys()
    if not shared:
        return None
    return sum(there.spans[end] for end in shared), sum(here.spans[end] for end in shared), len(shared)


def _shown(count: float, seen: Seen) -> str:
    errors = "" if seen.errors is None else f" ({fmt.percent(seen.errors)} errors)"
    return fmt.plain(f"{fmt.count_of(count, 'request')}{errors}")
