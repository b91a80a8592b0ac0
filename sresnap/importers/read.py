"""Reads files of any of the tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sresnap import format as fmt
from sresnap.errors import UsageError
from sresnap.importers.grafana import is_grafana, read_grafana
from sresnap.importers.model import Found, FoundSlo
from sresnap.importers.openslo import is_openslo, read_openslo
from sresnap.importers.part import Part, shown
from sresnap.importers.pyrra import is_pyrra, read_pyrra
from sresnap.importers.rules import Own, is_rules, read_rules
from sresnap.importers.sloth import is_sloth, read_sloth
from sresnap.importers.yaml_documents import UnreadableError, documents

_LONGEST = 60
_SERVER_KEYS = (
    "creationTimestamp", "generation", "managedFields", "ownerReferences", "resourceVersion", "selfLink", "uid",
)  # fmt: skip
_HINT = (
    "it reads OpenSLO v1 and v1alpha, Sloth (prometheus/v1, PrometheusServiceLevel), Pyrra (ServiceLevelObjective), "
    "Grafana Cloud's SLOs as its API gives them, and the rules that Sloth, Pyrra and kubernetes-mixin make"
)


def read_files(files: Sequence[Path]) -> Found:
    """The contents of the files. What is left out is listed among the mistakes, and stops no other SLO.

    Raises:
        UsageError: the files hold no SLO. It lists every mistake.
    """
    found = Found()
    parts = [part for path in files for part in _parts(path, found)]
    openslo = [part for part in parts if is_openslo(part.data)]
    own = Own()
    for part in parts:
        _read(part)
        own.add(found.slos, part)
    read_openslo(openslo, found)
    own.add(found.slos, None)
    for part in parts:  # last: the SLOs themselves say more than their rules
        if is_rules(part.data):
            read_rules(part, own)
    for part in parts:
        _list_unread(part)
    found.slos = list(_possible(found))
    if found.mistakes and not found.slos:
        raise UsageError("\n  ".join(["these files cannot be imported:", *found.mistakes]), _HINT)
    if not found.slos:
        raise UsageError(
            "\n  ".join([f"there is no SLO to import in {', '.join(map(str, files))}", *map(str, found.notes)]), _HINT
        )
    found.slos = list(_named(found.slos, found))
    if len(found.timezones) > 1:
        found.note("timezone", f"only one can be set, and the files name several: {', '.join(found.timezones)}")
    return found


def _parts(path: Path, found: Found) -> Iterator[Part]:
    """Yield the documents of a file, each with its name in messages."""
    try:
        for index, document in enumerate(_each(documents(path)), start=1):
            if isinstance(document, dict):
                part = Part(document, found, f"{path}: {_label(document) or f'document {index}'}")
                _skip_server_keys(part)
                yield part
            else:
                found.leave_out(f"{path}: document {index}", f"expected mappings, found {shown(document)}", document=1)
    except UnreadableError as error:
        found.leave_out(str(path), str(error), file=1)


def _each(found: Iterable[Any]) -> Iterator[Any]:
    """Yield every document, also of lists of documents: YAML's, and Kubernetes' `kind: List`."""
    for document in found:
        items = document.get("items") if isinstance(document, dict) and _is_list_kind(document) else document
        if isinstance(items, list) and items:
            yield from _each(items)
        else:
            yield document


def _is_list_kind(document: dict[Any, Any]) -> bool:
    kind = document.get("kind")
    return isinstance(kind, str) and kind.endswith("List")


def _skip_server_keys(part: Part) -> None:
    """Mark what Kubernetes adds to a resource as read: it says nothing about the SLO."""
    if "kind" in part and isinstance(part.data.get("metadata"), dict):
        part.get("status")
        metadata = part.part("metadata")
        for key in _SERVER_KEYS:
            metadata.get(key)


def _label(document: dict[Any, Any]) -> str | None:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    label = name or document.get("service") or document.get("name")
    return label[:_LONGEST] if isinstance(label, str) else None


def _read(part: Part) -> None:
    """Read an SLO document of Sloth, Pyrra or Grafana. OpenSLO's refer to one another, so they are read together."""
    if is_openslo(part.data) or is_rules(part.data):
        return
    if is_sloth(part.data):
        found, failures, missing = part.found, part.found.failures, part.found.missing["SLO"]
        read_sloth(part)
        if found.failures > failures and found.missing["SLO"] == missing:
            found.missing["document"] += 1
    elif is_pyrra(part.data):
        with part.found.whole():
            read_pyrra(part)
    elif is_grafana(part.data):
        read_grafana(part)
    else:
        part.leave_out(_unknown(part), document=1)
        for key in part.data:
            part.get(key)


def _unknown(part: Part) -> str:
    """Why no tool is known to have written a document."""
    named = [f"{key} {shown(part.data[key])}" for key in ("apiVersion", "version", "kind") if key in part.data]
    if not named:
        keys = fmt.some([shown(key) for key in part.data])
        if part.data.get("slos") == []:
            return "its list `slos` is empty: there is no SLO in it"
        return f"no apiVersion or version, so its tool is not known; its keys: {keys or 'none'}"
    return f"skipped: {', '.join(named)} is not from a tool that sresnap reads"


def _list_unread(part: Part) -> None:
    keys = list(part.unread())
    if keys:
        part.note(f"not carried over: {', '.join(keys)}")


_LEAST, _ALL = 1.0, 100.0
"""Percent."""


def _possible(found: Found) -> Iterator[FoundSlo]:
    """The SLOs whose objective `check` takes. One of 100 % has no error budget, and nothing can be judged by it."""
    for slo in found.slos:
        if _LEAST <= slo.objective < _ALL:
            yield slo
        elif slo.objective == _ALL:
            text = "an objective of 100 % leaves no error budget to judge by; choose one below 100"
            found.leave_out(slo.place, text, SLO=1)
        else:
            found.leave_out(slo.place, f"an objective of {slo.objective:g} % is not from 1 to below 100 %", SLO=1)


def _named(slos: Iterable[FoundSlo], found: Found) -> Iterator[FoundSlo]:
    """Give each SLO of a service its own name: the second `latency` becomes `latency-2`."""
    taken: set[tuple[str, str]] = set()
    for slo in slos:
        name, number = slo.name, 1
        while (slo.service, name) in taken:
            number += 1
            name = f"{slo.name}-{number}"
        taken.add((slo.service, name))
        if name != slo.name:
            found.note(slo.place, f"another SLO of {slo.service} has this name, so it is named {name}")
        yield replace(slo, name=name)
