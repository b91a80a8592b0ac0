"""JSON Schemas of all JSON files of a site, made from the classes of what is in them, and published with it.

A file says `"schema": "sresnap/snapshot/1"`, and its schema is `schema/snapshot/1.json` with the `$id`
`urn:sresnap:snapshot:1`, the same on every site. A key may be added without another version: schemas allow keys that
they do not know, as readers have to. A key that goes, or means something else, makes another version.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from pydantic import TypeAdapter

from sresnap.documents import forms, history, pointer, thinned_lists
from sresnap.documents.layout import SCHEMA
from sresnap.model import archive as model
from sresnap.model import snapshot
from sresnap.render.downloads import statements

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _of(form: Any) -> dict[str, Any]:
    return TypeAdapter(form).json_schema(mode="serialization")


def _thinned() -> dict[str, Any]:
    """Rows have the values of an entry in the order of its keys; the last one may be left out."""
    entry = _of(model.Entry)
    keys, cells = list(entry["properties"]), list(entry["properties"].values())
    row = {"type": "array", "prefixItems": cells, "minItems": len(cells) - 1, "maxItems": len(cells)}
    properties = {
        "schema": {"type": "string"},
        "day": TypeAdapter(forms.Day).json_schema(),
        "keys": {"const": keys},
        "rows": {"type": "array", "items": row},
    }
    description = "`archive/thinned/YYYY/MM/YYYY-MM-DD.json`: what is left of a UTC day's thinned reports."
    return {
        "$defs": entry["$defs"],
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


_FORMS: Mapping[str, Callable[[], dict[str, Any]]] = {
    snapshot.SCHEMA: partial(_of, snapshot.Snapshot),
    model.SCHEMA: partial(_of, model.Index),
    thinned_lists.SCHEMA: _thinned,
    history.SCHEMA: history.CODEC.json_schema,
    pointer.SCHEMA: partial(_of, pointer.Pointer),
    forms.MANIFEST_SCHEMA: partial(_of, forms.ManifestFile),
    statements.SCHEMA: partial(_of, forms.StatementFile),
    forms.OBJECTIVES_SCHEMA: partial(_of, list[forms.ObjectiveRow]),
    forms.BADGE_SCHEMA: partial(_of, forms.BadgeFile),
}
_NAMES = {name.split("/")[1]: name for name in _FORMS}
KINDS = tuple(_NAMES)
"""`snapshot`, `archive`, …"""


@cache
def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file."""
    name = _NAMES[kind]
    found = {"$schema": _DIALECT, "$id": "urn:" + name.replace("/", ":"), **_FORMS[name](), "title": name}
    if "schema" in found.get("properties", {}):
        found["properties"]["schema"] = {"const": name}
        found["required"] = sorted({"schema", *found.get("required", ())})
    return found


def path(kind: str) -> str:
    """Site-relative path of a schema."""
    return SCHEMA.path(_NAMES[kind].removeprefix("sresnap/"))


@cache
def files() -> Mapping[str, bytes]:
    """All schemas by site-relative path."""
    return {path(kind): (json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n").encode() for kind in KINDS}
