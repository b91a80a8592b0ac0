"""Closed periods are published, restored, continued on another machine and verified."""

import json
import shutil

import pytest
from click.testing import CliRunner

from sresnap.cli import cli
from sresnap.documents import manifest
from sresnap.errors import DamagedFile, PublishFailed, UsageError
from sresnap.model.windows import parse_time
from sresnap.publish.targets.folder import Folder
from tests.closing import Site, steady
from tests.integration import sites

BEGAN = parse_time("2026-10-20T00:00:00Z")
FIRST, SECOND = parse_time("2026-11-09T06:00:00Z"), parse_time("2026-11-16T06:00:00Z")


def began(service, role, end, at):
    return steady(service, role, end, at) if end > BEGAN else None


@pytest.fixture
def published(tmp_path):
    """A folder that has closed a month and three weeks, and is published."""
    Site(tmp_path / "public", began).build(FIRST)
    sites.build(tmp_path / "public", 0)
    target = Folder(tmp_path / "www")
    sites.publish(target, tmp_path / "public")
    return tmp_path / "public", target


def files(out):
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.glob("reviews/**/*.json"))}


def test_a_machine_that_keeps_nothing_continues_the_chain_with_the_same_bytes(published, tmp_path):
    out, target = published
    sites.restore(target, tmp_path / "fresh", since=BEGAN)  # as a job does: its windows begin there
    assert [one.period for one in Site(tmp_path / "fresh", began).build(SECOND).closed] == ["2026-W46"]
    Site(out, began).build(SECOND)
    names = files(tmp_path / "fresh")
    assert {name: content for name, content in files(out).items() if name in names} == names
    sites.build(tmp_path / "fresh", 5)
    sites.publish(target, tmp_path / "fresh")
    assert sites.verify(target, everything=True).wrong == ()


def test_a_review_that_was_changed_is_named_by_publish_and_by_verify(published):
    out, target = published
    path = out / "reviews/2026-10/review.json"
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"incomplete"', b'"met"'))
    with pytest.raises(UsageError, match=r"2026-10/review.json was changed after the period was closed; nothing was"):
        sites.publish(target, out)
    served = target.root / "reviews/2026-10/review.json"
    served.write_bytes(path.read_bytes())
    (wrong,) = sites.verify(target, everything=True).wrong
    assert wrong.startswith("reviews/2026-10/review.json is not served as it was published")
    assert sites.verify(target).wrong == ()  # without --all, only the newest report's files are read
    served.unlink()
    path.write_bytes(content)
    sites.publish(target, out)
    assert sites.verify(target, everything=True).wrong == ()


def test_a_folder_that_lost_its_closed_periods_cannot_close_them_again(published):
    out, target = published
    shutil.rmtree(out / "reviews")
    with pytest.raises(UsageError, match=r"index.json is missing, though reviews/2026-W45/review.json was published"):
        Site(out, began).build(SECOND)
    (out / "manifest.json").rename(out / "gone.json")
    assert manifest.of_folder(out) is None
    Site(out, began, "title: Another\n" + Site(out, began).config).build(SECOND)
    with pytest.raises(PublishFailed, match="has closed other periods than"):
        sites.publish(target, out)
    shutil.rmtree(out / "reviews")
    (out / "gone.json").rename(out / "manifest.json")
    sites.restore(target, out)
    assert [one.period for one in Site(out, began).build(SECOND).closed] == ["2026-W46"]


def test_a_damaged_index_is_named_and_a_restore_brings_the_published_one(published):
    out, target = published
    index = out / "reviews/index.json"
    content = index.read_bytes()
    index.write_bytes(content[:-30])
    with pytest.raises(DamagedFile, match=r"reviews/index.json"):
        Site(out, began).build(SECOND)
    with pytest.raises(UsageError, match=r"reviews/index.json"):
        sites.publish(target, out)
    sites.restore(target, out)
    assert index.read_bytes() == content


def test_review_shows_a_closed_period_of_a_published_site(published):
    _, target = published

    def run(*arguments):
        return CliRunner().invoke(cli, ["review", *arguments, "--site", str(target.root)], standalone_mode=False)

    assert json.loads(run("2026-10", "--json").stdout)["review"]["unit"] == "month"
    assert json.loads(run("--json").stdout)["review"]["period"] == "2026-W45"
    for name, message in {"2026-13": "is not a period such as", "2026-W46": "has not closed 2026-W46"}.items():
        assert message in str(run(name).exception)
