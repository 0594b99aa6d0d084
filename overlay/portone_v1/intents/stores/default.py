"""The place of the journal when none is configured."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from ..._http.concurrency import Lock
from ...errors import ConfigurationError, IntentStoreError
from .sqlite import SQLiteStore

__all__ = [
    "ENVIRONMENT", "AsyncDefaultJournal", "DefaultJournal", "IntentStoreWarning", "default_path", "default_store",
    "file_system_of",
]  # fmt: skip

ENVIRONMENT: Final = "PORTONE_V1_INTENTS"
_OPENING: Final = Lock()
"""Threads that need the journal at the same time get one store."""
LOST_WITH_THE_CONTAINER: Final = frozenset({"overlay", "tmpfs", "ramfs", "aufs"})


class IntentStoreWarning(UserWarning):
    """The journal is kept where it is lost with the container, and where other pods do not see it."""


def default_path() -> Path:
    """Return `PORTONE_V1_INTENTS`, else a file in the user's state directory.

    Raises:
        ConfigurationError: the path is relative. A web server and a cron job would each have their own journal.
    """
    named = os.environ.get(ENVIRONMENT)
    if named:
        path = Path(named).expanduser()
        if not path.is_absolute():
            raise ConfigurationError(f"{ENVIRONMENT} must be an absolute path, not {named}; nothing was sent")
        return path
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    return base / "portone-v1" / "intents.sqlite3"


@cache
def _open(path: Path, pid: int) -> SQLiteStore:
    del pid  # a child opens its own
    return _opened(path, time.time)


def _opened(path: Path, clock: Callable[[], float]) -> SQLiteStore:
    advice = f"set {ENVIRONMENT}, or pass PortOne(intents=…) a store; nothing was sent"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = SQLiteStore(path, clock=clock)
    except (OSError, IntentStoreError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(f"the journal {path} cannot be opened ({reason}): {advice}") from None
    if (kind := file_system_of(path)) in LOST_WITH_THE_CONTAINER:
        text = f"the journal {path} is on {kind}: it is lost with the container, and other pods do not share it"
        warnings.warn(text, IntentStoreWarning, stacklevel=2)
    return store


def default_store(clock: Callable[[], float] | None = None) -> SQLiteStore:
    """Open the default journal, once for each process.

    Args:
        clock: for the leases, where a test moves the time.

    Raises:
        ConfigurationError: it cannot be written. Nothing was sent.
    """
    path = default_path()
    with _OPENING:
        return _open(path, os.getpid()) if clock is None else _opened(path, clock)


class DefaultJournal:
    """The default journal of one client, whose file is closed with it. Other clients open it again when they use it."""

    def __init__(self, store: SQLiteStore) -> None:
        self.store = store

    def close(self) -> None:
        self.store.close()


class AsyncDefaultJournal(DefaultJournal):
    """The same, closed in a thread: SQLite may write what is in its log."""

    async def aclose(self) -> None:
        import asyncio

        await asyncio.to_thread(self.store.close)


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """Return the type of the file system of a path, or an empty text if the system does not report it."""
    try:
        lines = mounts.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    real = str(path.resolve())
    best, found = "", ""
    for line in lines:
        _, place, kind, *_ = [*line.split(" "), "", "", ""]
        inside = real == place or real.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, found = place, kind
    return found
