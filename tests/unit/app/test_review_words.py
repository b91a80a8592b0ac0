"""A closed period for a terminal and for a mail."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from sresnap.app.review_words import in_words
from sresnap.cli import cli
from sresnap.cli.review_output import print_review
from sresnap.errors import UsageError
from sresnap.model.review import ReviewedEpisode, ServiceReview
from sresnap.model.windows import HOUR, parse_time
from sresnap.sentences.closed import Material
from tests.closing import API, configured
from tests.panels import Document
from tests.reviews import review, slo_review


@pytest.fixture
def october() -> Material:
    start = parse_time("2026-10-14T08:00:00Z")
    episode = ReviewedEpisode(start, start + 3 * HOUR, 500.0, 180.0, 0.61, 20.0)
    slos = (slo_review("latency", -0.5, episodes=(episode,)),)
    return Material(review(services=(ServiceReview("api <1>", "api-1", slos),)))


def test_a_terminal_shows_the_sentences_and_a_line_for_each_objective(october, capsys):
    print_review(october.review, in_words(october, None).sentences)
    text = capsys.readouterr().out
    assert "October 2026 (2026-10): 0 of 1 objectives met" in text
    assert "- api <1>/latency spent 61 % of its budget in 3 hours on 14 October." in text
    assert max(map(len, text.splitlines())) <= 100


def test_the_policy_is_the_configured_one_and_unknown_without_a_configuration(october):
    assert not any("policy" in text for text in in_words(october, None).sentences)
    config = configured(API + "policy: {EXHAUSTED: Call Kim.}\n")
    assert "The policy for a spent budget: Call Kim." in in_words(october, config).sentences


def test_a_mail_is_one_page_without_scripts_that_fetches_nothing(october):
    page = Document(in_words(october, None).mail("https://status.example/slo"))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "svg"}
    assert any(link.startswith("https://status.example/slo/reviews/2026-10/index.html#") for link in page.links)
    assert "api <1>/latency" in page.text
    assert Document(in_words(october, None).mail("public")).links == []


def test_only_one_form_is_printed():
    result = CliRunner().invoke(cli, ["review", "--html", "--json"], standalone_mode=False)
    assert isinstance(result.exception, UsageError)
