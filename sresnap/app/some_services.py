"""A configuration with some of its services."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sresnap.config import choices
from sresnap.config.settings import Config
from sresnap.errors import UsageError
from sresnap.printable import quotable


def of_services(config: Config, services: Collection[str]) -> Config:
    """The configuration with some of its services; with all of them where none is named.

    Raises:
        UsageError: there is no such service.
    """
    names = [known.name for known in config.services]
    for name in services:
        if name not in names:
            raise UsageError(
                f"the configuration has no service {quotable(name)!r}", choices(name, names, "it has none")
            )
    return replace(config, services=tuple(one for one in config.services if not services or one.name in services))
