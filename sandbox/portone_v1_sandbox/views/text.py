"""Text of shops for pages: of a limited length, and without halves of a character."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

from ..wire.json_types import is_list, is_object

__all__ = ["legible"]

LONE: Final = re.compile("[\ud800-\udfff]")
TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Control characters that change the direction of text. In bodies, the page shows them as escapes."""
LONGEST: Final = 500


def legible(value: Any, longest: int | None = LONGEST) -> Any:
    """Return a value whose texts can be encoded and shown: a lone surrogate becomes U+FFFD, a long text is cut."""
    if isinstance(value, str):
        text = LONE.sub("\ufffd", value)
        if longest is not None:
            text = TURNING.sub("\ufffd", text)
        return text if longest is None or len(text) <= longest else text[:longest] + "…"
    if isinstance(value, float):
        return Decimal(f"{value:.3f}")  # Times and durations.
    if is_list(value):
        return [legible(item, longest) for item in value]
    if is_object(value):
        return {LONE.sub("\ufffd", name): legible(item, longest) for name, item in value.items()}
    return value
