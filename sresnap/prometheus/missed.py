"""Which values of labels a query for bad or good events takes, and which errors it takes wrongly.

A series is missed if it looks like an error, no matcher excludes it by name, and all that keeps the query for bad
events from taking it is a matcher of another error (`503`, not `500`) or one that no series meets (`instance="gone"`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sresnap.config import looks_like_error
from sresnap.model.evidence import LabelValues
from sresnap.printable import quotable
from sresnap.promql.selectors import is_positive, matches
from sresnap.promql.tree import Matcher

Row = Mapping[str, str]
"""Values of labels that occur together."""
_LONGEST_VALUE = 100
_NO_VALUE = "\x00"
"""A value that only a matcher of any value matches."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selector of a query, by what chooses events in it."""

    metric: str
    matchers: tuple[Matcher, ...]
    """Those that choose the kind of events, not the service."""
    rows: Sequence[Row]
    """The series that exist without these matchers, by the labels of all selectors of this metric."""
    is_bad: bool = True
    """Whether it chooses bad events; otherwise good ones."""

    def takes(self, row: Row) -> bool:
        """Whether the selector takes a series."""
        return not self.failing(row)

    def failing(self, row: Row) -> list[Matcher]:
        """The matchers that keep the selector from taking a series."""
        return [matcher for matcher in self.matchers if not matches(matcher, row.get(matcher.label, ""))]


def label_values(chosen: Sequence[Chosen]) -> tuple[LabelValues, ...]:
    """The labels that choose events, each with its values, and the errors that the query takes wrongly.

    A label that one term of a metric leaves open chooses nothing. It is named only if it holds missed errors.
    """

    def kind(one: Chosen) -> tuple[str, bool]:
        return one.metric, one.is_bad

    groups = groupby(sorted(chosen, key=kind), kind)
    return tuple(each for _, same in groups for each in _of_metric(list(same)))


def _of_metric(same: Sequence[Chosen]) -> Iterator[LabelValues]:
    missed, barren = _missed(same) if same[0].is_bad else (_mistaken(same), ())
    labels = dict.fromkeys(matcher.label for one in same for matcher in one.matchers)
    for label in labels:
        wrong = _shown(missed.get(label, ()))
        is_chosen = all(any(matcher.label == label for matcher in one.matchers) for one in same)
        takes, seen = _values(label, same)
        if label == "le" or not (wrong or (is_chosen and seen)):
            continue
        if not same[0].is_bad:
            yield LabelValues(label, _shown(takes), _shown(seen - takes), mistaken=wrong)
            continue
        leaves = (seen | missed.get(label, set())) - takes
        yield LabelValues(label, _shown(takes), _shown(leaves), wrong, unmet=barren if wrong else ())


def _shown(values: Collection[str]) -> tuple[str, ...]:
    """Values as a report may name them: in order, each printable and not too long."""
    return tuple(dict.fromkeys(quotable(value, _LONGEST_VALUE) for value in sorted(values)))


def _values(label: str, same: Sequence[Chosen]) -> tuple[set[str], set[str]]:
    """The values that are taken, and all that exist where the other matchers match."""
    takes: set[str] = set()
    seen: set[str] = set()
    for one in same:
        for row in one.rows:
            failing = {matcher.label for matcher in one.failing(row)}
            if row.get(label) and failing <= {label}:
                seen.add(row[label])
                if not failing:
                    takes.add(row[label])
    return takes, seen


def _missed(same: Sequence[Chosen]) -> tuple[dict[str, set[str]], tuple[str, ...]]:
    """By label, the errors that no selector takes; and the matchers that no series meets."""
    found: dict[str, set[str]] = {}
    unmet: dict[str, None] = {}
    taken = {_key(row) for one in same for row in one.rows if one.takes(row)}
    for one in same:
        positive = filter(is_positive, one.matchers)
        barren = [m for m in positive if not any(matches(m, row.get(m.label, "")) for row in one.rows)]
        for row in one.rows:
            if _key(row) in taken or any(_excludes(other, row) for other in same):
                continue
            failing = one.failing(row)
            errors = [m.label for m in one.matchers if _is_error(m.label, row)]
            if not errors or not all(m.label in errors or m in barren for m in failing):
                continue
            unmet |= {f'{m.label}{m.operator}"{m.value}"': None for m in failing if m.label not in errors}
            for label in [m.label for m in failing if m.label in errors] or errors:
                found.setdefault(label, set()).add(row[label])
    return found, tuple(unmet)


def _mistaken(same: Sequence[Chosen]) -> dict[str, set[str]]:
    """By label, the errors that are taken as good, unless a matcher names them."""
    found: dict[str, set[str]] = {}
    for one in same:
        named = {m.label for m in one.matchers if is_positive(m) and not matches(m, _NO_VALUE)}
        for row in filter(one.takes, one.rows):
            for label in {matcher.label for matcher in one.matchers} - named:
                if _is_error(label, row):
                    found.setdefault(label, set()).add(row[label])
    return found


def _is_error(label: str, row: Row) -> bool:
    return looks_like_error(row.get(label, ""), label)


def _excludes(one: Chosen, row: Row) -> bool:
    return any(not is_positive(matcher) for matcher in one.failing(row))


def _key(row: Row) -> Collection[tuple[str, str]]:
    return frozenset(row.items())
