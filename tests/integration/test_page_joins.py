"""Pages print few strings next to each other, and the scan of a report's inputs knows which.

Every free text of a report is marked with the name of its field, and the site is rendered. Between two marks, and
around each, there may only be text that no pattern matches across.
"""

import dataclasses
import html
import re
from collections.abc import Mapping

import pytest

from sresnap.documents import snapshots
from sresnap.render.site import render
from tests import factories

FREE_TEXT = {
    "name", "service", "services", "slo", "worst", "missing", "default_service", "title", "provider", "version", "url",
    "promql", "error", "warnings", "infos", "message", "text", "absent", "capacity_absent", "reason", "withheld",
    "owner", "team", "description", "runbook", "tags",
}  # fmt: skip
JOIN = re.compile(r"⟨([^⟨⟩]*)⟩⟪[^⟪⟫]*⟫([^⟨⟩<>\"\n]*)⟨([^⟨⟩]*)⟩")
CROSSED = re.compile(r"[\s:=]+|\S*")
"""Separators that a pattern can cross: `Bearer TOKEN`, `secret_access_key: KEY`, and anything without a blank."""
SCANNED = {
    ("ServiceReport.name", "/", "SloReport.name"),
    ("ServiceReport.name", ",", "SloReport.name"),
    ("ServiceReport.name", " ", "SloReport.name"),
    ("SloReport.name", ": ", "SloReport.reason"),
    ("SloReport.name", ": ", "Now.reason"),
    ("Now.reason", " ", "SloReport.reason"),
    ("SloReport.name", ",0,", "People.team"),
    ("People.team", ",", "People.owner"),
    ("People.owner", ",", "People.tags"),
    ("People.tags", " ", "People.tags"),
}
CELLS = re.compile(r",[\w:.,-]*,")
"""Times, numbers and words of ours in a row for spreadsheets. The scan has `0` for them."""
COMPLETED_BEFORE = re.compile(r"(?i)(?:://|[?&;][\w-]+=|\b(?:bearer|basic)\s|key[\s:=]+|[\w.@-])⟨")
COMPLETED_AFTER = re.compile(r"⟫(?:[.:@/-]\w|\w)")


def marked(value, field=""):
    if isinstance(value, str):
        return f"⟨{field}⟩⟪{value}⟫" if field.rpartition(".")[2] in FREE_TEXT and type(value) is str else value
    if dataclasses.is_dataclass(value):
        kind = type(value).__name__
        parts = {
            each.name: marked(getattr(value, each.name), f"{kind}.{each.name}") for each in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **parts)
    if isinstance(value, Mapping):
        return {key: marked(each, field) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return tuple(marked(each, field) for each in value)
    return value


def texts(state):
    report = marked(factories.STATES[state]())
    for content in [*render(report).files.values(), snapshots.encode(report)]:
        # JSON in an attribute is escaped twice.
        yield html.unescape(html.unescape(content.decode("utf-8", "replace")))


def joins(text):
    start = 0
    while found := JOIN.search(text, start):
        start = found.start(3) - 1
        yield found[1], ",0," if CELLS.fullmatch(found[2]) else found[2], found[3]


@pytest.mark.parametrize("state", ["some_failed", "weird_names", "evaluated"])
def test_pages_join_nothing_that_is_not_scanned_joined(state):
    crossed = set()
    for text in texts(state):
        crossed |= {join for join in joins(text) if CROSSED.fullmatch(join[1])}
        assert COMPLETED_BEFORE.search(text) is None, text[COMPLETED_BEFORE.search(text).start() - 80 :][:200]
        assert COMPLETED_AFTER.search(text) is None, text[COMPLETED_AFTER.search(text).start() - 80 :][:200]
    assert crossed <= SCANNED
