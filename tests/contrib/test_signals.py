"""Ctrl-C and SIGTERM of a worker: none is missed, and none is left to the next one."""

from __future__ import annotations

import os
import signal
from threading import Timer

import pytest
from portone_v1.contrib.signals import ENDING, StopSignals


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_before_the_wait(number: signal.Signals) -> None:
    with StopSignals() as signals:
        assert not signals.wait(0)
        os.kill(os.getpid(), number)
        assert signals.wait()
        assert signals.wait(), "asked again"


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_in_the_wait(number: signal.Signals) -> None:
    with StopSignals() as signals:
        timer = Timer(0.05, os.kill, (os.getpid(), number))
        timer.start()
        assert signals.wait(30)
        timer.join()


def test_what_was_there_is_there_again() -> None:
    before = [signal.getsignal(number) for number in ENDING]
    with StopSignals():
        assert [signal.getsignal(number) for number in ENDING] != before
    assert [signal.getsignal(number) for number in ENDING] == before
    assert signal.set_wakeup_fd(-1) == -1
