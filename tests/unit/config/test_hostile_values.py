"""Values and files that no one writes on purpose: each is a mistake in words, found in bounded time and memory."""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sresnap import named_files
from sresnap.config import fleet, load, loads, source
from sresnap.config.corrections import CorrectionRule
from sresnap.config.recurrence import most_at_once
from sresnap.errors import ConfigError
from sresnap.model.windows import DAY
from sresnap.printable import has_unprintable, printable
from tests.unit.config.test_mistakes import ONE, mistakes, only

CORRECTIONS = "corrections:\n"


@pytest.mark.parametrize("digits", ["9" * 5000, "0x" + "f" * 5000, "-" + "1" * 1500])
def test_an_integer_of_5000_digits_is_a_mistake(digits):
    found = only(f"{ONE}dora: {{window_days: {digits}}}\n")
    assert found.line == 2
    assert len(str(found)) < 200


def test_a_file_with_very_many_unknown_keys_has_a_message_of_bounded_length_in_bounded_time():
    text = ONE + "".join(f"key{number}: 1\n" for number in range(1_000))
    began = time.process_time()
    with pytest.raises(ConfigError) as caught:
        loads(text, "sresnap.yaml", {}, cwd=Path("/nowhere"))
    assert time.process_time() - began < 3
    assert len(caught.value.mistakes) == 1_000
    assert caught.value.message.splitlines()[-1] == "  and 900 more"
    assert len(caught.value.message) < 60_000


def test_a_key_of_100000_letters_is_shortened():
    assert len(str(only(f"{ONE}? {'k' * 10**5}\n: 1\n"))) < 1000


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}queries: {{NAME: x}}\n", f"{ONE}NAME: x\n", f"{ONE}policy: {{NAME: x}}\n", f"{ONE}provider: NAME\n",
        f"{ONE}corrections: [{{NAME: x}}]\n", f"{ONE}groups: [{{name: g, services: [NAME]}}]\n",
        "services: [{name: NAME, slo_target: 99}]\n", "services: [{name: api, slo_target: NAME}]\n",
        "services: [{name: api, slos: [{name: a, objective: 9, queries: {NAME: x}}]}]\n",
    ],
)  # fmt: skip
def test_a_line_break_in_a_name_begins_no_line_of_its_own_and_a_long_one_is_cut(text):
    for name in (r"a\n  sresnap.yaml:1: all is well\r\u202e", "k" * 10**4):
        for mistake in mistakes(text.replace("NAME", f'"{name}"')):
            lines = str(mistake).split("\n")
            assert len(lines) == 1 + (mistake.suggestion is not None)
            assert all(printable(line.strip()) == line.strip() for line in lines)
            assert len(str(mistake)) < 3100


def test_values_beyond_the_most_are_not_read(monkeypatch):
    assert source.MOST_NODES == 200_000
    monkeypatch.setattr(source, "MOST_NODES", 2_000)
    found = only(ONE + "x:\n" + "  - 1\n" * 4_100 + "  - {")  # the end, which is not YAML, is not reached
    assert (found.line < 4_000, found.expected) == (True, "at most 2,000 values")


def test_a_file_of_more_than_10_mb_is_refused(tmp_path):
    (tmp_path / "sresnap.yaml").write_bytes(b"#" * 10_000_001)
    with pytest.raises(ConfigError, match="more than 10 MB"):
        load(None, {}, cwd=tmp_path)


KEYS = {
    "provider": "provider: {}.yaml\n",
    "ca_file": "prometheus: {{url: 'https://prom', ca_file: {}.yaml}}\n",
    "bearer_token_file": "prometheus: {{bearer_token_file: {}.yaml}}\n",
    "headers": "prometheus: {{headers: {{X-A: {{file: {}.yaml}}}}}}\n",
    "favicon": "favicon: {}.yaml\n",
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", ["endless", "pipe", "folder", "large"])
def test_a_device_a_pipe_or_an_endless_file_is_not_read(tmp_path, monkeypatch, key, kind):
    for name in ("TEXT_BYTES", "ICON_BYTES", "SECRET_BYTES", "CERTIFICATE_BYTES"):
        assert getattr(named_files, name) <= 10**7
    path = tmp_path / f"{kind}.yaml"
    if kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        with path.open("wb") as file:
            file.truncate(10**10)  # a hole
    with pytest.raises(ConfigError) as caught:
        loads(ONE + KEYS[key].format(kind), "sresnap.yaml", {}, cwd=tmp_path)
    (found,) = caught.value.mistakes
    words = {"endless": "device", "pipe": "pipe", "folder": "it is a folder", "large": "it has more than"}
    assert words[kind] in found.found


def test_an_icon_from_the_environment_is_read_by_the_same_rule(tmp_path):
    (tmp_path / "icon").symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match=r"SRE_FAVICON: .*device"):
        loads(ONE, "sresnap.yaml", {"SRE_FAVICON": "icon"}, cwd=tmp_path)


def hourly(count, more=""):
    line = "  - {{reason: r{0}, start: '2026-01-01T00:{0:02}', duration: 1m, rrule: FREQ=HOURLY{1}}}\n"
    return CORRECTIONS + "".join(line.format(number % 60, more) for number in range(count))


def test_100_hourly_corrections_are_too_many():
    found = only(ONE + hourly(100))
    assert (found.path, found.line) == ("corrections", 2)
    assert found.expected == "at most 10,000 occurrences in 28 days, the longest window"
    assert found.found == "up to 67,400"  # 28 × 24 hours, and one at each end, 100 times
    assert loads(ONE + hourly(14), "sresnap.yaml", {}, cwd=None).correction_rules


def test_a_rule_with_a_count_is_counted_by_what_falls_in_the_longest_window():
    assert loads(ONE + hourly(14, ";COUNT=20000"), "sresnap.yaml", {}, cwd=None).correction_rules
    found = only(ONE + hourly(100, ";COUNT=20000"))
    assert (found.path, found.found) == ("corrections", "up to 67,400")
    assert loads(ONE + hourly(100, ";COUNT=90"), "sresnap.yaml", {}, cwd=None).correction_rules


def test_an_occurrence_that_began_before_the_window_is_in_it_too():
    # Each lasts four weeks, so that 2 × 28 × 24 of one rule overlap a window of 28 days, and one at each end.
    found = only(ONE + hourly(8).replace("1m,", "28d,"))
    assert found.found == "up to 10,768"


@pytest.mark.parametrize(
    ("days", "longest", "most"),
    [
        ([1, 2, 3, 20], 1.5, 2),
        ([1, 2, 3, 20], 2.5, 3),
        ([1, 2, 3, 20], 28, 4),
        ([], 28, 0),
    ],
)
def test_single_corrections_count_where_they_lie_together(days, longest, most):
    rules = [CorrectionRule("x", datetime(2026, 1, day, tzinfo=UTC), 60) for day in days]
    assert most_at_once(rules, int(longest * DAY), "Europe/Berlin") == most
    weekly = CorrectionRule("x", datetime(2026, 1, 1, tzinfo=UTC), 60, "FREQ=WEEKLY;COUNT=2")
    assert most_at_once([*rules, weekly], int(longest * DAY), "Europe/Berlin") == most + 2


def test_single_corrections_are_in_the_limit(monkeypatch):
    monkeypatch.setattr(fleet, "_MOST_OCCURRENCES", 2)
    line = "  - {{reason: x, start: 2026-01-{:02}, duration: 1m}}\n"
    found = only(ONE + CORRECTIONS + "".join(map(line.format, (1, 2, 3))))
    assert (found.path, found.found) == ("corrections", "up to 3")


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY;BYSECOND=0,1,2"])
def test_a_rule_every_second_or_minute_is_refused(rule):
    found = only(f"{ONE}corrections: [{{reason: x, start: 2026-01-01, duration: 1m, rrule: '{rule}'}}]\n")
    assert found.path == "corrections[0].rrule"


def test_an_hourly_rule_in_a_window_of_ten_years_is_too_much_and_a_daily_one_is_not():
    ten_years = ONE + "window: 3660d\n"
    assert only(ten_years + hourly(1)).path == "corrections"
    assert loads(ten_years + hourly(1).replace("HOURLY", "DAILY"), "x", {}, cwd=None).correction_rules


def test_occurrences_are_found_near_the_window_and_not_counted_from_the_start():
    text = ONE + hourly(14).replace("2026-01", "1971-01")
    config = loads(text, "sresnap.yaml", {}, cwd=None)
    began = time.process_time()
    assert len(config.corrections(1_800_000_000, 1_800_000_000 + 10 * 3600)) == 140
    assert time.process_time() - began < 2


@pytest.mark.parametrize("value", ["http://[", "https://", "http://host:99999999/", "https://[::1"])
def test_a_favicon_or_a_link_that_is_not_a_url_is_a_mistake(value):
    assert only(f"{ONE}favicon: '{value}'\n").path == "favicon"
    assert only(f"{ONE}policy: {{EXHAUSTED: {{text: x, link: '{value}'}}}}\n").path == "policy.EXHAUSTED.link"
    assert mistakes(ONE, {"SRE_FAVICON": value})[0].file == "SRE_FAVICON"


@pytest.mark.parametrize("name", ["Content-Length", "transfer-encoding", "Connection", "Content-Type", "TE"])
def test_a_header_that_each_request_sets_for_itself_is_refused(name):
    assert only(f"{ONE}prometheus: {{headers: {{{name}: '5'}}}}\n").path == f"prometheus.headers.{name}"


def test_a_header_with_blanks_around_its_value_is_refused():
    assert "without blanks" in only(f"{ONE}prometheus: {{headers: {{X-A: ' b'}}}}\n").expected


def test_an_slo_or_a_service_with_a_name_of_5000_letters_is_a_mistake():
    long = "a" * 5000
    for text in (
        f"services: [{{name: {long}, slo_target: 99}}]",
        f"services: [{{name: a, slos: [{{name: {long}, objective: 99}}]}}]",
    ):
        found = mistakes(text)[0]
        assert found.expected == "a name of at most 200 characters"
        assert len(str(found)) < 300


@pytest.mark.parametrize("letter", ["\\t", "\\0", "\\e", "\\u202e", "\\u2066", "\\x85", "\\n", "\\r"])
def test_a_control_character_in_a_name_is_a_mistake(letter):
    assert mistakes(f'services: [{{name: "a{letter}b", slo_target: 99}}]')[0].path == "services[0].name"


@pytest.mark.parametrize("letter", ["\\0", "\\e", "\\u202e", "\\x9b", "\\u200f", "\\u061c", "\\u2028", "\\ufeff"])
@pytest.mark.parametrize("key", ["title", "theme", "favicon", "provider"])
def test_a_control_character_in_any_text_is_a_mistake(key, letter):
    found = mistakes(f'{ONE}{key}: "a{letter}b"\n')[0]
    assert "control character U+" in found.expected


@pytest.mark.parametrize(
    "name", ["SRE_TITLE", "PROMETHEUS_URL", "SRE_TIMEZONE", "SRE_WINDOW", "SRE_STEP", "SRE_ACCENT", "SRE_FAVICON"]
)
def test_a_variable_with_a_byte_that_is_not_utf_8_is_a_mistake_with_its_name(name):
    found = only(ONE, {name: "caf\udce9"})
    assert (found.file, found.expected, found.found) == (name, "UTF-8 text", "the byte 0xe9")


@pytest.mark.parametrize("letter", ["\\n", "\\r", "\\u2028", "\\x1b[2K"])
@pytest.mark.parametrize(
    "key", ['"{}"', 'prometheus: {{headers: {{"{}": {{bad: 1}}}}}}\n#', 'prometheus: {{"{}": 1}}\n#']
)
def test_a_key_cannot_forge_a_line_of_a_message(letter, key):
    with pytest.raises(ConfigError) as raised:
        loads(ONE + key.format(f"X{letter}Y") + ": 1\n", "sresnap.yaml", {}, cwd=Path("/nowhere"))
    for mistake in raised.value.mistakes:
        assert mistake.path == printable(mistake.path)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://prom.example/" + "x" * 10_000, "10,020 characters, more than 2,000"),
        ("http://prom.example:0", "the port 0"),
        ("http://prom.example:99999", "broken host or port"),
        ("http://1.2.3.999", "not a valid name"),
        ("http://[1::2::3]", "not a valid name|broken host"),
        ("http://a..b", "not a valid name"),
        ("http://.", "not a valid name"),
        ("http://" + "a" * 64 + ".example", "not a valid name"),
        ("http://" + "a." * 130 + "example", "not a valid name"),
        ("http://{host}", "not a valid name"),
        ("http://a,b", "not a valid name"),
        ("http://-a", "not a valid name"),
        ("http://me:hunter2@:9090", "no host"),
        ("unix:///run/prom", 'the scheme "unix"'),
    ],
)
def test_an_address_of_prometheus_that_no_request_could_reach_is_a_mistake(url, found):
    for mistake in (
        only(f'{ONE}prometheus: {{url: "{url}"}}\n'),
        only(ONE, {"PROMETHEUS_URL": url}),
        only(ONE, prometheus_url=url),
    ):
        assert re.search(found, mistake.found)
        assert "hunter2" not in str(mistake)
        assert len(str(mistake)) < 300


@pytest.mark.parametrize(
    ("url", "used"),
    [
        ("http://[fe80::1%25eth0]:9090", "http://[fe80::1%eth0]:9090"),  # the zone as RFC 6874 writes it
        ("http://[fe80::1%eth0]:9090", "http://[fe80::1%eth0]:9090"),
        ("http://prom_1:9090", "http://prom_1:9090"),
        ("http://prom.example.:9090/x%2Fy/", "http://prom.example.:9090/x%2Fy"),
        ("http://xn--bcher-kva.example", "http://xn--bcher-kva.example"),
        ("http://bücher.example", "http://bücher.example"),
        ("http://10.1.2.3", "http://10.1.2.3"),
    ],
)
def test_an_address_of_prometheus_may_be_of_any_kind(url, used):
    assert loads(ONE, "sresnap.yaml", {"PROMETHEUS_URL": url}, cwd=Path("/nowhere")).prometheus.url == used


VARIABLES = ("SRE_TITLE", "SRE_TIMEZONE", "SRE_WINDOW", "SRE_STEP", "SRE_ACCENT", "SRE_FAVICON", "PROMETHEUS_URL")
ODD = (
    "a\nb", "\x1b[31m", "\u202e", "a\u2028b", "caf\udce9", "x" * 10**5, "-1", "-5m", "NaN", "inf", "1e309", "0", "true",
    "[]", "{}", "28", "٢٨d", "5m;", "/nowhere", "/dev/zero", "1000000d", "#fff", "Europe", "../x", "UTC\x01", "http://[",
)  # fmt: skip


def refused(variable, value):
    """The message about a variable; None where its value is accepted."""
    try:
        loads(ONE, "sresnap.yaml", {variable: value}, cwd=Path("/nowhere"))
    except ConfigError as error:
        return error
    return None


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_variable_with_an_odd_value_is_a_mistake_with_its_name(variable):
    found = {value: refused(variable, value) for value in ODD}
    # Any short line is a title.
    accepted = set(ODD[6:-2]) | {ODD[-1]} if variable == "SRE_TITLE" else set()
    assert {value for value, error in found.items() if error is None} == accepted
    for error in filter(None, found.values()):
        assert {mistake.file for mistake in error.mistakes} == {variable}
        assert len(str(error)) < 1000
        assert not any(map(has_unprintable, str(error).split("\n")))


@pytest.mark.parametrize("value", ["", " ", "\n", "\t"])
def test_a_variable_that_is_blank_counts_as_not_set(value):
    assert loads(ONE, "x", dict.fromkeys(VARIABLES, value), cwd=Path("/")) == loads(ONE, "x", {}, cwd=Path("/"))


@pytest.mark.parametrize("value", ["a\nb", "caf\udce9", "\x1b[2K", "t\u202eoken"])
def test_a_secret_that_no_header_can_carry_is_a_mistake_with_its_variable(value):
    found = only(f"{ONE}prometheus: {{bearer_token_env: PROM_TOKEN}}\n", {"PROM_TOKEN": value})
    assert "PROM_TOKEN to hold a secret in one line of ASCII" in found.expected


@pytest.mark.parametrize("name", ["a\nb", "\x1b[31m", "\u202e", "x" * 5000, "caf\udce9", "/dev/zero", "/"])
def test_a_configuration_of_an_odd_name_is_named_in_one_printable_line(name):
    with pytest.raises(ConfigError) as caught:
        load(None, {"SRE_CONFIG_FILE": name}, cwd=Path("/tmp"))
    shown = str(caught.value)
    assert "SRE_CONFIG_FILE names it" in shown
    assert len(shown) < 1000
    assert not any(map(has_unprintable, shown.split("\n")))
    assert len(shown.split("\n")) == 3


def test_a_theme_of_a_very_long_name_is_a_mistake_with_its_place():
    found = only(f"{ONE}theme: {'x' * 5000}\n")
    assert (found.path, len(str(found)) < 700) == ("theme", True)
