"""Runs what asks Prometheus, so that a signal ends it in order.

An exception that a signal raises in the midst of asyncio's own loop loses what the loop was about to call. A task may
then wait for that for ever, and the end of the loop for the task: a build that SIGTERM met while it connected ran on
without an end. So a signal cancels the work, as asyncio itself does it for Ctrl-C.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
_NAME = "what asks Prometheus"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end.

    Raises:
        KeyboardInterrupt: the one that `interrupt` got.
    """
    try:
        return asyncio.run(_named(work))
    except asyncio.CancelledError as error:
        if error.args and isinstance(error.args[0], KeyboardInterrupt):
            raise error.args[0] from None
        raise


def interrupt(reason: KeyboardInterrupt) -> bool:
    """Cancel the coroutine that this thread runs. A signal calls this between any two instructions.

    Returns:
        Whether there is one, and this is the first time: work that does not end is cut off.
    """
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return False
    work = next((task for task in asyncio.all_tasks(loop) if task.get_name() == _NAME), None)
    if work is None or work.cancelling():
        return False
    work.cancel(reason)
    loop.call_soon_threadsafe(_wake)
    return True


def _wake() -> None:
    """Let the loop stop waiting for its sockets."""


async def _named(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.current_task()
    if task is not None:
        task.set_name(_NAME)
    return await work
