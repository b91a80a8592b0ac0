"""Addresses of buckets, and the variables that stores are reached by, before obstore reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sresnap.errors import UsageError
from sresnap.publish.targets.address import bare, has_login

SIGN_IN = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_SERVICE_ACCOUNT",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"),
    "gs": ("GOOGLE_BASE_URL",),
    "az": ("AZURE_ENDPOINT", "AZURE_STORAGE_ENDPOINT"),
}
"""Variables that name a store's address."""
_ENDPOINT = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_MOST_SHOWN = 300


def is_plain(environment: Mapping[str, str]) -> bool:
    """Whether a local store is meant, which has no TLS."""
    names = (name for endpoints in _ENDPOINTS.values() for name in endpoints)
    return any(environment.get(name, "").lower().startswith("http://") for name in names)


def check_address(scheme: str, url: str) -> None:
    """What obstore would leave out without a word: an address that says more than bucket and prefix.

    Raises:
        UsageError: it does, or names no bucket.
    """
    hint = f"write {scheme}://{'CONTAINER' if scheme == 'az' else 'BUCKET'}/PREFIX"
    if has_login(url):
        message = f"the address {bare(url)} is given with a login, which is not used"
        raise UsageError(message, f"{hint}; {SIGN_IN[scheme]} sign in")
    if "?" in url or "#" in url:
        raise UsageError(f"{bare(url)}: the address of a bucket and a prefix has no ? and no #", hint)
    if not re.match(r"\w+://[^/]", url):
        raise UsageError(f"{scheme}: names no bucket", hint)


def check_endpoints(scheme: str, environment: Mapping[str, str]) -> None:
    """On an endpoint that is no address, obstore panics.

    Raises:
        UsageError: a variable that names an endpoint is wrong.
    """
    for name in _ENDPOINTS[scheme]:
        value = environment.get(name)
        if value is None or _is_endpoint(value):
            continue
        # A login may be in it, or a token in a query.
        found = "" if "@" in value or "?" in value else f': "{value[:_MOST_SHOWN]}"'
        raise UsageError(
            f"the variable {name} is no http(s) address{found}", f"write {name}=http://HOST:PORT, or unset it"
        )


def _is_endpoint(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return _ENDPOINT.fullmatch(value) is not None and parts.hostname is not None and parts.port != 0
    except ValueError:  # brackets that do not match, a port that is none
        return False
