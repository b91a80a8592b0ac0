"""Sources that are read for a bounded time, and files that are read once."""

import threading
import time

import pytest

from sresnap.cli.options import timeout_option
from sresnap.errors import PublishFailed
from sresnap.model.windows import parse_duration
from sresnap.publish.patient import TIMEOUT_SECONDS, PatientSource, RememberingSource
from sresnap.publish.targets.base import StoredFile


class Site:
    """A site whose files change with each reading; `latest.json` never arrives."""

    shown = "https://status.example/"

    def __init__(self):
        self.asked = []
        self.stuck = threading.Event()

    def read(self, name, most=None):
        self.asked.append(name)
        if name == "latest.json":
            self.stuck.wait(30)
        if name == "refused":
            raise PublishFailed("403", "no")
        if name == "slow answer":
            raise TimeoutError("of the call itself")
        return None if name == "absent" else StoredFile(str(len(self.asked)).encode(), "v")

    def prepare(self, names):
        self.asked += [f"prepare {name}" for name in names]

    def names(self):
        yield "index.html"

    def abandon(self):
        self.asked.append("abandon")


def test_a_file_that_does_not_arrive_in_time_ends_the_reading_and_no_other_is_asked_for():
    site = Site()
    patient = PatientSource(site, 0.1)
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(PublishFailed, match=r"status\.example/ was not read within 0\.1 s") as late:
            patient.read("latest.json")
    assert time.monotonic() - started < 5
    assert "--timeout" in late.value.hint
    assert site.asked == ["latest.json", "abandon"], "processes that it has started are ended"
    site.stuck.set()


def test_what_arrives_in_time_is_given_as_it_is():
    patient = PatientSource(Site(), 30)
    assert patient.read("index.html").content == b"1"
    assert patient.read("absent") is None
    assert list(patient.names()) == ["index.html"]
    with pytest.raises(PublishFailed, match="403"):
        patient.read("refused")
    with pytest.raises(TimeoutError, match="of the call itself"):
        patient.read("slow answer")


def test_a_file_is_read_again_until_the_site_is_known_and_then_only_what_is_new():
    site = Site()
    remembering = RememberingSource(site)
    assert [remembering.read("a").content for _ in range(2)] == [b"1", b"2"]
    assert remembering.read("absent") is None
    remembering.know()
    assert [remembering.read("a").content for _ in range(2)] == [b"2", b"2"]
    assert remembering.read("absent") is None
    remembering.prepare(["a", "absent", "b"])
    assert site.asked == ["a", "a", "absent", "prepare b"]
    assert remembering.read("b").content == b"5"


def test_the_commands_have_the_same_default():
    option = timeout_option(lambda: None).__click_params__[0]
    assert parse_duration(option.default) == TIMEOUT_SECONDS
