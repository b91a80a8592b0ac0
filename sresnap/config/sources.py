"""Resolves the Prometheus servers of a file: the section `prometheus:`, and those that `sources:` names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from sresnap.config.environment import Environment, read_variable
from sresnap.config.expected import nearest
from sresnap.config.prometheus import Place, prometheus_settings
from sresnap.config.readers import read_text
from sresnap.config.schema import SOURCE_NAME, FileShape
from sresnap.config.secrets import Secrets
from sresnap.config.settings import PrometheusSettings, url_variable
from sresnap.config.shapes.prometheus import NamedSourceShape, PrometheusShape
from sresnap.config.source import KeyPath
from sresnap.config.validation import Validated
from sresnap.errors import Mistake
from sresnap.model.query import DEFAULT_SOURCE

_OPTION = "--prometheus-url"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SourceUse:
    """A service, and the part of the file that chooses its source."""

    service: str
    source: str
    path: KeyPath
    """Of the key `source`; of the service where nothing chooses one."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The servers of a file, with what is wrong with them."""

    default: PrometheusSettings
    named: Mapping[str, PrometheusSettings]
    is_default_given: bool
    """Whether the default one is described anywhere, or the only one."""
    mistakes: tuple[Mistake, ...]

    @property
    def secrets(self) -> dict[str, SecretStr]:
        """Every secret that was read, by the key that names it."""
        return {key: secret for each in (self.default, *self.named.values()) for key, secret in each.secrets.items()}

    @property
    def in_promql(self) -> frozenset[str]:
        """The names of those that understand no more than PromQL."""
        return frozenset(each.name for each in (self.default, *self.named.values()) if each.dialect == "promql")


def resolve_sources(
    validated: Validated[FileShape], folder: Path, environment: Environment, option: str | None
) -> Sources:
    """The servers of a file. The option's URL wins for the default one, then the variable's, then the file's."""
    shape, source, variables = validated.shape, validated.source, environment.variables
    given = shape.sources or {}
    secrets = Secrets(source, folder, variables)
    urls = ((environment.prometheus_url, url_variable(DEFAULT_SOURCE)), (option, _OPTION))
    place = Place((DEFAULT_SOURCE,), DEFAULT_SOURCE, urls)
    default = prometheus_settings(shape.prometheus or PrometheusShape(), place, secrets)
    mistakes = [*secrets.mistakes, *_name_mistakes(validated, list(given))]
    named = {}
    for name, reaching in given.items():
        secrets = Secrets(source, folder, variables)
        named[name] = _named(name, reaching, secrets)
        mistakes += secrets.mistakes
    is_given = bool(shape.prometheus is not None or environment.prometheus_url or option or not given)
    return Sources(default, named, is_given, tuple(mistakes))


def replica_labels(shape: FileShape) -> dict[str, tuple[str, ...]]:
    """By source, the labels in which copies of one counter differ."""
    sources = {DEFAULT_SOURCE: shape.prometheus or PrometheusShape(), **(shape.sources or {})}
    return {name: tuple(each.replica_labels) for name, each in sources.items()}


def use_mistakes(
    validated: Validated[FileShape], uses: Sequence[SourceUse], sources: Sources, option: str | None
) -> list[Mistake]:
    """Names that no source has, services of a server that the file does not describe, an option without effect."""
    known = [*sources.named, *([DEFAULT_SOURCE] if sources.is_default_given else [])]
    found: dict[Mistake, None] = {}
    for use in uses:
        if use.source != DEFAULT_SOURCE and use.source not in sources.named:
            expected = f"the name of a source: {', '.join(known) or DEFAULT_SOURCE}"
            advice = nearest(use.source, known) or "add it under `sources`"
            found[validated.source.mistake(use.path, expected, f'"{use.source}"', advice)] = None
    lacking = [use for use in uses if use.source == DEFAULT_SOURCE] if not sources.is_default_given else []
    if lacking:
        names = [use.service for use in lacking]
        some = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        expected = f"a source for each service: `source:` with one of {', '.join(known)}"
        advice = "add `source:` to the services, a group or the file; or a section `prometheus:` for those without one"
        found[validated.source.mistake(lacking[0].path, expected, f"none for {some}", advice)] = None
    if option and uses and all(use.source != DEFAULT_SOURCE for use in uses):
        expected = f"a service of the source {DEFAULT_SOURCE}, whose address the option gives"
        advice = f"give the address of another source in the environment: {url_variable(uses[0].source)}"
        found[Mistake(_OPTION, None, "", expected, "none", advice)] = None
    return list(found)


def _named(name: str, shape: NamedSourceShape, secrets: Secrets) -> PrometheusSettings:
    variable = url_variable(name)
    url = read_variable(secrets.variables, variable, read_text, secrets.mistakes)
    at: KeyPath = ("sources", name)
    if shape.url is None and not secrets.variables.get(variable, "").strip():
        advice = f"or set the environment variable {variable}"
        secrets.mistakes.append(
            secrets.source.mistake((*at, "url"), "the address of this Prometheus", "nothing", advice)
        )
    return prometheus_settings(shape, Place(at, name, ((url, variable),)), secrets)


def _name_mistakes(validated: Validated[FileShape], names: Sequence[str]) -> list[Mistake]:
    found, variables = [], dict[str, str]()
    for name in names:
        path: KeyPath = ("sources", name)
        if not re.fullmatch(SOURCE_NAME, name):
            expected = "a name of at most 40 letters, digits, - and _, that begins with a letter"
            found.append(validated.source.mistake(path, expected, f'"{name}"'))
        elif name == DEFAULT_SOURCE:
            expected = f"another name: {DEFAULT_SOURCE} is the source of the section `prometheus:`"
            found.append(validated.source.mistake(path, expected, f'"{name}"', "move it there, or rename it"))
        elif variables.setdefault(url_variable(name), name) != name:
            other = variables[url_variable(name)]
            expected = "a name that differs in more than case, - and _"
            found.append(validated.source.mistake(path, expected, f'"{name}", beside "{other}"', "rename one"))
    return found
