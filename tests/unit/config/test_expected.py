"""How a mistake says what there is instead."""

from sresnap.config import choices


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
