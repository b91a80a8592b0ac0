"""The placeholders of the layout's patterns, like `{report}` and `{day}`: what each matches, and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from sresnap.model.periods import PERIOD_FORM
from sresnap.model.slug import SLUG
from sresnap.model.windows import DAY_FORM, REPORT_ID


@dataclass(frozen=True, slots=True)
class Field:
    """A placeholder of a pattern."""

    regex: str
    write: Callable[[str], str] = str
    read: Callable[[str], str] = str


_FIELDS: Mapping[str, Field] = {
    "report": Field(REPORT_ID),
    "day": Field(  # 2026-11-22 lies in folders by year and month: 2026/11/2026-11-22
        r"\d{4}/\d{2}/" + DAY_FORM,
        write=lambda day: f"{day[:4]}/{day[5:7]}/{day}",
        read=lambda path: path.rpartition("/")[2],
    ),
    "period": Field(PERIOD_FORM),
    "number": Field(r"[1-9][0-9]{0,3}"),
    "month": Field(r"\d{4}-\d{2}"),
    "slug": Field(SLUG),
    "slo": Field(SLUG),
    "badge": Field(r"[a-z0-9][a-z0-9._/-]*"),
    "name": Field(r"(?s:.+)"),
    "hash": Field(r"[0-9a-f]{8,}"),
    "suffix": Field(r"[a-z0-9]+"),
    "schema": Field(r"[a-z]+/\d+"),
    "stamp": Field(r"[^/]+"),
    "token": Field(r"[A-Za-z0-9]+"),
    "rest": Field(r"(?s:.+)"),
}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def compiled(pattern: str) -> tuple[re.Pattern[str], tuple[Field, ...]]:
    """The regular expression of a pattern, with a group for each placeholder, and the placeholders."""
    fields = tuple(_FIELDS[name] for name in PLACEHOLDER.findall(pattern))
    literals = [re.escape(part) for part in PLACEHOLDER.split(pattern)[::2]]
    groups = [*(f"({field.regex})" for field in fields), ""]
    return re.compile("".join(part + group for part, group in zip(literals, groups, strict=True)), re.ASCII), fields
