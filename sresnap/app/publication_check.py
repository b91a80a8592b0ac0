"""Whether a build would be refused because its report shows something that must not be public.

The check makes the report of a build whose queries find nothing: it holds all texts that come from the configuration,
and the queries as they would be sent.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sresnap.app.target_choice import configured_target
from sresnap.config.settings import Config
from sresnap.errors import UsageError
from sresnap.publish.targets.registry import is_public, refuse_invalid

if TYPE_CHECKING:
    from sresnap.model.snapshot import Snapshot


def refuse_unpublishable(config: Config, at: int) -> None:
    """Refuse a configuration whose reports must not go to its target.

    Args:
        config: a configuration without a target, or with a folder as its target, is not refused.
        at: seconds since the epoch.

    Raises:
        UsageError: a text of the configuration must not be public, or no target has the address.
        ThemeError: a file of the theme cannot be read.
    """
    if config.target is not None:
        _refuse_target(config.target, config.path)
    if config.target is None or not is_public(config.target):
        return  # before the imports, which take longer than the rest of `sresnap check`
    from sresnap.app.report_scan import ReportScan
    from sresnap.documents import snapshots
    from sresnap.model.archive import ArchiveState
    from sresnap.render.favicon import read_favicon
    from sresnap.render.pages.archive import index_of_one

    favicon = read_favicon(config.favicon)
    snapshot = _empty_report(config, at, favicon.address)
    scan = ReportScan(configured_target(config).rules, config.theme)
    archive = ArchiveState(index_of_one(snapshot))
    content, page = snapshots.encode(snapshot), _page(snapshot, config.theme)
    scan.refuse_leaks(snapshot, content, page, archive, favicon.files, consequence="a build would be refused")


def _refuse_target(target: str, path: Path | None) -> None:
    try:
        refuse_invalid(target)
    except UsageError as error:
        raise UsageError(f"{path or 'the configuration'}: publish.target: {error.message}", error.hint) from error


def _empty_report(config: Config, at: int, favicon: str | None) -> Snapshot:
    from sresnap import promql
    from sresnap.app.gather import report_input
    from sresnap.app.report import BuildRequest, compute_report
    from sresnap.documents.history import LoadedHistory
    from sresnap.model.history import History
    from sresnap.model.query import Result, Run
    from sresnap.plan import plan
    from sresnap.progress import Quiet

    todo = plan(config, History(), at)
    results = [Result(query, runs=(Run(promql.render(query), query.grid, 0, 0.0),)) for query in todo.queries]
    gathered = report_input(config, History(), at, todo, results, {})
    request = BuildRequest(config, Path(os.devnull), at, at)  # no folder, so there is no earlier report
    nothing = LoadedHistory(History(), {}, {})
    return compute_report(request, gathered, {}, nothing, favicon, Quiet())


def _page(snapshot: Snapshot, theme: Path | None) -> bytes:
    """The frozen page, if a theme's templates may add to it. The shipped ones add nothing to the snapshot."""
    from sresnap.leaks.inputs import has_templates

    if not has_templates(theme):
        return b""
    from sresnap.render.site import SiteRenderer

    with SiteRenderer(snapshot, theme) as renderer:
        return renderer.frozen_page()
