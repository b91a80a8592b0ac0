"""Reads and writes stored files: one class per file, one version check, one place for upgrades.

A file says which form it has: `"schema": "sresnap/snapshot/1"`. Its class reads that version and no other. A file of an
older version is upgraded step by step before it is read; a file of a newer version is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Generic, NoReturn, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator, from_json

from sresnap.documents.faults import fault, syntax_fault
from sresnap.documents.first_fault import FirstFaultError, stopping
from sresnap.errors import DamagedFile, NewerFile
from sresnap.printable import quotable

T = TypeVar("T")
_SCHEMA = re.compile(r"(sresnap/[a-z]+)/([0-9]{1,9})")
_NAMES_SCHEMA = re.compile(rb'"schema"\s*:\s*"sresnap/')
_STRUCTURE = (b",", b"[", b"{")
"""There are at most as many values in JSON as these, and one."""
_SMALL = 1_000_000
"""Bytes of a file in which all faults are looked for, so that the first one has its whole place."""
_LONGEST = 200
"""Characters of a path or a reason in a message. Files come from published sites: an edited one may hold anything."""


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """A kind of stored file."""

    schema: str
    """`sresnap/snapshot/1`: the version that is written."""
    form: type[T]
    """The class of the whole file, with a key `schema`."""
    what: str
    """As messages call it: `a snapshot`."""
    hint: str
    """What a user does about a file that cannot be read."""
    check: Callable[[T], None] = lambda _: None
    """Checks what types cannot express, and raises ValueError."""
    upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)
    """By version: a function that turns a file's keys into the next version's keys."""
    most_values: int = 20_000_000
    """A thousand services have half of it in a snapshot, and JSON takes about 32 bytes of memory a value."""

    def read(self, content: bytes, name: str) -> T:
        """A file's content as its class.

        Args:
            content: JSON.
            name: what messages call the file.

        Raises:
            DamagedFile: it is not such a file, or was edited.
            NewerFile: a newer sresnap wrote it.
        """
        if sum(map(content.count, _STRUCTURE)) > self.most_values:
            raise self._damaged(name, f"it has over {self.most_values:,} values, more than {self.what} can have")
        try:
            found: T = _validated(self.form, content)
        except ValidationError as error:
            found = self._upgraded(content, name, error)
        # A class may have a default for its schema, so that code need not name it; a file must.
        if not _NAMES_SCHEMA.search(content):
            raise self._foreign(name)
        try:
            self.check(found)
        except ValueError as error:
            raise self._damaged(name, str(error)) from error
        return found

    def write(self, value: T, *, indent: int | None = None) -> bytes:
        """The file's content, with a newline at its end; the same bytes for the same value.

        Raises:
            ValueError: a number in it is not finite.
        """
        return (to_json(self.form, value, indent=indent) + "\n").encode()

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the file as it is written."""
        return json_schema(self.form)

    def _upgraded(self, content: bytes, name: str, error: ValidationError) -> T:
        """A file of an older version as the class of this one."""
        data = self._parsed(content, name, error)
        current, version = int(self.schema.rpartition("/")[2]), self._version(data)
        if version is None:
            raise self._foreign(name) from error
        if version > current:
            message = f"{name} was written by a newer sresnap ({data['schema']}); this one reads up to {self.schema}"
            raise NewerFile(message, "upgrade sresnap")
        if version == current:
            self._raise_damaged(name, error)
        try:
            for step in range(version, current):
                data = self.upgrades[step](data)
            text = json.dumps({**data, "schema": self.schema}, allow_nan=False)
            found: T = _validated(self.form, text.encode())
        except ValidationError as mistake:
            self._raise_damaged(name, mistake)
        except (LookupError, TypeError, ValueError, AttributeError) as mistake:
            raise self._damaged(name, f"it does not have the keys of its version {version}") from mistake
        return found

    def _parsed(self, content: bytes, name: str, error: ValidationError) -> Any:
        invalid = syntax_fault(error, content)
        if invalid is not None:
            raise DamagedFile(f"{name} {invalid}", self.hint) from error
        return from_json(content)

    def _version(self, data: Any) -> int | None:
        schema = data.get("schema") if isinstance(data, dict) else None
        match = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
        is_ours = match is not None and match[1] == self.schema.rpartition("/")[0]
        return int(match[2]) or None if match is not None and is_ours else None

    def _raise_damaged(self, name: str, error: ValidationError) -> NoReturn:
        raise self._damaged(name, fault(error, _LONGEST)) from error

    def _foreign(self, name: str) -> DamagedFile:
        return DamagedFile(f"{name} is not {self.what} of sresnap", self.hint)

    def _damaged(self, name: str, reason: str) -> DamagedFile:
        return DamagedFile(f"{name} is damaged: {quotable(reason, _LONGEST)}", self.hint)


def _adapter(form: Any) -> TypeAdapter[Any]:
    return _adapters(form)


@cache
def _adapters(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)


@cache
def _stopping(form: Any) -> SchemaValidator:
    return stopping(_adapter(form).core_schema)


def _validated(form: Any, content: bytes) -> Any:
    """JSON as a class.

    Raises:
        ValidationError: it is not. Of a large file only the first fault is found: a million would fill the memory.
    """
    if len(content) <= _SMALL:
        return _adapter(form).validate_json(content)
    try:
        return _stopping(form).validate_json(content)
    except FirstFaultError as stop:
        raise stop.error from None


def is_foreign(content: bytes) -> bool:
    """Whether a file is whole JSON that another program wrote."""
    try:
        from_json(content)
    except ValueError:
        return False
    return _NAMES_SCHEMA.search(content) is None


def read_part(form: type[T], content: bytes) -> T | None:
    """Some keys of a stored file, even if its other keys are damaged; None when these cannot be read.

    Args:
        form: a class of these keys.
        content: JSON.
    """
    try:
        found: T = _validated(form, content)
    except ValidationError:
        return None
    return found


def to_json(form: Any, value: Any, *, indent: int | None = None) -> str:
    """A value of a class as JSON, compact unless indented: a whole file, or a line of one.

    Raises:
        ValueError: a number in it is not finite.
    """
    content = _adapter(form).dump_json(value, by_alias=True, indent=indent)
    if b"NaN" in content or b"Infinity" in content:
        json.loads(content, parse_constant=_refuse_constant)  # a text may hold these words
    return content.decode()


def plain(form: Any, value: Any) -> Any:
    """A value of a class as the JSON of its file, read again."""
    return from_json(to_json(form, value))


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number in JSON")


def json_schema(form: Any) -> dict[str, Any]:
    """The JSON Schema of a class as it is written."""
    return _adapter(form).json_schema(mode="serialization", by_alias=True)
