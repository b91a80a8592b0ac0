"""Several files at a time, in the order of their names."""

import threading

import pytest

from sresnap.publish.parallel import PARALLEL, for_each


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
