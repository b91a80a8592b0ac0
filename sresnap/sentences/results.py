"""Rules: what the objectives came to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sresnap.model.review import Outcome
from sresnap.sentences.fact import Fact
from sresnap.sentences.subject import Objective, Restated, Subject
from sresnap.sentences.values import Kind, Value

MOST_NAMED = 2
"""How many objectives a rule says something about. It names the others."""
_PAIR = 2


def nothing(subject: Subject) -> Iterator[Fact]:
    """No objective has a result: the only thing to say."""
    if subject.objectives:
        return
    if subject.period is None:
        yield Fact("week", {"at": subject.at.as_(Kind.MOMENT)}, subject.page, subject.at.address)
    else:
        yield Fact("closed", {"period": subject.period}, subject.page, subject.period.addresses[0])


def restated(subject: Subject) -> Iterator[Fact]:
    """Numbers that changed after the period was closed, the verdicts first."""
    if subject.period is None:
        return
    found = sorted(subject.restated, key=lambda one: one.was is one.now)
    for one in found[:MOST_NAMED]:
        yield _restated(one, subject.period)
    yield from _others(found[MOST_NAMED:], "others", subject.page)


def _restated(one: Restated, period: Value) -> Fact:
    named = {"cause": one.cause, "period": period, "slo": one.name, "day": one.at.as_(Kind.DAY)}
    if one.was is not one.now:
        verdicts = {
            "was": Value(Kind.WORD, one.was.value, (one.was_address,)),
            "now": Value(Kind.WORD, one.now.value, (one.now_address,)),
        }
        return Fact("outcome", named | verdicts, one.page, one.now_address)
    if one.left_was is None or one.left is None:
        return Fact("unknown", named, one.page, one.now_address)
    left = {"left_was": one.left_was.as_(Kind.SHARE), "left": one.left.as_(Kind.SHARE)}
    return Fact("number", named | left, one.page, one.left.address)


def verdicts(subject: Subject) -> Iterator[Fact]:
    """How many objectives were met, missed and not judged."""
    if not subject.objectives:
        return
    met, missed, unjudged = (_count(subject, is_one) for is_one in (_is_met, _is_missed, _is_unjudged))
    total = _count(subject, lambda _: True)
    values = {"total": total, "met": met, "missed": missed, "unjudged": unjudged}
    if subject.period is not None:
        values["period"] = subject.period
    form = _verdicts_form(*(len(found.addresses) for found in (total, met, missed, unjudged)))
    yield Fact(form if subject.is_closed else f"week_{form}", values, subject.page, total.addresses[0])


def _verdicts_form(total: int, met: int, missed: int, unjudged: int) -> str:
    if unjudged == total:
        return "none" if total > 1 else "none_only"
    if unjudged:
        return "unjudged"
    if total not in (met, missed):
        return "some"
    form = {1: "only", _PAIR: "both"}.get(total, "all")
    return form if met else f"{form}_missed"


def _count(subject: Subject, is_one: Callable[[Objective], bool]) -> Value:
    found = tuple(one.outcome_address for one in subject.objectives if is_one(one))
    return Value(Kind.COUNT, len(found), found)


def _is_met(one: Objective) -> bool:
    return one.outcome is Outcome.MET


def _is_missed(one: Objective) -> bool:
    return one.outcome is Outcome.MISSED


def _is_unjudged(one: Objective) -> bool:
    return not one.outcome.is_judged


def missed(subject: Subject) -> Iterator[Fact]:
    """The objectives that were missed, the worst first: by how much."""
    found = [one for one in subject.objectives if _is_missed(one)]
    found.sort(key=lambda one: 0.0 if one.left is None else one.left.value)
    said = [(one, fact) for one in found if (fact := _missed(one, subject)) is not None][:MOST_NAMED]
    yield from (fact for _, fact in said)
    rest = [one for one in found if one not in [named for named, _ in said]]
    yield from _others(rest, "others" if subject.is_closed else "week_others", subject.page)


def _missed(one: Objective, subject: Subject) -> Fact | None:
    if one.left is None:
        return None
    spent = {"slo": one.name, "spent": one.left.as_(Kind.SPENT)}
    if not subject.is_closed:
        return None if one.window is None else Fact("week", spent | {"window": one.window}, one.page, one.left.address)
    if one.sli is None:
        return None
    sli = Value(Kind.SLI, (one.sli.value, one.objective.value), (one.sli.address, one.objective.address))
    return Fact(
        "closed", spent | {"objective": one.objective.as_(Kind.OBJECTIVE), "sli": sli}, one.page, one.sli.address
    )


def undecided(subject: Subject) -> Iterator[Fact]:
    """The objectives whose samples leave the verdict open."""
    found = [one for one in subject.objectives if one.outcome is Outcome.OPEN]
    said = [one for one in found if one.left is not None and one.worst_left is not None][:MOST_NAMED]
    for one in said:
        assert one.left is not None
        assert one.worst_left is not None
        between = {"worst": one.worst_left.as_(Kind.SHARE), "left": one.left.as_(Kind.SHARE)}
        yield Fact("one", {"slo": one.name} | between, one.page, one.worst_left.address)
    yield from _others([one for one in found if one not in said], "others", subject.page)


_WHY = {
    Outcome.INCOMPLETE: "coverage",
    Outcome.LOW_TRAFFIC: "low",
    Outcome.IMPLAUSIBLE: "doubtful",
    Outcome.NO_TRAFFIC: "traffic",
    Outcome.NO_DATA: "data",
}


def unjudged(subject: Subject) -> Iterator[Fact]:
    """The objectives without a verdict, and why."""
    found = [one for one in subject.objectives if one.outcome in _WHY]
    found.sort(key=lambda one: list(_WHY).index(one.outcome))
    for one in found[:MOST_NAMED]:
        form, values, address = _WHY[one.outcome], {"slo": one.name}, one.outcome_address
        if form == "coverage" and one.coverage is not None:
            values, address = values | {"coverage": one.coverage.as_(Kind.COVERAGE)}, one.coverage.address
            if one.known_since is not None:
                form, values = "begun", values | {"since": one.known_since.as_(Kind.MOMENT)}
        elif form == "coverage":
            form = "low"
        yield Fact(form, values, one.page, address)
    yield from _others(found[MOST_NAMED:], "others", subject.page)


def _others(rest: Sequence[Objective | Restated], form: str, page: str) -> Iterator[Fact]:
    """Those that a rule names only."""
    if rest:
        names = names_of([one.name for one in rest])
        yield Fact(form, {"slos": names}, page, names.addresses[0])


def names_of(names: Sequence[Value]) -> Value:
    """A list of names."""
    texts = tuple(str(name.data) for name in names)
    return Value(Kind.NAMES, texts, tuple(address for name in names for address in name.addresses))
