"""Export: the SLOs of a configuration as a file for other tools."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sresnap.app.output_file import refuse_overwriting, write_text
from sresnap.config.settings import Config
from sresnap.exporters import FORMATS, MARK, Exported


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """Which SLOs to export, and where to."""

    config: Config
    format: str
    """A key of `FORMATS`."""
    output: Path | None
    """None: return the text only."""
    force: bool = False
    """Overwrite a file that this command did not write."""
    dry_run: bool = False


def export_slos(request: ExportRequest) -> Exported:
    """The SLOs in a format; written if the request names a file.

    Raises:
        UsageError: the output exists and is not this command's own.
        SresnapError: the output cannot be written.
    """
    exported = FORMATS[request.format](request.config)
    if request.output is not None:
        refuse_overwriting(request.output, force=request.force, own_mark=MARK)
        if not request.dry_run:
            write_text(request.output, exported.text)
    return exported
