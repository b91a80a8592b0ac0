"""Several files at a time, in the order of their names."""

import threading
import time

import pytest

from sresnap.publish import parallel
from sresnap.publish.parallel import PARALLEL, for_each, read_each
from sresnap.publish.targets.base import StoredFile, TooLong


def test_results_keep_the_order_of_the_names_and_not_of_their_ends():
    second_is_done = threading.Event()

    def work(name):
        if name == "second":
            second_is_done.set()
        else:
            assert second_is_done.wait(10), "the files are read one after the other"
        return name.upper()

    assert PARALLEL > 1
    assert list(for_each(["first", "second"], work).items()) == [("first", "FIRST"), ("second", "SECOND")]


def test_an_error_is_raised():
    with pytest.raises(ZeroDivisionError):
        for_each(["a"], lambda _: 1 // 0)


def test_without_files_there_is_nothing_to_do():
    assert for_each([], lambda name: name) == {}


class _Files:
    """Files that are read, each of a thousand bytes, and how many are in memory at most."""

    def __init__(self):
        self.lock = threading.Lock()
        self.now = self.most = 0

    def read(self, name, most=None):
        if most < 1000:
            raise TooLong(name, most, 1000)
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        return StoredFile(bytes(1000), "")

    def use(self, name, found):
        time.sleep(0.002)
        with self.lock:
            self.now -= 1
        return len(found.content)


@pytest.mark.parametrize(("sizes", "at_once"), [(1000, 2), (5000, 1), (None, 1)])
def test_the_memory_holds_no_more_than_it_has_room_for(monkeypatch, sizes, at_once):
    monkeypatch.setattr(parallel, "_ROOM_BYTES", 2500)
    monkeypatch.setattr(parallel, "_FIRST_BYTES", 300)
    files, names = _Files(), [str(number) for number in range(12)]
    found = read_each(names, {} if sizes is None else dict.fromkeys(names, sizes), files.read, files.use)
    assert found == dict.fromkeys(names, 1000)
    assert files.most == at_once


def test_a_file_that_is_longer_than_listed_or_missing_is_handed_on_as_such():
    def read(name, most):
        if name == "long":
            raise TooLong(name, most, 9)

    found = read_each(["long", "gone"], {"long": 5, "gone": 5}, read, lambda _, found: found)
    assert (found["long"].size, found["long"].most, found["gone"]) == (9, 5, None)
