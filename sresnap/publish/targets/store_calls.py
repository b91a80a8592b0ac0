"""Calls of obstore: repeated while that may help, and their failures in words for users."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sresnap.errors import PublishFailed
from sresnap.publish.targets.store_answers import hint, is_refusal, reason
from sresnap.retries import retry_context

T = TypeVar("T")

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class StoreCalls:
    """How calls of one store are made."""

    scheme: str
    """`s3`, `gs` or `az`."""
    shown: str
    """The bucket's address, for messages."""
    errors: Any
    """The module `obstore.exceptions`, which is imported only when a bucket is used."""

    def run(self, action: Callable[[], T]) -> T:
        """Do the action, and repeat it after failures that may pass: 5xx, 429, lost connections.

        Raises:
            PublishFailed: the store refuses or cannot be reached, or obstore panics.
        """
        try:
            for attempt in retry_context(
                on=self._may_pass, attempts=_ATTEMPTS, timeout=None, wait_initial=0.1, wait_max=3.0, wait_jitter=0.2
            ):
                with attempt, report_panics(self.shown):
                    return action()
        except (self.errors.PermissionDeniedError, self.errors.UnauthenticatedError) as error:
            raise PublishFailed(f"{self.shown} refuses: {reason(error)}", hint(self.scheme, error)) from error
        except self.errors.GenericError as error:
            message = f"{self.shown} gives no valid answer: {reason(error)}"
            raise PublishFailed(message, hint(self.scheme, error)) from error
        raise AssertionError("stamina ends by returning or raising")

    def _may_pass(self, error: Exception) -> bool:
        """Whether another attempt may succeed: not reached, busy or broken. obstore has no type for that."""
        return isinstance(error, self.errors.GenericError) and not is_refusal(error)


@contextlib.contextmanager
def report_panics(shown: str) -> Iterator[None]:
    """Report panics of obstore, which are not an `Exception` and would reach the user with a traceback.

    Raises:
        PublishFailed: obstore panicked.
    """
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        advice = "check the variables that it reads (AWS_*, GOOGLE_*, AZURE_*), for a space or a line break for example"
        raise PublishFailed(f"{shown}: obstore failed: {reason(error)}", advice) from error
