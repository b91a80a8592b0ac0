"""What `sresnap review` prints: its sentences, and a line for each objective."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from sresnap import format as fmt
from sresnap.model.review import Cause, Outcome, PeriodResult, Restatement, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS = {
    Outcome.MET: "met",
    Outcome.MISSED: "missed",
    Outcome.OPEN: "open",
    Outcome.INCOMPLETE: "incomplete",
    Outcome.LOW_TRAFFIC: "too few events",
    Outcome.IMPLAUSIBLE: "implausible",
    Outcome.NO_TRAFFIC: "no traffic",
    Outcome.NO_DATA: "no data",
}
_WIDTH = 96
"""Columns, so that a mail does not break lines."""
_COLOURS = {Outcome.MET: "green", Outcome.MISSED: "red"}


def met_of(review: Review) -> str:
    """`5 of 6 objectives met`, with those that have no verdict."""
    judged = sum(review.count(outcome) for outcome in Outcome if outcome.is_judged)
    others = [
        f"{count} {WORDS[outcome]}" for outcome in Outcome if not outcome.is_judged and (count := review.count(outcome))
    ]
    met = f"{review.count(Outcome.MET)} of {judged} objectives met" if judged else "no objective has a verdict"
    return f"{met} ({', '.join(others)})" if others else met


_CAUSES = {Cause.LATE_DATA: "late data", Cause.CORRECTION: "a correction"}


def restatement_of(restatement: Restatement) -> str:
    """`1 objective, by late data`."""
    causes = " and ".join(_CAUSES[cause] for cause in restatement.causes)
    return f"{fmt.count(len(restatement.results), 'objective')}, by {causes}"


def print_review(review: Review, sentences: Sequence[str], restatements: Sequence[Restatement] = ()) -> None:
    """Print a period in words, and a line for each objective, as it was closed and as it was restated last."""
    click.echo(f"{fmt.plain(fmt.period_name(review.period))} ({review.period}): {met_of(review)}\n")
    for sentence in sentences:
        whole = sentence.replace(" %", f"{fmt.SPACE}%")
        click.echo(fmt.plain(textwrap.fill(whole, _WIDTH, initial_indent="- ", subsequent_indent="  ")))
    click.echo()
    names = [f"{service.name}/{slo.name}" for service in review.services for slo in service.slos]
    width, words = max(map(len, names), default=0), max(map(len, WORDS.values()))
    for name, line in zip(names, _lines(review, restatements, words), strict=True):
        click.echo(f"  {name:<{width}}  {line}")


def _lines(review: Review, restatements: Sequence[Restatement], width: int) -> Iterator[str]:
    now = {(one.service, one.slo): one.now for restatement in restatements for one in restatement.results}
    for service in review.services:
        for slo in service.slos:
            restated = now.get((service.name, slo.name))
            text = _result(slo.result, slo.objective, width)
            yield text if restated is None else f"{text}; restated: {_result(restated, slo.objective).strip()}"


def _result(found: PeriodResult, objective: float, width: int = 0) -> str:
    word = click.style(f"{WORDS[found.outcome]:<{width}}", fg=_COLOURS.get(found.outcome))
    facts = []
    if found.sli is not None and found.remaining_ratio is not None:
        facts.append(f"{fmt.sli(found.sli, objective)} of {fmt.objective(objective)}")
        facts.append(f"{fmt.percent_signed(found.remaining_ratio)} of the budget left")
    if found.coverage < 1:
        facts.append(f"{fmt.percent_floor(found.coverage)} of its hours known")
    return f"{word}  {', '.join(facts)}" if facts else word
