"""Publishing: send what changed, move the pointer, delete what is past its grace period, in this order.

A publisher that is killed anywhere leaves the pointer on a report that is wholly there, and the next run completes what
it left. Of two publishers the one that comes second changes nothing.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from sresnap.documents import files
from sresnap.documents import sent_reports as sent
from sresnap.documents.layout import MANIFEST, POINTER, headers_of, is_kept
from sresnap.errors import SresnapError, UsageError
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.windows import DAY
from sresnap.progress import Progress
from sresnap.publish import manifest, preflight, recovery, site_folder
from sresnap.publish import plan as plans
from sresnap.publish import state as states
from sresnap.publish.manifest import Manifest, sha256
from sresnap.publish.plan import Plan
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import State
from sresnap.publish.targets.base import Hold, Target
from sresnap.publish.targets.folder import Folder, refuse_overlap

GRACE_SECONDS = DAY
_PARALLEL = 8
_BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """How to publish."""

    grace_seconds: int = GRACE_SECONDS
    """How long a file stays that is no part of the site any more."""
    force_foreign: bool = False
    """Publish though the place holds files of somebody else; they stay, but for those whose names the site has."""
    dry_run: bool = False
    rules: PublicationRules = field(default_factory=PublicationRules)
    """What may go to a public place."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it."""

    target: str
    report: str
    """Id of the report that the place shows now."""
    sent: tuple[str, ...]
    """In order, the pointer last; empty when the place held all of it."""
    deleted: tuple[str, ...]
    bytes_sent: int
    seconds: float
    notes: tuple[str, ...]


def publish(target: Target, out: Path, now: int, options: Options, progress: Progress) -> Published:
    """Bring a place to the state of a folder.

    Args:
        target: the place.
        out: the site's folder, as a build left it.
        now: seconds since the epoch.
        options: how.
        progress: who is told.

    Raises:
        UsageError: there is nothing to publish, or it must not be published.
        PublishConflict: another publisher was there first; nothing was changed.
        PublishFailed: the place refuses, is not reached, or holds files of somebody else.
    """
    if isinstance(target, Folder):
        refuse_overlap(target, out)
    started = time.monotonic()
    if not out.is_dir():
        raise UsageError(f"there is no folder {out}", "`sresnap build` makes it, or say --out DIR")
    left: tuple[str, ...] = ()
    with files.hold(out):
        site = site_folder.read(out)
        preflight.altered(site)
        todo, state = _planned(target, site, now, options, progress)
        looked = _refuse_leaks(target, site, todo.names(), options)
        if options.dry_run:
            _refuse_what_is_there(target, site, todo, state, options)
        if not (options.dry_run or todo.is_nothing):
            with target.hold(progress.note) as hold:
                # As it is now that nobody else may write.
                todo, state = _planned(target, site, now, options, progress, before=state)
                _refuse_what_is_there(target, site, todo, state, options)
                _refuse_leaks(target, site, set(todo.names()) - looked, options)
                _remember(target, site, todo, state)
                work = _Work(target, hold, site, progress)
                work.do(todo, state)
                left = tuple(f"{name} was changed by somebody else, and is left" for name in work.left)
        untold = () if options.dry_run else _note(target, site, todo, state)
    seconds = time.monotonic() - started
    notes = (*target.notes, *_rebuilt(target, state), *_large(target, todo), *left, *untold)
    return Published(target.shown, site.report, tuple(todo.names()), todo.deletes, todo.bytes_to_send, seconds, notes)


def _planned(
    target: Target, site: LocalSite, now: int, options: Options, progress: Progress, before: State | None = None
) -> tuple[Plan, State]:
    """What is to be done, and the state that it is for. What was hashed and listed `before` is not looked at again."""
    state = states.read(target)
    found = recovery.pointer(state)
    if found is not None:
        preflight.unseen_without_manifest(target, state, found, site)
        same = before is not None and before.is_rebuilt and before.pointer == state.pointer
        rebuilt = (
            before.manifest if before is not None and same else recovery.rebuilt(target, found, site.files, progress)
        )
        state = State(state.pointer, rebuilt, None, is_rebuilt=True)
    if not options.force_foreign:
        preflight.foreign(target, state)
    preflight.unseen(target, state, site)
    there = None if state.manifest is None else states.settled(target, state.manifest)
    same = before is not None and before.token == state.token
    gone = before.lost if before is not None and same else recovery.files(target, there, site)
    if there is not None and gone:
        there = dataclasses.replace(there, files={name: e for name, e in there.files.items() if name not in gone})
    todo = plans.plan(site, there, now, grace_seconds=options.grace_seconds)
    preflight.incomplete(target, site, todo.after)
    if there is not None:
        # A manifest that tells no truth is written anew, though nothing else has changed.
        completes = todo.completes or state.is_rebuilt or there is not state.manifest
        todo = dataclasses.replace(todo, completes=completes)
    preflight.too_large(target, todo.after.size())
    return todo, dataclasses.replace(state, lost=gone)


def _refuse_what_is_there(target: Target, site: LocalSite, todo: Plan, state: State, options: Options) -> None:
    """Refusals for which files are read, and so while nobody else writes them; a dry run keeps nobody out."""
    if state.manifest is None:
        return
    preflight.discontinued(target, site, todo.pending)
    if not options.force_foreign:
        preflight.overwriting(target, todo.names(), site, todo.pending)


def _refuse_leaks(target: Target, site: LocalSite, names: Collection[str], options: Options) -> set[str]:
    """The names that were looked at."""
    if target.public:
        site_folder.refuse_leaks(site, names, options.rules)
    return set(names)


def _rebuilt(target: Target, state: State) -> Iterable[str]:
    if state.is_rebuilt and state.manifest is not None:
        count = len(state.manifest.files)
        yield f"{target.shown} had lost its {MANIFEST}; it was made anew of the {count} files of sresnap that are there"


def _large(target: Target, todo: Plan) -> Iterable[str]:
    size = todo.after.size()
    if target.limits is not None and size > target.limits.warn:
        limit = target.limits.refuse // 10**6
        yield f"the site is {size // 10**6} MB; {target.shown} takes no more than {limit} MB"


def _remember(target: Target, site: LocalSite, todo: Plan, state: State) -> None:
    """The folder knows the states that are to come for its own, and that its report may be read by then.

    Should this process die before it has heard of one, the next goes on from it.
    """
    before = None if state.pointer is None else state.pointer.content
    pointer, pending, after = site.content(POINTER), manifest.encode(todo.pending), manifest.encode(todo.after)
    coming = [(pointer, after), (None, after), (pointer, None)]  # and what is left when one of the two is lost
    if not target.atomic:
        coming = [(before, pending), (pointer, pending), *coming]
    try:
        site_folder.remember(site.root, *(states.token(*contents) for contents in coming))
        sent.note(site.root, site.report)
    except SresnapError as error:
        raise SresnapError(f"{error.message}; nothing was sent", error.hint) from error


def _note(target: Target, site: LocalSite, todo: Plan, state: State) -> tuple[str, ...]:
    """The folder holds what the place holds, by its manifest; what is to be told when it cannot be written."""
    after = manifest.encode(todo.after)
    token = state.token if todo.is_nothing else states.token(site.content(POINTER), after)
    try:
        files.write_changed(site.root, {MANIFEST: after})
        site_folder.remember_place(site.root, target.shown, token)
    except SresnapError as error:
        return (f"it is published, but {error.message}",)
    return ()


@dataclass(slots=True)
class _Work:
    """The writing, while others are kept out."""

    target: Target
    hold: Hold
    site: LocalSite
    progress: Progress
    left: list[str] = field(default_factory=list)
    """Files that were to be deleted, and are not what was published: somebody else's hand was on them."""

    def do(self, todo: Plan, state: State) -> None:
        self.progress.stage("publishing", len(todo.names()) + len(todo.deletes))
        if self.target.atomic:
            self._send(todo)
            self._tidy(todo)
            self.target.put(MANIFEST, manifest.encode(todo.after), headers_of(MANIFEST))
            self._move_pointer(todo, state)
            return
        version = self._swap_manifest(todo.pending, None if state.stored is None else state.stored.version)
        self._send(todo)
        self._move_pointer(todo, state)
        self._tidy(todo)
        self._swap_manifest(todo.after, version)

    def _send(self, todo: Plan) -> None:
        for group in todo.sends:
            self._each(group, lambda name: self.target.put(name, self.site.content(name), headers_of(name)))

    def _tidy(self, todo: Plan) -> None:
        self._each(todo.deletes, lambda name: self._delete(name, todo.pending))

    def _delete(self, name: str, there: Manifest) -> None:
        """Ours alone goes. Nobody changes what lies under an id or a hash, and snapshots are large to look at."""
        found = None if is_kept(name) else self.target.read(name)
        if found is not None and sha256(found.content) not in there.hashes(name):
            self.left.append(name)
        else:
            self.target.delete(name)

    def _move_pointer(self, todo: Plan, state: State) -> None:
        self.hold.check()
        expected = None if state.pointer is None else state.pointer.version
        self.target.swap(POINTER, self.site.content(POINTER), headers_of(POINTER), expected)
        if todo.moves_pointer:
            self.progress.advance()

    def _swap_manifest(self, content: Manifest, expected: str | None) -> str:
        """Its new version. What a publisher that stood still sends late must not replace another one's manifest."""
        self.hold.check()
        return self.target.swap(MANIFEST, manifest.encode(content), headers_of(MANIFEST), expected)

    def _each(self, names: Collection[str], work: Callable[[str], None]) -> None:
        """Do the work for each name, a few at once; the first failure stops the rest."""

        def one(name: str) -> None:
            self.hold.check()
            work(name)

        with ThreadPoolExecutor(_PARALLEL, thread_name_prefix="publish") as pool:
            waiting: set[Future[None]] = {pool.submit(one, name) for name in names}
            try:
                while waiting:
                    done, waiting = wait(waiting, timeout=_BEAT_SECONDS, return_when=FIRST_COMPLETED)
                    self.hold.check()  # it keeps a lease alive while a large file is on its way
                    for future in done:
                        future.result()
                        self.progress.advance()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
