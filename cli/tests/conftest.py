"""The command line in this process, as a process of its own and in a terminal; a sandbox and a bad network for it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pexpect
import pytest
from portone_v1._sync.session import Session
from portone_v1_cli import main
from portone_v1_sandbox import Sandbox

from .network import Network

COMMAND = [sys.executable, "-m", "portone_v1_cli"]

Spawn = Callable[..., "pexpect.spawn[str]"]


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def network(sandbox: Sandbox) -> Iterator[Network]:
    """Serve the sandbox on a real socket whose answers a test can delay, cut or lose."""
    with Network(sandbox) as network:
        yield network


@pytest.fixture
def environment(network: Network, tmp_path: Path) -> dict[str, str]:
    """Return the variables of a command-line process: they lead to the sandbox, without settings of this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PORTONE_V1_", "XDG_", "PYTHON"))}
    return kept | {
        "COLUMNS": "120",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PORTONE_V1_BASE_URL": network.url,
        "PORTONE_V1_KEY": "sandbox_key",
        "PORTONE_V1_SECRET": "sandbox_secret",
        "PYTHONWARNINGS": "error",
        "TERM": "dumb",
    }


@pytest.fixture
def run(environment: Mapping[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs the command line in this process.

    There is no terminal, both streams are captured, and retries do not pause.
    """
    monkeypatch.setattr(Session, "sleep", lambda _, __: None)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: Any, stdin: str = "") -> Ended:
        read, write = os.pipe()
        os.write(write, stdin.encode())
        os.close(write)
        capfd.readouterr()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        with os.fdopen(read, encoding="utf-8") as piped:
            monkeypatch.setattr(sys, "stdin", piped)
            code = main([str(argument) for argument in arguments])
        for number, handler in handlers.items():
            signal.signal(number, handler)
        caught = capfd.readouterr()
        return Ended(code, caught.out, caught.err)

    return call


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Spawn]:
    """Return a function that runs the command line in a real terminal."""
    running: list[pexpect.spawn[str]] = []

    def spawn(*arguments: Any, **variables: str) -> pexpect.spawn[str]:
        child = pexpect.spawn(
            COMMAND[0],
            [*COMMAND[1:], *(str(argument) for argument in arguments)],
            env={**environment, **variables},
            dimensions=(50, 120),
            encoding="utf-8",
            timeout=30,
            use_poll=True,  # `select` takes no descriptor above 1,023, and a long run has more
        )
        running.append(child)
        return child

    yield spawn
    for child in running:
        child.close(force=True)


def finish(child: pexpect.spawn[str]) -> tuple[int, str]:
    """Wait for the end; return the exit code, and the output since the last expectation."""
    child.expect(pexpect.EOF)
    shown = child.before or ""
    child.close()
    assert child.exitstatus is not None, f"ended by signal {child.signalstatus}"
    return child.exitstatus, shown
