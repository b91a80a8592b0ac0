"""Query templates: placeholders, escaping, syntax check.

A template is PromQL with `{name}` where a service's label or a variable goes; literal braces are doubled. Each value is
escaped for where it stands, so no value can change the query's meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sresnap.model.query import Member, Purpose, Query, QueryTemplate
from sresnap.promql.literals import escaped, in_code, one_line, quote
from sresnap.promql.names import label_of
from sresnap.promql.template import Hole, Place, TemplateError, parse_joined

__all__ = [
    "TemplateError",
    "check_syntax",
    "escaped_for",
    "fixed_moment",
    "in_code",
    "in_regex",
    "one_line",
    "placeholders",
    "quote",
    "render",
    "render_member",
]

_BARE = re.compile(r"[A-Za-z0-9_:.]+")
# What RE2's QuoteMeta escapes (pkg.go.dev/regexp#QuoteMeta). A hole is never in a class, where '-' would matter.
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


@lru_cache(maxsize=1024)
def placeholders(text: str) -> frozenset[str]:
    """Names of the labels and variables that a template needs.

    Raises:
        TemplateError: a placeholder is not a plain name, or stands where no value is safe.
    """
    return frozenset(label_of(piece.name) for piece in parse_joined(text) if isinstance(piece, Hole))


def render(query: Query) -> str:
    """The PromQL of a query. Every member of an ungrouped query gives the same text, so the first one fills it.

    Raises:
        TemplateError: a label is missing, or a value cannot stand where its placeholder is.
    """
    members = query.members if query.template.by else query.members[:1]
    text = _fill(query.template, members, query.variables)
    # The highest of the hour's twelve spans of five minutes.
    return f"max_over_time(({text})[1h:5m])" if query.purpose is Purpose.PEAK else text


def render_member(template: QueryTemplate, member: Member, variables: Mapping[str, str]) -> str:
    """A template filled for one service; services with the same text can share one query.

    Raises:
        TemplateError: as for `render`.
    """
    return _fill(template, (member,), variables)


@lru_cache(maxsize=512)  # services and groups often have a query in common
def check_syntax(text: str) -> str | None:
    """The objection of promql-parser to a query, or of RE2 to one of its regular expressions; None when it is valid."""
    from sresnap.promql.parser import NotPromqlError, parsed
    from sresnap.promql.regexes import objection_to_query

    try:
        parsed(text)
        return objection_to_query(text)
    except NotPromqlError as error:
        return str(error)


def fixed_moment(text: str) -> str | None:
    """What makes a query, or a part of it, read one moment in all hours of a range: `@ end()`, `@ 1700000000`.

    None where nothing does, or where the text is in another dialect that cannot be read.
    """
    if "@" not in text:  # the parser is loaded only where it is needed
        return None
    from sresnap.promql.parser import NotPromqlError
    from sresnap.promql.reader import read
    from sresnap.promql.tree import moves

    try:
        return next((moved for moved in moves(read(text)) if "@" in moved), None)
    except NotPromqlError:
        return None


def _fill(template: QueryTemplate, members: Sequence[Member], variables: Mapping[str, str]) -> str:
    parts = []
    for piece in parse_joined(template.promql):
        if isinstance(piece, str):
            parts.append(piece)
            continue
        name = label_of(piece.name)
        if name in template.by and name not in variables:
            if piece.place is not Place.MATCHER:
                raise TemplateError(
                    f"{{{piece.name}}} has several values here, so it must be in a regex matcher (=~ or !~)"
                )
            parts.append(escaped_for(piece, sorted({_value(name, member, variables) for member in members})))
        else:
            parts.append(escaped_for(piece, [_shared_value(name, members, variables)]))
    return "".join(parts).strip()


def _value(name: str, member: Member, variables: Mapping[str, str]) -> str:
    value = variables.get(name, member.labels.get(name))
    if value is None:
        raise TemplateError(f"service {member.service!r} has no label {name!r}, which the query needs")
    return value


def _shared_value(name: str, members: Sequence[Member], variables: Mapping[str, str]) -> str:
    """The value of a placeholder that the query is not grouped by; all members must share it."""
    first = _value(name, members[0], variables)
    for member in members[1:]:
        if _value(name, member, variables) != first:
            raise TemplateError(
                f"{{{name}}} differs between services {members[0].service!r} and {member.service!r}, "
                "so one query cannot serve both; drop `by` to send one query per service"
            )
    return first


@lru_cache(maxsize=8192)
def in_regex(value: str, quote: str) -> str:
    """A value as a regular expression that matches only it, written for a string with these quotes."""
    return _literal(value) if quote == "`" else escaped(_literal(value), quote)


@lru_cache(maxsize=8192)  # each query of a fleet names all of its services
def _literal(value: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", value)


def escaped_for(hole: Hole, values: Sequence[str]) -> str:
    """The values, escaped for where the hole stands. Only a regex takes several."""
    text = values[0]
    if hole.place is Place.CODE:
        if not _BARE.fullmatch(text):
            raise TemplateError(
                f"{{{hole.name}}} stands outside a string, where only letters, digits, '_', ':' and '.' may be put, "
                f"not {text!r}"
            )
        return text
    if hole.place in {Place.MATCHER, Place.REGEX}:
        text = "|".join(_literal(value) for value in values)
        # A neighbour (`+`, another word) must see one unit.
        text = text if hole.is_whole_string else f"(?:{text})"
    elif hole.place is Place.REPLACEMENT:
        text = text.replace("$", "$$")
    if hole.quote != "`":
        return escaped(text, hole.quote)
    if "`" in text:
        raise TemplateError(
            f'{{{hole.name}}} is in a raw string, where no backtick can be put: quote it with " instead of `'
        )
    return text
