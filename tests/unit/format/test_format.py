"""All rounding: nothing becomes 100 % or 0 % that is not, and missing is never a number."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sresnap import format as fmt

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
        (0.0004, "0.040 %"),  # would round to 0 %
        (1e-9, "<0.0001 %"),
        (-1.23, "−123 %"),
        (-0.0001, "−0.010 %"),  # keeps its sign and does not become 0
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
    ("ratio", "limit", "text"),
    [
        (None, 0.25, "—"),
        (0.2496, 0.25, "24.96 %"),  # "less than 25 % is left: 25 %" would be a contradiction
        (0.25, 0.25, "25 %"),
        (0.29, 0.29, "29 %"),  # 0.29 × 100 = 28.999999999999996
        (0.2501, 0.25, "25.01 %"),
        (0.24, 0.25, "24 %"),
        (0.42, 0.25, "42 %"),
        (-0.1, 0.25, "−10 %"),
        (0.24999999999, 0.25, "<25 %"),
        (0.25000000001, 0.25, ">25 %"),
        (0.9999999999, 0.25, ">99.9999 %"),
        (0.0, 0.0, "0 %"),
        (1e-9, 0.0, ">0 %"),
    ],
)
def test_a_percentage_never_looks_like_its_limit(ratio, limit, text):
    assert fmt.percent(ratio, limit=limit) == text.replace(" ", S)


@pytest.mark.parametrize(
    ("value", "limit", "text"),
    [
        (None, 10, "—"),
        (9.97, 10, "9.97"),
        (9.997, 10, "9.997"),
        (9.9999999, 10, "<10"),
        (10, 10, "10"),
        (10.0000001, 10, ">10"),
        (10.02, 10, "10.02"),
        (3, 10, "3"),
        (0.0004, 10, "<0.001"),
        (0, 10, "0"),
        (1000.4, 1000, "1T000.4"),
        (1_001_000, 1_000_000, "1.001 M"),
        (2_500_000, 1_000_000, "2.5 M"),
        (1e19, 1e18, "1.0e19"),
    ],
)
def test_a_count_never_looks_like_its_limit(value, limit, text):
    assert fmt.number(value, limit) == text.replace(" ", S).replace("T", T)


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
        (1e-9, 0.5, "<0.0001 %"),
        (0.29, 0.29, "29.00 %"),  # 0.29 × 100 = 28.999999999999996
    ],
)
def test_an_sli_never_looks_like_its_objective(sli, objective, text):
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
        (0.0001, "<0.001×"),
        (0.0033, "0.0033×"),
        (0.0333, "0.033×"),
        (-0.0001, ">−0.001×"),
        (-0.25, "−0.25×"),
        (1.04, "1.04×"),
        (5.0, "5.00×"),
        (10.3, "10.3×"),
        (13.44, "13.4×"),
        (71.0, "71×"),
        (76.01, "76×"),
        (99.97, "100×"),
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
        (0.9999, "1 s"),
        (-0.0000001, ">−0.001 ms"),
        (45 * 86400, "45 d"),
    ],
)
def test_durations_are_written_as_a_person_would(seconds, text):
    assert fmt.duration(seconds).replace(S, " ") == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(86400, "every day"), (3600, "every hour"), (60, "every minute"), (300, "every 5 min")]
)
def test_a_schedule_of_one_unit_needs_no_number(seconds, text):
    assert fmt.plain(fmt.every(seconds)) == text


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
        (0.002, "ratio", "0.20 %"),
        (None, "seconds", "—"),
        (None, "per_second", "—"),
        (None, "ratio", "—"),
    ],
)
def test_a_signal_is_shown_in_its_unit(value, unit, text):
    assert fmt.quantity(value, unit) == text.replace(" ", S).replace("T", T)


@pytest.mark.parametrize(
    ("value", "unit", "beside", "text"),
    [
        # An error rate beside an objective of 99.9 %, whose pace is 0.1 %
        (0.00149, "ratio", [0.001], "0.15 %"),
        (0.001004, "ratio", [0.001], "0.1004 %"),
        (0.001, "ratio", [0.001], "0.10 %"),
        # A maximum on a grid line at 0.25 %, in a chart up to 0.5 %
        (0.00252, "ratio", [0.0025, 0.005], "0.252 %"),
        (0.0025, "ratio", [0.0025, 0.005], "0.25 %"),
        (0.8004, "ratio", [0.8], "80.04 %"),
        (0.3002, "seconds", [0.3], "300.2 ms"),
        (100.04, "per_second", [50, 100], "100.04/s"),
        (0.149, "ratio", [], "15 %"),
    ],
)
def test_row_20_a_value_has_two_digits_and_differs_from_the_limit_beside_it(value, unit, beside, text):
    assert fmt.quantity(value, unit, beside) == text.replace(" ", S)


@given(st.floats(1e-7, 1.0), st.floats(1e-6, 1.0))
def test_two_significant_digits_are_never_too_few(ratio, limit):
    text = fmt.percent(ratio)
    if not text.startswith(("<", ">")) and ratio < 1:
        # An error of 5 % is what two digits may have: 0.0105 is shown as 1.0 or 1.1.
        assert shown(text) / 100 == pytest.approx(ratio, rel=0.0501)
    if abs(limit - ratio) > 1e-7:
        assert fmt.quantity(ratio, "ratio", [limit]) != fmt.quantity(limit, "ratio", [limit])


def test_an_unknown_unit_is_not_shown_as_percent():
    with pytest.raises(ValueError, match="'items' is not a unit"):
        fmt.quantity(12, "items")


def test_counts_agree_with_their_noun():
    assert [fmt.count(n, "query", "queries") for n in (0, 1, 2)] == ["0 queries", "1 query", "2 queries"]


@pytest.mark.parametrize(("ratio", "text"), [(-1.0, "−100.00\u00a0%"), (12.5, "1\u202f250.00\u00a0%")])
def test_an_impossible_sli_is_shown_unchanged(ratio, text):
    assert fmt.sli(ratio, 0.995) == text


@pytest.mark.parametrize(
    ("rate", "limit", "text"),
    [
        (13.4421, 13.44, "13.442×"),  # fires, so it must not look equal
        (13.44, 13.44, "13.44×"),  # does not fire
        (13.4399, 13.44, "13.4×"),
        (71.0, 13.44, "71×"),
        (13.4451, 13.44, "13.45×"),
        (5.6, 5.6, "5.60×"),
        (0.93336, 0.0933333 * 10, "0.9334×"),
        (250.0, 13.44, "250×"),
        (0.0, 13.44, "0×"),
        (None, 13.44, "—"),
    ],
)
def test_a_burn_rate_never_looks_like_its_threshold(rate, limit, text):
    assert fmt.burn_rate(rate, limit) == text


@pytest.mark.parametrize(
    ("rate", "text"), [(13.44, "13.44×"), (5.6, "5.6×"), (2.8, "2.8×"), (28 / 30, "0.933×"), (1.0, "1×")]
)
def test_a_threshold_has_the_digits_that_it_has(rate, text):
    assert fmt.threshold(rate) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0.8996, "89.9 %"),
        (0.9, "90 %"),
        (0.29, "29 %"),
        (0.9999, "99.9 %"),
        (1.0, "100 %"),
        (0.0, "0 %"),
        (0.0004, "0.04 %"),
    ],
)
def test_a_coverage_is_cut_and_not_rounded(ratio, text):
    assert fmt.percent_floor(ratio) == text.replace(" ", S)


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (0.2, "1"), (2.0, "2"), (2.1, "3"), (3.0000000001, "3")])
def test_a_bound_is_never_rounded_below_itself(value, text):
    assert fmt.number_up(value) == text


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["api"], "api"), (list("abcde"), "a, b, c, d, e"), (list("abcdefg"), "a, b, c, d, e and 2 more")],
)
def test_a_list_stays_short(names, text):
    assert fmt.some(names) == text


@pytest.mark.parametrize(("name", "text"), [("28d", "28d"), ("month", "this month"), ("week", "this week")])
def test_a_window_is_written_as_a_person_would(name, text):
    assert fmt.window(name) == text


def test_sentences_kept_as_data_have_ordinary_spaces():
    assert fmt.plain(f"{fmt.number(12488)} are {fmt.percent(0.42)}") == "12 488 are 42 %"


def shown(text):
    """The number that a reader takes from a text; a bound counts as just beyond its number."""
    number = float(re.sub(f"[<>×%{S}{T}]", "", text).replace(fmt.MINUS, "-"))
    return number + {"<": -1e-9, ">": 1e-9}.get(text[0], 0)


ratios = st.floats(-3, 3, allow_nan=False)
near_one = st.floats(0.9, 1.1)
objectives = st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999])


@given(st.one_of(ratios, near_one))
@example(0.99999999999)
@example(-1e-12)
def test_only_0_and_1_read_0_and_100_percent_and_no_percentage_loses_its_sign(ratio):
    value = shown(fmt.percent(ratio))
    assert (value == 0) == (ratio == 0)
    assert (abs(value) == 100) == (abs(ratio) == 1)
    assert (value > 0) == (ratio > 0)
    assert (value > 100) == (ratio > 1)
    assert value == pytest.approx(ratio * 100, abs=0.51)


@given(st.one_of(st.floats(0, 1), near_one), objectives)
@example(0.9989999999, 0.999)
def test_no_sli_changes_sides_of_its_objective_by_being_shown(sli, objective):
    value = shown(fmt.sli(sli, objective))
    assert (value >= shown(fmt.objective(objective))) == (sli >= objective)
    assert value == pytest.approx(sli * 100, abs=0.011)


@given(st.floats(0, 1e4), st.floats(0.9, 100))
def test_no_burn_rate_changes_sides_of_a_threshold_by_being_shown(rate, limit):
    limit = round(limit, 2)
    assert (shown(fmt.burn_rate(rate, limit)) > limit) == (rate > limit) or abs(rate - limit) < 1e-6


@given(st.one_of(ratios, st.floats(0.2, 0.3)), st.sampled_from([0.0, 0.25, 0.29, 0.8, 0.9]))
def test_no_percentage_changes_sides_of_its_limit_by_being_shown(ratio, limit):
    text = fmt.percent(ratio, limit=limit)
    assert (shown(text) > shown(fmt.objective(limit))) == (ratio > limit)
    assert (shown(text) < shown(fmt.objective(limit))) == (ratio < limit)


@given(st.floats(-1e9, 1e9))
def test_a_duration_is_right_to_its_second_unit_and_never_longer_than_it_was(seconds):
    text = fmt.duration(seconds).replace(T, "")
    sizes = {"d": 86400, "h": 3600, "min": 60, "s": 1, "ms": 0.001}
    parts = re.findall(rf"([\d.]+){S}(d|h|min|s|ms)", text)
    assert 1 <= len(parts) <= 2
    units = list(sizes)
    assert len(parts) == 1 or units.index(parts[1][1]) == units.index(parts[0][1]) + 1
    shown_seconds = sum(float(number) * sizes[unit] for number, unit in parts)
    finest = sizes[units[min(units.index(parts[0][1]) + 1, 4)]]
    assert abs(shown_seconds - abs(seconds)) < max(finest, 0.5) + 1e-6
    assert shown_seconds <= abs(seconds) + 0.5 + 1e-6
    assert (fmt.MINUS in text) == (seconds < 0 and shown_seconds > 0) or abs(seconds) < 1


@given(st.floats(-1e15, 1e15))
def test_no_count_loses_its_sign_or_becomes_zero(value):
    text = fmt.number(value)
    assert (fmt.MINUS in text) == (value < 0)
    assert (text == "0") == (value == 0)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 bytes"), (9_999, "9999 bytes"), (10_000, "10 kB"), (999_499, "999 kB"), (1_000_000, "1.0 MB")],
)
def test_a_file_size_has_the_unit_that_a_person_reads(size, text):
    assert fmt.file_size(size) == text


@pytest.mark.parametrize(("size", "text"), [(0, "0 MB"), (1_999_999, "1 MB"), (200_000_000, "200 MB")])
def test_a_limit_is_in_whole_megabytes(size, text):
    assert fmt.whole_megabytes(size) == text
