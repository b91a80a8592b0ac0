"""`sresnap review`."""

from __future__ import annotations

from pathlib import Path

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.errors import ExitCode, UsageError


@click.command(
    "review",
    epilog="""\b
Examples:
  sresnap review                                       the period that was closed last
  sresnap review 2026-10                               a month; also 2026-W44, 2026-Q4, 2026
  sresnap review last-month --site https://status.example --json
  sresnap review --close 2026-11 --dry-run             what a build would close it as, from public/

\b
Exit codes:
  2   no period has this name, or it is not over
  10  the site cannot be read, or has not closed the period""",
)
@click.argument("period", metavar="[PERIOD]", required=False)
@click.option(
    "--site",
    metavar="TARGET",
    default="public",
    show_default=True,
    help="The site: its folder, its http(s) address, or a target as for `publish`.",
)
@click.option("--close", metavar="PERIOD", help="Show what a period that is over would be closed as.")
@options.dry_run_option("With --close: write nothing. Builds close periods.")
@options.out_option
@options.config_option
@options.json_option
@options.common
def review_command(
    period: str | None,
    site: str,
    close: str | None,
    dry_run: bool,
    out: Path,
    config_path: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show a closed week, month, quarter or year.

    PERIOD is its name, such as 2026-10 or 2026-W44, or last-week, last-month, last-quarter or last-year. Without it:
    the period that was closed last. What late data or a correction changed since is in its restatements.
    """
    from sresnap.app.review import preview, read_review
    from sresnap.cli.review_output import print_review
    from sresnap.documents.codec import plain
    from sresnap.documents.layout import REVIEW
    from sresnap.model.review import Restatement, Review

    if close is not None:
        if period is not None or not dry_run:
            raise UsageError("builds close periods; --close only shows one", "write --close PERIOD --dry-run")
        made = preview(options.load_config(config_path), out, close, clock.now())
        if as_json:
            console.print_json({"file": None, "sha256": None, "review": plain(Review, made), "restatements": []})
        elif not quiet:
            print_review(made)
        return ExitCode.DONE
    if dry_run:
        raise UsageError("--dry-run needs --close PERIOD", "without it nothing is written either")
    found = read_review(site, period, clock.now())
    if as_json:
        about = {"file": REVIEW.path(found.entry.period), "sha256": found.entry.sha256}
        restated = [plain(Restatement, one) for one in found.restatements]
        console.print_json({**about, "review": plain(Review, found.review), "restatements": restated})
    elif not quiet:
        print_review(found.review, found.restatements)
    return ExitCode.DONE
