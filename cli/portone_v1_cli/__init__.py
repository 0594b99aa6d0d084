"""`portone-v1`, the command line for operators.

Its exit codes are in `ExitCode`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .exit_codes import ExitCode

__all__ = ["ExitCode", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Never raises."""
    from .main import run

    code = run(arguments)
    if code == ExitCode.INTERRUPTED and arguments is None:
        # A page that is still being fetched must not hold the terminal: leave without waiting for its thread.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
