"""Docstrings and literals: text of the document made safe to stand in Python source."""

from __future__ import annotations

import re
import textwrap

__all__ = ["block", "literal", "paragraphs", "sentence"]

WIDTH = 104


def literal(value: object) -> str:
    """A Python literal; ruff gives it its final quotes."""
    return repr(value)


def _safe(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def sentence(text: str) -> str:
    """One line that ends in a full stop."""
    line = " ".join(text.split())
    return line if not line or line[-1] in ".!?。" else f"{line}."


def paragraphs(text: str) -> list[str]:
    """Lines wrapped paragraph by paragraph."""
    lines: list[str] = []
    for index, paragraph in enumerate(re.split(r"\n\s*\n", text.strip())):
        if index:
            lines.append("")
        lines += textwrap.wrap(" ".join(paragraph.split()), WIDTH)
    return lines


def block(lines: list[str]) -> str:
    """A docstring literal of these lines, not yet indented."""
    text = _safe("\n".join(line.rstrip() for line in lines).strip())
    if "\n" in text:
        return f'"""{text}\n"""'
    return f'"""{text}{" " if text.endswith(chr(34)) else ""}"""'
