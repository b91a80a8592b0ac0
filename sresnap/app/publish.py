"""Publishing: send what changed, move the pointer, delete what is past its grace period, in this order.

A publisher that is killed at any moment leaves the pointer on a whole report, and the next run completes the rest. Of
two publishers, the second one changes nothing.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sresnap.documents import files, folder_state, manifest
from sresnap.documents.layout import MANIFEST, POINTER
from sresnap.errors import SresnapError, UsageError
from sresnap.format import whole_megabytes
from sresnap.leaks.publication_rules import PublicationRules
from sresnap.model.windows import DAY
from sresnap.progress import Progress
from sresnap.publish import preflight, recovery, site_folder
from sresnap.publish.plan import Plan, make_plan
from sresnap.publish.site_folder import LocalSite
from sresnap.publish.state import State, read_state, settle_pending, token_of
from sresnap.publish.targets.base import Target
from sresnap.publish.targets.branch import Branch
from sresnap.publish.targets.folder import Folder, refuse_overlap
from sresnap.publish.writer import Writer

GRACE_SECONDS = DAY


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """How to publish."""

    grace_seconds: int = GRACE_SECONDS
    """How long a file stays published after it stopped being part of the site."""
    force_foreign: bool = False
    """Publish although the target holds files that sresnap did not write. Only those that the site has are replaced."""
    into_main_branch: bool = False
    """Publish into a branch that is the checkout's own or the default one of its repository. Its commits stay."""
    dry_run: bool = False
    rules: PublicationRules = field(default_factory=PublicationRules)
    """What may go to a public target."""


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What was published, or would be."""

    target: str
    report: str
    """Id of the report that the target shows now."""
    sent_files: tuple[str, ...]
    """Files in the order of writing, the pointer last; empty when the target had them all."""
    deleted_files: tuple[str, ...]
    bytes_sent: int
    seconds: float
    notes: tuple[str, ...]


def publish(target: Target, out: Path, now: int, request: PublishRequest, progress: Progress) -> PublishResult:
    """Bring a target to the state of a folder.

    Args:
        target: where to publish.
        out: the site's folder, as a build left it.
        now: seconds since the epoch.
        request: how.
        progress: receives the stages and steps.

    Raises:
        UsageError: there is nothing to publish, or it must not be published.
        PublishConflict: another publisher was first; nothing was changed.
        PublishFailed: the target refuses, cannot be reached, or holds files that sresnap did not write.
    """
    if isinstance(target, Folder):
        refuse_overlap(target, out)
    started = time.monotonic()
    if not out.is_dir():
        raise UsageError(f"there is no folder {out}", "`sresnap build` creates it; or name another with --out DIR")
    with files.hold(out):
        site = site_folder.read(out)
        preflight.refuse_altered(site)
        publication = _Publication(target, site, now, request, progress)
        plan, notes = publication.dry_run() if request.dry_run else publication.run()
    seconds = time.monotonic() - started
    sent_names = tuple(plan.names())
    return PublishResult(target.shown, site.report, sent_names, plan.deletes, plan.bytes_to_send, seconds, notes)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A plan, and the state of the target that it is made for."""

    plan: Plan
    state: State
    missing: frozenset[str]
    """Files that the manifest lists but the target lacks."""


@dataclass(frozen=True, slots=True)
class _Publication:
    """One publication of a site to a target."""

    target: Target
    site: LocalSite
    now: int
    request: PublishRequest
    progress: Progress

    def dry_run(self) -> tuple[Plan, tuple[str, ...]]:
        """The plan, with every refusal that a publication would meet."""
        prepared = self._prepare()
        self._refuse_leaks(prepared.plan.names())
        self._refuse_by_content(prepared)
        return prepared.plan, tuple(self._notes(prepared))

    def run(self) -> tuple[Plan, tuple[str, ...]]:
        """Carry out the plan; the plan and the notes for the user."""
        prepared = self._prepare()
        scanned = set(prepared.plan.names())
        self._refuse_leaks(scanned)
        cleaning: tuple[str, ...] = ()
        if not prepared.plan.is_nothing:
            with self.target.hold(self.progress.note) as hold:
                # The state may have changed before other publishers were kept out.
                prepared = self._prepare(prepared)
                self._refuse_by_content(prepared)
                self._refuse_leaks(set(prepared.plan.names()) - scanned)
                self._remember_coming_states(prepared)
                writer = Writer(self.target, hold, self.site, self.progress)
                after = writer.write(prepared.plan, prepared.state)
                deleted = tuple(name for name in prepared.plan.deletes if name not in writer.undeleted)
                plan = dataclasses.replace(prepared.plan, after=after, deletes=deleted)
                prepared, cleaning = dataclasses.replace(prepared, plan=plan), tuple(writer.notes())
                cleaning = (*cleaning, *self._remember_done(prepared))
                writer.refuse_if_withdrawn()
        else:
            cleaning = self._remember_done(prepared)
        return prepared.plan, (*self._notes(prepared), *cleaning)

    def _prepare(self, earlier: _Prepared | None = None) -> _Prepared:
        """Make the plan. What was hashed and listed for an earlier plan is used again if the state is the same."""
        state = self._read_state(None if earlier is None else earlier.state)
        if isinstance(self.target, Branch) and not self.request.into_main_branch:
            preflight.refuse_main_branch(self.target, state)
        if not self.request.force_foreign:
            preflight.refuse_foreign(self.target, state)
        preflight.refuse_unseen(self.target, state, self.site)
        published = None if state.manifest is None else settle_pending(self.target, state.manifest)
        if earlier is not None and earlier.state.token == state.token:
            missing = earlier.missing
        else:
            missing = recovery.missing_files(self.target, published, self.site)
        if published is not None and missing:
            kept = {name: entry for name, entry in published.files.items() if name not in missing}
            published = dataclasses.replace(published, files=kept)
        plan = make_plan(self.site, published, self.now, grace_seconds=self.request.grace_seconds)
        preflight.refuse_damaged(self.site, plan.names())
        preflight.refuse_incomplete(self.target, self.site, plan.after)
        if published is not None:
            # A manifest that does not match the target is written again, even if nothing else has changed.
            corrects = state.is_rebuilt or published is not state.manifest
            plan = dataclasses.replace(plan, writes_manifest=plan.writes_manifest or corrects)
        preflight.refuse_too_large(self.target, plan.after.size())
        return _Prepared(plan, state, missing)

    def _read_state(self, earlier: State | None) -> State:
        """The target's state, with a rebuilt manifest if it was lost."""
        state = read_state(self.target)
        pointer = recovery.pointer_without_manifest(state)
        if pointer is None:
            return state
        preflight.refuse_unseen_without_manifest(self.target, state, pointer, self.site)
        if earlier is not None and earlier.is_rebuilt and earlier.pointer == state.pointer:
            return earlier
        rebuilt = recovery.rebuild_manifest(self.target, pointer, self.site.files, self.progress)
        return State(state.pointer, rebuilt, None, is_rebuilt=True)

    def _refuse_by_content(self, prepared: _Prepared) -> None:
        """Refusals that read published files. In a publication, nobody else writes to them meanwhile."""
        if prepared.state.manifest is None:
            return
        preflight.refuse_discontinued(self.target, self.site, prepared.plan.pending)
        if not self.request.force_foreign:
            preflight.refuse_overwriting(self.target, prepared.plan.names(), self.site, prepared.plan.pending)

    def _refuse_leaks(self, names: Collection[str]) -> None:
        if self.target.public:
            site_folder.refuse_leaks(self.site, names, self.request.rules)

    def _notes(self, prepared: _Prepared) -> Iterable[str]:
        shown, size, limits = self.target.shown, prepared.plan.after.size(), self.target.limits
        yield from self.target.notes
        if prepared.state.is_rebuilt and prepared.state.manifest is not None:
            count = len(prepared.state.manifest.files)
            yield f"{shown} had lost its {MANIFEST}; sresnap rebuilt it from the {count} files of its own there"
        if limits is not None and size > limits.warn_bytes:
            yield f"the site is {whole_megabytes(size)}; {shown} takes no more than {whole_megabytes(limits.max_bytes)}"

    def _remember_coming_states(self, prepared: _Prepared) -> None:
        """Note in the folder which states of the target this publication leads to, and that its report may be public.

        If this process dies before it knows which state it reached, the next one recognises it and continues.
        """
        state, plan = prepared.state, prepared.plan
        before = None if state.pointer is None else state.pointer.content
        pointer, pending, after = self.site.content(POINTER), manifest.encode(plan.pending), manifest.encode(plan.after)
        coming = [(pointer, after), (None, after), (pointer, None)]  # the last two: one of the files was lost later
        if not self.target.atomic:
            coming = [(before, pending), (pointer, pending), *coming]
        try:
            tokens = (token_of(*contents) for contents in coming)
            folder_state.add_states(self.site.root, *tokens, report=self.site.report)
        except SresnapError as error:
            raise type(error)(f"{error.message}; nothing was sent", error.hint) from error

    def _remember_done(self, prepared: _Prepared) -> tuple[str, ...]:
        """Note in the folder what the target holds now; a warning if the note cannot be written."""
        after = manifest.encode(prepared.plan.after)
        is_nothing = prepared.plan.is_nothing
        token = prepared.state.token if is_nothing else token_of(self.site.content(POINTER), after)
        try:
            files.write_changed(self.site.root, {MANIFEST: after})
            folder_state.set_target_state(self.site.root, self.target.shown, token)
        except SresnapError as error:
            return (f"the site is published, but {error.message}",)
        return ()
