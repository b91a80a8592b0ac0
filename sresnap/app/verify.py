"""Verifying: checks that readers are served what was published."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from sresnap.documents.layout import MANIFEST, POINTER, STATE
from sresnap.errors import ExitCode, PublishFailed
from sresnap.publish import served
from sresnap.publish.parallel import Read, read_each
from sresnap.publish.patient import TIMEOUT_SECONDS, PatientSource
from sresnap.publish.state import hint_for_website, published_pointer, read_state
from sresnap.publish.targets.base import Source
from sresnap.publish.targets.folder import Folder
from sresnap.publish.targets.website import Website

_PAUSE_SECONDS = 2.0
_AGAIN = "a cache may need some minutes: try --wait 10m. Delete a damaged file at the target, and publish again"


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify."""

    report: str | None = None
    """Id of the report that must be served; None accepts any."""
    everything: bool = False
    """Read the whole archive and history, not only the files of the newest report."""
    wait_seconds: float = 0
    """How long to retry while something is wrong. It takes time until a published site is served."""
    timeout_seconds: float = TIMEOUT_SECONDS
    """For one reading of the site."""


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """What was found."""

    source: str
    report: str | None
    """Id of the report that is served; None when there is none."""
    files: int
    """How many files were read."""
    wrong: tuple[str, ...]
    """A sentence for each fault; empty when all is well."""
    hint: str | None
    """What to do about the faults."""
    seconds: float

    @property
    def exit_code(self) -> ExitCode:
        """NOT_SERVED when there is a fault."""
        return ExitCode.NOT_SERVED if self.wrong else ExitCode.DONE


def verify(source: Source, request: VerifyRequest, sleep: Callable[[float], None] = time.sleep) -> VerifyResult:
    """Compare the served files with the pointer, the manifest and each other.

    Args:
        source: the published site.
        request: what to verify.
        sleep: how to wait.
    """
    started = time.monotonic()
    while True:
        found = _verify_once(source, request)
        seconds = time.monotonic() - started
        if not found.wrong or seconds + _PAUSE_SECONDS > request.wait_seconds:
            return replace(found, seconds=seconds)
        sleep(_PAUSE_SECONDS)
        source.renew()


def _verify_once(published: Source, request: VerifyRequest) -> VerifyResult:
    source = PatientSource(published, request.timeout_seconds)

    def result(report: str | None, files: int, wrong: Iterable[str], hint: str | None = _AGAIN) -> VerifyResult:
        faults = tuple(wrong)
        return VerifyResult(source.shown, report, files, faults, hint if faults else None, 0.0)

    try:
        state = read_state(source)
        if state.pointer is None:
            hint = "is the address right, and may the web server enter the site's folder?"
            return result(None, 0, [f"{POINTER} is missing"], hint)
        pointer = published_pointer(state.pointer.content, source.shown, has_manifest=state.manifest is not None)
        if request.report not in (None, pointer.id):
            return result(pointer.id, 1, [f"{POINTER} names the report {pointer.id}, not {request.report}"])
        if state.manifest is None:
            return result(pointer.id, 1, *_without_manifest(source))
        names = list(served.names_to_verify(state.manifest, pointer, everything=request.everything))
        source.prepare(names)
        files = read_each(names, state.manifest.sizes(), source.read, served.served_file)
        withdrawn = read_each(served.withdrawn_files(files), {}, _as_reader(source), served.withdrawn_file)
    except PublishFailed as error:
        return result(None, 0, [error.message], error.hint)
    files[POINTER] = served.served_file(POINTER, state.pointer)
    site = served.ServedSite(state.manifest, pointer, files, withdrawn)
    return result(pointer.id, len(files) + 1, site.faults())


def _without_manifest(source: PatientSource) -> tuple[list[str], str]:
    """The fault and the hint. A folder has a state when builds write to it, and a manifest once it was published."""
    if isinstance(source.source, Folder) and source.read(STATE) is not None:
        fault = f"{MANIFEST} is missing: this site was built, but never published"
        return [fault], "run `sresnap publish`, then verify the target"
    rebuilt = "run `sresnap restore --first` and publish again"
    return [f"{MANIFEST} is missing"], f"bring it back from a backup, or {hint_for_website(source.shown) or rebuilt}"


def _as_reader(source: PatientSource) -> Read:
    """Reads what a reader gets, whose browser asks no cache for a fresh copy."""
    website = source.source
    if not isinstance(website, Website):
        return source.read
    return lambda name, most=None: source.within(lambda: website.read_cached(name, most))
