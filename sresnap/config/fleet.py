"""What concerns several services: groups, corrections, the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sresnap.config.corrections import CorrectionRule, local
from sresnap.config.fields import ExpectedError, nearest, shown
from sresnap.config.recurrence import checked_rule
from sresnap.config.schema import CorrectionShape, FileShape, PolicyShape
from sresnap.config.source import KeyPath, dotted
from sresnap.config.validation import Checked
from sresnap.errors import Mistake
from sresnap.model.service import Group, Method, PolicyText
from sresnap.model.status import Status
from sresnap.model.windows import DAY

_MOST_SECONDS = 366 * DAY


@dataclass
class Together:
    """Resolves them, and gathers what goes wrong."""

    checked: Checked[FileShape]
    names: Sequence[str]
    """Of the services."""
    timezone: str
    """The configured one, be it by the file or by the environment."""
    groups: tuple[Group, ...] = ()
    rules: tuple[CorrectionRule, ...] = ()
    policy: Mapping[str, PolicyText] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def resolve(self) -> None:
        self.groups = self._groups()
        self.rules = self._corrections()
        self.policy = self._policy()

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.checked.source.mistake(path, expected, found, suggestion))

    def _known(self, path: KeyPath, names: Sequence[str]) -> None:
        """Every name is that of a service."""
        for index, name in enumerate(names):
            if name not in self.names:
                self._mistake((*path, index), "the name of a service", f'"{name}"', nearest(name, self.names))

    def _groups(self) -> tuple[Group, ...]:
        found: dict[str, Group] = {}
        for index, shape in enumerate(self.checked.shape.groups or ()):
            path: KeyPath = ("groups", self.checked.position(("groups",), index))
            if shape.name in found:
                self._mistake((*path, "name"), "a name of its own", f'"{shape.name}" again', "rename one")
            self._known((*path, "services"), shape.services)
            if len(set(shape.services)) < len(shape.services):
                self._mistake((*path, "services"), "each service once", "one twice")
            weights = shape.weights or {}
            for name in weights:
                if name not in shape.services:
                    expected, advice = "a service of this group", nearest(name, shape.services)
                    self._mistake((*path, "weights", name), expected, f'"{name}"', advice)
            found[shape.name] = Group(shape.name, tuple(shape.services), weights, Method(shape.method))
        return tuple(found.values())

    def _corrections(self) -> tuple[CorrectionRule, ...]:
        found = []
        for index, shape in enumerate(self.checked.shape.corrections or ()):
            path: KeyPath = ("corrections", self.checked.position(("corrections",), index))
            self._known((*path, "services"), shape.services or ())
            seconds = self._length(shape, path)
            rule = self._rule(shape, path)
            if seconds is None or (rule is None and shape.rrule is not None):
                continue
            services = None if shape.services is None else frozenset(shape.services)
            found.append(CorrectionRule(shape.reason, shape.start, seconds, rule, services))
        return tuple(found)

    def _length(self, shape: CorrectionShape, path: KeyPath) -> int | None:
        told = {mistake.path for mistake in self.checked.mistakes}
        if told & {dotted((*path, "end")), dotted((*path, "duration"))}:
            return None
        if (shape.end is None) == (shape.duration is None):
            found = "neither" if shape.end is None else "both"
            self._mistake(path, "either `end` or `duration`", found)
            return None
        if shape.end is None:
            return int(shape.duration or 0)
        # Two times of one zone are subtracted by their clocks, which is an hour off when those change in between.
        seconds = int(self._aware(shape.end).timestamp() - self._aware(shape.start).timestamp())
        if seconds <= 0:
            self._mistake((*path, "end"), f"a time after the start, {shape.start.isoformat()}", shape.end.isoformat())
            return None
        if seconds > _MOST_SECONDS:
            self._mistake((*path, "end"), "at most a year after the start", shape.end.isoformat())
            return None
        return seconds

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(self.timezone))

    def _rule(self, shape: CorrectionShape, path: KeyPath) -> str | None:
        if shape.rrule is None:
            return None
        zone = ZoneInfo(self.timezone)
        try:
            return checked_rule(shape.rrule, local(shape.start, zone), zone)
        except ExpectedError as error:
            self._mistake((*path, "rrule"), error.expected, shown(shape.rrule), error.suggestion)
            return None

    def _policy(self) -> dict[str, PolicyText]:
        found = {}
        for status, value in (self.checked.shape.policy or {}).items():
            if status not in set(Status):
                expected = f"one of the states {', '.join(Status)}"
                self._mistake(("policy", status), expected, f'"{status}"', nearest(status, Status))
                continue
            shape = PolicyShape(text=value) if isinstance(value, str) else value
            found[status] = PolicyText(shape.text, shape.link)
        return found
