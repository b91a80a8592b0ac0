"""Retries with back-off. The one place that uses stamina."""

from __future__ import annotations

import logging

from stamina import retry_context

__all__ = ["retry_context"]

# stamina logs each retry. Without a handler, Python would print that in the middle of a command's output.
logging.getLogger("stamina").addHandler(logging.NullHandler())
