"""Reads the numbers of sentences back, and compares them with the files that they name."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sresnap import format as fmt
from sresnap.documents.codec import to_json
from sresnap.sentences.fact import Sentence
from sresnap.sentences.values import Kind, Value

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]  # fmt: skip
HOURS = {"hour": 1, "hours": 1, "day": 24, "days": 24}
COUNTED = {"met": {"met", "HEALTHY", "AT_RISK", "CRITICAL"}, "missed": {"missed", "EXHAUSTED"}}


def as_file(kind: type, value: object) -> Any:
    """A file's JSON."""
    return json.loads(to_json(kind, value))


def resolved(files: Mapping[str, Any], address: str) -> Any:
    """What an address points at (RFC 6901)."""
    name, _, pointer = address.partition("#/")
    found = files[name]
    for part in pointer.split("/"):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def parts(template: str, sentence: Sentence) -> Mapping[str, str]:
    """The text of each placeholder, read from the sentence."""
    pieces = re.split(r"\{(\w+)\}", template)
    pattern = "".join(re.escape(text) if index % 2 == 0 else f"(?P<{text}>.+?)" for index, text in enumerate(pieces))
    match = re.fullmatch(pattern.replace("(?P<from>", "(?P<from_>"), sentence.text)
    assert match is not None, (template, sentence.text)
    return {name.rstrip("_"): fmt.plain(text) for name, text in match.groupdict().items()}


def check(name: str, shown: str, value: Value, files: Mapping[str, Any], zone: ZoneInfo) -> None:
    """Compare what a sentence shows with what its addresses say."""
    said = [resolved(files, address) for address in value.addresses]
    match value.kind:
        case Kind.SHARE:
            _is_percent(shown, said[0])
        case Kind.SPENT:
            _is_percent(shown, 1 - said[0])
        case Kind.SLI:
            _is_percent(shown, said[0])
            assert (_percent(shown) >= said[1] * 100 - 1e-9) == (said[0] >= said[1])
        case Kind.OBJECTIVE:
            assert _percent(shown) == round(said[0] * 100, 9)
        case Kind.COVERAGE:
            assert 0 <= said[0] * 100 - _percent(shown) < 0.11
        case Kind.COUNT | Kind.PERIODS:
            assert int(shown.split(maxsplit=1)[0]) == len(said) == len(set(value.addresses))
            assert name not in COUNTED or set(said) <= COUNTED[name]
        case Kind.LENGTH:
            assert _hours(shown) * 3600 == (_time(said[1]) - _time(said[0])).total_seconds()
        case Kind.DAY | Kind.MOMENT | Kind.TIME:
            _is_moment(shown, said[0], value.kind, zone)
        case Kind.PERIOD:
            assert _period(shown) == said[0]
        case Kind.NAMES:
            _is_list(shown, ["/".join(pair) for pair in zip(said[::2], said[1::2], strict=True)])
        case Kind.TEXT:
            assert shown == "/".join(said) or not said
        case Kind.WORD:
            assert shown.rsplit(maxsplit=1)[-1] in {said[0], said[0].split("_")[-1], "traffic", "doubt"}


def _percent(text: str) -> float:
    return float(re.sub(r"[ %<>]", "", text).replace("−", "-"))


def _is_percent(text: str, ratio: float) -> None:
    shown = _percent(text)
    digits = len(text.partition(".")[2].rstrip(" %"))
    assert abs(shown - ratio * 100) <= 0.5 * 10**-digits + 1e-9 or text[0] in "<>", (text, ratio)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _hours(text: str) -> int:
    return sum(int(number) * HOURS[unit] for number, unit in re.findall(r"(\d+) (\w+)", text))


def _is_moment(text: str, said: str, kind: Kind, zone: ZoneInfo) -> None:
    local = _time(said)
    local = local.astimezone(zone) if local.tzinfo is not None else local
    day, time = f"{local.day} {MONTHS[local.month - 1]}", f"{local:%H:%M}"
    assert text == {Kind.DAY: day, Kind.TIME: time, Kind.MOMENT: f"{day}, {time}"}[kind]


def _period(text: str) -> str:
    if found := re.fullmatch(r"week (\d+) of (\d{4})", text):
        return f"{found[2]}-W{int(found[1]):02}"
    if found := re.fullmatch(r"Q(\d) (\d{4})", text):
        return f"{found[2]}-Q{found[1]}"
    if found := re.fullmatch(r"the year (\d{4})", text):
        return found[1]
    month, year = text.split()
    return f"{year}-{MONTHS.index(month) + 1:02}"


def _is_list(text: str, names: Sequence[str]) -> None:
    shown = re.split(r", | and ", text)
    if more := re.fullmatch(r"(\d+) more", shown[-1]):
        assert int(more[1]) == len(names) - 5
        shown = shown[:-1]
    assert shown == list(names[:5])
