"""`make year`: a report every five minutes for a year, 20 services, the default rules. Writes docs/archive-size.md.

The first report of each month, the measured reports and the reports of the last hour are whole builds, from query to
publication. A report between them is a copy of the newest build under its own id (`reports.Maker.copies`): the code of
a build files, keeps, thins and summarises it on disk, but nothing is queried, computed or drawn. On the first two days
and the last two, each copy is filed and thinned on its own; otherwise the copies of an hour are thinned together.
"""

import argparse
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sresnap.app.verify import VerifyRequest, verify
from sresnap.archive.chain import chain_faults
from sresnap.documents import archive_index, thinned_lists
from sresnap.model.windows import DAY, HOUR, parse_time
from sresnap.publish.targets.folder import Folder
from tests.year.reports import SCHEDULE, maker
from tests.year.sizes import measured, table

START = parse_time("2025-11-22T00:00:00Z")
LIMIT_BYTES = 300_000_000
_SINGLY = 2 * DAY
_MEASURED = {1, 2, 7, 14, *range(30, 331, 30)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--folder", type=Path, help="Keep the site in this folder.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=_fast_folder()) as name:
        rows = run(asked.folder or Path(name), asked.days)
    print(table(rows))
    if asked.days >= 365:
        write(table(rows))
    return 0 if max(row.site for row in rows) < LIMIT_BYTES else 1


def _fast_folder():
    """A folder in memory if there is room: half a million files are synced to disk."""
    memory = Path("/dev/shm")
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > 2 * 10**9 else None


def run(folder: Path, days: int):
    """Make the reports of the year; a row for each measured day."""
    root, www = folder / "public", folder / "www"
    end, rows, largest, began = START + days * DAY, [], 0, time.monotonic()
    waiting = []
    with maker(root, www, START) as made:
        for at in range(START, end + 1, SCHEDULE):
            waiting = [*waiting, at]
            if not (is_built(at, end) or at % HOUR == 0 or at - START < _SINGLY or end - at < _SINGLY):
                continue
            if is_built(at, end):
                made.copies(waiting[:-1])
                made.build(at)
                if (at - START) % DAY == 0 and (at == end or (at - START) // DAY in _MEASURED):
                    rows.append(measured((at - START) // DAY, www))
                    print(rows[-1], file=sys.stderr, flush=True)
            else:
                made.copies(waiting)
            waiting, largest = [], max(largest, kept_bytes(made.index))
            if at % HOUR == 0:
                status(at, end, largest, began)
    print(f"\nkept reports at their largest: {largest / 1e6:.2f} MB", file=sys.stderr)
    prove(www)
    return rows


def is_built(at, end):
    """Whether a report is a whole build and not a copy."""
    is_wanted = datetime.fromtimestamp(at, UTC).day == 1 or (at - START) // DAY in _MEASURED
    return at == START or end - at < HOUR or (at % DAY == 0 and is_wanted)


def kept_bytes(index):
    """Bytes of the kept reports. They must be within the budget."""
    size = sum(entry.bytes for entry in index.entries)
    assert size <= index.keep.max_bytes, f"{size} bytes are kept, and {index.keep.max_bytes} may be"
    return size


def prove(www):
    """Every published file is unchanged, and each report follows from the one before."""
    found = verify(Folder(www), VerifyRequest(everything=True))
    assert found.wrong == (), found.wrong[:5]
    index = archive_index.load(www)
    thinned = [entry for day in index.thinned for entry in thinned_lists.load(www, day)]
    assert chain_faults(index, thinned) == []
    assert sorted(entry.number for entry in (*thinned, *index.entries)) == list(range(1, index.reports + 1))
    print(f"verified: {found.files:,} files, a chain of {index.reports:,} reports", file=sys.stderr)


def status(at, end, largest, began):
    """One line; on a terminal it is updated in place."""
    done = (at - START) / max(1, end - START)
    left = (time.monotonic() - began) * (1 - done) / done / 60 if done else 0
    day = (at - START) // DAY
    text = f"day {day} of {(end - START) // DAY}, {largest / 1e6:.1f} MB of reports at most, {left:.0f} min left"
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    elif at % DAY == 0 and day % 10 == 0:
        print(text, file=sys.stderr, flush=True)


def write(text):
    root = Path(__file__).parents[2]
    head, tail = Path(__file__).with_name("text.md").read_text("utf-8").split("<!-- table -->\n")
    (root / "docs" / "archive-size.md").write_text(f"{head}{text}\n{tail}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
