"""Where the journal lies when nobody says where."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from ...errors import ConfigurationError, IntentStoreError
from .sqlite import SQLiteStore

__all__ = ["ENVIRONMENT", "IntentStoreWarning", "default_path", "default_store", "file_system_of"]

ENVIRONMENT: Final = "PORTONE_V1_INTENTS"
LOST_WITH_THE_CONTAINER: Final = frozenset({"overlay", "tmpfs", "ramfs", "aufs"})


class IntentStoreWarning(UserWarning):
    """The journal lies where it is lost with the container, and where other pods do not see it."""


def default_path() -> Path:
    """`PORTONE_V1_INTENTS`, else a file in the user's state directory."""
    named = os.environ.get(ENVIRONMENT)
    if named:
        return Path(named)
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
    advice = f"set {ENVIRONMENT}, or pass PortOne(intents=…) a store; nothing was sent"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = SQLiteStore(path)
    except (OSError, IntentStoreError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(f"the journal {path} cannot be opened ({reason}): {advice}") from None
    if (kind := file_system_of(path)) in LOST_WITH_THE_CONTAINER:
        text = f"the journal {path} lies on {kind}: it is lost with the container, and other pods do not share it"
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
    store = _open(path, os.getpid())
    return store if clock is None else SQLiteStore(path, clock=clock)


def file_system_of(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """The type of the file system that a path lies on; empty where the system does not say."""
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
