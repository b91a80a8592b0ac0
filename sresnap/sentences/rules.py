"""The rules by name, and what they say of a period or a week."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from zoneinfo import ZoneInfo

from sresnap.model.wording import Wording
from sresnap.sentences import records, results, spending
from sresnap.sentences.fact import Fact, Sentence
from sresnap.sentences.subject import Subject
from sresnap.sentences.values import Speaker

MOST_SENTENCES = 10

RULES: Mapping[str, Callable[[Subject], Iterator[Fact]]] = {
    "nothing": results.nothing,
    "verdicts": results.verdicts,
    "restated": results.restated,
    "missed": results.missed,
    "undecided": results.undecided,
    "unjudged": results.unjudged,
    "burned": spending.burned,
    "calm": spending.calm,
    "worst_day": spending.worst_day,
    "recovered": spending.recovered,
    "slipped": spending.slipped,
    "against_before": spending.against_before,
    "streak": spending.streak,
    "comes_back": spending.comes_back,
    "gaps": records.gaps,
    "corrections": records.corrections,
    "objectives_changed": records.objectives_changed,
    "added": records.added,
    "removed": records.removed,
    "queries_changed": records.queries_changed,
    "settings_changed": records.settings_changed,
    "policy": records.policy,
}


def sentences(subject: Subject, wording: Wording, timezone: str) -> tuple[Sentence, ...]:
    """What there is to say, in the order of the wording, at most `MOST_SENTENCES`."""
    facts = {name: list(RULES[name](subject)) for name in wording.rules if name not in wording.off}
    _shorten(facts, wording)
    speaker = Speaker(wording, ZoneInfo(timezone))
    return tuple(_sentence(name, fact, speaker) for name, found in facts.items() for fact in found)


def _shorten(facts: Mapping[str, list[Fact]], wording: Wording) -> None:
    """Drop what matters least."""
    for fewest in (1, 0):
        for name in wording.dropped_first:
            while len(facts.get(name, ())) > fewest and sum(map(len, facts.values())) > MOST_SENTENCES:
                facts[name].pop()


def _sentence(rule: str, fact: Fact, speaker: Speaker) -> Sentence:
    text = speaker.wording.rules[rule][fact.form].format(**{key: speaker.text(one) for key, one in fact.values.items()})
    return Sentence(rule, text, fact.page, fact.address, fact.form, fact.values)
