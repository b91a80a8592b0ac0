"""The history: which hours are queried, which are sealed, what the files hold."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sresnap.documents import history as files
from sresnap.documents.layout import HISTORY_DAY
from sresnap.errors import UsageError
from sresnap.model.history import Column, History, HistoryDay, Hourly, Span, Superseded
from sresnap.model.series_key import SeriesKey
from sresnap.model.windows import DAY, HOUR, parse_time

KEY = ("api", SeriesKey("total"))
AT = parse_time("2026-11-22T21:00:00Z")
MIDNIGHT = parse_time("2026-11-22T00:00:00Z")
TWO_DAYS = Span(MIDNIGHT - DAY, AT)


def answer(values, unsure=(), definition="abc"):
    return Hourly(*KEY, definition, values, frozenset(unsure))


def all_hours(span, value=1.0):
    return dict.fromkeys(range(span.start, span.end, HOUR), value)


def test_an_empty_history_lacks_everything_in_one_stretch():
    assert History().unsealed(KEY, "abc", TWO_DAYS) == (TWO_DAYS,)


def test_a_window_that_begins_at_noon_is_asked_for_from_midnight_so_that_days_can_be_sealed():
    assert History().unsealed(KEY, "abc", Span(MIDNIGHT + 12 * HOUR, AT)) == (Span(MIDNIGHT, AT),)


def test_after_a_build_only_the_last_hours_are_asked_for_again():
    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=AT - 3 * HOUR)
    assert history.unsealed(KEY, "abc", TWO_DAYS) == (Span(AT - 3 * HOUR, AT),)
    assert history.values(KEY, "abc", TWO_DAYS) == (1.0,) * 45


def test_a_sealed_hour_never_changes():
    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=AT - 3 * HOUR)
    again = history.merged([answer(all_hours(TWO_DAYS, 7.0))], seal_until=AT)
    assert again.values(KEY, "abc", TWO_DAYS) == (1.0,) * 42 + (7.0,) * 3


def test_an_answered_hour_without_data_is_sealed_too_or_it_would_be_asked_for_on_every_build():
    history = History().merged([answer(all_hours(TWO_DAYS, None))], seal_until=AT)
    assert history.unsealed(KEY, "abc", TWO_DAYS) == ()


def test_a_doubtful_hour_is_kept_but_not_sealed_nor_is_what_comes_after_it():
    doubtful = MIDNIGHT + 5 * HOUR
    history = History().merged([answer(all_hours(TWO_DAYS), [doubtful])], seal_until=AT)
    assert history.unsealed(KEY, "abc", TWO_DAYS) == (Span(doubtful, AT),)
    assert history.values(KEY, "abc", Span(doubtful, doubtful + HOUR)) == (1.0,)


def test_a_known_value_is_not_replaced_by_nothing():
    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=0)
    assert history.merged([answer(all_hours(TWO_DAYS, None))], seal_until=0).values(KEY, "abc", TWO_DAYS) == (1.0,) * 45


def test_a_changed_query_is_another_series_and_the_old_one_is_kept_and_used_again():
    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=AT)
    changed = history.merged([answer(all_hours(TWO_DAYS, 2.0), definition="xyz")], seal_until=AT)
    assert changed.values(KEY, "xyz", TWO_DAYS)[0] == 2.0
    assert changed.values(KEY, "abc", TWO_DAYS)[0] == 1.0
    back = changed.merged([answer({AT: 3.0})], seal_until=AT)
    assert back.unsealed(KEY, "abc", TWO_DAYS) == ()


@given(st.lists(st.sets(st.integers(0, 44)), max_size=6))
def test_sealed_hours_only_grow_and_asking_again_for_what_is_missing_ends(doubts):
    history = History()
    before = 45
    for doubt in doubts:
        for span in history.unsealed(KEY, "abc", TWO_DAYS):
            unsure = [TWO_DAYS.start + i * HOUR for i in doubt]
            history = history.merged([answer(all_hours(span), unsure)], seal_until=AT)
        left = sum((s.end - s.start) // HOUR for s in history.unsealed(KEY, "abc", TWO_DAYS))
        assert left <= before
        before = left


def test_days_are_written_and_read_again(tmp_path):
    history = History().merged([answer(all_hours(TWO_DAYS, 0.1))], seal_until=AT)
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), history, "id")
    assert files.load_history(tmp_path, TWO_DAYS).history == history


def test_earlier_days_are_read_without_signals_and_an_unreadable_one_is_unknown(tmp_path):
    # Signals lie before, between and after the SLOs' series, and make a service that has nothing else.
    day = dict.fromkeys(range(24), 2.0)
    names = ("bad", "cap_vps_cpu", "error_rate", "error_rate_peak", "latency_good@0.3", "request_rate", "total")
    keys = [("api", SeriesKey.parse(name)) for name in names] + [("web", SeriesKey("saturation"))]
    columns = {key: Column("abc", 24, tuple(day.values())) for key in keys}
    whole = History({"2026-11-21": HistoryDay(columns), "2026-11-22": HistoryDay(columns)})
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), whole, "id")
    found = files.load_earlier(tmp_path, TWO_DAYS)
    assert list(found.days) == ["2026-11-21", "2026-11-22"]
    wanted = ("bad", "latency_good@0.3", "total")
    assert found.days["2026-11-21"].columns == {("api", SeriesKey.parse(name)): columns[keys[0]] for name in wanted}
    (tmp_path / "history/2026/11/2026-11-21.json").write_bytes(b"{")
    assert list(files.load_earlier(tmp_path, TWO_DAYS).days) == ["2026-11-22"]
    assert files.load_earlier(tmp_path / "empty", TWO_DAYS) == History()


def test_a_day_file_reads_as_documented(tmp_path):
    history = History({"2026-11-22": HistoryDay({KEY: Column("abc", 2, (9012.0, 0.5, *[None] * 22))})})
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), history, "id")
    data = json.loads((tmp_path / "history/2026/11/2026-11-22.json").read_text())
    assert data["schema"] == "sresnap/history/1"
    expected = {"query": "abc", "sealed": 2, "values": [9012, 0.5, *[None] * 22], "high": {}}
    assert data["services"]["api"]["total"] == expected


def test_the_bounds_of_an_hour_survive_the_file_until_a_better_answer_comes(tmp_path):
    bounded = dataclasses.replace(answer({TWO_DAYS.start: 5.0}), high={TWO_DAYS.start: 9.0})
    history = History().merged([bounded], seal_until=0)
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), history, "id")
    hour = Span(TWO_DAYS.start, TWO_DAYS.start + HOUR)
    again = files.load_history(tmp_path, hour).history
    assert (again.values(KEY, "abc", hour), again.upper(KEY, "abc", hour)) == ((5.0,), (9.0,))
    assert again.merged([answer({TWO_DAYS.start: 7.0})], seal_until=0).upper(KEY, "abc", hour) == (7.0,)


def test_each_day_names_the_hash_of_the_day_before(tmp_path):
    import hashlib

    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=AT)
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), history, "id")
    first = (tmp_path / "history/2026/11/2026-11-21.json").read_bytes()
    second = json.loads((tmp_path / "history/2026/11/2026-11-22.json").read_bytes())
    assert second["previous_sha256"] == hashlib.sha256(first).hexdigest()


def test_a_changed_day_carries_its_hash_into_the_days_after_it_even_in_a_build_of_the_past(tmp_path):
    history = History().merged([answer(all_hours(TWO_DAYS))], seal_until=0)
    files.save_history(tmp_path, files.load_history(tmp_path, TWO_DAYS), history, "id")
    past = files.load_history(tmp_path, Span(TWO_DAYS.start, TWO_DAYS.start + HOUR))
    changed = past.history.merged([answer({TWO_DAYS.start: 5.0})], seal_until=0)
    files.save_history(tmp_path, past, changed, "id")
    test_hash = json.loads((tmp_path / "history/2026/11/2026-11-22.json").read_bytes())["previous_sha256"]
    import hashlib

    assert test_hash == hashlib.sha256((tmp_path / "history/2026/11/2026-11-21.json").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema": "sresnap/hist', "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="deep nesting"),
        (b"[]", "is not a day of the history"),
        (b'{"schema": "another/tool"}', "is not a day of the history"),
        (
            b"""{"schema": "sresnap/history/1", "day": "2020-01-01", "superseded": [], "previous_sha256": null,
                 "services": {}}""",
            "is of the day 2020-01-01",
        ),
        (b'{"schema": "sresnap/history/1", "day": "2026-11-21"}', "previous_sha256 is missing"),
        (
            b"""{"schema": "sresnap/history/1", "day": "2026-11-21", "superseded": [], "previous_sha256": null,
                 "services": {"api": {"total": {"query": "a", "sealed": 25, "values": []}}}}""",
            "services.api.total.sealed",
        ),
        (
            b"""{"schema": "sresnap/history/1", "day": "2026-11-21", "superseded": [], "previous_sha256": null,
                 "services": {"api": {"total": {"query": "a", "sealed": 4, "values": [true]}}}}""",
            "services.api.total.values",
        ),
        (
            b"""{"schema": "sresnap/history/1", "day": "2026-11-21", "superseded": [], "previous_sha256": null,
                 "services": {"api": {"a@@b": {"query": "a", "sealed": 0, "values": [%s]}}}}"""
            % b",".join([b"null"] * 24),
            "'a@@b' is not the name of a series",
        ),
    ],
)  # fmt: skip
def test_a_corrupt_or_foreign_day_is_reported_renamed_and_queried_again(tmp_path, content, reason):
    path = tmp_path / "history/2026/11/2026-11-21.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    loaded = files.load_history(tmp_path, TWO_DAYS)
    assert reason in loaded.unreadable["2026-11-21"]
    assert loaded.history.unsealed(KEY, "abc", TWO_DAYS) == (TWO_DAYS,)
    assert path.read_bytes() == content, "loading moves nothing"
    history = loaded.history.merged([answer(all_hours(TWO_DAYS))], seal_until=AT)
    moved = files.unreadable_path(tmp_path, "2026-11-21", "20261122T210000Z")
    files.save_history(tmp_path, loaded, history, "20261122T210000Z")
    assert moved.read_bytes() == content
    assert files.load_history(tmp_path, TWO_DAYS).history == history


def test_a_folder_in_place_of_the_day_before_the_first_one_is_refused(tmp_path):
    (tmp_path / HISTORY_DAY.path("2026-11-20")).mkdir(parents=True)
    loaded = files.load_history(tmp_path, TWO_DAYS)
    history = loaded.history.merged([answer(all_hours(TWO_DAYS))], seal_until=AT)
    with pytest.raises(UsageError, match=r"2026-11-20\.json is a folder, where the history of 2026-11-20 belongs"):
        files.save_history(tmp_path, loaded, history, "20261122T210000Z")


def test_a_folder_in_place_of_a_day_is_refused_and_its_files_are_not_published(tmp_path):
    path = tmp_path / HISTORY_DAY.path("2026-11-21")
    path.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"2026-11-21\.json is a folder, where the history of 2026-11-21 belongs"):
        files.load_history(tmp_path, TWO_DAYS)


def test_why_a_day_cannot_be_read_says_nothing_of_this_machine(tmp_path):
    path = tmp_path / HISTORY_DAY.path("2026-11-21")
    path.parent.mkdir(parents=True)
    path.symlink_to(path.name)
    assert files.load_history(tmp_path, TWO_DAYS).unreadable == {"2026-11-21": "its links lead in a circle"}


def test_a_day_of_a_newer_sresnap_is_refused_and_not_renamed(tmp_path):
    path = tmp_path / HISTORY_DAY.path("2026-11-22")
    path.parent.mkdir(parents=True)
    path.write_text('{"schema":"sresnap/history/2","day":"2026-11-22"}')
    with pytest.raises(UsageError, match=r"history/2026/11/2026-11-22\.json was written by a newer sresnap") as newer:
        files.load_history(tmp_path, TWO_DAYS)
    assert newer.value.hint.startswith("upgrade sresnap")


def test_a_day_has_one_line_per_series_and_a_superseded_column_survives():
    old = Superseded("api", SeriesKey("total"), Column("old", 24, (1.0,) * 24))
    day = HistoryDay({("web", SeriesKey("good")): Column("abc"), KEY: Column("abc", 1, (0.1, *[None] * 23))}, (old,))
    content = files.encode("2026-11-22", day, "0" * 64)
    lines = content.decode().splitlines()
    assert [line for line in lines if not line.startswith("  ")] == [
        f'{{"schema":"sresnap/history/1","day":"2026-11-22","previous_sha256":"{"0" * 64}","services":{{',
        '"api":{',
        "},",
        '"web":{',
        lines[-1],
    ]
    assert files.decode(content, "2026-11-22") == (day, "0" * 64)
    assert files.encode("2026-11-22", *files.decode(content, "2026-11-22")) == content
