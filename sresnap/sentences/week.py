"""The week since a report as the rules see it: the newest report beside the one of a week ago."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sresnap.documents.layout import SERVICE_PAGE, SINCE_PAGE, SNAPSHOT
from sresnap.model.comparison import Comparison
from sresnap.model.review import Outcome
from sresnap.model.slo import Flag, SloReport
from sresnap.model.snapshot import Snapshot
from sresnap.model.statement import Episode
from sresnap.model.status import Status
from sresnap.sentences.closed import is_one_day
from sresnap.sentences.subject import Action, Before, ConfigChanges, Objective, Run, Stretch, Subject
from sresnap.sentences.values import Kind, Known, Value

_NO_RUN = Run(0, ())


@dataclass(frozen=True, slots=True)
class _Placed:
    """An objective of a report, with its address."""

    at: str
    slo: SloReport
    name: Value
    page: str

    @property
    def left(self) -> Known | None:
        return _known(self.slo.budget.remaining_ratio, f"{self.at}/budget/remaining_ratio")

    @property
    def objective(self) -> Known:
        return Known(self.slo.objective, f"{self.at}/objective")


def subject_of_week(before: Snapshot, now: Snapshot, comparison: Comparison) -> Subject:
    """What changed between two reports."""
    old = {str(one.name.data): one for one in _placed(before)}
    new = {str(one.name.data): one for one in _placed(now)}
    reasons = {f"{one.service}/{one.slo}": one.reason for one in comparison.slos}
    file, zone = SNAPSHOT.path(now.id), ZoneInfo(now.site.timezone)
    return Subject(
        page=SINCE_PAGE.path(),
        address=file,
        period=None,
        unit=None,
        at=Known(now.at, f"{file}#/at"),
        objectives=tuple(
            _objective(one, old.get(name), before.at, zone, is_comparable=reasons.get(name) is None)
            for name, one in new.items()
        ),
        changes=_changes(old, new, comparison),
        action=_action(now),
    )


def _placed(snapshot: Snapshot) -> Iterator[_Placed]:
    file = SNAPSHOT.path(snapshot.id)
    for i, service in enumerate(snapshot.services):
        for j, slo in enumerate(service.slos):
            at = f"{file}#/services/{i}/slos/{j}"
            name = Value(Kind.TEXT, f"{service.name}/{slo.name}", (f"{file}#/services/{i}/name", f"{at}/name"))
            yield _Placed(at, slo, name, SERVICE_PAGE.path(service.slug))


def _objective(one: _Placed, was: _Placed | None, since: int, zone: ZoneInfo, *, is_comparable: bool) -> Objective:
    slo, at = one.slo, one.at
    window = slo.windows.get(slo.window)
    coverage = None if window is None else window.coverage
    stretches = tuple(_stretches(slo, at, zone))
    return Objective(
        name=one.name,
        page=one.page,
        objective=one.objective,
        outcome=outcome_of(slo),
        outcome_address=f"{at}/status",
        sli=None,
        left=one.left,
        # The worst end is worked out from the bounds of the window.
        worst_left=_known(slo.worst_remaining_ratio, f"{at}/windows/{slo.window}/bad_bounds"),
        coverage=_known(coverage, f"{at}/windows/{slo.window}/coverage"),
        known_since=None,
        window=Value(Kind.TEXT, slo.window, (f"{at}/window",)),
        stretches=tuple(stretch for stretch in stretches if stretch.end.value > since),
        days=(),
        before=None if was is None else Before(outcome_of(was.slo), was.objective, was.left),
        uncorrected_left=None,
        met_in_a_row=_NO_RUN,
        missed=_NO_RUN,
        judged=_NO_RUN,
        of_window=stretches,
        is_comparable=is_comparable,
    )


def outcome_of(slo: SloReport) -> Outcome:
    """What a report's verdict says of the budget: left, overspent, open, or why nothing can be said."""
    left, worst = slo.budget.remaining_ratio, slo.worst_remaining_ratio
    if slo.status is Status.NO_DATA:
        return Outcome.NO_DATA
    if Flag.NO_TRAFFIC in slo.flags:
        return Outcome.NO_TRAFFIC
    if slo.status is Status.EXHAUSTED:
        return Outcome.MISSED
    if not slo.status.is_judged or left is None or worst is None:
        return Outcome.LOW_TRAFFIC if Flag.LOW_TRAFFIC in slo.flags else Outcome.INCOMPLETE
    return Outcome.MET if worst > 0 else Outcome.OPEN


def _stretches(slo: SloReport, at: str, zone: ZoneInfo) -> Iterator[Stretch]:
    episodes: tuple[Episode, ...] = () if slo.statement is None else slo.statement.episodes
    for k, episode in enumerate(episodes):
        here = f"{at}/statement/episodes/{k}"
        # At its reset a calendar window is empty: nothing leaves it on its own.
        leaves = None if slo.calendar is not None else _known(episode.leaves_at, f"{here}/leaves_at")
        yield Stretch(
            Known(episode.start, f"{here}/start"),
            Known(episode.end, f"{here}/end"),
            Known(episode.budget_share, f"{here}/budget_share"),
            leaves=leaves,
            is_ongoing=episode.ongoing,
            is_of_one_day=is_one_day(episode.start, episode.end, zone),
        )


def _known(value: float | None, address: str) -> Known | None:
    return None if value is None else Known(value, address)


def _changes(old: Mapping[str, _Placed], new: Mapping[str, _Placed], comparison: Comparison) -> ConfigChanges:
    both = [name for name in new if name in old]
    return ConfigChanges(
        objectives=tuple(
            (new[name].name, old[name].objective, new[name].objective, new[name].page)
            for name in both
            if new[name].slo.objective != old[name].slo.objective
        ),
        added=tuple(one.name for name, one in new.items() if name not in old),
        removed=tuple(one.name for name, one in old.items() if name not in new),
        queries=len(comparison.queries) or None,
        settings=tuple(setting.name for setting in comparison.config),
    )


def _action(now: Snapshot) -> Action | None:
    """The policy of the service that needs attention most; None where all are healthy."""
    worst = min(range(len(now.services)), key=lambda place: now.services[place].urgency, default=None)
    if worst is None:
        return None
    service, at = now.services[worst], f"{SNAPSHOT.path(now.id)}#/services/{worst}"
    if service.policy is None or (service.status is Status.HEALTHY and not service.now.is_burning):
        return None
    name = Value(Kind.TEXT, service.name, (f"{at}/name",))
    return Action(service.policy.text, service.policy.link, "week", name, (f"{at}/policy/text",))
