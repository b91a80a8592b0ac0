"""The commits of a published branch: which ones are reports, and how the next report is made.

The branch keeps one commit for all reports: each has the parent of the report before it, if that has one. A commit
that anyone else made stays for ever, because it becomes the parent of the report that follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sresnap.documents.pointer import Pointer

OWN_REF = "refs/heads/sresnap"
_COMMITTER = "sresnap <sresnap@localhost>"
_SUBJECT = "Report "


@dataclass(frozen=True, slots=True)
class Tip:
    """The last commit of a branch."""

    commit: str
    parent: str | None
    """Its first parent; a report has at most one."""
    is_report: bool
    """Whether sresnap made it, so that the next report may replace it."""

    def parent_of_next(self) -> str | None:
        """The parent of the report that follows."""
        return self.parent if self.is_report else self.commit


def read_tip(commit: str, content: bytes) -> Tip:
    """Read a commit's object, as `git cat-file commit` prints it."""
    head, _, message = content.decode(errors="replace").partition("\n\n")
    fields = [line.partition(" ")[::2] for line in head.splitlines()]
    is_report = any(name == "committer" and value.startswith(_COMMITTER) for name, value in fields)
    parent = next((value for name, value in fields if name == "parent"), None)
    return Tip(commit, parent, is_report=is_report and message.startswith(_SUBJECT))


def commit_stream(pointer: Pointer, parent: str | None, tree: str | None) -> bytes:
    """The start of a commit for `git fast-import`, named and dated by the pointer; changes of files follow."""
    return b"".join(_lines(pointer, parent, tree))


def _lines(pointer: Pointer, parent: str | None, tree: str | None) -> Iterator[bytes]:
    yield f"feature done\nreset {OWN_REF}\n\ncommit {OWN_REF}\n".encode()
    yield f"committer {_COMMITTER} {pointer.generated_at} +0000\n".encode()
    yield data(f"{_SUBJECT}{pointer.id}\n".encode())
    if parent is not None:
        yield f"from {parent}\n".encode()
    if tree is not None:
        yield f'M 040000 {tree} ""\n'.encode()


def file_written(name: str, content: bytes) -> bytes:
    """The change that writes a file."""
    return b"M 100644 inline " + _quoted(name) + b"\n" + data(content)


def file_deleted(name: str) -> bytes:
    """The change that removes a file."""
    return b"D " + _quoted(name) + b"\n"


def data(content: bytes) -> bytes:
    """A block of bytes, as `git fast-import` reads it."""
    return b"data " + str(len(content)).encode() + b"\n" + content + b"\n"


def _quoted(name: str) -> bytes:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()
