"""Checks of bucket addresses and of the variables that name a store's endpoint, before obstore reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sresnap.errors import UsageError
from sresnap.printable import has_unprintable, quotable
from sresnap.publish.targets.address import has_login, without_secrets

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
"""The variables that name a store's endpoint, by scheme."""
_ENDPOINT = re.compile(r"https?://[!-~]+", re.IGNORECASE)
_MOST_SHOWN = 300
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,254}")
"""All that any store allows. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html: buckets from
before 2018 may have 255 characters, capitals and underscores."""
_LONGEST_PREFIX = 700
"""Bytes. Stores take names of 1,024, and the names of a site's files follow the prefix."""


def is_plain(environment: Mapping[str, str]) -> bool:
    """Whether a variable names an endpoint without TLS, such as a store on this machine."""
    names = (name for endpoints in _ENDPOINTS.values() for name in endpoints)
    return any(environment.get(name, "").lower().startswith("http://") for name in names)


def check_address(scheme: str, url: str) -> None:
    """Refuse an address that says more than bucket and prefix: obstore would silently ignore the rest.

    Raises:
        UsageError: it says more, or names no bucket.
    """
    hint = f"write {scheme}://{'CONTAINER' if scheme == 'az' else 'BUCKET'}/PREFIX"
    if has_login(url):
        message = f"the address {quotable(without_secrets(url))} was given with a login, which sresnap does not use"
        raise UsageError(message, f"{hint}, and sign in with {SIGN_IN[scheme]}")
    if "?" in url or "#" in url:
        raise UsageError(f"{quotable(without_secrets(url))}: an address of bucket and prefix has no ? and no #", hint)
    if "%" in url:
        message = f"{quotable(url)}: the address of a bucket must have no %, which object stores would decode"
        raise UsageError(message, f"{hint}, with the prefix as the store shows it")
    parts = url.partition("://")[2].rstrip("/").split("/")
    if any(part in ("", ".", "..") for part in parts[1:]):
        raise UsageError(f"{quotable(url)}: a prefix must have no empty part, no . and no ..", hint)
    if not re.match(r"\w+://[^/]", url):
        raise UsageError(f"{scheme}: has no bucket's name after it", hint)
    if not _BUCKET.fullmatch(parts[0]):
        message = "a bucket's name has up to 255 letters, digits, dots, hyphens and underscores"
        raise UsageError(f"{quotable(url)}: {message}", hint)
    if has_unprintable(url) or len("/".join(parts[1:]).encode(errors="replace")) > _LONGEST_PREFIX:
        message = f"a prefix has at most {_LONGEST_PREFIX} bytes and no control characters"
        raise UsageError(f"{quotable(url)}: {message}", hint)


def check_endpoints(scheme: str, environment: Mapping[str, str]) -> None:
    """Refuse endpoints that are not addresses: obstore panics on them.

    Raises:
        UsageError: a variable holds one.
    """
    for name in _ENDPOINTS[scheme]:
        value = environment.get(name)
        if value is None or _is_endpoint(value):
            continue
        # It may hold a login, or a token in its query.
        found = "" if "@" in value or "?" in value else f': "{value[:_MOST_SHOWN]}"'
        raise UsageError(
            f"the variable {name} is not an http(s) address{found}", f"write {name}=http://HOST:PORT, or unset it"
        )


def _is_endpoint(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return _ENDPOINT.fullmatch(value) is not None and parts.hostname is not None and parts.port != 0
    except ValueError:  # brackets that do not match, an invalid port
        return False
