"""Warn of values that the vendor's lists do not have. V1 was not seen refusing them, so they are sent."""

from __future__ import annotations

import sys
import warnings

__all__ = ["AdviceWarning", "advise"]

OWN = ("portone_v1_runtime", "portone_v1_generated", "portone_v1")


class AdviceWarning(UserWarning):
    """The vendor's document does not have this value, or requires another argument with it. The call is sent.

    `warnings.filterwarnings("error", category=AdviceWarning)` refuses such a call before anything is sent.
    """


def advise(sentence: str) -> None:
    """Warn at the line of the caller."""
    level, frame = 2, sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in OWN:
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, AdviceWarning, stacklevel=level)
