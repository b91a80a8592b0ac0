"""`sresnap review`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sresnap import clock
from sresnap.cli import console, options
from sresnap.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sresnap.app.review_words import InWords


@click.command(
    "review",
    epilog="""\b
Examples:
  sresnap review                                       the period that was closed last
  sresnap review 2026-10                               a month; also 2026-W44, 2026-Q4, 2026
  sresnap review last-month --html > review.html        for a mail
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
    help="The site: its folder, its http(s) address, or a target as for `publish`. Without it: --out.",
)
@click.option("--close", metavar="PERIOD", help="Show what a period that is over would be closed as.")
@options.dry_run_option("With --close: write nothing. Builds close periods.")
@options.out_option
@options.config_option
@click.option("--text", "as_text", is_flag=True, help="Sentences and a table: the default.")
@click.option("--html", "as_html", is_flag=True, help="One page with its style in it, for a mail.")
@options.json_option
@options.common
def review_command(
    period: str | None,
    site: str | None,
    close: str | None,
    dry_run: bool,
    out: Path,
    config_path: Path | None,
    as_text: bool,
    as_html: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show a closed week, month, quarter or year.

    PERIOD is its name, such as 2026-10 or 2026-W44, or last-week, last-month, last-quarter or last-year. Without it:
    the period that was closed last. What late data or a correction changed since is in its restatements. With --config,
    its sentences are in that configuration's words, and name its policy.
    """
    from sresnap.app.review import preview, read_review
    from sresnap.app.review_words import in_words
    from sresnap.documents.layout import REVIEW
    from sresnap.sentences.closed import Material

    if as_text + as_html + as_json > 1:
        raise UsageError("--text, --html and --json exclude each other", "choose one of them")
    form = "html" if as_html else "json" if as_json else "" if quiet else "text"
    if close is not None:
        if period is not None or not dry_run:
            raise UsageError("builds close periods; --close only shows one", "write --close PERIOD --dry-run")
        config = options.load_config(config_path)
        made = preview(config, out, close, clock.now())
        _print(form, in_words(Material(made), config), {"file": None, "sha256": None}, None)
        return ExitCode.DONE
    if dry_run:
        raise UsageError("--dry-run needs --close PERIOD", "without it nothing is written either")
    found = read_review(site or str(out), period, clock.now())
    words = in_words(found.material, None if config_path is None else options.load_config(config_path))
    _print(form, words, {"file": REVIEW.path(found.entry.period), "sha256": found.entry.sha256}, found.source)
    return ExitCode.DONE


def _print(form: str, words: InWords, about: Mapping[str, str | None], site: str | None) -> None:
    """Print a period as text, as a page or as JSON; with no form nothing.

    Args:
        form: `text`, `html`, `json`, or empty.
        words: the period.
        about: of its file, for JSON.
        site: where it was read.
    """
    from sresnap.cli.review_output import print_review
    from sresnap.documents.codec import plain
    from sresnap.model.review import Restatement, Review

    material = words.material
    if form == "html":
        click.echo(words.mail(site))
    elif form == "json":
        restated = [plain(Restatement, one) for one in material.restatements]
        console.print_json({**about, "review": plain(Review, material.review), "restatements": restated})
    elif form == "text":
        print_review(material.review, words.sentences, material.restatements)
