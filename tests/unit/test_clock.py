"""Where the clock is read: the document names every module."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READS = re.compile(r"\btime\.time\(|\bdatetime\.now\(|\bdate\.today\(")


def test_the_document_names_every_module_that_reads_the_clock():
    package = ROOT / "sresnap"
    readers = {path.relative_to(package).as_posix() for path in package.rglob("*.py") if READS.search(path.read_text())}
    document = (ROOT / "docs/architecture.md").read_text()
    row = next(line for line in document.splitlines() if line.startswith("| `sresnap/clock.py`"))
    assert {name for name in re.findall(r"`(?:sresnap/)?([a-z/]+\.py)`", row) if name != "api.py"} == readers
