"""What is kept: the history's day files, snapshots, and how files go in place."""

from sresnap.store import files, history, snapshots

__all__ = ["files", "history", "snapshots"]
