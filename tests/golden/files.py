"""The golden files: panels, charts, downloads and three whole pages, laid out so that a diff can be read.

A panel's file holds the panel without its charts, which have files of their own, and of a long table the first rows.
Hashes of assets and panels are left out: a change of the style sheet is not a change of every page.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sresnap.compute.fleet.compare import compare
from sresnap.config.default_wording import default_wording
from sresnap.documents import snapshots
from sresnap.model.archive import ArchiveState
from sresnap.model.changes import Restated
from sresnap.model.periods import period_named
from sresnap.model.review import (
    CorrectedTime,
    Gap,
    OtherSpending,
    Outcome,
    RestatedResult,
    ReviewedEpisode,
    ServiceReview,
    WorstDay,
)
from sresnap.model.windows import DAY, HOUR, day_of, parse_time, snapshot_id
from sresnap.render.pages.archive import archive_page
from sresnap.render.pages.compare import compare_page
from sresnap.render.pages.period import period_pages
from sresnap.render.pages.reviews import reviews_page
from sresnap.render.pages.summary import summary_pages
from sresnap.render.site import render
from sresnap.sentences.closed import Material, ReviewsShown
from tests import factories, reviews
from tests.archives import index_of
from tests.panels import Pages, panel_html

HERE = Path(__file__).parent
SNAPSHOT = HERE / "snapshot.json"
"""Of `sresnap demo --at 2026-11-22T21:30:00Z`. An input: it stays as it is, also when snapshots gain keys."""
EXPECTED = HERE / "expected"
ACTUAL = HERE / "actual"
"""Where a failing test leaves what it got (ignored by git)."""

_MOST_ROWS = 3
"""Of a table; the rest is counted."""
_INLINE = (
    "a|b|bdi|br|button|cite|code|em|i|input|label|option|output|small|span|strong|sub|sup|td|th|time|title|desc|dt|dd"
)
_CHART = re.compile(r'(<svg class="chart[^>]*>\s*<title.*?</title>\s*<desc.*?</desc>).*?</svg>.*?(</svg>)', re.DOTALL)
_TABLE = re.compile(r"(<tbody>)(.*?)(</tbody>)", re.DOTALL)
_ROW = re.compile(r"<tr.*?</tr>\s*", re.DOTALL)
_QUERY = re.compile(r'<details class="query" data-key="query-.*?</details>\s*', re.DOTALL)
_HASHES = (
    (re.compile(r'data-rev="\w+"'), 'data-rev="…"'),
    (re.compile(r"(assets/\w+)\.\w+\.(\w+)"), r"\1.….\2"),
)


class Case(NamedTuple):
    """A panel in a state."""

    state: str
    path: str
    panel: str


_FLEET, _WORKER, _API, _WEB = (
    "index.html",
    "services/worker/index.html",
    "services/api/index.html",
    "services/web/index.html",
)
PANELS = {
    **{
        name: Case("demo", _FLEET, name)
        for name in (
            "bar", "nav", "freshness", "verdict", "attention", "key_numbers", "slos", "budgets", "signals", "capacity",
            "changes", "quality", "provenance",
        )
    },
    **{
        f"{name}-service": Case("demo", _WORKER, name)
        for name in ("bar", "verdict", "key_numbers", "budgets", "statement", "provenance")
    },
    "frozen": Case("reconstructed", f"archive/{snapshot_id(factories.AT)}/index.html", "frozen"),
    "groups": Case("evaluated", _FLEET, "groups"),
    "teams": Case("evaluated", _FLEET, "teams"),
    "people-service": Case("evaluated", _API, "people"),
    "people-frozen": Case("evaluated", f"archive/{snapshot_id(factories.AT)}/index.html", "people"),
    "team": Case("evaluated", "teams/shop/index.html", "team"),
    "episodes-team": Case("evaluated", "teams/back-office-ce3096/index.html", "episodes"),
    "slos-corrected": Case("evaluated", _FLEET, "slos"),
    "budgets-corrected": Case("evaluated", _API, "budgets"),
    "budgets-withheld": Case("evaluated", _WEB, "budgets"),
    "statement-corrected": Case("evaluated", _API, "statement"),
    "verdict-no_data": Case("no_data", _FLEET, "verdict"),
    "signals-no_data": Case("no_data", _FLEET, "signals"),
    "verdict-incomplete": Case("some_failed", _FLEET, "verdict"),
    "quality-gaps": Case("some_failed", _FLEET, "quality"),
    "changes-recovered": Case("recovered", _FLEET, "changes"),
    "restated": Case("restated", _FLEET, "restated"),
    **{
        name: Case("demo", "concepts/index.html", name)
        for name in ("search", "terms0", "terms1", "terms2", "terms3", "simulator")
    },
    "customize": Case("demo", "customize/index.html", "customize"),
}  # fmt: skip
CHARTS = {
    "burn_down": (Case("evaluated", _WORKER, "budgets"), 0),
    "burn_down-young": (Case("first_report", _API, "budgets"), 0),
    "burn_down-older": (Case("demo", _WORKER, "budgets"), 0),
    "sli_trend": (Case("demo", _WORKER, "budgets"), 1),
    "heat_map": (Case("demo", _WORKER, "budgets"), 2),
    "spent": (Case("demo", _WORKER, "budgets"), 3),
    "burn_bars": (Case("demo", _WORKER, "budgets"), 4),
    "sparkline": (Case("demo", _FLEET, "slos"), 0),
    "day_strip": (Case("demo", _FLEET, "slos"), 1),
    "signal-hour": (Case("demo", _FLEET, "signals"), 0),
    "signal-window": (Case("demo", _FLEET, "signals"), 2),
    "capacity": (Case("demo", _FLEET, "capacity"), 0),
}
"""By name, a panel and which of its charts it is."""
PAGES = ("customize/index.html", "archive/2026-11/index.html", "404.html")
"""One of each template of a whole page."""
DOWNLOADS = (
    "badges/fleet.svg", "badges/fleet.json", "badges/worker/availability.svg", "badges/worker/availability.json",
    "services/worker/objectives.csv", "services/worker/objectives.json", "services/worker/statement-availability.csv",
    "services/worker/statement-availability.json", "feed.xml",
)  # fmt: skip


def rendered() -> dict[str, bytes]:
    """Every golden file by its path below `expected/`."""
    site = render(snapshots.read(SNAPSHOT)).files
    html = {f"panels/{name}.html": _panel(case) for name, case in PANELS.items()}
    html |= {f"panels/{name}.html": found for name, found in (_archive_panels() | _period_panels()).items()}
    html |= {f"charts/{name}.svg": _chart(case, index) for name, (case, index) in CHARTS.items()}
    html |= {f"pages/{path.replace('/index.html', '.html').replace('/', '-')}": site[path].decode() for path in PAGES}
    return {name: laid_out(found).encode() for name, found in html.items()} | {
        f"downloads/{path}": site[path] for path in DOWNLOADS
    }


_FROM, _TO = parse_time("2026-11-22T18:00:00Z"), parse_time("2026-11-22T20:00:00Z")
_STATES: dict[str, Callable] = {
    "demo": lambda: snapshots.read(SNAPSHOT),
    "reconstructed": lambda: replace(factories.snapshot(), reconstructed=True),
    "restated": lambda: replace(factories.snapshot(), restated=_RESTATED),
    **factories.STATES,
}
_RESTATED = (
    Restated("api", "total", "late_data", _FROM, _TO, 200, 250),
    Restated("api", "availability", "correction", _FROM, _TO, None, 0.42, "Move"),
)


@cache
def _pages(state: str) -> Pages:
    return Pages(_STATES[state]())


@cache
def _panel(case: Case) -> str:
    return _pages(case.state).html(case.path, case.panel)


def _chart(case: Case, index: int) -> str:
    return [found[0] for found in _CHART.finditer(_panel(case))][index]


def _archive_panels() -> dict[str, str]:
    """The archive's: of a month ago a report that was thinned out, two of this week, and what became of them."""
    kept = index_of(factories.AT - 7 * DAY, factories.AT - 300, factories.AT)
    (thinned,) = index_of(factories.AT - 40 * DAY).entries
    before = replace(factories.mixed(), id=kept.entries[0].id, at=kept.entries[0].at)
    comparison = compare(before, factories.evaluated(), "a week ago")
    archive = ArchiveState(replace(kept, thinned={day_of(thinned.at): 23}), (thinned,), (comparison,))
    (summary,) = summary_pages(archive)
    pages = (archive_page(archive), compare_page(archive), summary)
    return {panel.name: panel_html(panel, page.root) for page in pages for panel in page.panels}


def _period_panels() -> dict[str, str]:
    """A closed month's: an objective that was missed and restated, with an episode, a gap and a correction."""
    of = period_named("2026-10", reviews.ZONE)
    begin, day = of.start + 8 * HOUR, WorstDay("2026-10-01", 9000.0, 90_000.0, 0.9)
    episode = ReviewedEpisode(begin, begin + 3 * HOUR, 9000.0, 180.0, 0.9, 90.0)
    others = OtherSpending(0, 6000.0, 0.6)
    missed = reviews.slo_review(left=-0.5, episodes=(episode,), others=others, worst_days=(day,))
    services = (ServiceReview("api", "api", (missed, reviews.slo_review("latency"))),)
    gap, correction = Gap(begin + DAY, begin + DAY + HOUR), CorrectedTime("Move", begin, begin + HOUR, ("api",))
    closed = reviews.review("2026-10", services, gaps=(gap,), corrections=(correction,), coverage=744 / 745)
    was = closed.services[0].slos[0].result
    now = RestatedResult("api", "availability", was, reviews.result(Outcome.MET, 0.3))
    restated = (reviews.restatement("2026-10", [now]),)
    index = reviews.index_of(reviews.review("2026-09"), closed)
    shown = ReviewsShown(index, default_wording(), (Material(closed, restatements=restated),))
    pages = (*period_pages(shown), reviews_page(factories.snapshot(), index))
    panels = {f"period-{panel.name}": panel_html(panel, page.root) for page in pages for panel in page.panels}
    side = pages[0].side
    assert side is not None
    return panels | {"period-nav": panel_html(side, pages[0].root)}


def laid_out(html: str) -> str:
    """An element a line, without what is in other golden files and without hashes."""
    html = _CHART.sub(r"\1 … \2", html) if html.count('<svg class="chart') and not html.startswith("<svg") else html
    html = _TABLE.sub(lambda table: f"{table[1]}{_first(table[2], _ROW, 'rows')}{table[3]}", html)
    html = _first(html, _QUERY, "queries")
    for pattern, text in _HASHES:
        html = pattern.sub(text, html)
    html = re.sub(rf"\s*(<(?!/|!|(?:{_INLINE})\b)[a-z])", r"\n\1", html)
    html = re.sub(
        r"(</(?:div|ul|ol|dl|li|p|table|thead|tbody|tr|section|details|figure|svg|nav|form|h[1-4])>)\s*", r"\1\n", html
    )
    return re.sub(r"\n\s*\n+", "\n", html).strip() + "\n"


def _first(html: str, pattern: re.Pattern, name: str) -> str:
    """The first of many alike, and how many more there are."""
    found = [match[0] for match in pattern.finditer(html)]
    rest = found[_MOST_ROWS:]
    if not rest:
        return html
    start = html.index(rest[0])
    end = html.index(rest[-1], start) + len(rest[-1])
    return f"{html[:start]}<!-- {len(rest)} more {name} -->\n{html[end:]}"


def stored(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(files: dict[str, bytes], folder: Path) -> list[str]:
    """Make the folder hold these files and no others; return the names of those that changed."""
    before = stored(folder)
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(name for name in before.keys() | files.keys() if before.get(name) != files.get(name))
