"""The rules for what may go to a public target."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from sresnap.config.settings import Config
from sresnap.leaks.patterns import table


@dataclass(frozen=True, slots=True)
class PublicationRules:
    """What may be public, and the secrets that never may."""

    allow: frozenset[str] = frozenset()
    """Addresses and hosts, with or without a port, as `publish.allow` names them. Never tokens."""
    secrets: Mapping[str, SecretStr] = field(default_factory=dict)
    """The configuration's own, by the key that holds each."""
    private: bool = False
    """Whether all private addresses and hosts may pass. Tokens still may not."""

    @classmethod
    def of(cls, config: Config, *, private: bool = False) -> PublicationRules:
        """The rules of a configuration."""
        return cls(config.allow, config.secrets, private)

    @property
    def fingerprint(self) -> str:
        """Changes when a scan by patterns could find something else.

        It leaves the secrets out: a hash of a short one gives it away, and they are looked for in every file anyway.
        """
        known = [table().fingerprint, sorted(text.lower() for text in self.allow), self.private]
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()
