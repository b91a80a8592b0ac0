"""Resolves the settings that concern several services: groups, corrections, the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sresnap.config.corrections import CorrectionRule, local
from sresnap.config.expected import ExpectedError, nearest, shown
from sresnap.config.members import members
from sresnap.config.recurrence import most_at_once, normalized_rule
from sresnap.config.schema import FileShape
from sresnap.config.shapes.fleet import CorrectionShape, GroupShape, PolicyShape
from sresnap.config.source import KeyPath, dotted
from sresnap.config.validation import Validated
from sresnap.errors import Mistake
from sresnap.model.service import Group, Method, PolicyText
from sresnap.model.status import Status
from sresnap.model.windows import DAY

_MOST_SECONDS = 366 * DAY
_MOST_OCCURRENCES = 10_000
"""Of all corrections in the longest window: fourteen every hour of four weeks, or two a day in ten years. Each is cut
out of the counts of every SLO, with queries of its own."""


@dataclass(frozen=True, slots=True)
class FleetSettings:
    """The settings that concern several services, with what went wrong."""

    groups: tuple[Group, ...]
    correction_rules: tuple[CorrectionRule, ...]
    policy: Mapping[str, PolicyText]
    """By status."""
    mistakes: tuple[Mistake, ...]


def resolve_fleet(
    validated: Validated[FileShape], services: Sequence[str], timezone: str, longest_seconds: int
) -> FleetSettings:
    """Resolve groups, corrections and the policy.

    Args:
        validated: the file.
        services: names of the valid services.
        timezone: the configured zone, from the file or the environment.
        longest_seconds: the longest SLO window.
    """
    resolver = _Resolver(validated, services, timezone, longest_seconds)
    groups, rules, policy = resolver.groups(), resolver.corrections(), resolver.policy()
    return FleetSettings(groups, rules, policy, tuple(resolver.mistakes))


@dataclass
class _Resolver:
    """Resolves them and collects mistakes."""

    validated: Validated[FileShape]
    names: Sequence[str]
    timezone: str
    longest_seconds: int
    mistakes: list[Mistake] = field(default_factory=list)

    def _mistake(self, path: KeyPath, expected: str, found: str, suggestion: str | None = None) -> None:
        self.mistakes.append(self.validated.source.mistake(path, expected, found, suggestion))

    def _check_names(self, path: KeyPath, names: Sequence[str]) -> None:
        """Report names that no service has."""
        for index, name in enumerate(names):
            if name not in self.names:
                self._mistake((*path, index), "the name of a service", f'"{name}"', nearest(name, self.names))

    def groups(self) -> tuple[Group, ...]:
        found: dict[str, Group] = {}
        for index, shape in enumerate(self.validated.shape.groups or ()):
            path: KeyPath = ("groups", self.validated.position(("groups",), index))
            if shape.name in found:
                self._mistake((*path, "name"), "a name that no other group has", f'"{shape.name}" again', "rename one")
            names = self._members(shape, path)
            weights = shape.weights or {}
            for name in weights:
                if name not in names:
                    expected, advice = "a service of this group", nearest(name, names)
                    self._mistake((*path, "weights", name), expected, f'"{name}"', advice)
            found[shape.name] = Group(shape.name, names, weights, Method(shape.method))
        return tuple(found.values())

    def _members(self, shape: GroupShape, path: KeyPath) -> tuple[str, ...]:
        """The services of a group, checked."""
        given = self.validated.source.data["groups"][path[1]]
        names = members(shape, self.validated.shape.services)
        if ("services" in given) == ("tags" in given):
            found = "both" if "tags" in given else "neither"
            self._mistake(path, "either `services` or `tags`", found)
        elif shape.services is not None:
            self._check_names((*path, "services"), names)
            if len(set(names)) < len(names):
                self._mistake((*path, "services"), "each service once", "a service twice")
        elif shape.tags and not names:
            self._mistake(
                (*path, "tags"), "tags that a service has", ", ".join(shape.tags), self._known_tag(shape.tags)
            )
        return names

    def _known_tag(self, tags: Sequence[str]) -> str | None:
        """The hint for tags that no service has together."""
        known = {tag for service in self.validated.shape.services for tag in service.tags or ()}
        return next((hint for tag in tags if tag not in known and (hint := nearest(tag, known))), None)

    def corrections(self) -> tuple[CorrectionRule, ...]:
        found = []
        for index, shape in enumerate(self.validated.shape.corrections or ()):
            path: KeyPath = ("corrections", self.validated.position(("corrections",), index))
            self._check_names((*path, "services"), shape.services or ())
            seconds = self._length(shape, path)
            rule = self._rule(shape, path)
            if seconds is None or (rule is None and shape.rrule is not None):
                continue
            services = None if shape.services is None else frozenset(shape.services)
            found.append(CorrectionRule(shape.reason, shape.start, seconds, rule, services))
        self._check_occurrences(found)
        return tuple(found)

    def _check_occurrences(self, rules: Sequence[CorrectionRule]) -> None:
        most = most_at_once(rules, self.longest_seconds, self.timezone)
        if most > _MOST_OCCURRENCES:
            expected = (
                f"at most {_MOST_OCCURRENCES:,} occurrences in {self.longest_seconds // DAY} days, the longest window"
            )
            advice = "let one correction cover several times of a day"
            self._mistake(("corrections",), expected, f"up to {most:,}", advice)

    def _length(self, shape: CorrectionShape, path: KeyPath) -> int | None:
        reported = {mistake.path for mistake in self.validated.mistakes}
        if reported & {dotted((*path, "end")), dotted((*path, "duration"))}:
            return None
        if (shape.end is None) == (shape.duration is None):
            found = "neither" if shape.end is None else "both"
            self._mistake(path, "either `end` or `duration`", found)
            return None
        if shape.end is None:
            return int(shape.duration or 0)
        # Python subtracts times of one zone by their clocks, an hour off when the clocks change between them.
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
            return normalized_rule(shape.rrule, local(shape.start, zone), zone)
        except ExpectedError as error:
            self._mistake((*path, "rrule"), error.expected, shown(shape.rrule), error.suggestion)
            return None

    def policy(self) -> dict[str, PolicyText]:
        found = {}
        for status, value in (self.validated.shape.policy or {}).items():
            if status not in set(Status):
                expected = f"a status: {', '.join(Status)}"
                self._mistake(("policy", status), expected, f'"{status}"', nearest(status, Status))
                continue
            shape = PolicyShape(text=value) if isinstance(value, str) else value
            found[status] = PolicyText(shape.text, shape.link)
        return found
