"""The connections to a journal's file: one for writing, one for reading. None is carried across a fork.

SQLite records the locks of a file for each process. A child that opens the file while it still has its parent's
connection shares that record, and holds no lock of its own: the last process that closes the file then deletes the log
that the child writes to, and what the child has committed is lost. So a process closes its journals before it forks.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal, TypeAlias

from ..._http.concurrency import Lock, sleep

__all__ = ["JournalFile"]

log: logging.Logger = logging.getLogger("portone_v1.intents")

Purpose: TypeAlias = Literal["write", "read"]
FORKED: Final = "the process was forked while its parent was writing to it; open the journal after the fork"


class JournalFile:
    """A SQLite file.

    Args:
        path: the file; its folder must exist.
        busy: seconds to wait while another process writes.
        schema: statements that create what is missing.
        in_child: called in a child process, before anything else uses the file there.
    """

    def __init__(self, path: Path, busy: float, schema: str, in_child: Callable[[], object]) -> None:
        self.path, self._busy, self._schema, self._in_child = path, busy, schema, in_child
        self.locks: Final = {"write": Lock(), "read": Lock()}
        """A connection is used by the thread that holds the lock of its purpose."""
        self._opened: dict[str, tuple[sqlite3.Connection, tuple[int, int]]] = {}
        self._abandoned: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._opened)
        with _registering:
            _files.add(self)

    def connection(self, purpose: Purpose) -> sqlite3.Connection:
        """Return the connection, a new one if the file is not open or was replaced."""
        if self._abandoned:
            raise sqlite3.OperationalError(FORKED)
        found = self._opened.get(purpose)
        if found is not None:
            if found[1] == self._identity():
                return found[0]
            log.error("the journal %s was replaced or deleted while it was in use", self.path.name)
            self._opened.pop(purpose)[0].close()
        made = self._open()
        self._opened[purpose] = (made, self._identity())
        return made

    def close(self) -> None:
        """Close the file; both locks are held."""
        _close(self._opened)

    def _open(self) -> sqlite3.Connection:
        made = sqlite3.connect(self.path, timeout=self._busy, isolation_level=None, check_same_thread=False)
        try:
            self._in_turn(made, "PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = FULL")
            made.executescript(self._schema)
        except BaseException:
            made.close()
            raise
        return made

    def _in_turn(self, connection: sqlite3.Connection, statement: str) -> None:
        """Execute a statement that SQLite refuses at once, whatever the timeout, if another opens the same new file."""
        until = time.monotonic() + self._busy
        while True:
            try:
                connection.execute(statement)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                sleep(0.01)
            else:
                return

    def _identity(self) -> tuple[int, int]:
        """Return which file the path names now: after a deletion or a restored backup, it is not the open one."""
        try:
            found = self.path.stat()
        except OSError:
            return 0, 0
        return found.st_dev, found.st_ino

    def stop(self) -> bool:
        """Close the file until `go_on`. Return False if it is in use for longer than any statement may take."""
        if not self.locks["write"].take(self._busy + 1.0):
            return False
        if not self.locks["read"].take(self._busy + 1.0):
            self.locks["write"].release()
            return False
        self.close()
        return True

    def go_on(self) -> None:
        for lock in self.locks.values():
            lock.release()

    def leave_parent(self, *, in_use: bool) -> None:
        """Start again in a child process, where no thread but this one exists and all locks are free.

        Args:
            in_use: the parent could not close the file.
        """
        self._in_child()
        for connection, _ in self._opened.values():
            if in_use or connection.in_transaction:  # closing it would undo what its parent writes to the log
                self._abandoned.append(connection)
            else:  # forked without Python's hooks before a fork
                connection.close()
        self._opened.clear()


def _close(opened: dict[str, tuple[sqlite3.Connection, tuple[int, int]]]) -> None:
    """Close the file of a store that nobody holds any more: left open, it is a ResourceWarning from Python 3.13 on."""
    while opened:
        with suppress(sqlite3.Error):
            opened.popitem()[1][0].close()


class _Forking(threading.local):
    """The fork that this thread is about to make."""

    stopped: list[JournalFile] | None = None


_files: weakref.WeakSet[JournalFile] = weakref.WeakSet()
_registering: Final = Lock()
_forking: Final = _Forking()


def _before() -> None:
    with _registering:
        files = list(_files)
    _forking.stopped = []
    for each in files:
        if each.stop():
            _forking.stopped.append(each)


def _in_parent() -> None:
    stopped, _forking.stopped = _forking.stopped or [], None
    for each in stopped:
        each.go_on()


def _in_child() -> None:
    """Drop the parent's connections. All locks are renewed by now: `_http.concurrency` was imported first."""
    stopped, _forking.stopped = _forking.stopped, None
    for each in list(_files):
        each.leave_parent(in_use=stopped is not None and each not in stopped)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_in_parent, after_in_child=_in_child)
