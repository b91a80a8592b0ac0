"""Stored files: reports, days of the history, and the other files of a site's folder."""

from __future__ import annotations

from pathlib import Path
from random import Random

from sresnap.documents import snapshots
from sresnap.documents.history import load_history, save_history
from sresnap.documents.layout import HISTORY_DAY, INDEX, POINTER
from sresnap.errors import SresnapError
from sresnap.model.history import Span
from sresnap.model.windows import DAY
from sresnap.publish.targets.folder import Folder
from tests import factories
from tests.fuzz import mutations
from tests.fuzz.demo import AT, DAY_BEFORE, recorded
from tests.fuzz.program import contents, program
from tests.fuzz.subject import Subject, what_changed
from tests.integration import sites


class Snapshots(Subject):
    """`render` of a stored report. One that is refused leaves no file."""

    name, share = "snapshots", 20

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._content = snapshots.encode(factories.small())

    def fault(self, random: Random) -> str | None:
        path = self.folder / "report.json"
        content = mutations.stored(self._content, random)
        is_read = random.random() < 0.95  # it takes a fiftieth of the time of the command
        try:
            snapshots.decode(content, "the report")
        except SresnapError:
            if is_read:
                return None
        except Exception as error:  # noqa: BLE001 - any other error is a fault
            return f"{type(error).__name__}: {error}"
        else:
            if is_read:
                return None
        path.write_bytes(content)
        ended = program("render", path, "--out", self.folder / "drawn", "--dry-run", cwd=self.folder)
        return ended.fault() or ("files" if (self.folder / "drawn").exists() else None)


class HistoryDays(Subject):
    """A day of the history. What cannot be read is set aside, and what can is kept."""

    name, share = "history", 300

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._path = folder / HISTORY_DAY.path(DAY_BEFORE)
        self._path.parent.mkdir(parents=True)
        self._path.write_bytes(recorded().day)

    def fault(self, random: Random) -> str | None:
        span = Span(AT - DAY, AT)
        self._path.write_bytes(mutations.stored(recorded().day, random))
        try:
            found = load_history(self.folder, span)
            if DAY_BEFORE not in found.unreadable and random.random() < 0.2:
                save_history(self.folder, found, found.history, "20260315T120000Z")
        except SresnapError as error:
            return None if int(error.exit_code) != 1 else str(error)
        except Exception as error:  # noqa: BLE001 - any other error is a fault
            return f"{type(error).__name__}: {error}"
        finally:
            self._path.write_bytes(recorded().day)
        return None


class Kept(Subject):
    """A site's own folder with one of its stored files changed: the commands that read it."""

    name, share = "kept", 14

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(3):
            sites.build(folder / "site", number)
        sites.publish(Folder(folder / "www"), folder / "site")
        (folder / "sresnap.yaml").write_text("services: [{name: api, slo_target: 99}]\nprovider: http\n")
        self._names = [name for name in contents(folder / "site") if name.endswith(".json")]
        self._reports = sites.reports(folder / "site")

    def fault(self, random: Random) -> str | None:
        name = random.choice([POINTER, INDEX, *self._names])
        path = self.folder / "site" / name
        kept = path.read_bytes()
        path.write_bytes(mutations.stored(kept, random))
        before = contents(self.folder)
        arguments = random.choice((
            ["archive", "list"], ["archive", "list", "--json"], ["archive", "prune", "--dry-run"],
            ["archive", "diff", *self._reports[:2]], ["gate", "--max-age", "36500d"], ["explain", "api"],
            ["archive", "pin", self._reports[0], "--dry-run"], ["publish", "file:www", "--dry-run"],
        ))  # fmt: skip
        try:
            ended = program(*arguments, "--out", "site", cwd=self.folder)
            problem = ended.fault() or what_changed(before, self.folder)
        finally:
            path.write_bytes(kept)
        return problem and f"{name}: {arguments}: {problem}"
