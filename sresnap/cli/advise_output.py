"""What `sresnap advise` prints: a few sentences, and a table of targets over windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sresnap import format as fmt
from sresnap.documents.codec import plain
from sresnap.model.advice import LEAST_SIDE_BY_SIDE, Advice, Alarms, PastWindows, TargetResult, WhatIf
from sresnap.model.review import Outcome
from sresnap.model.windows import DAY, day_of, iso

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sresnap.app.advise import Advised, SloAdvice
    from sresnap.model.advice import WhatIfWindow

_LISTED = 5
"""How many episodes are listed."""
_WORDS = {Outcome.MET: "met", Outcome.MISSED: "missed", Outcome.OPEN: "open"}
BOUND = (
    "Pages and tickets are counted by whole hours, the finest that the history has: 5m and 30m mean their hour.\n"
    "An alert counts once, however long it fires: a target that is never met may cost one page that never ends.\n"
    "A second number is the most with what this may hide. On frozen days the budget was spent at the day's end."
)


def advice_fields(advised: Advised) -> dict[str, Any]:
    """The advice for --json."""
    return {
        "slos": [
            {
                "service": each.service,
                "has_earlier_query": each.has_earlier_query,
                "advice": plain(Advice, each.advice),
                "what_if": None if each.what_if is None else plain(WhatIf, each.what_if),
            }
            for each in advised.slos
        ],
        "lacking": list(advised.lacking),
        "unreadable_days": list(advised.unreadable),
    }


def print_advice(advised: Advised) -> None:
    """Print the advice on each SLO."""
    for number, each in enumerate(advised.slos):
        if number:
            click.echo()
        if each.what_if is not None:
            _print_what_if(each, each.what_if)
            continue
        for line in sentences(each):
            click.echo(line)
        _print_table(each.advice)
        _print_episodes(each.advice)
    if any(each.what_if is None for each in advised.slos):
        click.echo(f"\n{BOUND}")
    for lack in advised.lacking:
        click.echo(f"note: {lack}")
    if advised.unreadable:
        days = fmt.plain(fmt.count(len(advised.unreadable), "day"))
        click.echo(
            f"note: the files of {days} cannot be read, such as {advised.unreadable[0]}; their hours are unknown"
        )


def sentences(each: SloAdvice) -> Iterator[str]:
    """What the history says of the present objective."""
    advice = each.advice
    days = fmt.count(round((advice.until - advice.since) / DAY), "day")
    head = f"{each.name} promises {fmt.objective(advice.objective)} over {_length(advice.window)}. "
    span = f"Its history has {days}, {day_of(advice.since)} to {day_of(advice.until - 1)}"
    query = ": since then it has its present query" if each.has_earlier_query else ""
    yield fmt.plain(f"{head}{span}{query}.")
    own = advice.past(advice.window) if advice.window in {past.window for past in advice.windows} else advice.windows[0]
    if not own.is_enough:
        yield fmt.plain(f"{_too_little(own)}.")
        return
    present = advice.result(own.window, advice.objective)
    if present is not None:
        yield fmt.plain(_met(present, own))
    yield fmt.plain(_nine_of_ten(own))
    if own.worst is not None:
        worst = f"The worst window, {day_of(own.worst.start)} to {day_of(own.worst.end - 1)}, came to"
        yield fmt.plain(f"{worst} {fmt.sli(own.worst.sli, advice.objective)}.")
    if present is not None:
        yield fmt.plain(_costs(present))


def _too_little(past: PastWindows) -> str:
    """Why nothing is said of windows."""
    if past.side_by_side < LEAST_SIDE_BY_SIDE:
        held = _windows(past.side_by_side, past.window)
        return f"The history holds {held} side by side; advice takes {LEAST_SIDE_BY_SIDE}"
    return f"None of {_windows(past.ends, past.window, 'past ')} has enough known hours"


def _met(result: TargetResult, past: PastWindows) -> str:
    if not result.judged:
        return f"None of {_windows(past.ends, past.window, 'past ')} can be judged: they have too few events."
    share = fmt.percent(result.met_share)
    said = f"In {result.met} of {_windows(result.judged, past.window, 'past ')} ({share}) it would have been met"
    more = f", in {result.open} the samples leave that open" if result.open else ""
    rest = past.ends - result.judged
    left = f"; {rest} with too little data or too few events are left out" if rest else ""
    return f"{said}{more}{left}; {past.side_by_side} of them lie side by side."


def _is_calendar(window: str) -> bool:
    return not window[0].isdigit()


def _length(window: str) -> str:
    """`28 days`, `a calendar month`."""
    return f"a calendar {window}" if _is_calendar(window) else fmt.window_phrase(window)


def _windows(number: int, window: str, which: str = "") -> str:
    """`93 past windows of 28 days`, `1 calendar quarter`."""
    if _is_calendar(window):
        return fmt.count(number, f"{which}calendar {window}")
    return f"{fmt.count(number, f'{which}window')} of {fmt.window_phrase(window)}"


def _nine_of_ten(past: PastWindows) -> str:
    if past.nine_of_ten is None:
        return "No target from 90 % on would have been met in 9 of 10."
    return f"{fmt.objective(past.nine_of_ten)} would have been met in 9 of 10."


def _costs(result: TargetResult) -> str:
    pages, tickets = (_count(alarms, name) for alarms, name in ((result.pages, "page"), (result.tickets, "ticket")))
    days = fmt.count(result.frozen_days, "day")
    target = fmt.objective(result.target)
    return f"{target} would have cost {pages}, {tickets}, and {days} of {result.days} with releases frozen."


def _count(alarms: Alarms, name: str) -> str:
    at_most = f" (at most {alarms.most})" if alarms.most > alarms.counted else ""
    return f"{fmt.count(alarms.counted, name)}{at_most}"


def _print_table(advice: Advice) -> None:
    rows = [("window", "target", "met", "share", "open", "pages", "tickets", "frozen days")]
    for past in advice.windows:
        if not past.is_enough:
            continue
        for result in advice.of(past.window):
            mark = "*" if result.target == advice.objective else ""
            mark += "+" if result.target == past.nine_of_ten else ""
            met = f"{result.met} of {result.judged}"
            alarms = (_between(result.pages), _between(result.tickets))
            share = fmt.percent(result.met_share)
            target, days = f"{fmt.objective(result.target)} {mark:<2}", f"{result.frozen_days} of {result.days}"
            rows.append((past.window, target, met, share, str(result.open), *alarms, days))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    click.echo()
    for row in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True)]
        click.echo(fmt.plain("  " + "  ".join(cells)).rstrip())
    click.echo("  * the present objective   + the target that was met in 9 of 10")
    for past in advice.windows:
        if not past.is_enough:
            click.echo(fmt.plain(f"  {past.window}: {_too_little(past)}"))


def _between(alarms: Alarms) -> str:
    return str(alarms.counted) if alarms.most == alarms.counted else f"{alarms.counted}-{alarms.most}"


def _print_episodes(advice: Advice) -> None:
    if not advice.episodes:
        return
    click.echo(f"\nThe costliest episodes, as shares of the budget of {_length(advice.window)}:")
    for number, episode in enumerate(advice.episodes[:_LISTED], 1):
        share = fmt.plain(fmt.percent(episode.budget_share))
        click.echo(f"  {number}  {iso(episode.start)} to {iso(episode.end)}  {share}")


def _print_what_if(each: SloAdvice, asked: WhatIf) -> None:
    """The first line says that it is a what-if."""
    click.echo(f"What if: {each.name} {asked.question}. Nothing of this is stored.")
    click.echo(fmt.plain(f"The window of {_length(each.advice.window)} to {iso(asked.window_then.end)}:"))
    click.echo(fmt.plain(f"  as it was       {_window(asked.window_before)}"))
    click.echo(fmt.plain(f"  as it would be  {_window(asked.window_then)}"))
    for result in asked.then.results:
        past, before = asked.then.past(result.window), each.advice.result(result.window, result.target)
        name = f"{fmt.objective(result.target)} over {_length(result.window)}"
        was = "" if before is None else f"{before.met} of {before.judged} windows met, "
        click.echo(fmt.plain(f"{name}: {was}and {result.met} of {result.judged} then, with {result.open} open."))
        if past.worst is not None:
            span = f"{day_of(past.worst.start)} to {day_of(past.worst.end - 1)}"
            click.echo(fmt.plain(f"  the worst window would be {span}: {fmt.sli(past.worst.sli, result.target)}"))


def _window(window: WhatIfWindow) -> str:
    if window.outcome is None or window.remaining_bounds is None:
        return "cannot be judged: too little data or too few events"
    low, high = map(fmt.percent_signed, window.remaining_bounds)
    left = f"{low} of the budget left" if low == high else f"{low} to {high} of the budget left"
    return f"{_WORDS[window.outcome]}, {left}"
