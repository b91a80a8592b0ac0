"""Advice on the objectives of a service, from the whole history in a site's folder. Nothing is asked or written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sresnap.compute.advice.advise import advise, episodes
from sresnap.compute.advice.past import Past
from sresnap.compute.advice.what_if import corrected_by, window_now, without
from sresnap.compute.review.counts import PeriodCounts, Stored
from sresnap.config import burn_pairs, choices, nearest
from sresnap.config.settings import Config
from sresnap.documents import manifest
from sresnap.documents.layout import HISTORY_DAY
from sresnap.documents.service_history import ServiceHistory, load_service
from sresnap.errors import UsageError
from sresnap.model.advice import LEAST_SIDE_BY_SIDE, Advice, WhatIf
from sresnap.model.corrections import Correction
from sresnap.model.history import Span
from sresnap.model.periods import NamedPeriod, PeriodUnit
from sresnap.model.service import Service, Slo
from sresnap.model.statement import Episode
from sresnap.model.windows import DAY, SloWindow, iso, parse_time
from sresnap.plan import definitions_in
from sresnap.printable import quotable

_ALL = "run `sresnap restore --all`"


@dataclass(frozen=True, slots=True)
class AdviseRequest:
    """What to advise on."""

    config: Config
    out: Path
    """The site's folder."""
    name: str
    """`api` or `api/availability`."""
    now: int
    target: float | None = None
    """A ratio in (0, 1); None for the notable ones."""
    window: str | None = None
    """`28d`; None for all."""
    without: str | None = None
    """An episode's number or its start: what if it had not been."""
    correct: tuple[int, int] | None = None
    """What if this time were left out."""


@dataclass(frozen=True, slots=True)
class SloAdvice:
    """The advice on one SLO."""

    service: str
    advice: Advice
    has_earlier_query: bool
    """Whether an earlier query has hours of its own, which are another series."""
    what_if: WhatIf | None = None

    @property
    def name(self) -> str:
        """`api/availability`."""
        return f"{self.service}/{self.advice.slo}"


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice on a service's SLOs."""

    slos: tuple[SloAdvice, ...]
    lacking: tuple[str, ...]
    """The other SLOs, each with the reason that nothing can be said."""
    unreadable: tuple[str, ...]
    """Days whose file cannot be read."""


def advise_on(request: AdviseRequest) -> Advised:
    """The advice on a service's SLOs, or on one of them.

    Raises:
        UsageError: there is no such service, SLO, window or episode, or too little history to say anything.
    """
    config = request.config
    service, slos = _chosen(config, request.name)
    if (request.without is not None or request.correct is not None) and len(slos) > 1:
        names = ", ".join(f"{service.name}/{slo.name}" for slo in slos)
        raise UsageError(f"a what-if is about one SLO, and {service.name} has {len(slos)}", f"name one of {names}")
    _refuse_partial(request.out)
    definitions = definitions_in(config, (), Span(0, request.now))
    found = load_service(request.out, service.name, {k: v for k, v in definitions.items() if k[0] == service.name})
    if found.hours is None:
        but = " by its present queries, only by earlier ones" if found.superseded else ""
        raise UsageError(
            f"{request.out} holds no history of {service.name}{but}",
            "run `sresnap build`, or `sresnap restore --all` for a site that is published",
        )
    reader = _Reader(request, service, found, found.hours)
    advised = [reader.advice(slo) for slo in slos]
    known = tuple(each for each in advised if isinstance(each, SloAdvice))
    lacking = tuple(each for each in advised if isinstance(each, str))
    if not known:
        raise UsageError("; ".join(lacking), "a shorter window needs less: --window 7d takes 28 days")
    return Advised(known, lacking, found.unreadable)


def _chosen(config: Config, name: str) -> tuple[Service, tuple[Slo, ...]]:
    by_name = {service.name: service for service in config.services}
    if name in by_name:
        return by_name[name], by_name[name].slos
    slos = {f"{service.name}/{slo.name}": (service, slo) for service in config.services for slo in service.slos}
    if name in slos:
        service, slo = slos[name]
        return service, (slo,)
    names = [*by_name, *slos]
    kind = "SLO" if name.rpartition("/")[0] in by_name else "service or SLO"
    hint = nearest(name, names) or choices(name, slos, "it has none")
    raise UsageError(f"the configuration has no {kind} {_quoted(name)}", hint)


def _refuse_partial(out: Path) -> None:
    """Refuse a folder that lacks published days: it is what a job restores, and says nothing of the years before."""
    published = manifest.of_folder(out)
    days = [name for name in (() if published is None else published.files) if HISTORY_DAY.matches(name)]
    lost = [name for name in sorted(days) if not (out / name).is_file()]
    if lost:
        more = f" and {len(lost) - 1} more published days" if len(lost) > 1 else ", which is published"
        raise UsageError(f"{out} lacks {lost[0]}{more}: advice takes the whole history", _ALL)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Advises on SLOs of a service whose history was read."""

    request: AdviseRequest
    service: Service
    found: ServiceHistory
    hours: Span

    def advice(self, slo: Slo) -> SloAdvice | str:
        """The advice, or why nothing can be said."""
        request = self.request
        name = f"{self.service.name}/{slo.name}"
        past = self._past(slo)
        if past is None:
            return f"{name} has no known hour of its present query"
        windows = self._windows(past)
        targets = None if request.target is None else tuple(dict.fromkeys((slo.objective, request.target)))
        advice = advise(past, burn_pairs(), targets, windows)
        if not advice.results:
            return f"{name}: {_too_little(advice)}"
        is_new = any((self.service.name, key) in self.found.superseded for key in slo.series)
        return SloAdvice(self.service.name, advice, is_new, self._what_if(past))

    def _past(self, slo: Slo) -> Past | None:
        config = self.request.config
        corrections = config.corrections(self.hours.start, self.hours.end)
        stored = Stored(
            # Its unit is not read: it is a span of hours here.
            period=NamedPeriod("history", PeriodUnit.YEAR, self.hours.start, self.hours.end),
            history=self.found.history,
            definitions=definitions_in(config, corrections, self.hours),
            corrections=corrections,
        )
        counts = PeriodCounts.of(stored, self.service.name, slo)
        return Past.of(slo, config.timezone, counts.proved.hours, counts.possible.hours, counts.exclusions)

    def _windows(self, past: Past) -> tuple[SloWindow, ...]:
        wanted = self.request.window
        by_name = {window.name: window for window in past.windows}
        if wanted is None:
            return past.windows
        if wanted not in by_name:
            names = ", ".join(by_name)
            raise UsageError(f"there is no advice on windows of {_quoted(wanted)}", f"choose one of {names}")
        return (by_name[wanted],)

    def _what_if(self, past: Past) -> WhatIf | None:
        request, question, then = self.request, [], past
        if request.without is not None:
            every = episodes(past)
            chosen = _episode(request.without, every)
            question.append(f"without the episode {iso(chosen.start)} to {iso(chosen.end)}")
            then = without(then, chosen, every)
        if request.correct is not None:
            start, end = request.correct
            question.append(f"with {iso(start)} to {iso(end)} left out")
            then = corrected_by(then, Correction("what if", *self._inside(past, start, end)))
        if not question:
            return None
        targets = (past.slo.objective,) if request.target is None else (request.target,)
        windows = (past.slo.window,) if request.window is None else self._windows(past)
        said = advise(then, burn_pairs(), targets, windows)
        return WhatIf(" and ".join(question), window_now(past), window_now(then), said)

    @staticmethod
    def _inside(past: Past, start: int, end: int) -> tuple[int, int]:
        if start >= past.end or end <= past.start:
            span = f"{iso(past.start)} to {iso(past.end)}"
            raise UsageError(f"{iso(start)} to {iso(end)} is outside of the history, {span}", "choose a time within it")
        return start, end


def _quoted(text: str) -> str:
    """A text as a message quotes it; an empty one, as an unset variable in a script gives, must be seen."""
    return quotable(text) or '""'


def _too_little(advice: Advice) -> str:
    """Why a history is too little: `12 days of history hold 1 window of 7d side by side; advice takes 4`."""
    days = (advice.until - advice.since) / DAY
    held = ", ".join(f"{each.side_by_side} of {each.window}" for each in advice.windows)
    return f"{days:.0f} days of history hold {held} side by side; advice takes {LEAST_SIDE_BY_SIDE} with enough data"


def _episode(wanted: str, every: Sequence[Episode]) -> Episode:
    """An episode by its number among the costliest, or by a time within it."""
    numbered = {str(number): episode for number, episode in enumerate(every, 1)}
    if wanted in numbered:
        return numbered[wanted]
    found = [] if wanted.isdecimal() else list(_around(wanted, every))
    if not found:
        message = f"there is no episode {_quoted(wanted)}" if every else "the history has no episode"
        raise UsageError(message, "name the number or the start of one that `sresnap advise` lists")
    return found[0]


def _around(wanted: str, every: Iterable[Episode]) -> Iterator[Episode]:
    try:
        moment = parse_time(wanted)
    except ValueError:
        return iter(())
    return (episode for episode in every if episode.start <= moment < episode.end)
