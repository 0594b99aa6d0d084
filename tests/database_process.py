"""The process of a database server: a folder and a port of its own, awaited, and gone with the block."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["folder_of", "running"]


@contextmanager
def folder_of(name: str, user: str | None) -> Iterator[Path]:
    """Yield a new folder, which belongs to the user that the server runs as."""
    folder = Path(tempfile.mkdtemp(prefix=f"portone-v1-{name}-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    *,
    folder: Path,
    user: str | None,
    connect: Callable[[], object],
    refused: type[Exception],
    ends_by: signal.Signals = signal.SIGTERM,
) -> Iterator[None]:
    """Run a server within the block. `connect` raises `refused` until the server answers."""
    log = folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(command, user=user, cwd=folder, stdout=output, stderr=output)
    try:
        _wait_for(server, connect, refused, log)
        yield
    finally:
        server.send_signal(ends_by)
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()


def _wait_for(
    server: subprocess.Popen[bytes], connect: Callable[[], object], refused: type[Exception], log: Path
) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            connect()
        except refused:
            if server.poll() is not None or time.monotonic() > end:
                end_of_log = log.read_text("utf-8", "replace")[-2000:]
                raise AssertionError(f"{server.args!r} did not start: {end_of_log}") from None
            time.sleep(0.05)
        else:
            return
