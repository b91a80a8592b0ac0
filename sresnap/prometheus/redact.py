"""Makes a server's text fit for a report: one short line without our credentials."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sresnap.config.settings import PrometheusSettings

MAX_TEXT = 300
_SHORTEST_SECRET = 4  # hiding a tenant called `1` would garble every number


class Redactor:
    """Cuts a server's text to one line of 300 characters, and hides our credentials in case the server echoes them."""

    def __init__(self, settings: PrometheusSettings) -> None:
        found = {s for secret in _secrets(settings) for s in (secret, quote(secret), quote(secret, safe=""))}
        self._secrets = sorted((s for s in found if len(s) >= _SHORTEST_SECRET), key=lambda s: (-len(s), s))

    def __call__(self, text: str) -> str:
        line = " ".join(text.split())
        for secret in self._secrets:
            line = line.replace(secret, "***")
        return line if len(line) <= MAX_TEXT else line[: MAX_TEXT - 1] + "…"


def _secrets(settings: PrometheusSettings) -> Iterator[str]:
    for header in settings.headers.values():
        value = header.get_secret_value().strip()
        yield value
        yield value.partition(" ")[2].strip()  # the token of `Bearer token`
    if settings.basic_auth is not None:
        user, password = settings.basic_auth[0], settings.basic_auth[1].get_secret_value()
        yield password
        yield base64.b64encode(f"{user}:{password}".encode()).decode()
