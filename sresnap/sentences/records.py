"""Rules: what is missing, what was left out, what was configured differently, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from sresnap.sentences.fact import Fact
from sresnap.sentences.results import names_of
from sresnap.sentences.subject import Hole, Subject
from sresnap.sentences.values import Kind, Value

MOST_NAMED = 2
_UNCHANGED = 0.0005
"""A budget that corrections changed by less reads the same."""


def gaps(subject: Subject) -> Iterator[Fact]:
    """Hours that no report counted, the longest first."""
    yield from _holes(subject, subject.gaps)


def corrections(subject: Subject) -> Iterator[Fact]:
    """What corrections leave out, and the budget that they changed most."""
    yield from _holes(subject, subject.corrections)
    found = [
        (abs(one.left.value - one.uncorrected_left.value), one, one.left, one.uncorrected_left)
        for one in subject.objectives
        if one.left is not None and one.uncorrected_left is not None
    ]
    if found:
        change, one, left, uncorrected = max(found, key=lambda each: each[0])
        if change >= _UNCHANGED:
            values = {"slo": one.name, "left": left.as_(Kind.SHARE), "uncorrected": uncorrected.as_(Kind.SHARE)}
            yield Fact("effect", values, one.page, uncorrected.address)


def _holes(subject: Subject, holes: tuple[Hole, ...]) -> Iterator[Fact]:
    found = sorted(holes, key=lambda hole: hole.start.value - hole.end.value)
    for hole in found[:MOST_NAMED]:
        values = {"length": hole.length, "start": hole.start.as_(Kind.MOMENT), "end": hole.end.as_(Kind.MOMENT)}
        if hole.reason is not None:
            values["reason"] = hole.reason
        is_short = hole.is_of_one_day and hole.reason is None
        if is_short:
            values |= {
                "day": hole.start.as_(Kind.DAY),
                "from": hole.start.as_(Kind.TIME),
                "to": hole.end.as_(Kind.TIME),
            }
        yield Fact("day" if is_short else "one", values, subject.page, hole.start.address)
    rest = found[MOST_NAMED:]
    if rest:
        addresses = tuple(hole.start.address for hole in rest)
        yield Fact("others", {"count": Value(Kind.COUNT, len(rest), addresses)}, subject.page, addresses[0])


def objectives_changed(subject: Subject) -> Iterator[Fact]:
    """Objectives that are others than before."""
    for name, before, now, page in subject.changes.objectives[:MOST_NAMED]:
        values = {
            "slo": name,
            "objective_before": before.as_(Kind.OBJECTIVE),
            "objective": now.as_(Kind.OBJECTIVE),
        }
        yield Fact("one", values, page, now.address)


def added(subject: Subject) -> Iterator[Fact]:
    """Objectives that are new."""
    yield from _named(subject, subject.changes.added)


def removed(subject: Subject) -> Iterator[Fact]:
    """Objectives that are gone."""
    yield from _named(subject, subject.changes.removed)


def queries_changed(subject: Subject) -> Iterator[Fact]:
    """Queries that count something else."""
    yield from _named(subject, subject.changes.requeried)
    if subject.changes.queries:
        count = Value(Kind.NUMBER, subject.changes.queries, (subject.at.address,))
        yield Fact("week", {"count": count}, subject.page, subject.at.address)


def settings_changed(subject: Subject) -> Iterator[Fact]:
    """Other parts of the configuration."""
    if subject.changes.settings:
        yield Fact("week", {"settings": Value(Kind.NAMES, subject.changes.settings)}, subject.page, subject.at.address)


def _named(subject: Subject, names: tuple[Value, ...]) -> Iterator[Fact]:
    if names:
        found = names_of(names)
        yield Fact("one", {"slos": found}, subject.page, found.addresses[0])


def policy(subject: Subject) -> Iterator[Fact]:
    """What the team's policy asks for."""
    action = subject.action
    if action is not None:
        values = {"text": Value(Kind.TEXT, action.text)}
        if action.service is not None:
            values["service"] = action.service
        yield Fact(action.form, values, action.link or subject.page, action.addresses[0])
