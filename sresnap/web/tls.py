"""The certificates to trust: those that the environment names, otherwise the bundled ones."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import httpx

from sresnap.errors import UsageError
from sresnap.file_errors import why
from sresnap.named_files import CERTIFICATE_BYTES, read_named


def trusted(variables: Mapping[str, str]) -> ssl.SSLContext:
    """A context that trusts SSL_CERT_FILE and SSL_CERT_DIR, as OpenSSL and curl do, or the bundled certificates.

    Raises:
        UsageError: a variable names what cannot be read.
    """
    file, folder = _named(variables)
    if file is None and folder is None:
        return httpx.create_ssl_context(trust_env=False)
    if folder is not None and not Path(folder).is_dir():
        raise _mistake("SSL_CERT_DIR", folder, "there is no such folder")
    try:
        if file is not None:
            read_named(Path(file), CERTIFICATE_BYTES)
    except OSError as error:
        raise _mistake("SSL_CERT_FILE", file or "", why(error)) from None
    try:
        return ssl.create_default_context(cafile=file, capath=folder)
    except (OSError, ValueError):
        raise _mistake("SSL_CERT_FILE", file or "", "it is not a PEM file with certificates") from None


def shared(variables: Mapping[str, str]) -> ssl.SSLContext:
    """As `trusted`, for those who change nothing in it. The bundled certificates are read once: they take 50 ms.

    Raises:
        UsageError: as `trusted`.
    """
    return _bundled() if _named(variables) == (None, None) else trusted(variables)


@cache
def _bundled() -> ssl.SSLContext:
    return trusted({})


def _named(variables: Mapping[str, str]) -> tuple[str | None, str | None]:
    return variables.get("SSL_CERT_FILE") or None, variables.get("SSL_CERT_DIR") or None


def _mistake(variable: str, value: str, reason: str) -> UsageError:
    hint = f"correct or unset {variable}"
    return UsageError(f"the environment variable {variable} cannot be used ({value}): {reason}", hint)
