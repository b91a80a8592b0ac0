"""Makes a server's text fit for a report: one short, printable line without our credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sresnap.printable import MOST_LETTERS, quotable
from sresnap.secret_spelling import base64_of_login, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sresnap.config.settings import PrometheusSettings

_LOOKED_AT = 100_000
"""Of a longer text the rest is not shown anyway."""


class Redactor:
    """Hides our credentials in a server's text, in case it echoes them, and then makes one printable line of it."""

    def __init__(self, settings: PrometheusSettings) -> None:
        secrets = list(_secrets(settings))
        self._secrets = pattern(secrets)
        self._longest = max(map(len, secrets), default=0) * 12  # percent-encoded

    def __call__(self, text: str, most: int = MOST_LETTERS) -> str:
        shown = text[:_LOOKED_AT]
        if self._secrets is not None:
            shown = self._secrets.sub("***", shown)
        if len(text) > _LOOKED_AT:  # the cut may have gone through a secret
            shown = shown[: -self._longest or None] + "…"
        return quotable(shown, most)


def _secrets(settings: PrometheusSettings) -> Iterator[str]:
    yield from (secret.get_secret_value() for secret in settings.secrets.values())
    for header in settings.headers.values():
        value = header.get_secret_value().strip()
        yield value
        yield value.partition(" ")[2].strip()  # the token of `Bearer token`
    if settings.basic_auth is not None:
        user, password = settings.basic_auth[0], settings.basic_auth[1].get_secret_value()
        yield password
        yield from base64_of_login(user, password)
