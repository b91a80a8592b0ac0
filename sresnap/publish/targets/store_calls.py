"""Calls of obstore: repeated while that may help, and their failures in words for users."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sresnap.errors import PublishFailed
from sresnap.printable import quotable
from sresnap.publish.targets.address import without_user
from sresnap.publish.targets.bucket_address import SIGN_IN
from sresnap.retries import retry_context

T = TypeVar("T")

NO_BUCKET = "does the bucket exist? sresnap does not create it"
_ATTEMPTS = 5
_STATUS = re.compile(r"status code: (\d{3}[^:\n]*)")
_CODE = re.compile(r"<Code>([^<\n]{1,80})</Code>")
_REFUSED = re.compile(r"HTTP (?:4(?!08|29)\d\d|501)")
_DENIED = re.compile(r"HTTP 40[13]")
_SKEWED = re.compile(r"RequestTimeTooSkewed|Request date header too old")
_RIGHTS = {
    "s3": f"check {SIGN_IN['s3']}; the key needs GetObject, PutObject, DeleteObject, ListBucket",
    "gs": f"check {SIGN_IN['gs']}; the account needs the role Storage Object User",
    "az": f"check {SIGN_IN['az']}; the account needs the role Storage Blob Data Contributor",
}


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
            hint = _RIGHTS.get(self.scheme)
            if _SKEWED.search(str(error)):
                hint = "set this machine's clock, which signs the requests, and run it again"
            raise PublishFailed(f"{self.shown} refuses: {reason(error)}", hint) from error
        except self.errors.GenericError as error:
            message = f"{self.shown} gives no valid answer: {reason(error)}"
            raise PublishFailed(message, self._hint(error)) from error
        raise AssertionError("stamina ends by returning or raising")

    def _may_pass(self, error: Exception) -> bool:
        """Whether another attempt may succeed: not reached, busy or broken. obstore has no type for that."""
        return isinstance(error, self.errors.GenericError) and not _REFUSED.search(reason(error))

    def _hint(self, error: Exception) -> str:
        if self._may_pass(error):
            return "check its address and the network connection, or run it again later; the published site is whole"
        return _RIGHTS.get(self.scheme, NO_BUCKET) if _DENIED.search(reason(error)) else NO_BUCKET


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
        hint = "check the variables that it reads (AWS_*, GOOGLE_*, AZURE_*), for a space or a line break for example"
        raise PublishFailed(f"{shown}: obstore failed: {reason(error)}", hint) from error


def reason(error: BaseException) -> str:
    """The store's answer in one line, `HTTP 403 Forbidden (AccessDenied)`, or the first line of obstore's message."""
    text = str(error).strip() or type(error).__name__
    status, code = _STATUS.search(text), _CODE.search(text)
    if status is not None:
        return f"HTTP {status[1]}" + (f" ({code[1]})" if code is not None else "")
    return quotable(without_user(text.splitlines()[0]))
