"""Moved to `sresnap.format`; here until the last import has followed."""

from sresnap.format import *  # noqa: F403
