"""Reads the body of an answer within bounds: it is inflated in steps, so that a small bomb cannot fill the memory."""

from __future__ import annotations

import io
import zlib

ACCEPTED = "gzip"
"""For the header Accept-Encoding. `deflate` is read, too, because some servers send it without being asked."""
_STEP = 1024 * 1024
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class BodyError(Exception):
    """A body cannot be read. The text says why, and quotes nothing of it."""


class TooLargeError(BodyError):
    """A body is larger than allowed."""


class Body:
    """Collects a body, chunk by chunk."""

    def __init__(self, encoding: str | None, most: int) -> None:
        """Begin a body.

        Args:
            encoding: the header Content-Encoding.
            most: the most bytes of the inflated body.

        Raises:
            BodyError: it is compressed in a way that was not asked for.
        """
        names = [name for name in (encoding or "").lower().replace(" ", "").split(",") if name not in ("", "identity")]
        if len(names) > 1 or not set(names) <= {"gzip", "x-gzip", "deflate"}:
            raise BodyError("is compressed in a way that was not asked for (Content-Encoding): does a proxy do that?")
        self._most = most
        self._content = io.BytesIO()
        self._inflater = zlib.decompressobj(_GZIP_OR_ZLIB) if names else None
        self._may_be_raw = names == ["deflate"]

    def add(self, chunk: bytes) -> None:
        """Add what has arrived.

        Raises:
            TooLargeError: it is more than allowed.
            BodyError: its compression is broken.
        """
        if self._inflater is None:
            self._keep(chunk)
            return
        is_full = True
        while (chunk or is_full) and not self._inflater.eof:
            part = self._inflated(chunk)
            self._keep(part)
            # A full step may leave more to come, even where all of the chunk was taken in.
            chunk, is_full = self._inflater.unconsumed_tail, len(part) == _STEP

    def content(self) -> bytes:
        """The whole body.

        Raises:
            BodyError: its compression breaks off.
        """
        if self._inflater is not None and self.size and not self._inflater.eof:
            raise BodyError("has a compression that is broken")
        return self._content.getvalue()  # without a copy

    @property
    def is_compressed(self) -> bool:
        """Whether its size is not the one of the header Content-Length."""
        return self._inflater is not None

    @property
    def size(self) -> int:
        """Bytes until now."""
        return self._content.tell()

    def _inflated(self, chunk: bytes) -> bytes:
        assert self._inflater is not None
        try:
            found = self._inflater.decompress(chunk, _STEP)
        except zlib.error:
            if not self._may_be_raw:
                raise BodyError("has a compression that is broken") from None
            # Some servers send deflate without zlib's frame.
            self._may_be_raw, self._inflater = False, zlib.decompressobj(-zlib.MAX_WBITS)
            return self._inflated(chunk)
        self._may_be_raw = False
        return found

    def _keep(self, part: bytes) -> None:
        self._content.write(part)
        if self.size > self._most:
            raise TooLargeError(f"is larger than {self._most // 1024**2} MB")
