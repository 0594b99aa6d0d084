"""Standard streams that are closed or no longer read: the exit code must not depend on them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

__all__ = ["discard", "open_closed"]


def open_closed() -> None:
    """Open the streams that the shell closed (`>&-`), before a file or a socket gets their descriptors."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end


def discard(stream: TextIO) -> None:
    """Drop what is buffered and what follows, so that Python reports no error at exit and keeps the exit code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
