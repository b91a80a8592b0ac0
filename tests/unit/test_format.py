"""All rounding: nothing becomes 100 % or 0 % that is not, and missing is never a number."""

import pytest

from sresnap.render import format as fmt

S, T = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (None, "—"),
        (0, "0 %"),
        (1, "100 %"),
        (0.423, "42 %"),
        (0.0423, "4.2 %"),
        (0.999, "99.9 %"),  # would round to 100 %
        (0.99996, "99.996 %"),
        (0.9999999999, ">99.9999 %"),
        (0.0004, "0.04 %"),  # would round to 0 %
        (1e-9, "<0.0001 %"),
        (-1.23, "−123 %"),
        (-0.0001, "−0.01 %"),  # keeps its sign and does not become 0
        (-1e-9, ">−0.0001 %"),
        (-0.9999999999, "<−99.9999 %"),
        (1.0000000001, ">100 %"),
        (-1.0, "−100 %"),
        (1.04, "104 %"),
        (1.00001, "100.001 %"),
        (12.345, "1T234 %"),
    ],
)
def test_a_percentage_is_0_or_100_only_when_it_is(ratio, text):
    assert fmt.percent(ratio) == text.replace(" ", S).replace("T", T)


@pytest.mark.parametrize(
    ("sli", "objective", "text"),
    [
        (None, 0.999, "—"),
        (0.99896, 0.999, "99.896 %"),  # not 99.90 %, which reads as met
        (0.9989999, 0.999, "99.89999 %"),
        (0.99899999999, 0.999, "<99.9 %"),
        (0.999, 0.999, "99.90 %"),
        (0.99904, 0.999, "99.90 %"),
        (0.9952, 0.995, "99.52 %"),
        (1.0, 0.999, "100 %"),
        (0.999996, 0.999, "99.9996 %"),
        (0.9999999999, 0.999, ">99.9999 %"),
        (0.0, 0.5, "0 %"),
        (0.29, 0.29, "29.00 %"),  # 0.29 × 100 = 28.999999999999996
    ],
)
def test_an_sli_is_never_mistaken_for_its_objective(sli, objective, text):
    assert fmt.sli(sli, objective) == text.replace(" ", S)


@pytest.mark.parametrize(("ratio", "text"), [(0.995, "99.5 %"), (0.9995, "99.95 %"), (0.99, "99 %"), (0.57, "57 %")])
def test_an_objective_has_the_digits_that_it_was_given_with(ratio, text):
    assert fmt.objective(ratio) == text.replace(" ", S)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        (None, "—"),
        (0, "0×"),
        (0.222, "0.22×"),
        (0.0001, "<0.01×"),
        (13.44, "13.44×"),
        (140.4, "140×"),
        (1234.5, "1T234×"),
    ],
)
def test_burn_rates(rate, text):
    assert fmt.burn_rate(rate) == text.replace("T", T)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "—"),
        (0, "0 s"),
        (0.012, "12 ms"),
        (45, "45 s"),
        (90, "1 min 30 s"),
        (300, "5 min"),
        (11520, "3 h 12 min"),
        (86400, "1 d"),
        (2 * 86400 + 4 * 3600 + 59, "2 d 4 h"),
        (86400 + 60, "1 d"),
        (-90, "−1 min 30 s"),
        (3599.7, "1 h"),
    ],
)
def test_durations_are_said_as_a_person_does(seconds, text):
    assert fmt.duration(seconds).replace(S, " ") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "—"),
        (0, "0"),
        (4021, "4T021"),
        (-15539, "−15T539"),
        (0.25, "0.25"),
        (12.34, "12.3"),
        (0.00001, "<0.001"),
        (-0.00001, ">−0.001"),
        (39_700_000, "39.7 M"),
        (1e300, "1.0e300"),
    ],
)
def test_numbers(value, text):
    assert fmt.number(value) == text.replace(" ", S).replace("T", T)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.329, "seconds", "329 ms"),
        (0.00042, "seconds", "0.42 ms"),
        (12.5, "seconds", "12T500 ms"),
        (12.41, "per_second", "12.4/s"),
        (0.002, "ratio", "0.2 %"),
        (None, "seconds", "—"),
        (None, "per_second", "—"),
        (None, "ratio", "—"),
    ],
)
def test_a_signal_is_shown_in_its_unit(value, unit, text):
    assert fmt.quantity(value, unit) == text.replace(" ", S).replace("T", T)


def test_counts_agree_with_their_noun():
    assert [fmt.count(n, "query", "queries") for n in (0, 1, 2)] == ["0 queries", "1 query", "2 queries"]


@pytest.mark.parametrize(("ratio", "text"), [(-1.0, "−100.00\u00a0%"), (12.5, "1\u202f250.00\u00a0%")])
def test_an_sli_that_cannot_be_is_shown_as_it_is(ratio, text):
    assert fmt.sli(ratio, 0.995) == text
