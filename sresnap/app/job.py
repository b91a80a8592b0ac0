"""A scheduled job: restore, backfill, build, publish. A machine that keeps nothing needs all four."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sresnap.app.backfill import MissedReports, backfill, missed_reports
from sresnap.app.build import build
from sresnap.app.gather import planned_queries
from sresnap.app.publish import PublishRequest, PublishResult, publish
from sresnap.app.restore import RestoreRequest, RestoreResult, restore
from sresnap.app.site_writer import BuildResult
from sresnap.app.target_choice import TargetChoice, configured_target
from sresnap.config.settings import Config
from sresnap.errors import ExitCode, UsageError
from sresnap.model.query import Query
from sresnap.plan import earlier_hours
from sresnap.progress import Progress
from sresnap.publish.restore_set import Scope
from sresnap.publish.targets.address import shown_target
from sresnap.publish.targets.base import Target
from sresnap.publish.targets.registry import is_public, open_target


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What to do around a build."""

    config: Config
    out: Path
    """The site's folder."""
    at: int
    """The report's time, seconds since the epoch, a whole minute."""
    now: int
    """Seconds since the epoch."""
    backfill: bool = False
    """Make the missed reports first."""
    restore: bool = False
    """Restore from publish.target before the build."""
    publish: bool = False
    """Publish to publish.target after the build."""
    first: bool = False
    """With `restore`: the target may be empty, or may have lost its pointer or manifest."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The reports that a job made."""

    built: BuildResult
    missed: MissedReports
    backfilled: tuple[BuildResult, ...]

    @property
    def all(self) -> tuple[BuildResult, ...]:
        """Every report, oldest first."""
        return (*self.backfilled, self.built)


@dataclass(frozen=True, slots=True)
class JobResult:
    """The result of each step; None for a step that was not requested."""

    restored: RestoreResult | None
    reports: Reports
    published: PublishResult | None

    @property
    def exit_code(self) -> ExitCode:
        """INCOMPLETE when the report exists but some of its data is missing."""
        return self.reports.built.exit_code


Step = RestoreResult | Reports | PublishResult
"""The result of a step, reported as soon as the step is done."""


@dataclass(frozen=True, slots=True)
class JobPlan:
    """What a job would do. Finding that out sends no request."""

    queries: Sequence[Query]
    restores_from: str | None
    """The target's address without credentials."""
    publishes_to: str | None
    """The target's address without credentials."""


def run_job(request: JobRequest, progress: Progress, on_step: Callable[[Step], None]) -> JobResult:
    """Run a job's steps in order.

    Args:
        request: what to do.
        progress: shows how far it has come.
        on_step: called with each step's result, so that a failure of a later step does not hide it.

    Raises:
        UsageError: a target is needed and the configuration has none.
        SresnapError: as `restore`, `build` and `publish`. The steps before the failed one stay done.
    """
    config, choice = request.config, _target(request)
    # One target serves both ends: it remembers the state that the restore read.
    target = None if choice is None else open_target(choice.address)
    restored = published = None
    if target is not None and request.restore:
        restored = _restore(request, target, progress)
        on_step(restored)
    rules = None
    if config.target is not None and is_public(config.target):
        rules = configured_target(config).rules
    absent = missed_reports(config, request.out, request.at) if request.backfill else MissedReports()
    backfilled = backfill(config, request.out, absent.times, request.now, progress, rules)
    built = build(config, request.out, request.at, request.now, progress=progress, rules=rules)
    reports = Reports(built, absent, backfilled)
    on_step(reports)
    if target is not None and choice is not None and request.publish:
        published = publish(target, request.out, request.now, PublishRequest(rules=choice.rules), progress)
        on_step(published)
    return JobResult(restored, reports, published)


def plan_job(request: JobRequest) -> JobPlan:
    """What a job would do. The target is not asked.

    Raises:
        UsageError: a target is needed and the configuration has none.
    """
    choice = _target(request)
    shown = None if choice is None else shown_target(choice.address)
    queries = planned_queries(request.config, request.out, request.at).queries
    return JobPlan(queries, shown if request.restore else None, shown if request.publish else None)


def _restore(request: JobRequest, target: Target, progress: Progress) -> RestoreResult:
    scope = Scope(since=earlier_hours(request.config, request.at).start, now=request.now)
    return restore(target, request.out, RestoreRequest(scope, first=request.first), progress)


def _target(request: JobRequest) -> TargetChoice | None:
    """The target, if the request needs one."""
    if request.first and not request.restore:
        raise UsageError("--first needs --restore", "--first says that the target to restore from may be empty")
    if not (request.restore or request.publish):
        return None
    return configured_target(request.config)
