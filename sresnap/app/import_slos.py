"""Import: a sresnap.yaml from the SLO files of other tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sresnap.app.generate_rules import alerts_left_out
from sresnap.app.output_file import refuse_overwriting, write_text
from sresnap.config import loads
from sresnap.current_folder import current_folder
from sresnap.errors import ConfigError, ExitCode
from sresnap.importers import config_yaml, read_files
from sresnap.importers.model import Note


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """Which files to read, and where to write the configuration."""

    files: Sequence[Path]
    output: Path | None
    """None: return the text only."""
    force: bool = False
    """Overwrite an existing file."""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The configuration that was made."""

    text: str
    notes: Sequence[Note]
    """What could not be carried over as it was."""
    services: int
    slos: int
    left_out: Sequence[str]
    """Files, documents and SLOs that are missing from the configuration, and why."""
    missing: Mapping[str, int]
    """How many of each: `SLO`, `document`, `file`."""
    mistakes: str | None
    """What must be completed by hand; None when the configuration is valid."""

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when something was left out, or must be completed by hand."""
        return ExitCode.INCOMPLETE if self.left_out or self.mistakes is not None else ExitCode.DONE


def import_slos(request: ImportRequest) -> ImportResult:
    """Read the files and make the configuration; write it if the request names a file.

    Raises:
        UsageError: the files hold no SLO that can be read, or the output exists.
        SresnapError: the output cannot be written.
    """
    found = read_files(tuple(request.files))
    text = config_yaml(found)
    if request.output is not None:
        refuse_overwriting(request.output, force=request.force)
        if not request.dry_run:
            write_text(request.output, text)
    try:
        config = loads(text, str(request.output or "the imported file"), {}, cwd=current_folder())
    except ConfigError as error:
        return ImportResult(text, found.notes, 0, 0, found.mistakes, found.missing, error.message)
    for note in alerts_left_out(config):
        found.note("alerts", note)
    slos = sum(len(service.slos) for service in config.services)
    return ImportResult(text, found.notes, len(config.services), slos, found.mistakes, found.missing, None)
