"""Changes to documents and bytes, such as a broken disk, another program or an attacker makes."""

from __future__ import annotations

import copy
import json
from random import Random
from typing import Any

_DIGITS = "\ue000digits"
"""Becomes a number that Python does not write: 5,000 digits."""
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 3.5, -0.0, 1e308, -1e308, 5e-324, 1e-9, 2**31, 2**53 + 1, 2**63, -(2**63), 10**30,
    float("nan"), float("inf"), float("-inf"), _DIGITS, [], {}, [[]], [None], {"": None}, {"a": {"a": {"a": 1}}},
    "", " ", "0", "-1", "1e999", "NaN", "+Inf", "null", "a" * 300, "a" * 70_000, "é" * 200, "\ud800", "a\udfffb", "\0",
    "a\0b", "\x1b[2J\x07", "\x9b31m", "\u202eabc\u2066", "\n\r\t", "\u2028", "😀" * 50, "<script>&\"'", "]]>", "{x}",
    "}", "..", "../../etc/passwd", "/etc/passwd", "/dev/zero", "/dev/full", "a/b/c/" * 300 + "x", "index.html/x",
    "latest.json/",
    "C:\\x", "aux", "con.json", ".hidden", "http://[", "http://xn--/", "http://user:pw@host:99999/", "file:///dev/zero",
    "s3://", "2026-11-22", "2026-99-99T00:00:00Z", "20261122T210000Z", "99991231T235959Z", "00010101T000000Z", "Europe",
    "sresnap/latest/1", "sresnap/snapshot/999", "sha256:zz", "0" * 64, "f" * 64, "FREQ=SECONDLY", "9" * 400 + "d",
    "1ns",
)  # fmt: skip


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document: what has it, and its key there."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        parent = waiting.pop()
        for key in parent if isinstance(parent, dict) else range(len(parent)):
            found.append((parent, key))
            if isinstance(parent[key], dict | list):
                waiting.append(parent[key])
    return found


def document(value: Any, random: Random) -> Any:
    """A document with one to three changes. It is changed in place, unless it becomes another value."""
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = _places(value)
        if not places or random.random() < 0.2 / len(places):
            return copy.deepcopy(random.choice(ODD))
        parent, key = random.choice(places)
        _change(parent, key, places, random)
    return value


def _change(parent: Any, key: Any, places: list[tuple[Any, Any]], random: Random) -> None:
    value = parent[key]
    kind = random.choice(("odd", "odd", "odd", "delete", "rename", "another", "near", "near", "repeat"))
    if kind == "delete":
        del parent[key]
    elif kind == "rename" and isinstance(parent, dict):
        parent[random.choice([item for item in ODD if isinstance(item, str)] + [f"{key}x"])] = parent.pop(key)
    elif kind == "another":
        other, name = random.choice(places)
        parent[key] = copy.deepcopy(other[name])
    elif kind == "repeat" and isinstance(value, list | str):
        parent[key] = value * random.choice((2, 3, 50))
    elif kind in ("near", "repeat"):
        parent[key] = _near(value, random)
    else:
        parent[key] = copy.deepcopy(random.choice(ODD))


def _near(value: Any, random: Random) -> Any:
    """A value of the same type that is a little off."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return random.choice((value + 1, value - 1, -value, value * 1000, value / 3, value * 1e300, str(value)))
    if isinstance(value, str) and value:
        at = random.randrange(len(value))
        inserted = random.choice(["", "x", "/", "\0", "\ud800", "é", "9", "-", ".", "%00", "\u202e", " "])
        return value[:at] + inserted + value[at + random.randrange(2) :]
    if isinstance(value, list):
        return value[:-1]
    return value


def as_json(value: Any) -> bytes:
    """The document's text. JSON cannot spell some of its values; programs do it anyway."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace(json.dumps(_DIGITS), "9" * 5000).encode()


def raw(content: bytes, random: Random) -> bytes:
    """Bytes with one change."""
    at = random.randrange(len(content) + 1)
    kind = random.choice(("cut", "flip", "insert", "repeat", "drop", "empty", "zeros", "deep", "mark"))
    changed = {
        "cut": content[:at],
        "insert": content[:at] + random.randbytes(random.choice((1, 2, 40))) + content[at:],
        "repeat": content[:at] + content[at : at + 60] * random.choice((2, 100)) + content[at:],
        "drop": content[:at] + content[at + random.choice((1, 2, 40)) :],
        "zeros": content[:at] + bytes(len(content) - at),
        "deep": content[:at] + b'[{"a":' * 20_000 + content[at:],
        "mark": random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b\x08")) + content,
    }
    if kind == "flip" and at < len(content):
        return content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :]
    return changed.get(kind, b"")


def stored(content: bytes, random: Random) -> bytes:
    """A JSON file with changes of its values, or of its bytes."""
    return raw(content, random) if random.random() < 0.25 else as_json(document(json.loads(content), random))
