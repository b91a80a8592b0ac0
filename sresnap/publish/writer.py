"""Carries out a plan on a target while other publishers are kept out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

from sresnap.documents import manifest
from sresnap.documents.files import sha256
from sresnap.documents.headers import headers_of
from sresnap.documents.layout import MANIFEST, POINTER, archived_report, is_kept
from sresnap.documents.manifest import Manifest
from sresnap.errors import PublishFailed
from sresnap.progress import Progress
from sresnap.publish.parallel import PARALLEL
from sresnap.publish.plan import Plan
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import State
from sresnap.publish.targets.base import Hold, Target, TooLong

_CHECK_SECONDS = 1.0


@dataclass(slots=True)
class Writer:
    """Writes a site to a target."""

    target: Target
    hold: Hold
    site: LocalSite
    progress: Progress
    skipped: list[str] = field(default_factory=list)
    """Files that were to be deleted, but that another process has changed since they were published."""
    undeleted: dict[str, PublishFailed] = field(default_factory=dict)
    """Files that could not be deleted, and why. The site is whole with them, and the next publication tries again."""

    def write(self, plan: Plan, state: State) -> Manifest:
        """Carry out a plan in the order that leaves a whole report behind at every moment.

        Returns:
            The published manifest. It still lists files that could not be deleted.

        Raises:
            PublishConflict: another publisher has taken over.
            PublishFailed: the target refuses or cannot be reached, or the folder changes meanwhile.
        """
        self.progress.stage("publishing", len(plan.names()) + len(plan.deletes))
        if self.target.atomic:
            self._send(plan)
            self._delete_unwanted(plan)
            self.target.put(MANIFEST, manifest.encode(plan.after), headers_of(MANIFEST))
            self._move_pointer(plan, state)
            return plan.after
        version = self._swap_manifest(plan.pending, None if state.stored is None else state.stored.version)
        self._send(plan)
        self._move_pointer(plan, state)
        self._delete_unwanted(plan)
        after = replace(plan.after, files={**plan.after.files, **{n: plan.pending.files[n] for n in self.undeleted}})
        self._swap_manifest(after, version)
        return after

    def notes(self) -> Iterator[str]:
        """What a user should know about the clean-up."""
        for name in self.skipped:
            yield f"{name} was changed there by another process, so it was not deleted"
        if self.undeleted:
            name, error = next(iter(self.undeleted.items()))
            count = len(self.undeleted)
            which = name if count == 1 else f"{count} files, such as {name},"
            yield f"{which} could not be deleted, and the next publication tries again: {error.message}; {error.hint}"

    def refuse_if_withdrawn(self) -> None:
        """Report files of withdrawn reports that could not be deleted: their readers must know, all else is done.

        Raises:
            PublishFailed: there is one.
        """
        withdrawn = {report.id for report in self.site.index.withdrawn}
        for name, error in self.undeleted.items():
            if archived_report(name) in withdrawn:
                message = f"{name} of a withdrawn report is still published, because it could not be deleted"
                raise PublishFailed(f"{message}: {error.message}. All else is published", error.hint)

    def _send(self, plan: Plan) -> None:
        for group in plan.sends:
            self._each(group, lambda name: self.target.put(name, self.site.content(name), headers_of(name)))

    def _delete_unwanted(self, plan: Plan) -> None:
        self._each(plan.deletes, lambda name: self._delete(name, plan.pending))

    def _delete(self, name: str, published: Manifest) -> None:
        """Delete a file if it is still what sresnap published. A failure is noted: nothing depends on a deletion.

        Files with an id or a hash in their name are not read before: nobody changes them, and snapshots are large.
        """
        if not is_kept(name) and self._was_changed(name, published):
            self.skipped.append(name)
            return
        try:
            self.target.delete(name)
        except PublishFailed as error:
            self.undeleted[name] = error

    def _was_changed(self, name: str, published: Manifest) -> bool:
        """Whether a file is there that sresnap did not publish."""
        try:
            stored = self.target.read(name, published.size_of(name))
        except TooLong:
            return True
        return stored is not None and sha256(stored.content) not in published.hashes(name)

    def _move_pointer(self, plan: Plan, state: State) -> None:
        self.hold.check()
        expected = None if state.pointer is None else state.pointer.version
        self.target.swap(POINTER, self.site.content(POINTER), headers_of(POINTER), expected)
        if plan.moves_pointer:
            self.progress.advance()

    def _swap_manifest(self, content: Manifest, expected: str | None) -> str:
        """Write the manifest and return its new version.

        The swap keeps a publisher that was suspended from replacing another one's manifest.
        """
        self.hold.check()
        return self.target.swap(MANIFEST, manifest.encode(content), headers_of(MANIFEST), expected)

    def _each(self, names: Collection[str], action: Callable[[str], None]) -> None:
        """Do the action for each name, several at once. The first failure stops the rest."""

        def act(name: str) -> None:
            self.hold.check()
            action(name)

        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="publish") as pool:
            try:
                waiting: set[Future[None]] = {pool.submit(act, name) for name in names}
                while waiting:
                    done, waiting = wait(waiting, timeout=_CHECK_SECONDS, return_when=FIRST_COMPLETED)
                    self.hold.check()  # renews a lease while a large file is on its way
                    for future in done:
                        future.result()
                        self.progress.advance()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
