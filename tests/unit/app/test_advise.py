"""`sresnap advise`: from the stored days of a folder to what is printed."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from sresnap import clock
from sresnap.app.advise import AdviseRequest, advise_on
from sresnap.cli import cli
from sresnap.cli.advise_output import sentences
from sresnap.documents import history, manifest
from sresnap.documents.files import write_changed
from sresnap.documents.layout import HISTORY_DAY, MANIFEST
from sresnap.documents.manifest import Manifest, PublishedFile
from sresnap.documents.service_history import load_service
from sresnap.errors import UsageError
from sresnap.model.advice import Alarms, PastWindows
from sresnap.model.history import Column, HistoryDay, Span
from sresnap.model.review import Outcome
from sresnap.model.snapshot import SourceKind
from sresnap.model.windows import DAY, HOUR, day_of, parse_time
from sresnap.plan import definitions_in
from tests.closing import QUERIES, configured

AT = parse_time("2026-11-22T00:00:00Z")
TEXT = """
services:
  - {name: api, slos: [{name: availability, objective: 99}]}
  - {name: web, slos: [{name: availability, objective: 99}]}
corrections:
  - {start: 2026-09-01T00:00:00Z, end: 2026-09-01T02:00:00Z, reason: upgrade}
"""
QUARTER = "{name: api, slos: [{name: availability, objective: 99, window: quarter}]}"
OUTAGE = parse_time("2026-10-10T10:00:00Z")


def truth(service, role, hour):
    """A thousand events an hour with one bad; an outage of two hours of one service, another in corrected hours."""
    if role == "total":
        return 1_000.0
    if service == "api" and (
        OUTAGE <= hour < OUTAGE + 2 * HOUR or (day_of(hour) == "2026-09-01" and hour % DAY < 2 * HOUR)
    ):
        return 900.0
    return 1.0


def write_history(out, days=120, until=AT, text=TEXT):
    config = configured(text)
    definitions = definitions_in(config, config.corrections(0, until), Span(0, until))
    files = {}
    for midnight in range(until - days * DAY, until, DAY):
        columns = {
            (service, key): Column(text, 24, tuple(truth(service, key.role, midnight + h * HOUR) for h in range(24)))
            for (service, key), text in definitions.items()
        }
        day = day_of(midnight)
        files[HISTORY_DAY.path(day)] = history.encode(day, HistoryDay(columns), None)
    write_changed(out, files)
    return config


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("advise")
    (out / "sresnap.yaml").write_text(QUERIES + TEXT)
    return out, write_history(out)


def asked(site, name="api/availability", window="28d", **more):
    out, config = site
    return advise_on(AdviseRequest(config, out, name, AT, window=window, **more))


def run(site, *arguments):
    out, _ = site
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: AT)
        return CliRunner().invoke(cli, ["advise", *arguments, "--config", str(out / "sresnap.yaml"), "--out", str(out)])


def test_the_advice_is_from_the_hours_and_corrections_of_that_service(site):
    (api,), (web,) = asked(site).slos, asked(site, "web").slos
    assert api.advice.until - api.advice.since == 120 * DAY
    # 672,000 events allow 6,720 bad ones at 99 %: an outage of 1,800 and a bad one in each other hour are met.
    assert api.advice.past("28d").worst.sli == 1 - (670 + 1_800) / 672_000
    assert web.advice.past("28d").worst.sli == 0.999
    assert api.advice.result("28d", 0.99).pages == Alarms(1, 1)
    assert [episode.start for episode in api.advice.episodes] == [OUTAGE]  # not the corrected outage


def test_without_an_episode_its_hours_have_between_no_bad_events_and_the_usual_share(site):
    # 99.7 % allows 2,016 bad events. With the outage 2,470 were bad; without it 670 to 672.
    (found,) = asked(site, target=0.997, without="1").slos
    assert found.what_if.then.result("28d", 0.997).missed == 0
    assert found.advice.result("28d", 0.997).missed == 28
    by_start = asked(site, target=0.997, without="2026-10-10T10:00:00Z").slos[0]
    assert by_start.what_if == found.what_if
    low, high = asked(site, without="1").slos[0].what_if.window_then.remaining_bounds
    assert low == high  # the present window begins after the outage


def test_a_correction_of_whole_hours_leaves_no_bounds_and_one_of_a_part_does(site):
    whole = asked(site, target=0.997, correct=(OUTAGE, OUTAGE + 2 * HOUR)).slos[0].what_if.then
    assert (whole.result("28d", 0.997).missed, whole.result("28d", 0.997).open) == (0, 0)
    assert whole.past("28d").worst.sli == pytest.approx(0.999)
    part = asked(site, target=0.997, correct=(OUTAGE + HOUR // 2, OUTAGE + 2 * HOUR)).slos[0].what_if.then
    # Of the first hour 900 bad events may have been in the part that is left out, or none of them.
    assert (part.result("28d", 0.997).missed, part.result("28d", 0.997).open) == (0, 0)
    tight = asked(site, target=0.9985, correct=(OUTAGE + HOUR // 2, OUTAGE + 2 * HOUR)).slos[0].what_if.then
    assert tight.result("28d", 0.9985).open == 28


def test_the_present_window_says_its_verdict_and_budget(site):
    now = asked(site, without="1").slos[0].what_if.window_before
    assert (now.outcome, now.end) == (Outcome.MET, AT)
    assert now.remaining_bounds == (pytest.approx(0.9), pytest.approx(0.9))


def test_nothing_is_written_and_a_what_if_says_so_in_its_first_line(site):
    out, _ = site
    before = sorted(path.stat().st_mtime_ns for path in out.rglob("*"))
    done = run(site, "api/availability", "--without", "1")
    assert done.stdout.startswith("What if: api/availability without the episode 2026-10-10T10:00:00Z")
    assert sorted(path.stat().st_mtime_ns for path in out.rglob("*")) == before


def test_it_says_in_sentences_what_the_present_objective_came_to(site):
    lines = run(site, "api/availability", "--window", "28d").stdout.splitlines()
    assert lines[:5] == [
        "api/availability promises 99 % over 28 days. Its history has 120 days, 2026-07-25 to 2026-11-21.",
        "In 93 of 93 past windows of 28 days (100 %) it would have been met; 4 of them lie side by side.",
        "99.63 % would have been met in 9 of 10.",
        "The worst window, 2026-10-10 to 2026-11-06, came to 99.63 %.",
        "99 % would have cost 1 page, 1 ticket, and 0 days of 93 with releases frozen.",
    ]


def test_a_calendar_window_with_too_little_history_says_so_in_words(site, tmp_path):
    text = TEXT.replace("{name: api, slos: [{name: availability, objective: 99}]}", QUARTER)
    each = asked((site[0], configured(text)), window=None).slos[0]
    assert list(sentences(each))[1:] == ["The history holds 0 calendar quarters side by side; advice takes 4."]
    assert each.advice.of("7d")


def test_windows_without_enough_known_hours_are_not_called_too_few(site):
    each = asked(site).slos[0]
    unknown = PastWindows("28d", 93, 4, 93, None, None)
    others = tuple(past for past in each.advice.windows if past.window != "28d")
    dark = replace(each, advice=replace(each.advice, windows=(unknown, *others)))
    assert list(sentences(dark))[1:] == ["None of 93 past windows of 28 days has enough known hours."]


def test_a_history_of_earlier_queries_only_is_named_as_such(site):
    with pytest.raises(UsageError, match=r"holds no history of api by its present queries, only by earlier ones"):
        asked((site[0], replace(site[1], kind=SourceKind.DEMO)))


def test_json_has_the_same_numbers(site):
    done = json.loads(run(site, "api", "--json").stdout)
    (slo,) = done["slos"]
    present = [each for each in slo["advice"]["results"] if each["target"] == 0.99 and each["window"] == "28d"]
    assert [(each["met"], each["missed"], each["frozen_days"]) for each in present] == [(93, 0, 0)]


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["apo"], "no service or SLO apo", 'did you mean "api"?'),
        (["api/availabilty"], "no SLO api/availabilty", 'did you mean "api/availability"?'),
        (["api", "--target", "100"], "'100' is not a target in percent", ""),
        (["api", "--target", "nan"], "'nan' is not a target in percent", ""),
        (["api", "--target", "99.99999999999999999"], "is not a target in percent", ""),
        (["api", "--window", "5d"], "no advice on windows of 5d", "28d, 7d, 30d, 90d, month"),
        (
            ["api", "--window", "90d"],
            "120 days of history hold 1 of 90d side by side; advice takes 4",
            "shorter window",
        ),
        ([""], 'no service or SLO ""', "there are: api/availability"),
        (["api", "--without", "7"], "no episode 7", "that `sresnap advise` lists"),
        (["api", "--without", "9" * 5000], "no episode 99", "that `sresnap advise` lists"),
        (["api", "--window", ""], 'no advice on windows of ""', "28d, 7d, 30d, 90d, month"),
        (["api", "--without", "2026-10-10"], "no episode 2026-10-10", "that `sresnap advise` lists"),
        (["api", "--correct", "2026-10-10T10:00:00Z"], "is not a span", ""),
        (["api", "--correct", "2026-10-10T10:00:00Z..2026-10-10T09:00:00Z"], "is not before", ""),
        (["api", "--correct", "2020-10-10T10:00:00Z..2020-10-10T11:00:00Z"], "outside of the history", "within it"),
    ],
)
def test_a_wrong_question_is_one_message(site, arguments, message, hint):
    out, _ = site
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: AT)
        found = CliRunner().invoke(
            cli, ["advise", *arguments, "--config", str(out / "sresnap.yaml"), "--out", str(out)], standalone_mode=False
        )
    error = found.exception
    text = f"{getattr(error, 'message', '')} {getattr(error, 'hint', '')}"
    assert error.exit_code == 2
    assert message in text
    assert hint in text


def test_without_a_history_it_says_where_one_comes_from(site, tmp_path):
    with pytest.raises(UsageError, match="holds no history of api") as caught:
        asked((tmp_path, site[1]))
    assert "sresnap build" in caught.value.hint


def test_a_folder_with_the_last_windows_only_says_how_to_get_the_whole_history(site, tmp_path):
    days = {HISTORY_DAY.path(day_of(AT - n * DAY)): PublishedFile("0" * 64, 1) for n in range(1, 131)}
    config = write_history(tmp_path, 120)
    write_changed(tmp_path, {MANIFEST: manifest.encode(Manifest(None, AT, days, {}))})
    with pytest.raises(UsageError, match=r"2026-07-15.* and 9 more published days") as caught:
        asked((tmp_path, config))
    assert "sresnap restore --all" in caught.value.hint


def test_a_history_of_another_query_is_not_counted_and_named(site, tmp_path):
    write_history(tmp_path, 150)
    other = TEXT.replace("name: api, ", "name: api, queries: {bad: 'sum(increase(other[{window}]))'}, ")
    with pytest.raises(UsageError, match="no known hour of its present query"):
        asked((tmp_path, configured(other)))
    write_history(tmp_path, 120, text=other)
    (found,) = asked((tmp_path, configured(other))).slos
    assert found.has_earlier_query
    assert found.advice.since == AT - 120 * DAY


def test_a_day_that_cannot_be_read_is_unknown_and_said(site, tmp_path):
    config = write_history(tmp_path, 120)
    damaged = tmp_path / HISTORY_DAY.path("2026-10-10")
    damaged.write_bytes(damaged.read_bytes()[:-40])
    found = asked((tmp_path, config))
    assert found.unreadable == ("2026-10-10",)
    assert found.slos[0].advice.episodes == ()


def test_the_lines_of_one_service_are_read_for_any_names_of_others(tmp_path):
    names = ['a"b', "api", "api/v2", "ä", "z"]
    text = "services:\n" + "".join(
        f"  - {{name: {json.dumps(name)}, slos: [{{name: a, objective: 99}}]}}\n" for name in names
    )
    config = write_history(tmp_path, 2, text=text)
    for name in names:
        wanted = {key: text for key, text in definitions_in(config, (), Span(0, AT)).items() if key[0] == name}
        found = load_service(tmp_path, name, wanted)
        assert found.hours == Span(AT - 2 * DAY, AT)
        assert {key for day in found.history.days.values() for key in day.columns} == set(wanted)
    assert load_service(tmp_path, "pi", {}).hours is None
