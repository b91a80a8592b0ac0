"""Reads the newest report of a published site."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sresnap.documents import snapshots
from sresnap.documents.layout import POINTER
from sresnap.documents.pointer import decode_pointer
from sresnap.errors import DamagedFile, NewerFile, NoReport, PublishFailed
from sresnap.model.snapshot import Snapshot
from sresnap.model.windows import MINUTE
from sresnap.publish.patient import PatientSource
from sresnap.publish.targets import registry
from sresnap.publish.targets.base import Source

T = TypeVar("T")
_SECONDS = 2 * MINUTE
"""A release waits for the answer."""
_ADDRESS_HINT = "give the site's folder, or its address with https://, in --site; `sresnap build` writes public/"


def read_newest(site: str, seconds: float = _SECONDS) -> Snapshot:
    """The report that the site's `latest.json` points to.

    Args:
        site: a folder, an http(s) address with or without `index.html`, or a target of `sresnap publish`.
        seconds: how long reading it may take.

    Raises:
        UsageError: the address is invalid.
        NoReport: the site cannot be read, or it shows no report that this sresnap can read.
    """
    try:
        return _read(PatientSource(registry.open_source(site), seconds, more=""))
    except PublishFailed as error:
        # The command was called correctly: it is the site that has no answer.
        raise NoReport(error.message, error.hint) from None


def _read(source: Source) -> Snapshot:
    pointer = source.read(POINTER)
    if pointer is None:
        raise NoReport(f"there is no report in {source.shown}: {POINTER} is missing", _ADDRESS_HINT)
    hint = "is this the site's folder or address? If it is, `sresnap verify` says what to do"
    name = _decoded(decode_pointer, pointer.content, f"{source.shown}: {POINTER}", hint).snapshot
    stored = source.read(name)
    if stored is None:
        message = f"{source.shown} shows a report whose data {name} is missing"
        raise NoReport(message, "publish it again with `sresnap build --publish`, or restore it from a backup")
    name = f"{source.shown.rstrip('/')}/{name}"
    return _decoded(snapshots.decode, stored.content, name, "publish it again with `sresnap build --publish`")


def _decoded(decode: Callable[[bytes, str], T], content: bytes, name: str, hint: str) -> T:
    """A file of the site. `hint` says what to do about a damaged one."""
    try:
        return decode(content, name)
    except NewerFile as error:
        raise NoReport(error.message, error.hint) from None
    except DamagedFile as error:
        raise NoReport(error.message, hint) from None
