"""Ways to damage a target or a folder for a while. Each repairs it at the end."""

from __future__ import annotations

import contextlib
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from sresnap.documents import manifest
from sresnap.documents.files import sha256
from tests.integration.disks import full


@contextlib.contextmanager
def replaced(path: Path, content: bytes):
    """A file with other content."""
    before = path.read_bytes() if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    yield
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


@contextlib.contextmanager
def newer(path: Path):
    """A file as a newer sresnap would write it."""
    text = path.read_text()
    path.write_text(re.sub(r"(sresnap/\w+/)1", r"\g<1>2", text, count=1))
    yield
    path.write_text(text)


@contextlib.contextmanager
def added_to_target(www: Path, name: str, text: str):
    """A published file that the manifest lists."""
    content = text.encode()
    published = manifest.decode((www / "manifest.json").read_bytes(), "manifest.json")
    entry = manifest.PublishedFile(sha256(content), len(content))
    changed = replace(published, files={**published.files, name: entry})
    with replaced(www / name, content), replaced(www / "manifest.json", manifest.encode(changed)):
        yield


@contextlib.contextmanager
def linked(path: Path, elsewhere: Path):
    """A symbolic link where a folder or a file was."""
    elsewhere.mkdir(exist_ok=True)
    original = path.with_name(f".{path.name}.original")
    if path.exists():
        path.rename(original)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere)
    yield
    assert list(elsewhere.iterdir()) == [], "nothing was written through the link"
    path.unlink()
    if original.exists():
        original.rename(path)


@contextlib.contextmanager
def deleted(path: Path):
    """A file that was deleted."""
    content = path.read_bytes()
    path.unlink()
    yield
    path.write_bytes(content)


@contextlib.contextmanager
def refusing(bare: Path):
    """A remote that refuses every push."""
    hook = bare / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho no pushing on Sundays >&2\nexit 1\n")
    hook.chmod(0o755)
    yield
    hook.unlink()


@contextlib.contextmanager
def no_room_for_temporary_files(folder: Path, patch: pytest.MonkeyPatch, left: int):
    with full(folder, left_bytes=left, made_up=False), patch.context() as patched:
        patched.setenv("TMPDIR", str(folder))
        patched.setattr(tempfile, "tempdir", str(folder))
        yield
