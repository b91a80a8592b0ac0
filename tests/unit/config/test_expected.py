"""How a mistake says what there is instead."""

import difflib

from sresnap.config import choices, expected
from sresnap.config.expected import nearest


def test_a_similar_name_is_proposed():
    assert choices("worke", ["api", "worker"], "it has none") == 'did you mean "worker"?'


def test_the_known_names_are_listed_once_and_in_order():
    assert choices("x", ["web", "api", "web"], "it has none") == "there are: web, api"


def test_without_any_name_there_is_another_hint():
    assert choices("x", [], "it has none") == "it has none"


def test_a_long_list_and_long_names_are_cut():
    hint = choices("x", [f"{number}-{'n' * 5000}" for number in range(3000)], "it has none")
    assert hint.endswith(", and 2,980 more")
    assert len(hint) < 2500


def test_a_name_that_is_too_long_to_be_alike_is_not_compared(monkeypatch):
    # "total" has 5 letters: 2 × 5 of 5 + 11 letters are 0.63, and of 5 + 12 letters 0.59.
    assert nearest("total" + "x" * 6, ["good", "total"]) == 'did you mean "total"?'
    assert difflib.get_close_matches("total" + "x" * 7, ["good", "total"]) == []
    monkeypatch.setattr(expected.difflib, "get_close_matches", lambda *_, **__: 1 // 0)
    assert nearest("total" + "x" * 7, ["good", "total"]) is None
    assert nearest("x", []) is None
