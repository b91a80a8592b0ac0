"""Credentials and private addresses in the labels of found series: the first never reach a file or a message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pydantic import SecretStr

from sresnap import format as fmt
from sresnap.discovery.naming import Named
from sresnap.discovery.survey import Row
from sresnap.leaks.inputs import leaks_in_values
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import leaks_in_text
from sresnap.printable import printable


def without_credentials(
    source: str, rows: Sequence[Row], secrets: Mapping[str, SecretStr]
) -> tuple[list[Row], tuple[str, ...]]:
    """The rows whose labels may be written and printed, and what is said of the others. It repeats no value of them.

    Args:
        source: the preset.
        rows: what was found.
        secrets: of the configuration.
    """
    found = credentials((text for row in rows for text in row.labels.values()), secrets)
    if not found:
        return list(rows), ()
    kept: list[Row] = []
    by: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        held = [(label, text) for label, text in row.labels.items() if text in found]
        for label, text in held:
            by[label, found[text]].add(text)
        if not held:
            kept.append(row)
    return kept, tuple(
        f"{source}: {fmt.plain(fmt.count(len(texts), 'value'))} of the label {printable(label)} with {what}: a report "
        f"would publish it. Revoke it, and take it out of the label in the configuration of the scrape"
        for (label, what), texts in sorted(by.items())
    )


def credentials(texts: Iterable[str], secrets: Mapping[str, SecretStr]) -> dict[str, str]:
    """Which of some texts hold credentials, and what they are."""
    every, rules = set(texts), PublicationRules(secrets=secrets, private=True)
    if not leaks_in_values({"": every}, rules):
        return {}
    return {text: leaks[0].what for text in sorted(every) if (leaks := leaks_in_text("", text, rules))}


def private_addresses(services: Iterable[Named]) -> tuple[str, ...]:
    """The private addresses and hosts that a report of these services would show."""
    texts = {text for one in services for text in (one.name, *one.chosen.labels.values())}
    rules = PublicationRules()
    if not leaks_in_values({"": texts}, rules):
        return ()
    return tuple(dict.fromkeys(leak.shown or "" for text in sorted(texts) for leak in leaks_in_text("", text, rules)))
