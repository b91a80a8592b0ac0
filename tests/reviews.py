"""Made-up closed periods: random ones that could be true, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import replace

from sresnap.model.periods import NamedPeriod, PeriodUnit, before, period_named
from sresnap.model.review import (
    RESTATEMENT_SCHEMA,
    SCHEMA,
    Cause,
    CorrectedTime,
    Gap,
    OtherSpending,
    Outcome,
    PastResult,
    PeriodResult,
    PreviousReview,
    RestatedResult,
    Restatement,
    Review,
    ReviewedEpisode,
    ServiceReview,
    SloReview,
    WorstDay,
)
from sresnap.model.review_index import INDEX_SCHEMA, ReviewEntry, Reviews
from sresnap.model.windows import HOUR, day_of

ZONE = "Europe/Berlin"
NAMES = ("api", "web", "worker", "search", "mail")
OBJECTIVES = (0.9, 0.95, 0.99, 0.995, 0.999, 0.9995)


def result(outcome: Outcome, left: float | None, objective: float = 0.99, worst: float | None = None) -> PeriodResult:
    """A result with this much budget left."""
    if left is None:
        return PeriodResult(outcome, None, None, None, None, None, None, 0.0)
    total = 1_000_000.0
    bad = (1 - left) * (1 - objective) * total
    most = bad if worst is None else (1 - worst) * (1 - objective) * total
    return PeriodResult(
        outcome, total - bad, total, (bad, most), 1 - bad / total, left, left if worst is None else worst, 1.0
    )


def slo_review(name: str = "availability", left: float | None = 0.4, objective: float = 0.99, **changes) -> SloReview:
    """An objective; without more it was met, or missed, and nothing stood out."""
    outcome = Outcome.NO_DATA if left is None else Outcome.MET if left >= 0 else Outcome.MISSED
    made = SloReview(
        name=name,
        objective=objective,
        basis="events",
        kind="occurrences",
        threshold_seconds=None,
        definitions={"total": "a" * 8, "bad": "b" * 8},
        result=result(outcome, left, objective),
        uncorrected=None,
        known_since=None,
        episodes=(),
        others=None if left is None else OtherSpending(0, 0.0, 0.0),
        worst_days=(),
        year_before=None,
        last=(),
    )
    return replace(made, **changes)


def review(period: str = "2026-10", services: tuple[ServiceReview, ...] | None = None, **changes) -> Review:
    """A closed period; the last results of its objectives begin with their own."""
    of = period_named(period, ZONE)
    if services is None:
        services = (ServiceReview("api", "api", (slo_review(),)),)
    made = Review(
        schema=SCHEMA,
        period=period,
        unit=of.unit,
        timezone=ZONE,
        start=of.start,
        end=of.end,
        closes_at=of.end + 6 * HOUR,
        title="Ops",
        previous=PreviousReview(before(of, ZONE).name, "c" * 64),
        coverage=1.0,
        gaps=(),
        corrections=(),
        services=tuple(replace(s, slos=tuple(_with_own(of, slo) for slo in s.slos)) for s in services),
    )
    return replace(made, **changes)


def entry_of(of: Review, *restatements: str) -> ReviewEntry:
    """A closed period as the index has it."""
    outcomes = {outcome: count for outcome in Outcome if (count := of.count(outcome))}
    return ReviewEntry(of.period, of.unit, of.start, of.end, "a" * 64, outcomes, of.coverage, "b" * 64, restatements)


def index_of(*reviews: Review) -> Reviews:
    """The index of closed periods."""
    return Reviews(INDEX_SCHEMA, ZONE, tuple(PeriodUnit), 6 * 3600, tuple(map(entry_of, reviews)))


def past(period: str, left: float | None, objective: float = 0.99) -> PastResult:
    """What an earlier period came to."""
    outcome = Outcome.NO_DATA if left is None else Outcome.MET if left >= 0 else Outcome.MISSED
    return PastResult(period, outcome, None if left is None else 1 - (1 - left) * (1 - objective), left, objective)


def _with_own(of: NamedPeriod, slo: SloReview) -> SloReview:
    if slo.last and slo.last[0].period == of.name:
        return slo
    own = PastResult(of.name, slo.result.outcome, slo.result.sli, slo.result.remaining_ratio, slo.objective)
    return replace(slo, last=(own, *slo.last))


def restatement(period: str, changed: list[RestatedResult], number: int = 1, **changes) -> Restatement:
    """What changed afterwards, found three days later."""
    end = period_named(period, ZONE).end
    made = Restatement(
        schema=RESTATEMENT_SCHEMA,
        period=period,
        number=number,
        at=end + 72 * HOUR * number,
        previous_sha256="d" * 64,
        causes=(Cause.LATE_DATA,),
        hours=(),
        corrections=(),
        results=tuple(changed),
    )
    return replace(made, **changes)


def random_review(seed: int) -> tuple[Review, Review | None, tuple[Restatement, ...]]:
    """A closed period, the one before it, and restatements."""
    chance = random.Random(seed)
    unit = chance.choice(list(PeriodUnit))
    name = {
        PeriodUnit.WEEK: f"2026-W{chance.randint(1, 53):02}",
        PeriodUnit.MONTH: f"2026-{chance.randint(1, 12):02}",
        PeriodUnit.QUARTER: f"2026-Q{chance.randint(1, 4)}",
        PeriodUnit.YEAR: "2026",
    }[unit]
    of = period_named(name, ZONE)
    services = tuple(
        ServiceReview(name, name, tuple(_random_slo(chance, of, slo) for slo in ("availability", "latency")[:n]))
        for name, n in [(name, chance.randint(1, 2)) for name in NAMES[: chance.randint(1, 5)]]
    )
    made = review(
        name,
        services,
        gaps=tuple(Gap(*_hours(chance, of)) for _ in range(chance.choice([0, 0, 0, 1, 2, 4]))),
        corrections=tuple(
            CorrectedTime("Planned upgrade", *_hours(chance, of), None) for _ in range(chance.choice([0, 0, 0, 1, 3]))
        ),
    )
    earlier = None
    if chance.random() < 0.7:
        kept = [s for s in services if chance.random() < 0.9]
        moved = [replace(s, slos=tuple(_other_config(chance, slo) for slo in s.slos)) for s in kept]
        if chance.random() < 0.2:
            moved.append(ServiceReview("gone", "gone", (slo_review(),)))
        earlier = review(before(of, ZONE).name, tuple(replace(s, slos=_without_past(s.slos)) for s in moved))
    return made, earlier, _random_restatements(chance, made)


def _without_past(slos: tuple[SloReview, ...]) -> tuple[SloReview, ...]:
    return tuple(replace(slo, last=()) for slo in slos)


def _other_config(chance: random.Random, slo: SloReview) -> SloReview:
    if chance.random() < 0.1:
        return replace(slo, objective=chance.choice(OBJECTIVES))
    if chance.random() < 0.1:
        return replace(slo, definitions={"total": "e" * 8})
    return slo


def _random_slo(chance: random.Random, of: NamedPeriod, name: str) -> SloReview:
    objective = chance.choice(OBJECTIVES)
    outcome = chance.choices(list(Outcome), [8 if one.is_judged else 1 for one in Outcome])[0]
    left = _left(chance, outcome)
    found = replace(result(outcome, left, objective), coverage=chance.uniform(0.1, 0.89))
    if outcome.is_judged:
        found = replace(found, coverage=chance.choice([1.0, 0.95]))
    if outcome is Outcome.OPEN:
        found = result(outcome, chance.uniform(0, 0.3), objective, worst=-chance.random())
    earlier = []
    period = of
    for _ in range(chance.randint(0, 11)):
        period = before(period, ZONE)
        if chance.random() < 0.95:
            earlier.append(past(period.name, _left(chance, chance.choice([Outcome.MET, Outcome.MISSED])), objective))
    own = PastResult(of.name, outcome, found.sli, found.remaining_ratio, objective)
    episodes = tuple(sorted((_episode(chance, of) for _ in range(chance.choice([0, 0, 1, 2, 5]))), key=_start))
    days = sorted(
        (
            WorstDay(day_of(chance.randrange(of.start, of.end)), 9.0, 100.0, chance.uniform(0, 0.8))
            for _ in range(chance.randint(0, 3))
        ),
        key=lambda day: -day.budget_share,
    )
    has_numbers = found.remaining_ratio is not None
    return slo_review(
        name,
        left,
        objective,
        result=found,
        uncorrected=replace(found, remaining_ratio=left - 0.2) if left is not None and chance.random() < 0.2 else None,
        known_since=of.start + 9 * HOUR if chance.random() < 0.1 else None,
        episodes=episodes if has_numbers else (),
        worst_days=tuple(days) if has_numbers else (),
        last=(own, *earlier),
    )


def _left(chance: random.Random, outcome: Outcome) -> float | None:
    match outcome:
        case Outcome.MISSED:
            return -chance.choice([0.0004, 0.3, 4.2, chance.random()])
        case Outcome.NO_DATA | Outcome.NO_TRAFFIC:
            return None
        case _:
            return chance.choice([0.0, 1.0, 0.00002, chance.random(), chance.random()])


def _episode(chance: random.Random, of: NamedPeriod) -> ReviewedEpisode:
    start, end = _hours(chance, of)
    share = chance.choice([0.003, chance.random(), chance.random(), 1.7])
    return ReviewedEpisode(start, end, share * 1000, (end - start) / 60, share, 1 + 30 * chance.random())


def _start(episode: ReviewedEpisode) -> int:
    return episode.start


def _hours(chance: random.Random, of: NamedPeriod) -> tuple[int, int]:
    length = chance.choice([1, 2, 3, 14, 24, 30, 48, 49, 100])
    start = of.start + HOUR * chance.randrange(of.hours - length)
    return start, start + length * HOUR


def _random_restatements(chance: random.Random, of: Review) -> tuple[Restatement, ...]:
    found = []
    for number in range(1, chance.choice([0, 0, 1, 2]) + 1):
        service = chance.choice(of.services)
        slo = chance.choice(service.slos)
        now = result(Outcome.MET, chance.random(), slo.objective)
        found.append(
            restatement(
                of.period,
                [RestatedResult(service.name, slo.name, slo.result, now)],
                number,
                causes=(chance.choice(list(Cause)),),
            )
        )
    return tuple(found)
