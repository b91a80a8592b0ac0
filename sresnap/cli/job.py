"""`sresnap build --restore --publish`: what a scheduled job on a throw-away machine does around the build."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sresnap.cli import console
from sresnap.cli.publish_output import tell_published, tell_restored
from sresnap.errors import UsageError

if TYPE_CHECKING:
    from sresnap.config.settings import Config
    from sresnap.leaks.publication_rules import PublicationRules
    from sresnap.publish.targets.base import Target


@dataclass(frozen=True, slots=True)
class Job:
    """A build that goes on from what is published, or is published, or both.

    One target serves both ends: it remembers what it held when the state was read.
    """

    target: Target | None
    restores: bool
    publishes: bool
    first: bool
    quiet: bool
    rules: PublicationRules
    """What may go to a public place."""

    @classmethod
    def of(cls, config: Config, *, restores: bool, publishes: bool, first: bool, quiet: bool) -> Job:
        """The job that the options ask for.

        Raises:
            UsageError: the configuration names no target.
        """
        from sresnap.leaks.publication_rules import PublicationRules

        rules = PublicationRules.of(config, private=config.is_private)
        address = _address(config, restores=restores, publishes=publishes, first=first)
        if address is None:
            return cls(None, restores, publishes, first, quiet, rules)
        from sresnap.publish.targets.registry import open_target

        return cls(open_target(address), restores, publishes, first, quiet, rules)

    def before(self, config: Config, out: Path, at: int, *, as_json: bool) -> None:
        """Restore, where asked to."""
        if self.target is None or not self.restores:
            return
        from sresnap.app.restore import RestoreRequest
        from sresnap.app.restore import restore as restore_site
        from sresnap.plan import history_hours
        from sresnap.publish.restore_set import Scope

        request = RestoreRequest(Scope(since=history_hours(config, at).start), first=self.first)
        with console.progress(quiet=self.quiet, bars=not as_json) as progress:
            done = restore_site(self.target, out, request, progress)
        if not (self.quiet or as_json):
            tell_restored(done, out)

    def after(self, out: Path, now: int, *, as_json: bool) -> dict[str, Any]:
        """Publish, where asked to; what came of it, for --json."""
        if self.target is None or not self.publishes:
            return {}
        from sresnap.app.publish import PublishRequest
        from sresnap.app.publish import publish as publish_site

        with console.progress(quiet=self.quiet, bars=not as_json) as progress:
            done = publish_site(self.target, out, now, PublishRequest(rules=self.rules), progress)
        if not (self.quiet or as_json):
            tell_published(done)
        elif done.notes and not self.quiet:
            click.echo("\n".join(f"note: {note}" for note in done.notes), err=True)
        return {"published": asdict(done)}


def intended(config: Config, *, restores: bool, publishes: bool, first: bool) -> list[str]:
    """What a dry run says of both ends; the place is not asked.

    Raises:
        UsageError: the configuration names no target.
    """
    address = _address(config, restores=restores, publishes=publishes, first=first)
    if address is None:
        return []
    from sresnap.publish.targets.address import without_user

    shown = without_user(address)
    lines = []
    if restores:
        empty = ", which may be empty" if first else ""
        lines.append(
            f"before it, what the build needs would be restored from {shown}{empty}; the queries above are "
            "those of the folder as it is, and with the history that is brought they are fewer"
        )
    if publishes:
        lines.append(f"after it, the site would be published to {shown}")
    return lines


def _address(config: Config, *, restores: bool, publishes: bool, first: bool) -> str | None:
    """The target, where the options need one."""
    if first and not restores:
        raise UsageError("--first says that there is nothing to restore yet: it goes together with --restore")
    if not (restores or publishes):
        return None
    if config.target is None:
        raise UsageError(
            f"{config.path} names no place to restore from or publish to",
            "add publish: {target: …} with file:DIR, gh-pages:REMOTE or s3://BUCKET/PREFIX",
        )
    return config.target
