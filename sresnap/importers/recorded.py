"""What the rules of a document say of each ratio that they record: its SLO, objective and window.

All rules and alerts that may be about a ratio are heard. Those that name the most of its labels decide. Where these
disagree, nothing is chosen: the SLO has no objective, or no window, and a sentence says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sresnap.importers.promql import window_name
from sresnap.promql.labels import labels_of
from sresnap.promql.parser import NotPromqlError
from sresnap.promql.reader import read
from sresnap.promql.selectors import matches
from sresnap.promql.tree import Binary, Call, Matcher, Node, Number, Selector, walk

_T = TypeVar("_T")
_SLOTH_RATIO = re.compile(r"slo:sli_error:ratio_rate([0-9]{1,6}[smhdw])")
_RATIO = re.compile(r"(.+):burnrate([0-9]{1,6}[smhdw])")
_PERIOD = re.compile(r"(.+):(?:increase|availability)([0-9]+[hdw])")
_REPEAT, _REPEATED_GROUP = re.compile(r"(?<!\()[*+?{]"), re.compile(r"\)[*+{]")
_MOST_REPEATS, _LONGEST_VALUE = 3, 200
"""Of a regex and a label's value: the tries are at most the length to the power of the repeats."""
_SLOTH_WINDOW = "30d"
"""Sloth's default period, where its rules do not say another."""
_SLOTH_LABELS = ("sloth_id", "sloth_service", "sloth_slo")
_FILES_WINDOW = "the file's window is used"


@dataclass(frozen=True, slots=True)
class Rule:
    """A recording rule or an alert."""

    name: str
    """Of the series that it records; empty for an alert."""
    expr: str
    labels: Mapping[str, str]

    @classmethod
    def of(cls, data: Mapping[Any, Any]) -> Rule:
        labels = data.get("labels")
        texts = labels.items() if isinstance(labels, dict) else ()
        name, expr = data.get("record"), data.get("expr")
        return cls(
            name if isinstance(name, str) else "",
            expr if isinstance(expr, str) else str(expr),
            {key: value for key, value in texts if isinstance(key, str) and isinstance(value, str)},
        )


@dataclass(frozen=True, slots=True)
class Ratio:
    """A recorded ratio of errors."""

    rule: Rule
    window: str
    """`5m`."""
    service: str
    slo: str
    objective: float | None
    """Percent; None where the rules do not say it."""
    no_objective: str
    """Why there is no objective."""
    period: str | None
    """The SLO's window: `28d`."""
    no_period: str
    """Why there is no window of its own."""

    @property
    def identity(self) -> tuple[object, ...]:
        """What the ratios of one SLO over several windows share."""
        labels = {key: value for key, value in self.rule.labels.items() if value != self.window}
        return self.service, self.slo, self.rule.name.removesuffix(self.window), frozenset(labels.items())


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of a document."""

    rules: list[Rule]
    budgets: dict[str, list[tuple[Selector, float]]] = field(default_factory=dict)
    """By the name of a recorded ratio, the objectives in percent that alerts compare it with: `1 - objective`."""

    def ratios(self) -> Iterator[Ratio]:
        for rule in self.rules:
            if not rule.name:
                self._note_budgets(rule)
        for rule in self.rules:
            sloth, other = _SLOTH_RATIO.fullmatch(rule.name), _RATIO.fullmatch(rule.name)
            if sloth is not None and rule.labels.get("sloth_slo"):
                yield self._of_sloth(rule, sloth[1])
            elif other is not None:
                yield self._of_other(rule, other[1], other[2])

    def are_added_up(self, rules: Iterable[Rule]) -> bool:
        """Whether one alert selects all of these ratios, which share a name."""
        alike = list(rules)
        return any(all(_may_select(one, rule) for rule in alike) for one, _ in self.budgets.get(alike[0].name, ()))

    def _of_sloth(self, rule: Rule, window: str) -> Ratio:
        service, slo = rule.labels.get("sloth_service", ""), rule.labels["sloth_slo"]
        own = [one for one in self.rules if all(one.labels.get(x) == rule.labels.get(x) for x in _SLOTH_LABELS)]
        said = [_number(one.labels.get("sloth_objective")) for one in own if one.name == "sloth_slo_info"]
        ratios = [_value(one.expr) for one in own if one.name == "slo:objective:ratio"]
        objectives = {one for one in said if one is not None} or {_percent(one) for one in ratios if one is not None}
        periods = [_days(one.expr) for one in own if one.name == "slo:time_period:days"] or [_SLOTH_WINDOW]
        return Ratio(rule, window, service or slo, slo, *_objective(objectives), *_period(set(periods)))

    def _of_other(self, rule: Rule, prefix: str, window: str) -> Ratio:
        labels = {key: value for key, value in rule.labels.items() if value != window}
        slo = labels.get("slo") or "-".join(value for _, value in sorted(labels.items())) or prefix
        budgets = [(_named(s, labels), o) for s, o in self.budgets.get(rule.name, ()) if _may_select(s, rule)]
        matched = ((one, _PERIOD.fullmatch(one.name)) for one in self.rules)
        periods = [(_alike(one, rule), found[2]) for one, found in matched if found is not None and found[1] == prefix]
        # `x:increase1h` beside `x:increase30d` is a part that it is made of.
        periods = [(n, name) for n, name in periods if n >= 0 and (not name.endswith("h") or window_name(name))]
        service = labels.get("service") or labels.get("slo") or prefix
        return Ratio(rule, window, service, slo, *_objective(_first(budgets)), *_period(_first(periods)))

    def _note_budgets(self, alert: Rule) -> None:
        try:
            nodes = list(walk(read(alert.expr)))
        except NotPromqlError:
            return
        for node in nodes:
            match node:
                case Binary(">" | ">=", ratio, Binary("*", one, other)) | Binary(
                    "<" | "<=", Binary("*", one, other), ratio
                ):
                    budget = _budget(one, other)
                    for each in walk(ratio):
                        if isinstance(each, Selector) and budget is not None:
                            self.budgets.setdefault(each.name, []).append((each, _percent(1 - budget)))


def _objective(said: set[float]) -> tuple[float | None, str]:
    """The objective that the rules agree on, or why there is none."""
    if len(said) == 1:
        return next(iter(said)), ""
    if not said:
        return None, "none of these rules says its objective"
    return None, f"its rules name several objectives: {', '.join(f'{one:g} %' for one in sorted(said))}"


def _period(said: set[str]) -> tuple[str | None, str]:
    """The window that the rules agree on, or why there is none."""
    if not said:
        return None, f"no rule says its window; {_FILES_WINDOW}"
    names = {window_name(one) for one in said}
    if None in names:
        wrong = ", ".join(sorted(one for one in said if window_name(one) is None))
        return None, f"its window {wrong} is not whole days, 1 to 3660; {_FILES_WINDOW}"
    if len(names) > 1:
        return None, f"its rules name several windows: {', '.join(sorted(said))}; {_FILES_WINDOW}"
    return names.pop(), ""


def _first(ranked: list[tuple[int, _T]]) -> set[_T]:
    """The values of the highest rank."""
    highest = max((rank for rank, _ in ranked), default=0)
    return {value for rank, value in ranked if rank == highest}


def _named(selector: Selector, labels: Mapping[str, str]) -> int:
    """How many of a ratio's labels a selector names."""
    return sum(m.operator == "=" and labels.get(m.label) == m.value for m in selector.matchers)


def _may_select(selector: Selector, rule: Rule) -> bool:
    """Whether a selector may select what a rule records. `sum(x:burnrate1h)` selects all of them."""
    return all(_may_match(matcher, rule) for matcher in selector.matchers if matcher.label != "__name__")


def _may_match(matcher: Matcher, rule: Rule) -> bool:
    """Whether a label matches that the rule sets. One that it does not set may be its query's: `{cluster=~".+"}`."""
    value = rule.labels.get(matcher.label, "")
    try:
        if matcher.operator in ("=~", "!~") and not _is_quick(matcher.value, value):
            return False
        if matches(matcher, value):
            return True
        labels = labels_of(read(rule.expr))
    except (re.error, NotPromqlError):
        return False
    is_its_query_s = matcher.label not in rule.labels and (labels is None or matcher.label in labels)
    return is_its_query_s and matcher.operator != "="


def _is_quick(pattern: str, value: str) -> bool:
    """Whether a regex of a foreign file is decided at once. `(a+)+` would take Python years for forty letters."""
    repeats = len(_REPEAT.findall(pattern))
    return len(value) <= _LONGEST_VALUE and repeats <= _MOST_REPEATS and _REPEATED_GROUP.search(pattern) is None


def _alike(one: Rule, ratio: Rule) -> int:
    """How many labels say that a rule is about the same SLO as a ratio; -1 where a label says otherwise.

    The ratios of an API server have no `slo`. Each verb has the others' window unless a rule says its own.
    """
    shared = one.labels.keys() & ratio.labels.keys()
    if one.labels.get("slo") == ratio.labels.get("slo") and all(one.labels[x] == ratio.labels[x] for x in shared):
        return 1 + len(shared)
    return 0 if "slo" not in one.labels and one.labels.keys() == ratio.labels.keys() == {"verb"} else -1


def _budget(one: Node, other: Node) -> float | None:
    """The error budget of `14 * (1 - 0.99)`, in either order: what is written as a difference, or is below 1."""
    factors = [(node, _constant(node)) for node in (one, other)]
    if any(value is None for _, value in factors):
        return None
    differences = [value for node, value in factors if isinstance(node, Binary)]
    small = differences or [value for _, value in factors if value is not None and 0 < value < 1]
    return small[0] if len(small) == 1 else None


def _value(expr: str) -> float | None:
    """The number that an expression is: `vector(0.999)`."""
    try:
        return _constant(read(expr))
    except NotPromqlError:
        return None


def _days(expr: str) -> str:
    """The window that an expression of days is: `vector(28)` is `28d`, `vector(2.5)` is `2.5d`."""
    days = _value(expr)
    return " ".join(expr.split())[:60] if days is None else f"{days:g}d"


def _constant(node: Node) -> float | None:
    match node:
        case Number(value):
            return value
        case Call("vector", (inner,)):
            return _constant(inner)
        case Binary("-", Number(left), Number(right)):
            return left - right
        case _:
            return None


def _number(text: str | None) -> float | None:
    try:
        return float(text or "")
    except ValueError:
        return None


def _percent(ratio: float) -> float:
    """0.9990000000000001 is 99.9 %: these tools compute in binary."""
    return float(f"{ratio * 100:.10g}")
