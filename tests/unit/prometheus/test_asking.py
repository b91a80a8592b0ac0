"""A signal ends what asks Prometheus in order, wherever the loop is."""

import asyncio
import signal
import time

import pytest

from sresnap.cli import signals
from sresnap.cli.signals import Interrupted
from sresnap.prometheus import asking
from tests.unit.cli.test_signals import default


def test_a_signal_cuts_off_no_callback_of_the_loop_and_no_clean_up():
    done = []

    def hit():
        signal.raise_signal(signal.SIGTERM)
        done.append("callback")

    async def work():
        asyncio.get_running_loop().call_soon(hit)
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.01)
            done.append("clean-up")

    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted) as raised:
        asking.run(work())
    assert done == ["callback", "clean-up"]
    assert raised.value is handlers.interruption
    assert raised.value.exit_code == 143


def test_a_second_signal_cuts_off_a_clean_up_that_does_not_end(monkeypatch):
    monkeypatch.setattr(signals, "_CLEANING_SECONDS", 0.0)

    async def work():
        loop = asyncio.get_running_loop()
        for delay in (0.0, 0.05):
            loop.call_later(delay, signal.raise_signal, signal.SIGTERM)
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(60)

    began = time.monotonic()
    with default("SIGTERM"), signals.handled() as handlers, handlers.raising(), pytest.raises(Interrupted):
        asking.run(work())
    assert time.monotonic() - began < 20


def test_without_a_signal_the_result_or_the_error_is_the_works():
    async def fails():
        raise asyncio.CancelledError

    assert asking.run(asyncio.sleep(0, "found")) == "found"
    with pytest.raises(asyncio.CancelledError):
        asking.run(fails())
    assert not asking.interrupt(KeyboardInterrupt())
