"""Refuses to start where too few files may be open: any step could fail, in the middle and in any library's words."""

from __future__ import annotations

import resource

NEEDED = 64
"""Files and connections, several at a time, and what Python itself has open."""


def refusal() -> str | None:
    """What to print before ending, after raising the limit as far as this user may; None if it suffices."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= NEEDED:
        return None
    if hard == resource.RLIM_INFINITY or hard >= NEEDED:
        resource.setrlimit(resource.RLIMIT_NOFILE, (NEEDED, hard))
        return None
    return (
        f"sresnap: it may have only {soft} files open at a time, and needs {NEEDED}; nothing was done\n"
        "  → raise the limit (`ulimit -n`, or the limit of the machine), and run it again\n"
    )
