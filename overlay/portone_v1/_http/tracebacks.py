"""Remove the frames below the client from errors: their locals contain tokens, bodies and responses."""

from __future__ import annotations

import os
from typing import Final, TypeVar

from ..errors import PortOneError

__all__ = ["FULL_TRACEBACKS", "without_frames"]

FULL_TRACEBACKS: Final = "PORTONE_V1_TRACEBACKS"
"""`full` keeps the frames: for development, never where tracebacks are sent elsewhere."""

E = TypeVar("E", bound=BaseException)


def without_frames(error: E) -> E:
    """Remove the frames and the foreign errors that led to this one: they hold the request's bytes.

    `raise … from None` would only hide them: `__context__` still leads there. A cause of our own stays, without frames.
    """
    if os.environ.get(FULL_TRACEBACKS) == "full":
        return error
    cause = error.__cause__
    error.__cause__ = without_frames(cause) if isinstance(cause, PortOneError) else None
    error.__context__ = None
    return error.with_traceback(None)
