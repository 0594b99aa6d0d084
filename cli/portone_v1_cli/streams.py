"""Standard streams that are closed, or that nobody reads any more: no exit code may depend on them."""

from __future__ import annotations

import os
import sys
from typing import TextIO

__all__ = ["discard", "open_closed"]


def open_closed() -> None:
    """Open what the shell closed (`>&-`), before a file or a socket gets its descriptor."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - open until the end


def discard(stream: TextIO) -> None:
    """Drop what is buffered and what follows, so that Python reports no error at exit, which would change the code."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
