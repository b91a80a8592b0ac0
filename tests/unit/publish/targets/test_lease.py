"""The lease that keeps publishers of one object store apart."""

import re

import pytest

from sresnap.documents.files import sha256
from sresnap.errors import PublishConflict, PublishFailed
from sresnap.publish.targets import lease
from sresnap.publish.targets.base import StoredFile
from sresnap.publish.targets.lease import LEASE, Lease, Timing


class Memory:
    """A store that honours conditional writes, or does not."""

    shown = "memory"

    def __init__(self, conditional):
        self.conditional = conditional
        self.content = None

    def read(self, name, most=None):
        assert name == LEASE
        return None if self.content is None else StoredFile(self.content, sha256(self.content))

    def write_if(self, name, content, expected):
        found = self.read(name)
        if (found.version if found else None) != expected:
            return False
        self.content = content
        return True

    def write(self, name, content):
        self.content = content

    def delete(self, name):
        self.content = None


@pytest.mark.parametrize("conditional", [True, False])
def test_a_released_lease_can_be_acquired_again(conditional):
    store = Memory(conditional)
    for holder in ("one", "two"):
        lease = Lease(store, holder, Timing(settles=0))
        lease.acquire()
        lease.check()
        lease.confirm()
        lease.release()
        assert store.content is None


class Undeletable(Memory):
    """A store whose key lacks the right to delete."""

    def delete(self, name):
        raise PublishFailed("memory refuses: HTTP 403", "the key needs DeleteObject")


@pytest.mark.parametrize("conditional", [True, False])
def test_f12_a_lease_that_cannot_be_deleted_is_free_for_the_next_publisher_at_once(conditional):
    store = Undeletable(conditional)
    one, two = (Lease(store, holder, Timing(settles=0), pytest.fail) for holder in ("one", "two"))
    one._sleep = two._sleep = lambda seconds: pytest.fail("it waited") if seconds else None
    one.acquire()
    assert one.release().message == "memory refuses: HTTP 403"
    two.acquire()
    with pytest.raises(PublishConflict, match="taken over"):
        one.confirm()
    two.confirm()


@pytest.mark.parametrize("conditional", [True, False])
def test_waiting_for_another_publishers_lease_ends_with_a_conflict(conditional):
    store = Memory(conditional)
    Lease(store, "one", Timing(settles=0)).acquire()
    naps = []
    with pytest.raises(PublishConflict, match="another publisher"):
        Lease(store, "two", Timing(patience=0, settles=0), naps.append).acquire()
    assert len(naps) == 0


@pytest.mark.parametrize(
    ("content", "who"),
    [
        (
            b'{"schema":"sresnap/lease/1","holder":"x","by":"process 7","since":"2026-11-22T21:30:05Z","renewed":1}',
            r" \(process 7, since 2026-11-22T21:30:05Z\)",
        ),
        (b'{"schema":"sresnap/lease/1","holder":"x"}', ""),
        (b'{"schema":"sresnap/lease/2"}', ""),
        (b"garbage", ""),
    ],
)
def test_waiting_is_announced_once_with_the_holder_that_the_lease_names(content, who, monkeypatch):
    waits = []
    monkeypatch.setattr(lease, "_now", lambda: sum(waits))
    store = Memory(conditional=True)
    store.content = content
    notes = []
    Lease(store, "two", Timing(lasts=60, patience=300), waits.append, notes.append).acquire()
    (text,) = notes
    assert sum(waits) == 60
    assert re.fullmatch(rf"waiting for another publisher of memory{who}, until [\dT:-]+Z at most; if it .* 60 s", text)


def test_without_conditional_writes_the_last_of_two_simultaneous_writers_holds_the_lease():
    store = Memory(conditional=False)

    def other_writes_meanwhile(_):
        store.content = b'{"holder": "two"}'

    lease = Lease(store, "one", Timing(patience=0), other_writes_meanwhile)
    with pytest.raises(PublishConflict):
        lease.acquire()
    with pytest.raises(PublishConflict, match="taken over"):
        lease.confirm()
    lease.release()
    assert store.content == b'{"holder": "two"}'
