"""Ends a command that would publish something that must not be public, and says what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sresnap.documents.layout import archived_report
from sresnap.errors import UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.leaks.scan import Leak, leaks_in_text

_MOST_SHOWN = 10


def refuse_if_any(leaks: Collection[Leak], consequence: str, newest: str | None = None) -> None:
    """Raise an error that names the leaks; return where there are none.

    Args:
        leaks: what was found.
        consequence: what does not happen, such as `nothing was sent`.
        newest: id of the report that `sresnap build` can still rebuild.

    Raises:
        UsageError: with each leak, where it is, and what to do.
    """
    if not leaks:
        return
    found = list(dict.fromkeys(leaks))
    more = [f"… and {len(found) - _MOST_SHOWN} more"] if len(found) > _MOST_SHOWN else []
    lines = [f"{consequence}, because this must not be public:", *map(str, found[:_MOST_SHOWN]), *more]
    raise UsageError("\n  ".join(lines), _hint(found, newest))


def refuse_leaking_option(option: str, text: str, rules: PublicationRules) -> None:
    """Refuse a public text before it is stored, if publishing would refuse it later.

    Args:
        option: of the command, such as `--reason`.
        text: the option's value.
        rules: what may be public.

    Raises:
        UsageError: the text holds something that must not be public.
    """
    leaks = leaks_in_text(option, text, rules)
    if not leaks:
        return
    words = (leak.what if leak.shown is None else f"{leak.what}: {leak.shown}" for leak in leaks)
    message = f"{option} holds {'; '.join(dict.fromkeys(words))}, which must not be public; nothing was changed"
    hint = "leave it out"
    if all(leak.is_private for leak in leaks):
        hint += ", or name a configuration with --config FILE whose publish.allow or publish.private lets it pass"
    raise UsageError(message, hint)


def _hint(found: Iterable[Leak], newest: str | None) -> str:
    parts = []
    if any(not leak.is_private for leak in found):
        parts.append("revoke these tokens and remove them from their source: they are already on this disk")
    private = sorted({leak.shown for leak in found if leak.is_private and leak.shown})
    if private:
        parts.append(
            "to leave addresses and hosts out, set publish: {hide: [source, promql, labels]}; to let these pass, set "
            f'publish: {{allow: ["{private[0]}"]}}; where only your own people read the site, '
            "publish: {private: true} lets all of them pass; then build again"
        )
    frozen = sorted({report for leak in found if (report := archived_report(leak.file or "")) is not None})
    if frozen and newest is not None:
        parts.append(_hint_for_frozen(frozen, newest))
    return "; ".join(parts)


def _hint_for_frozen(frozen: list[str], newest: str) -> str:
    more = f" and {len(frozen) - _MOST_SHOWN} more" if len(frozen) > _MOST_SHOWN else ""
    listed = ", ".join(frozen[:_MOST_SHOWN]) + more
    rebuilt = f"; `sresnap build --at` its time rebuilds {newest}, the newest one" if newest in frozen else ""
    return (
        f"archived reports that hold it ({listed}) are frozen, and `hide` does not change them: let it pass with "
        f"publish.allow, or take a report out with `sresnap archive withdraw ID --reason TEXT`{rebuilt}"
    )
