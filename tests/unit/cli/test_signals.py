"""Signals: the work is undone in order, and no second signal cuts that off."""

import contextlib
import io
import logging
import signal
import time

import anyio
import anyio.lowlevel
import click
import pytest

from sresnap.cli import main, signals
from sresnap.cli.check import check
from sresnap.cli.signals import Interrupted, exit_code_of
from sresnap.errors import SresnapError
from tests.logs import logged


@pytest.mark.parametrize(("name", "code"), [("SIGHUP", 129), ("SIGINT", 130), ("SIGTERM", 143)])
def test_each_signal_unwinds_the_work_and_has_the_exit_code_that_shells_report(name, code):
    undone = []

    def work():
        try:
            signal.raise_signal(signal.Signals[name])
        finally:
            undone.append(name)

    with default(name), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted) as raised:
        work()
    assert (raised.value.exit_code, undone) == (code, [name])


def test_a_second_signal_does_not_cut_off_the_clean_up_unless_it_takes_long(monkeypatch):
    undone = []

    def work():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            undone.append("soon")
            later = time.monotonic() + 4
            monkeypatch.setattr(signals.time, "monotonic", lambda: later)
            signal.raise_signal(signal.SIGTERM)
            undone.append("late")

    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted):
        work()
    assert undone == ["soon"]


@pytest.mark.parametrize("where", ["finalizer", "file"])
def test_a_signal_is_not_lost_where_python_drops_exceptions(where):
    class Hostile:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    class HostileFile(io.RawIOBase):
        """Python's own finalizer of files drops what `close` raises without a word."""

        def close(self):
            if not self.closed:
                super().close()
                signal.raise_signal(signal.SIGTERM)

    def work():
        kind()
        for _ in range(500):
            time.sleep(0.01)

    kind = {"finalizer": Hostile, "file": HostileFile}[where]
    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted):
        work()


def test_a_signal_is_raised_as_often_as_python_drops_it(monkeypatch):
    monkeypatch.setattr(signals, "_SOON", 0.02)
    dropped = []

    def work():
        signal.raise_signal(signal.SIGTERM)

    def until(number):
        while len(dropped) < number:
            with contextlib.suppress(Interrupted):
                for _ in range(500) if dropped else [work()]:
                    time.sleep(0.01)
            dropped.append(number)
        time.sleep(5)

    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted):
        until(3)
    assert dropped == [3, 3, 3]


def test_a_signal_is_not_raised_again_while_the_work_is_undone(monkeypatch):
    monkeypatch.setattr(signals, "_SOON", 0.02)
    undone = []

    @contextlib.contextmanager
    def undoing():
        try:
            yield
        finally:
            time.sleep(0.1)
            undone.append("context")

    def work():
        try:
            with undoing():
                signal.raise_signal(signal.SIGTERM)
        finally:
            time.sleep(0.1)
            undone.append("finally")

    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted):
        work()
    assert undone == ["context", "finally"]


def test_a_signal_that_python_dropped_is_not_repeated_once_the_work_has_ended(monkeypatch):
    monkeypatch.setattr(signals, "_SOON", 0.02)

    class Hostile:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    before = signal.getsignal(signal.SIGALRM)
    with default("SIGTERM"), signals.handled() as handlers:
        with handlers.raising():
            Hostile()
        time.sleep(3 * signals._SOON)
    assert signal.getsignal(signal.SIGALRM) == before


@pytest.mark.parametrize("error", [SresnapError("cannot clean up"), OSError("lost"), BrokenPipeError(32, "broken")])
def test_an_error_that_follows_a_signal_ends_with_the_code_of_the_signal(monkeypatch, capsys, error):
    """A clean-up that fails may hide the interruption, whose code a scheduler waits for."""

    def work(*_, **__):
        with contextlib.suppress(Interrupted):
            signal.raise_signal(signal.SIGTERM)
        raise error

    monkeypatch.setattr(check, "invoke", work)
    monkeypatch.setattr("sys.argv", ["sresnap", "check"])
    with default("SIGTERM"), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 143
    printed = capsys.readouterr().err
    assert str(error) in printed
    assert printed.endswith(f"{signals.INTERRUPTED}\n")


def test_a_signal_that_meets_a_task_of_the_network_library_ends_as_any_other(monkeypatch, capsys):
    """anyio, with which httpx connects, raises it in a group, which is not a KeyboardInterrupt."""

    async def connect():
        async with anyio.create_task_group():
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(check, "invoke", lambda *_: anyio.run(connect))
    monkeypatch.setattr("sys.argv", ["sresnap", "check"])
    with default("SIGTERM"), pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err) == (143, f"{signals.INTERRUPTED}\n")


def test_a_signal_that_meets_a_task_beside_others_prints_no_traceback(monkeypatch, capsys):
    """It leaves the loop at once, and asyncio logs the group that the waiting task then ends with."""

    async def hit():
        await anyio.lowlevel.checkpoint()
        signal.raise_signal(signal.SIGTERM)

    async def connect():
        async with anyio.create_task_group() as group:
            group.start_soon(hit)

    monkeypatch.setattr(check, "invoke", lambda *_: anyio.run(connect))
    monkeypatch.setattr("sys.argv", ["sresnap", "check"])
    logger = logging.getLogger("asyncio")
    with logged() as records, default("SIGTERM"), pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err.strip()) == (143, signals.INTERRUPTED)
    assert [record for record in records if record.levelno > logging.DEBUG] == [], "logging prints them"
    assert not logger.disabled


def test_a_signal_that_is_ignored_stays_ignored():
    """As with `nohup`, and for what a script starts in the background."""
    with default("SIGHUP", signal.SIG_IGN), signals.handled() as handlers, handlers.raising():
        signal.raise_signal(signal.SIGHUP)


def test_the_handlers_of_the_caller_come_back():
    before = signal.getsignal(signal.SIGTERM)
    with signals.handled() as handlers, handlers.raising():
        assert signal.getsignal(signal.SIGTERM) != before
    assert signal.getsignal(signal.SIGTERM) == before


def test_click_hides_the_signal_behind_its_own_error():
    abort = click.Abort()
    abort.__cause__ = Interrupted(signal.SIGTERM)
    assert exit_code_of(abort) == 143
    assert exit_code_of(KeyboardInterrupt()) == 130


class default:  # noqa: N801 - read as a word
    """A signal with its default handler, or another: the tests may run where it is ignored."""

    def __init__(self, name, handler=signal.SIG_DFL):
        self.number, self.handler = signal.Signals[name], handler

    def __enter__(self):
        self.before = signal.signal(self.number, self.handler)

    def __exit__(self, *_):
        signal.signal(self.number, self.before)
