"""Rules: what burned, and what comes back."""

from __future__ import annotations

from collections.abc import Iterator

from sresnap.model.review import Outcome
from sresnap.sentences.fact import Fact
from sresnap.sentences.subject import Objective, Stretch, Subject
from sresnap.sentences.values import Kind, Known, Value

NOTABLE_SHARE = 0.1
"""Of the budget, that an episode, a day or a change must have: a tenth is three days of a month."""
NOTABLE_CHANGE = 0.25
"""Of the budget, by which it was spent more or less than before."""
LEAST_STREAK = 3
MOST_EPISODES = 3
MOST_OTHERS = 2


def burned(subject: Subject) -> Iterator[Fact]:
    """The costliest episodes of all objectives: what share of the budget in how many hours."""
    found = [(one, stretch) for one in subject.objectives for stretch in one.stretches]
    found = [(one, stretch) for one, stretch in found if stretch.share.value >= NOTABLE_SHARE]
    found.sort(key=lambda pair: -pair[1].share.value)
    for one, stretch in found[:MOST_EPISODES]:
        yield _burned(one, stretch)


def _burned(one: Objective, stretch: Stretch) -> Fact:
    values = {"slo": one.name, "share": stretch.share.as_(Kind.SHARE), "length": stretch.length}
    if one.window is not None:
        values["window"] = one.window
    start, end = stretch.start.as_(Kind.MOMENT), stretch.end.as_(Kind.MOMENT)
    day = Value(Kind.DAY, stretch.start.value, (stretch.start.address,))
    values |= {"start": start, "end": end, "day": day}
    form = "closed" if one.window is None else "week"
    if stretch.is_ongoing:
        form = "ongoing"
    elif not stretch.is_of_one_day:
        form = f"{form}_span"
    return Fact(form, values, one.page, stretch.share.address)


def calm(subject: Subject) -> Iterator[Fact]:
    """Nothing burned: only where all of it is known."""
    first = next(iter(subject.objectives), None)
    if subject.is_closed and first is not None and not subject.gaps and all(one.is_calm for one in subject.objectives):
        yield Fact("closed", {}, subject.page, first.outcome_address)


def worst_day(subject: Subject) -> Iterator[Fact]:
    """The worst day of the objective that lost most on one, unless an episode says the same."""
    found = [
        (one, one.days[0])
        for one in subject.objectives
        if one.days and one.days[0].share.value >= NOTABLE_SHARE and not _is_one_episode(one)
    ]
    if found:
        one, day = max(found, key=lambda pair: pair[1].share.value)
        yield Fact(
            "closed", {"slo": one.name, "day": day.day, "share": day.share.as_(Kind.SHARE)}, one.page, day.share.address
        )


def _is_one_episode(one: Objective) -> bool:
    """Whether one of its episodes is about the whole of its worst day."""
    return any(stretch.share.value >= NOTABLE_SHARE and stretch.is_of_one_day for stretch in one.stretches)


def recovered(subject: Subject) -> Iterator[Fact]:
    """Met again after it was missed."""
    for one in subject.objectives:
        if one.outcome is Outcome.MET and one.before is not None and one.before.outcome is Outcome.MISSED:
            yield from _turned(one, subject)


def slipped(subject: Subject) -> Iterator[Fact]:
    """Missed after it was met."""
    for one in subject.objectives:
        if one.outcome is Outcome.MISSED and one.before is not None and one.before.outcome is Outcome.MET:
            yield from _turned(one, subject)


def _turned(one: Objective, subject: Subject) -> Iterator[Fact]:
    before = one.before
    if before is None or not one.is_comparable:
        return
    if before.period is not None:
        yield Fact("closed", {"slo": one.name, "before": before.period}, one.page, one.outcome_address)
    elif one.left is not None and before.left is not None and not subject.is_closed:
        values = {"slo": one.name, "left": one.left.as_(Kind.SHARE), "left_before": before.left.as_(Kind.SHARE)}
        yield Fact("week", values, one.page, one.left.address)


def against_before(subject: Subject) -> Iterator[Fact]:
    """The budgets that changed most against the period before, where the verdict is the same."""
    found = []
    for one in subject.objectives:
        before = one.before
        if before is None or one.left is None or before.left is None or not one.is_comparable:
            continue
        if one.outcome is before.outcome and one.outcome.is_judged:
            change = one.left.value - before.left.value
            if abs(change) >= NOTABLE_CHANGE:
                found.append((abs(change), change > 0, one, one.left, before.left, before.period))
    found.sort(key=lambda each: -each[0])
    for _, is_less, one, left, left_before, period in found[:MOST_OTHERS]:
        yield _against(one, left, left_before, period, "less" if is_less else "more")


def _against(one: Objective, left: Known, left_before: Known, period: Value | None, form: str) -> Fact:
    if period is None:
        values = {"slo": one.name, "left": left.as_(Kind.SHARE), "left_before": left_before.as_(Kind.SHARE)}
        return Fact(f"week_{form}", values, one.page, left.address)
    values = {"slo": one.name, "spent": left.as_(Kind.SPENT), "spent_before": left_before.as_(Kind.SPENT)}
    return Fact(form, values | {"before": period}, one.page, left.address)


def streak(subject: Subject) -> Iterator[Fact]:
    """Met, or missed, again and again: the longest of each."""
    if subject.unit is None:
        return
    met = max((one for one in subject.objectives), key=lambda one: one.met_in_a_row.number, default=None)
    if met is not None and met.met_in_a_row.number >= LEAST_STREAK:
        run = met.met_in_a_row
        periods = Value(Kind.PERIODS, (run.number, subject.unit), run.addresses)
        yield Fact("met", {"slo": met.name, "periods": periods}, met.page, run.addresses[-1])
    often = [one for one in subject.objectives if one.missed.number > 1 and one.judged.number >= LEAST_STREAK]
    if often:
        one = max(often, key=lambda one: one.missed.number / one.judged.number)
        values = {
            "slo": one.name,
            "missed": Value(Kind.COUNT, one.missed.number, one.missed.addresses),
            "periods": Value(Kind.PERIODS, (one.judged.number, subject.unit), one.judged.addresses),
        }
        yield Fact("missed", values, one.page, one.missed.addresses[0])


def comes_back(subject: Subject) -> Iterator[Fact]:
    """When the costliest episodes leave their rolling windows."""
    found = [
        (one, stretch, stretch.leaves)
        for one in subject.objectives
        for stretch in one.of_window
        if stretch.leaves is not None and not stretch.is_ongoing and stretch.share.value >= NOTABLE_SHARE
    ]
    found.sort(key=lambda each: (each[2].value, -each[1].share.value))
    for one, stretch, leaves in found[:MOST_OTHERS]:
        values = {
            "slo": one.name,
            "share": stretch.share.as_(Kind.SHARE),
            "leaves": leaves.as_(Kind.DAY),
            "day": stretch.start.as_(Kind.DAY),
        }
        yield Fact("week", values, one.page, leaves.address)
