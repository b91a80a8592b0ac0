"""What to send and what to delete."""

from hypothesis import given
from hypothesis import strategies as st

from sresnap.documents.files import sha256
from sresnap.model.windows import DAY
from sresnap.publish.plan import make_plan
from sresnap.publish.site_folder import LocalFile, LocalSite
from sresnap.publish.state import settle_pending
from sresnap.publish.targets.base import StoredFile

REPORT = "20261122T213000Z"


NAMES = st.sampled_from(
    ["index.html", "services/a/index.html", "assets/a.0123456789.css", "history/2026/11/2026-11-22.json", "feed.xml"]
)
SITES = st.dictionaries(NAMES, st.sampled_from(["old", "new"]))


def site_of(root, files):
    return LocalSite(root, REPORT, {name: LocalFile(sha256(text.encode()), len(text)) for name, text in files.items()})


class FakeTarget:
    """A target with these files."""

    def __init__(self, files):
        self._files = files

    def prepare(self, names): ...

    def read(self, name, most=None):
        text = self._files.get(name)
        return None if text is None else StoredFile(text.encode(), "")


def test_what_a_host_owns_is_never_deleted_and_is_the_targets_own_once_the_folder_lacks_it(tmp_path):
    files = {"latest.json": "1", "index.html": "", "CNAME": "status.example", "robots.txt": "", "mine.html": ""}
    first = make_plan(site_of(tmp_path, files), None, 0, grace_seconds=DAY)
    assert first.after.is_wanted("CNAME")
    fresh = {"latest.json": "2", "index.html": ""}
    second = make_plan(site_of(tmp_path, fresh), first.after, DAY, grace_seconds=0)
    assert second.deletes == ("mine.html",)
    assert set(second.after.files) == {"latest.json", "index.html"}


@given(before=SITES, after=SITES, unfinished=SITES, days=st.integers(0, 3))
def test_a_plan_leaves_the_files_of_its_manifest_and_none_that_must_go(
    tmp_path_factory, before, after, unfinished, days
):
    root = tmp_path_factory.getbasetemp()
    # A publication of `before`, and one of `unfinished` that was killed after its first half.
    first = make_plan(site_of(root, {**before, "latest.json": "1"}), None, 0, grace_seconds=DAY)
    target = {**before, "latest.json": "1"}
    killed = make_plan(site_of(root, {**unfinished, "latest.json": "2"}), first.after, 0, grace_seconds=DAY)
    sent_names = killed.names()[: len(killed.names()) // 2]
    target |= {name: unfinished[name] for name in sent_names}
    published = settle_pending(FakeTarget(target), killed.pending)
    assert published.pending == {}
    assert {name: entry.sha256 for name, entry in published.files.items()} == {
        name: sha256(text.encode()) for name, text in target.items()
    }

    plan = make_plan(site_of(root, {**after, "latest.json": "3"}), published, days * DAY, grace_seconds=DAY)
    target |= {name: {**after, "latest.json": "3"}[name] for name in plan.names()}
    for name in plan.deletes:
        target.pop(name, None)
    assert plan.names()[-1] == "latest.json"
    assert {n: target[n] for n in after} == after
    known = {n: e.sha256 for n, e in plan.after.files.items()}
    assert all(known[n] == sha256(text.encode()) for n, text in {**after, "latest.json": "3"}.items())
    assert plan.after.pending == {}
    assert not any(name.startswith(("history", "assets")) for name in plan.deletes)
    assert not set(plan.deletes) & set(after)
