"""A closed period as the rules see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from sresnap.documents.layout import RESTATEMENT, REVIEW, REVIEW_PAGE
from sresnap.model.periods import before, period_named
from sresnap.model.review import (
    LAST_PERIODS,
    Outcome,
    PastResult,
    PeriodResult,
    RestatedResult,
    Restatement,
    Review,
    ReviewedEpisode,
    SloReview,
    WorstDay,
)
from sresnap.model.review_index import ReviewEntry, Reviews
from sresnap.model.service import PolicyText
from sresnap.model.slug import slo_slug, slug
from sresnap.model.status import Status
from sresnap.model.wording import Wording
from sresnap.sentences.subject import (
    Action,
    BadDay,
    Before,
    ConfigChanges,
    Hole,
    Objective,
    Restated,
    Run,
    Stretch,
    Subject,
)
from sresnap.sentences.values import Kind, Known, Value


@dataclass(frozen=True, slots=True)
class Material:
    """What is known of a closed period."""

    review: Review
    before: Review | None = None
    """The period before of the same unit; None when it was not closed, or is not at hand."""
    restatements: Sequence[Restatement] = ()
    policy: Mapping[str, PolicyText] | None = None
    """The team's, by status."""


@dataclass(frozen=True, slots=True)
class ReviewsShown:
    """The closed periods of a site, and those whose pages are written."""

    index: Reviews | None
    """None where nothing is known of them."""
    wording: Wording
    written: tuple[Material, ...] = ()


def neighbours(index: Reviews, entry: ReviewEntry) -> tuple[ReviewEntry | None, ReviewEntry | None]:
    """The closed periods of the same unit before and after one."""
    same = [one for one in index.entries if one.unit is entry.unit]
    place = same.index(entry)
    return (same[place - 1] if place else None), (same[place + 1] if place + 1 < len(same) else None)


def subject_of_review(material: Material) -> Subject:
    """The closed period as it was closed, and what was restated since."""
    review = material.review
    reader = _Reader(review)
    objectives = tuple(reader.objectives())
    return Subject(
        page=REVIEW_PAGE.path(review.period),
        address=reader.file,
        period=Value(Kind.PERIOD, review.period, (f"{reader.file}#/period",)),
        unit=review.unit.value,
        at=Known(review.end, f"{reader.file}#/end"),
        objectives=objectives if any(one.outcome is not Outcome.NO_DATA for one in objectives) else (),
        gaps=tuple(reader.holes("gaps", [(gap.start, gap.end, None) for gap in review.gaps])),
        corrections=tuple(
            reader.holes("corrections", [(one.start, one.end, one.reason) for one in review.corrections])
        ),
        restated=tuple(_restated(material.restatements)),
        changes=ConfigChanges() if material.before is None else _changes(reader, _Reader(material.before)),
        action=_action(objectives, material.policy or {}),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a review with addresses."""

    review: Review

    @property
    def file(self) -> str:
        return REVIEW.path(self.review.period)

    def slos(self) -> Iterator[tuple[str, SloReview, Value, str]]:
        """Each objective with its address, its name and its page."""
        for i, service in enumerate(self.review.services):
            for j, slo in enumerate(service.slos):
                at = f"{self.file}#/services/{i}/slos/{j}"
                name = Value(Kind.TEXT, f"{service.name}/{slo.name}", (f"{self.file}#/services/{i}/name", f"{at}/name"))
                yield at, slo, name, f"{REVIEW_PAGE.path(self.review.period)}#{anchor(service.name, slo.name)}"

    def objectives(self) -> Iterator[Objective]:
        for at, slo, name, page in self.slos():
            result = f"{at}/result"
            yield Objective(
                name=name,
                page=page,
                objective=Known(slo.objective, f"{at}/objective"),
                outcome=slo.result.outcome,
                outcome_address=f"{result}/outcome",
                sli=_known(slo.result.sli, f"{result}/sli"),
                left=_known(slo.result.remaining_ratio, f"{result}/remaining_ratio"),
                worst_left=_known(slo.result.worst_remaining_ratio, f"{result}/worst_remaining_ratio"),
                coverage=Known(slo.result.coverage, f"{result}/coverage"),
                known_since=_known(slo.known_since, f"{at}/known_since"),
                window=None,
                stretches=tuple(self._stretches(slo, at)),
                days=tuple(
                    BadDay(
                        Value(Kind.DAY, day.day, (_cell(f"{at}/worst_days/{k}", WorstDay, "day"),)),
                        Known(day.budget_share, _cell(f"{at}/worst_days/{k}", WorstDay, "budget_share")),
                    )
                    for k, day in enumerate(slo.worst_days)
                ),
                before=self._before(slo, at),
                uncorrected_left=None
                if slo.uncorrected is None
                else _known(slo.uncorrected.remaining_ratio, f"{at}/uncorrected/remaining_ratio"),
                met_in_a_row=_run(at, range(len(list(takewhile(_is_met, self._row(slo)))))),
                missed=_run(at, [k for k, past in enumerate(slo.last) if past.outcome is Outcome.MISSED]),
                judged=_run(at, [k for k, past in enumerate(slo.last) if past.outcome.is_judged]),
                is_comparable=slo.before is None or slo.before.objective == slo.objective,
            )

    def _stretches(self, slo: SloReview, at: str) -> Iterator[Stretch]:
        zone = ZoneInfo(self.review.timezone)
        for k, episode in enumerate(slo.episodes):
            here = f"{at}/episodes/{k}"
            yield Stretch(
                Known(episode.start, _cell(here, ReviewedEpisode, "start")),
                Known(episode.end, _cell(here, ReviewedEpisode, "end")),
                Known(episode.budget_share, _cell(here, ReviewedEpisode, "budget_share")),
                is_of_one_day=is_one_day(episode.start, episode.end, zone),
            )

    def _before(self, slo: SloReview, at: str) -> Before | None:
        """The period before: only the one next to it, not one further back."""
        past = self._row(slo)
        if len(past) < 2:  # noqa: PLR2004 - this one and the one before
            return None
        last, here = past[1], f"{at}/last/1"
        return Before(
            last.outcome,
            Known(last.objective, _cell(here, PastResult, "objective")),
            _known(last.remaining_ratio, _cell(here, PastResult, "remaining_ratio")),
            Value(Kind.PERIOD, last.period, (_cell(here, PastResult, "period"),)),
        )

    def _row(self, slo: SloReview) -> list[PastResult]:
        """The last results, up to the first period that was not closed."""
        names = _names_back(self.review.period, self.review.timezone)
        side_by_side = zip(slo.last, names, strict=False)
        return [past for past, _ in takewhile(lambda pair: pair[0].period == pair[1], side_by_side)]

    def holes(self, key: str, found: Sequence[tuple[int, int, str | None]]) -> Iterator[Hole]:
        """Gaps, or corrections."""
        for k, (start, end, reason) in enumerate(found):
            here = f"{self.file}#/{key}/{k}"
            said = None if reason is None else Value(Kind.TEXT, reason, (f"{here}/reason",))
            yield Hole(
                Known(start, f"{here}/start"),
                Known(end, f"{here}/end"),
                said,
                is_one_day(start, end, ZoneInfo(self.review.timezone)),
            )


@lru_cache(maxsize=64)
def _names_back(period: str, timezone: str) -> tuple[str, ...]:
    """The names of a period and of those before it. Each objective is compared with the same ones."""
    one = period_named(period, timezone)
    names = [one.name]
    while len(names) < LAST_PERIODS:
        one = before(one, timezone)
        names.append(one.name)
    return tuple(names)


def _is_met(past: PastResult) -> bool:
    return past.outcome is Outcome.MET


def _run(at: str, places: Sequence[int]) -> Run:
    """Some of the last periods, by their places in the list."""
    return Run(len(places), tuple(_cell(f"{at}/last/{place}", PastResult, "outcome") for place in places))


def _cell(row: str, form: type[PastResult | ReviewedEpisode | WorstDay], key: str) -> str:
    """The address of a value in a row: a place, since rows have no keys."""
    return f"{row}/{form._fields.index(key)}"


def anchor(service: str, slo: str) -> str:
    """The anchor of an objective on the period's page."""
    return f"{slug(service)}-{slo_slug(slo)}"


def is_one_day(start: int, end: int, zone: ZoneInfo) -> bool:
    """Whether some hours are on one local day."""
    return datetime.fromtimestamp(start, zone).date() == datetime.fromtimestamp(end - 1, zone).date()


def _known(value: float | None, address: str) -> Known | None:
    return None if value is None else Known(value, address)


def restated_last(restatements: Sequence[Restatement]) -> dict[tuple[str, str], tuple[Restatement, RestatedResult]]:
    """By service and objective, what it was restated as last."""
    return {(one.service, one.slo): (statement, one) for statement in restatements for one in statement.results}


def _restated(restatements: Sequence[Restatement]) -> Iterator[Restated]:
    """The last restatement of each objective, against its first number."""
    newest: dict[tuple[str, str], tuple[Restatement, int]] = {}
    first: dict[tuple[str, str], tuple[PeriodResult, str]] = {}
    for statement in restatements:
        for index, one in enumerate(statement.results):
            key = (one.service, one.slo)
            newest[key] = (statement, index)
            first.setdefault(key, (one.was, f"{_file_of(statement)}#/results/{index}/was"))
    for key, (statement, index) in newest.items():
        one, file = statement.results[index], _file_of(statement)
        was, was_at = first[key]
        here = f"{file}#/results/{index}"
        yield Restated(
            name=Value(Kind.TEXT, f"{one.service}/{one.slo}", (f"{here}/service", f"{here}/slo")),
            cause=Value(Kind.WORD, statement.causes[0].value, (f"{file}#/causes/0",)),
            at=Known(statement.at, f"{file}#/at"),
            page=f"{REVIEW_PAGE.path(statement.period)}#p-restatements",
            was=was.outcome,
            was_address=f"{was_at}/outcome",
            now=one.now.outcome,
            now_address=f"{here}/now/outcome",
            left_was=_known(was.remaining_ratio, f"{was_at}/remaining_ratio"),
            left=_known(one.now.remaining_ratio, f"{here}/now/remaining_ratio"),
        )


def _file_of(statement: Restatement) -> str:
    return RESTATEMENT.path(statement.period, str(statement.number))


def _changes(now: _Reader, was: _Reader) -> ConfigChanges:
    """What differs from the configuration that the period before was judged by."""
    new = {str(name.data): (at, slo, name, page) for at, slo, name, page in now.slos()}
    old = {str(name.data): (at, slo, name, page) for at, slo, name, page in was.slos()}
    both = [key for key in new if key in old]
    moved = [key for key in both if new[key][1].objective != old[key][1].objective]
    return ConfigChanges(
        objectives=tuple(
            (
                new[key][2],
                Known(old[key][1].objective, f"{old[key][0]}/objective"),
                Known(new[key][1].objective, f"{new[key][0]}/objective"),
                new[key][3],
            )
            for key in moved
        ),
        added=tuple(new[key][2] for key in new if key not in old),
        removed=tuple(old[key][2] for key in old if key not in new),
        requeried=tuple(new[key][2] for key in both if new[key][1].definitions != old[key][1].definitions),
    )


def _action(objectives: Sequence[Objective], policy: Mapping[str, PolicyText]) -> Action | None:
    """The policy for a spent budget, where one was spent."""
    missed = [one for one in objectives if one.outcome is Outcome.MISSED]
    text = policy.get(Status.EXHAUSTED.value)
    if not missed or text is None:
        return None
    return Action(text.text, text.link, "closed", None, (missed[0].outcome_address,))
