"""Asks the Prometheus servers of a configuration side by side. One that fails costs the services that it has, only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sresnap.config.settings import Config, PrometheusSettings
from sresnap.errors import ClockAhead, PrometheusUnreachable
from sresnap.model.problem_kind import ProblemKind
from sresnap.model.query import Failure, Result
from sresnap.prometheus import PrometheusClient
from sresnap.prometheus.fetching import NothingAnswered
from sresnap.prometheus.naming import SourceNaming

T = TypeVar("T")
_Error = PrometheusUnreachable | ClockAhead
Ask = Callable[[PrometheusClient], Awaitable[T]]


@dataclass(frozen=True, slots=True)
class FromSources(Generic[T]):
    """What each source of a configuration brought."""

    found: Mapping[str, T]
    """By name, of those that answered."""
    failed: Mapping[str, Failure]
    """By name, why the others brought nothing."""
    sent: Mapping[str, Sequence[Result]] = field(default_factory=dict)
    """By name, the queries of those that refused every one."""


async def ask_sources(config: Config, ask: Ask[T]) -> FromSources[T]:
    """Ask every source that services have, each with a client of its own, and so with its own limits and deadline.

    Args:
        config: names the sources.
        ask: asks one of them. It is called for all at once.

    Raises:
        PrometheusUnreachable: no source answered.
        ClockAhead: none did, and the clock of one is behind.
    """
    asked = list(config.asked.values())
    if len(asked) == 1 and not config.names_sources:
        return FromSources({asked[0].name: await _ask(asked[0], ask)}, {})
    found: dict[str, T] = {}
    errors: dict[str, _Error] = {}

    async def one(settings: PrometheusSettings) -> None:
        try:
            found[settings.name] = await _ask(settings, ask)
        except (PrometheusUnreachable, ClockAhead) as error:
            errors[settings.name] = error

    try:
        async with asyncio.TaskGroup() as group:
            for settings in asked:
                group.create_task(one(settings))
    except BaseExceptionGroup as group_error:
        raise group_error.exceptions[0] from None
    if not found:
        raise _nothing([(settings, errors[settings.name]) for settings in asked])
    order = [settings for settings in asked if settings.name in errors]
    failed = {s.name: _failure(s, errors[s.name]) for s in order}
    return FromSources(found, failed, {s.name: _sent(s, errors[s.name]) for s in order})


async def _ask(settings: PrometheusSettings, ask: Ask[T]) -> T:
    async with PrometheusClient(settings) as client:
        return await ask(client)


def _failure(settings: PrometheusSettings, error: _Error) -> Failure:
    message = error.message.removesuffix("; nothing was written")
    kind = ProblemKind.BAD_ANSWER if isinstance(error, ClockAhead) else ProblemKind.UNREACHABLE
    return SourceNaming(settings).failure(Failure(kind, message))


def _sent(settings: PrometheusSettings, error: _Error) -> list[Result]:
    results = error.results if isinstance(error, NothingAnswered) else ()
    return [SourceNaming(settings).result(result) for result in results]


def _nothing(failed: list[tuple[PrometheusSettings, _Error]]) -> _Error:
    """The error of a configuration whose sources all failed."""
    behind = next((error for _, error in failed if isinstance(error, ClockAhead)), None)
    if behind is not None:
        return behind
    if len(failed) == 1:
        settings, error = failed[0]
        naming = SourceNaming(settings)
        hint = None if error.hint is None else naming.keys(error.hint)
        return PrometheusUnreachable(naming.about(error.message), hint)
    causes = "; ".join(_failure(settings, error).message for settings, error in failed)
    hint = "check their addresses from this machine: " + ", ".join(f"{s.key}.url" for s, _ in failed)
    return PrometheusUnreachable(f"no source answered a query: {causes}", hint)
