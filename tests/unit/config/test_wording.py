"""`review: {off: …, texts: …}`: rules that say nothing, and translations."""

from __future__ import annotations

import pytest

from sresnap import format as fmt
from sresnap.config import loads
from sresnap.config.default_wording import default_wording
from sresnap.errors import ConfigError
from sresnap.model.review import ReviewedEpisode, ServiceReview
from sresnap.model.windows import HOUR, parse_time
from sresnap.sentences.closed import Material, subject_of_review
from sresnap.sentences.rules import sentences
from tests.reviews import ZONE, review, slo_review

GERMAN = """\
rules:
  burned:
    closed: "{slo} hat am {day} in {length} {share} seines Budgets verbraucht."
  verdicts:
    only: "Das einzige Ziel wurde im {period} erreicht."
words:
  months: [Januar, Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember]
  day: "{day}. {month}"
  hours: {one: "{n} Stunde", other: "{n} Stunden"}
"""


def wording(text, tmp_path):
    config = f"services: [{{name: api, slo_target: 99}}]\nprometheus: {{url: 'http://p'}}\nreview: {text}\n"
    return loads(config, "sresnap.yaml", {}, cwd=tmp_path).wording


def mistakes(text, tmp_path):
    with pytest.raises(ConfigError) as caught:
        wording(text, tmp_path)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_a_translation_needs_no_code_and_may_leave_texts_out(tmp_path):
    (tmp_path / "de.yaml").write_text(GERMAN, "utf-8")
    start = parse_time("2026-10-14T08:00:00Z")
    episode = ReviewedEpisode(start, start + 3 * HOUR, 500.0, 180.0, 0.61, 20.0)
    of = review(services=(ServiceReview("api", "api", (slo_review(episodes=(episode,), known_since=None),)),))
    found = sentences(subject_of_review(Material(of)), wording("{texts: de.yaml}", tmp_path), ZONE)
    assert [fmt.plain(one.text) for one in found] == [
        "Das einzige Ziel wurde im Oktober 2026 erreicht.",
        "api/availability hat am 14. Oktober in 3 Stunden 61 % seines Budgets verbraucht.",
    ]


def test_rules_are_switched_off_by_name(tmp_path):
    assert wording("{off: [streak, worst_day]}", tmp_path).off == {"streak", "worst_day"}
    assert wording("{}", tmp_path) == default_wording()
    (found,) = mistakes("{off: [steak]}", tmp_path)
    assert 'sresnap.yaml:3: review.off[0]: expected a rule of the review, found "steak"' in found
    assert "streak" in found


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("rules:\n  burnt: {closed: x}", 2, "rules.burnt: expected a rule of the review, found another name"),
        ("rules:\n  burned: {open: x}", 2, "rules.burned.open: expected one of closed, closed_span"),
        ("rules:\n  burned:\n    closed: 'by {sol}'", 3, "found {sol}"),
        ("rules:\n  burned:\n    closed: '{slo.__class__}'", 3, "found {slo.__class__}"),
        ("rules:\n  burned:\n    closed: '{slo:>99999999}'", 3, "found {slo:>99999999}"),
        ("rules:\n  burned:\n    closed: '{slo!r}'", 3, "found {slo!r}"),
        ("rules:\n  burned:\n    closed: '{slo'", 3, "found a brace that is not closed"),
        ("rules:\n  burned: text", 2, "rules.burned: expected a mapping, found 'text'"),
        ("rules:\n  burned: {closed: 3}", 2, "rules.burned.closed: expected a text, found 3"),
        ("words:\n  months: [Januar]", 2, "words.months: expected the names of twelve months"),
        ("words:\n  hours: {one: '{m}'}", 2, "expected a text with {n}, found {m}"),
        ("word: {}", 1, "word: expected the texts of rules and words"),
    ],
)
def test_a_mistake_in_a_translation_is_named_with_its_line(tmp_path, text, line, said):
    (tmp_path / "de.yaml").write_text(text)
    (found,) = mistakes("{texts: de.yaml}", tmp_path)
    assert found.startswith(f"de.yaml:{line}: ")
    assert said in found


def test_a_translation_that_is_not_there_is_a_mistake(tmp_path):
    (found,) = mistakes("{texts: de.yaml}", tmp_path)
    assert "review.texts: expected a file to read" in found
