"""Files of any of the three tools."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from sresnap.errors import UsageError
from sresnap.imports.model import Found, UnreadableError
from sresnap.imports.openslo import is_openslo, read_openslo
from sresnap.imports.pyrra import is_pyrra, read_pyrra
from sresnap.imports.sloth import is_sloth, read_sloth

_HINT = "it reads OpenSLO v1, Sloth (prometheus/v1, PrometheusServiceLevel) and Pyrra (ServiceLevelObjective)"


def imported(files: Sequence[Path]) -> Found:
    """Everything in the files; all that is wrong with them at once.

    Raises:
        UsageError: a file cannot be read, or is none of the three.
    """
    found, problems = Found(), list[str]()
    openslo: list[tuple[str, dict[str, Any]]] = []
    for path in files:
        try:
            for document in _documents(path):
                _read(document, str(path), found, openslo)
        except UnreadableError as error:
            problems.append(str(error))
    try:
        read_openslo(openslo, found)
    except UnreadableError as error:
        problems.append(str(error))
    if problems:
        raise UsageError("\n  ".join(["these files cannot be imported:", *problems]), _HINT)
    if not found.slos:
        told = "\n  ".join(["there is no SLO to import in these files", *map(str, found.notes)])
        raise UsageError(told, _HINT)
    return found


def _read(document: dict[str, Any], file: str, found: Found, openslo: list[tuple[str, dict[str, Any]]]) -> None:
    """A document of its tool; those of OpenSLO refer to one another and are kept together."""
    if is_openslo(document):
        openslo.append((file, document))
    elif is_sloth(document):
        read_sloth(document, file, found)
    elif is_pyrra(document):
        read_pyrra(document, file, found)
    else:
        raise UnreadableError(f"{file}: neither apiVersion nor version is one of a known tool")


def _documents(path: Path) -> list[dict[str, Any]]:
    try:
        documents = [document for document in yaml.safe_load_all(path.read_bytes()) if document is not None]
    except OSError as error:
        raise UnreadableError(f"{path}: {(error.strerror or '').lower()}") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"{path}: no YAML: {' '.join(str(error).split())[:200]}") from None
    if not documents:
        raise UnreadableError(f"{path}: it is empty")
    for document in documents:
        if not isinstance(document, dict):
            raise UnreadableError(f"{path}: expected mappings, found {type(document).__name__}")
    return documents
