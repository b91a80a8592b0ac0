"""Writes the model as OpenMetrics text, from which promtool makes Prometheus blocks.

python -m sresnap.demo.backfill --out demo.om --days 28
promtool tsdb create-blocks-from --max-block-duration=1440h openmetrics demo.om data
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from sresnap.demo import model
from sresnap.demo.beginning import fleet_of, keep_beginning
from sresnap.demo.exposition import Family, Flavour, families
from sresnap.model.windows import DAY, parse_time

if TYPE_CHECKING:
    from collections.abc import Sequence


def write_openmetrics(
    file: TextIO,
    start: int,
    end: int,
    scrapes: model.Scrapes | None = None,
    fleet: tuple[model.DemoService, ...] | None = None,
    flavour: Flavour = "http",
) -> int:
    """Write every scrape from start to end, both included, and return the number of samples.

    Without a fleet they are of the demo's three services. The series of a family are consecutive, and the samples of a
    series are ordered by time.
    """
    times = (scrapes or model.Scrapes()).between(start, end)
    tails = [f" {stamp}\n" for stamp in times.tolist()]
    samples = 0
    for family in families(fleet or model.services(), flavour):
        file.write(header(family, family.name))
        for rows in family.rows:
            for name, values in zip(rows.names, rows.values(times).tolist(), strict=True):
                file.writelines([f"{name} {value}{tail}" for value, tail in zip(values, tails, strict=True)])
            samples += len(rows.names) * len(tails)
    file.write("# EOF\n")
    return samples


def header(family: Family, name: str) -> str:
    """A family's comments. The older text format uses a counter's full name."""
    return f"# HELP {name} {family.help}\n# TYPE {name} {family.kind}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "python -m sresnap.demo.backfill", description="The demo's past as OpenMetrics text."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write")
    parser.add_argument("--days", type=float, default=28, help="how far back (28)")
    parser.add_argument("--end", metavar="TIME", help="last moment, RFC 3339 (now)")
    parser.add_argument("--services", type=int, default=3, metavar="N", help="size of the fleet (3)")
    parser.add_argument("--interval", type=int, default=30, metavar="SECONDS", help="between scrapes (30)")
    parser.add_argument("--offset", type=int, default=7, metavar="SECONDS", help="of scrapes to whole minutes (7)")
    parser.add_argument("--flavour", choices=("http", "traefik"), default="http", help="the preset to fit (http)")
    parser.add_argument(
        "--began", type=Path, metavar="FILE", help="the moment of the story, for the exporter; written if missing"
    )
    given = parser.parse_args(arguments)
    try:
        end = parse_time(given.end) if given.end else int(time.time())
        if given.began:
            keep_beginning(given.began, end)
        fleet = fleet_of(given.services, given.began)
    except ValueError as error:
        parser.error(str(error))
    scrapes = model.Scrapes(given.interval, given.offset)
    with given.out.open("w", encoding="utf-8") as file:
        start = end - round(given.days * DAY)
        samples = write_openmetrics(file, start, end, scrapes, fleet, cast("Flavour", given.flavour))
    print(f"{given.out}: {samples:,} samples")  # noqa: T201 - what the command has to say
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
