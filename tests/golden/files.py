"""The committed snapshot, the files that it renders to, and those that are expected."""

import shutil
from pathlib import Path

from sresnap.documents import snapshots
from sresnap.render.site import render

HERE = Path(__file__).parent
SNAPSHOT = HERE / "snapshot.json"
"""Of `sresnap demo --at 2026-11-22T21:30:00Z`. An input: it stays as it is, also when snapshots gain keys."""
EXPECTED = HERE / "expected"
ACTUAL = HERE / "actual"
"""Where a failing test leaves what it got (ignored by git)."""


def rendered() -> dict[str, bytes]:
    """The pages and what they link to; of the assets the names alone, which tell their content."""
    files = render(snapshots.read(SNAPSHOT)).files
    assets = [name for name in files if name.startswith("assets/")]
    pages = {name: content for name, content in files.items() if name not in assets}
    return {**pages, "assets.txt": "".join(f"{name}\n" for name in sorted(assets)).encode()}


def stored(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write(files: dict[str, bytes], folder: Path) -> list[str]:
    """Makes the folder hold these files and no others; names those that are different from before."""
    before = stored(folder)
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return sorted(name for name in before.keys() | files.keys() if before.get(name) != files.get(name))
