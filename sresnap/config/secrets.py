"""Reads secrets from environment variables and files. No message shows one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from pydantic import SecretStr

from sresnap.config.source import KeyPath, Source, dotted
from sresnap.errors import Mistake
from sresnap.file_errors import why
from sresnap.named_files import CERTIFICATE_BYTES, SECRET_BYTES, read_named

# A token that stands where a variable's name belongs does not match, so it is not shown.
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,63}")
_PUBLISHING_VARIABLES = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_ACCESS_KEY",
    "AZURE_STORAGE_SAS_TOKEN",
    "AZURE_STORAGE_SAS_KEY",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_CLIENT_SECRET",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
    "GITHUB_TOKEN",
    "GH_TOKEN",
)
"""Variables that object storage and git log in with."""
_LOGIN = re.compile(r"(https?)?://([^/@\s]*)@", re.IGNORECASE)
HEADER_SAFE = re.compile(r"[\x20-\x7e]+")


@dataclass
class Secrets:
    """Reads the secrets that a configuration names, and collects mistakes."""

    source: Source
    folder: Path
    """Relative paths start here."""
    variables: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)
    found: dict[str, SecretStr] = field(default_factory=dict)
    """Every secret that was read, by the key that names it."""

    def read(self, path: KeyPath, variable: str | None, file: str | None, suffix: str = "") -> SecretStr | None:
        """The secret in a variable or a file. The key that names it is `path` with `_env` or `_file`."""
        if variable is not None:
            where = (*path[:-1], f"{path[-1]}{suffix}env")
            value = self.variables.get(variable, "").strip()
            name = (
                f"the environment variable {variable}" if _VARIABLE.fullmatch(variable) else "a variable of that name"
            )
            return self._accepted(where, value, name, "nothing in it")
        if file is not None:
            where = (*path[:-1], f"{path[-1]}{suffix}file")
            try:
                value = read_named(self.folder / file, SECRET_BYTES).decode().strip()
            except (OSError, ValueError) as error:
                problem = why(error) if isinstance(error, OSError) else "bytes that are not UTF-8 text"
                self.mistakes.append(self.source.mistake(where, "a file that holds the secret", problem))
                return None
            return self._accepted(where, value, "the file", "an empty file")
        return None

    def file(self, path: KeyPath, name: str | None) -> Path | None:
        """A file that must exist, such as a certificate."""
        if name is None:
            return None
        file = self.folder / name
        try:
            read_named(file, CERTIFICATE_BYTES)
        except OSError as error:
            self.mistakes.append(self.source.mistake(path, "a file to read", f"{name}: {why(error)}"))
            return None
        return file

    def _accepted(self, path: KeyPath, value: str, holder: str, empty: str) -> SecretStr | None:
        if not value:
            self.mistakes.append(self.source.mistake(path, f"{holder} to hold a secret", empty))
            return None
        if not HEADER_SAFE.fullmatch(value):
            # A line break would begin another header.
            found = "line breaks or characters outside ASCII"
            self.mistakes.append(self.source.mistake(path, f"{holder} to hold a secret in one line of ASCII", found))
            return None
        self.found[dotted(path)] = SecretStr(value)
        return self.found[dotted(path)]


def secret_of_login(user: str, password: str) -> SecretStr | None:
    """The secret part of a URL's login: the password, or a token that stands where the user belongs."""
    return SecretStr(password or user) if password or user else None


def publishing_secrets(target: str | None, variables: Mapping[str, str]) -> dict[str, SecretStr]:
    """The secrets that publishing logs in with: in the target's URL, and in the variables of object stores and git."""
    found = {name: SecretStr(value) for name in _PUBLISHING_VARIABLES if (value := variables.get(name, "").strip())}
    login = _LOGIN.search(target or "")
    if login is not None:
        user, _, password = login[2].partition(":")
        # A token may stand where the user belongs, but only in HTTP: ssh://deploy@host names a user.
        secret = secret_of_login(unquote(user) if login[1] else "", unquote(password))
        if secret is not None:
            found["publish.target"] = secret
    return found
