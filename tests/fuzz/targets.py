"""What was published: files of a folder, and names of a branch."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from random import Random

from sresnap.documents.layout import INDEX, MANIFEST, POINTER
from sresnap.publish.targets.folder import Folder
from tests.fuzz import mutations
from tests.fuzz.program import contents, program
from tests.fuzz.subject import Subject, what_changed
from tests.integration import sites


class Published(Subject):
    """A folder that a site was published to, with one of its files changed: what restores, continues and reads it."""

    name, share = "published", 5

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for number in range(3):
            sites.build(folder / "site", number)
            sites.publish(Folder(folder / "www"), folder / "site")
        sites.build(folder / "site", 3)
        self._names = [name for name in contents(folder / "www") if name.endswith(".json")]

    def fault(self, random: Random) -> str | None:
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(self.folder / "www", work / "www")
        shutil.copytree(self.folder / "site", work / "site")
        name = random.choice([POINTER, MANIFEST, INDEX, *self._names])
        (work / "www" / name).write_bytes(mutations.stored((work / "www" / name).read_bytes(), random))
        before = contents(work)
        arguments: list[object] = random.choice((
            ["restore", "file:www", "--out", "got", *random.choice(([], ["--all"], ["--first"]))],
            ["restore", "file:www", "--out", "site"],
            ["publish", "file:www", "--out", "site", *random.choice(([], ["--force-foreign"]))],
            ["verify", "file:www", *random.choice(([], ["--all"], ["--json"]))],
            ["gate", "--site", "file:www", "--max-age", "36500d"],
            ["explain", "api", "--site", "file:www"],
        ))  # fmt: skip
        ended = program(*arguments, cwd=work)
        problem = ended.fault()
        if problem or ended.code == 0:
            return problem and f"{name}: {problem}"
        changed = what_changed(before, work)
        return changed and f"{name}: {arguments}: {changed}: {ended.printed}"


class GitTrees(Subject):
    """A branch with a file of an odd name: restore and publish."""

    name, share = "trees", 1

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        sites.build(folder / "site", 0)
        self._git("init", "--quiet", "--bare", str(folder / "bare.git"))
        target = f"gh-pages:{folder / 'bare.git'}"
        assert program("publish", target, "--out", "site", cwd=folder).code == 0
        self._tip = self._git("rev-parse", "gh-pages").decode().strip()

    def fault(self, random: Random) -> str | None:
        odd = [item.encode("utf-8", "surrogatepass") for item in mutations.ODD if isinstance(item, str)]
        name = random.choice([*odd, b"foreign\351.html", b"index.html", b"a\nb", b'"', b"\\", random.randbytes(5)])
        name = name.replace(b"\0", b"?").replace(b"/", b"?")[:3000] or b"x"
        blob = self._git("hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
        tree = self._git("ls-tree", "-z", self._tip) + b"100644 blob " + blob.encode() + b"\t" + name + b"\0"
        made = self._git("mktree", "-z", stdin=tree).decode().strip()
        commit = self._git("-c", "user.name=x", "-c", "user.email=x@x", "commit-tree", made, "-p", self._tip, "-m", "x")
        self._git("update-ref", "refs/heads/gh-pages", commit.decode().strip())
        command = random.choice((["restore", "--all", "--out", "got"], ["publish", "--out", "site"]))
        ended = program(command[0], f"gh-pages:{self.folder / 'bare.git'}", *command[1:], cwd=self.folder)
        shutil.rmtree(self.folder / "got", ignore_errors=True)
        problem = ended.fault()
        return problem and f"{name[:300]!r}: {problem}"

    def _git(self, *arguments: str, stdin: bytes = b"") -> bytes:
        command = ["git", "--git-dir", str(self.folder / "bare.git"), *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout
