"""JSON Schemas of all JSON files of a site, made from the classes of what is in them, and published with it.

A file says `"schema": "sresnap/snapshot/1"`, and its schema is `schema/snapshot/1.json` with the `$id`
`urn:sresnap:snapshot:1`, the same on every site. A key may be added without another version: schemas allow keys that
they do not know, as readers have to. Removing a key, or changing its meaning, needs a new version.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from sresnap.documents import downloads, history, manifest, pointer, thinned_lists
from sresnap.documents.codec import json_schema
from sresnap.documents.layout import SCHEMA
from sresnap.model import archive, review, review_index, snapshot

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


_FORMS: Mapping[str, Any] = {
    snapshot.SCHEMA: snapshot.Snapshot,
    archive.SCHEMA: archive.Index,
    thinned_lists.SCHEMA: thinned_lists.ThinnedList,
    history.SCHEMA: history.DayFile,
    review.SCHEMA: review.Review,
    review.RESTATEMENT_SCHEMA: review.Restatement,
    review_index.INDEX_SCHEMA: review_index.Reviews,
    pointer.SCHEMA: pointer.Pointer,
    manifest.SCHEMA: manifest.Manifest,
    downloads.STATEMENT_SCHEMA: downloads.StatementFile,
    downloads.OBJECTIVES_SCHEMA: tuple[downloads.ObjectiveRow, ...],
    downloads.BADGE_SCHEMA: downloads.BadgeFile,
}
_NAMES = {name.split("/")[1]: name for name in _FORMS}
STORED_KINDS = tuple(_NAMES)
"""`snapshot`, `archive`, …"""


@cache
def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file."""
    name = _NAMES[kind]
    return {
        "$schema": _DIALECT,
        "$id": "urn:" + name.replace("/", ":"),
        **json_schema(_FORMS[name]),
        "title": name,
    }


def path(kind: str) -> str:
    """Site-relative path of a schema."""
    return SCHEMA.path(_NAMES[kind].removeprefix("sresnap/"))


@cache
def files() -> Mapping[str, bytes]:
    """All schemas by site-relative path."""
    return {
        path(kind): (json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n").encode() for kind in STORED_KINDS
    }
