"""Errors leave the client without the frames below it, whose locals hold tokens, bodies and answers."""

from __future__ import annotations

import os
from typing import Final, TypeVar

__all__ = ["FULL_TRACEBACKS", "without_frames"]

FULL_TRACEBACKS: Final = "PORTONE_V1_TRACEBACKS"
"""`full` keeps the frames: for development, never where tracebacks are sent elsewhere."""

E = TypeVar("E", bound=BaseException)


def without_frames(error: E) -> E:
    """Cut the frames, and the errors that led to this one: they hold the request's bytes.

    `raise … from None` would only hide them: `__context__` still leads there.
    """
    if os.environ.get(FULL_TRACEBACKS) == "full":
        return error
    error.__cause__ = None
    error.__context__ = None
    return error.with_traceback(None)
