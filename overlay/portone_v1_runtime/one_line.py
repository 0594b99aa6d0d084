"""Keep foreign text in a message on its line, so that no id or text of a PG can forge a line of a log."""

from __future__ import annotations

import re

__all__ = ["one_line"]

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def one_line(text: str) -> str:
    """Escape controls, line breaks, marks that turn the direction of writing, and lone surrogates."""
    return text if text.isprintable() else _BREAKS.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
