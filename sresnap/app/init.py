"""Init: the commented sresnap.yaml that a user starts from."""

from __future__ import annotations

from pathlib import Path

from sresnap import resources
from sresnap.app.output_file import refuse_overwriting, write_text
from sresnap.errors import UsageError


def example_config() -> str:
    """The text of the commented configuration."""
    return (resources.bundled("templates") / "sresnap.yaml").read_text("utf-8")


def write_example_config(path: Path, *, force: bool) -> None:
    """Write the commented configuration.

    Raises:
        UsageError: the file exists, or would hide an `sre.yaml` beside it.
        SresnapError: it cannot be written.
    """
    refuse_to_write(path, force=force)
    write_text(path, example_config())


def write_detected(path: Path, text: str) -> None:
    """Write a configuration that was detected; `refuse_to_write` comes first.

    Raises:
        SresnapError: it cannot be written.
    """
    write_text(path, text)


def refuse_to_write(path: Path, *, force: bool) -> None:
    """Stop before a configuration would hide another one.

    Raises:
        UsageError: the file exists, or would hide an `sre.yaml` beside it.
    """
    refuse_overwriting(path, force=force)
    old = path.parent / "sre.yaml"
    if old.exists() and not force:
        raise UsageError(
            f"{old} exists, and sresnap reads it unchanged; {path} would replace it",
            "continue with `sresnap check`, or write the new file with --force",
        )
