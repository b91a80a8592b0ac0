"""Types of the configuration's values, with their validation and their JSON Schema."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from sresnap.config.contacts import MOST_DESCRIPTION, read_contact, read_description, read_tag
from sresnap.config.expected import ExpectedError
from sresnap.config.readers import (
    LABEL_NAME,
    LEAST_BYTES,
    WindowName,
    read_accent,
    read_folders,
    read_labels,
    read_latency,
    read_link,
    read_moment,
    read_name,
    read_percent,
    read_selectors,
    read_size,
    read_slice,
    read_step,
    read_text,
    read_timezone,
    read_weight,
    read_windows,
    seconds,
)
from sresnap.model.windows import DAY, HOUR, MINUTE


def _schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "examples": list(examples)})


def _like(pattern: str, expected: str) -> BeforeValidator:
    """A validator of text that matches a pattern. `expected` describes the pattern in words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise ExpectedError(expected)
        return value

    return BeforeValidator(read)


_DURATION = r"^([0-9]+(ms|s|m|h|d|w|y))+$"
_LABEL = r"^[A-Za-z_][A-Za-z0-9_]*$"
_ONE_LABEL: dict[str, Any] = {
    "type": "string",
    "pattern": r"^([A-Za-z_][A-Za-z0-9_]*|[^\W\d][\w-]*([./][\w-]+)+)$",
}
_HOST = r"^[^\s/@*]+$"
_SITE = r"^https?://([^\s/?#@:]+|\[[0-9a-fA-F:.]+\])(:[0-9]{1,5})?(/@?[^\s?#/@]*)*$"
"""An @ is only at the beginning of a folder, as in /@team. Elsewhere it ends a login whose / should have been %2F."""
Text = Annotated[str, BeforeValidator(read_text), WithJsonSchema({"type": "string", "minLength": 1})]
Name = Annotated[str, BeforeValidator(read_name), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
Percent = Annotated[
    float,
    BeforeValidator(read_percent),
    WithJsonSchema({"type": "number", "minimum": 1, "exclusiveMaximum": 100, "examples": [99.9]}),
]
_ONE_WINDOW: dict[str, Any] = {"type": "string", "pattern": "^([0-9]+[dwy]|month|quarter|week)$"}
Windows = Annotated[
    tuple[WindowName, ...],
    BeforeValidator(read_windows),
    WithJsonSchema(
        {
            "anyOf": [_ONE_WINDOW, {"type": "array", "items": _ONE_WINDOW, "minItems": 1, "uniqueItems": True}],
            "examples": ["28d", "month", ["28d", "month"]],
        }
    ),
]
Slice = Annotated[float, BeforeValidator(read_slice), _schema(_DURATION, "1m")]
Weight = Annotated[
    float, BeforeValidator(read_weight), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "examples": [2]})
]
Moment = Annotated[
    datetime, BeforeValidator(read_moment), WithJsonSchema({"type": "string", "examples": ["2026-11-20T22:00:00Z"]})
]
Link = Annotated[str, BeforeValidator(read_link), _schema("^https?://", "https://wiki.example/policy")]
Contact = Annotated[
    str,
    BeforeValidator(read_contact),
    _schema("^(https?://|mailto:)", "https://wiki.example/runbook", "mailto:shop@acme.example"),
]
Description = Annotated[
    str,
    BeforeValidator(read_description),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MOST_DESCRIPTION}),
]
Tag = Annotated[str, BeforeValidator(read_tag), _schema(r"^[^\s,]{1,100}$", "web", "tier=1")]
Label = Annotated[str, _like(_LABEL, LABEL_NAME), _schema(_LABEL, "service")]
Labels = Annotated[
    tuple[str, ...],
    BeforeValidator(read_labels),
    WithJsonSchema(
        {
            "anyOf": [_ONE_LABEL, {"type": "array", "items": _ONE_LABEL, "minItems": 1, "uniqueItems": True}],
            "examples": ["service", ["namespace", "ingress"]],
        }
    ),
]
_ONE_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
Selectors = Annotated[
    tuple[str, ...],
    BeforeValidator(read_selectors),
    WithJsonSchema({"anyOf": [_ONE_TEXT, {"type": "array", "items": _ONE_TEXT, "minItems": 1, "uniqueItems": True}]}),
]
Folders = Annotated[
    tuple[str, ...],
    BeforeValidator(read_folders),
    WithJsonSchema({"anyOf": [_ONE_TEXT, {"type": "array", "items": _ONE_TEXT, "minItems": 1, "uniqueItems": True}]}),
]
PrivateHost = Annotated[
    str,
    _like(_HOST, "an address or a host as the report shows it, such as 10.0.0.5:9100; not a URL or a pattern"),
    _schema(_HOST, "10.0.0.5:9100", "node.internal"),
]
SiteUrl = Annotated[
    str,
    _like(_SITE, "the site's http(s) address with nothing after its path, such as https://status.example/team/"),
    _schema(_SITE, "https://status.example/team/"),
]
Step = Annotated[float, BeforeValidator(read_step), _schema("^[0-9]+[mh]$", "5m")]
Timezone = Annotated[str, BeforeValidator(read_timezone), _schema("^[A-Za-z0-9_+/-]+$", "Europe/Berlin")]
Accent = Annotated[str, BeforeValidator(read_accent), _schema("^#[0-9a-fA-F]{6}$", "#3b82f6")]
Latency = Annotated[
    float,
    BeforeValidator(read_latency),
    _schema(r"^([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?(ns|us|µs|μs|ms|s|m|h))+$", "300ms", "2.5s", "50us"),
]
Patience = Annotated[
    float, BeforeValidator(seconds(0.1, HOUR, "a duration up to 1h, such as 30s")), _schema(_DURATION, "30s")
]
Schedule = Annotated[
    float, BeforeValidator(seconds(MINUTE, 31 * DAY, "a duration from 1m to 31d, such as 5m")), _schema(_DURATION, "5m")
]
CloseAfter = Annotated[
    float,
    BeforeValidator(seconds(3 * HOUR, 14 * DAY, "a duration from 3h, when hours are final, to 14d, such as 6h")),
    _schema(_DURATION, "6h"),
]
Span = Annotated[
    float, BeforeValidator(seconds(MINUTE, 3660 * DAY, "a duration, such as 90d")), _schema(_DURATION, "90d")
]
Tier = Annotated[
    float,
    BeforeValidator(
        seconds(MINUTE, 3660 * DAY, "a duration up to 3660d, such as 90d, or null", "null switches the tier off")
    ),
    _schema(_DURATION, "90d"),
]
Size = Annotated[
    int,
    BeforeValidator(read_size),
    WithJsonSchema({"type": ["string", "integer"], "minimum": LEAST_BYTES, "examples": ["600MB"]}),
]
