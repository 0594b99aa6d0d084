"""Small pieces of Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

__all__ = ["bullets", "code", "code_block", "note", "table"]

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns without a word in them fall away, and so does a table without rows."""
    kept = [list(row) for row in rows]
    if not kept:
        return ""
    used = [place for place in range(len(head)) if any(row[place] for row in kept)]
    lines = [[head[place] for place in used], ["---"] * len(used), *([row[place] for place in used] for row in kept)]
    return "\n".join("| " + " | ".join(" ".join(cell.split()) for cell in line) + " |" for line in lines) + "\n"


def code(text: str, link: Callable[[str], str | None] = lambda _: None) -> str:
    """Code in a line, or in a table, with the names that have a page linked to it."""
    if not text:
        return ""
    parts: list[str] = []
    end = 0
    for word in WORD.finditer(text):
        parts.append(_plain(text[end : word.start()]))
        target = link(word[0])
        parts.append(f"[{word[0]}]({target})" if target else _plain(word[0]))
        end = word.end()
    parts.append(_plain(text[end:]))
    return f"<code>{''.join(parts)}</code>"


def _plain(text: str) -> str:
    """Characters that Markdown, HTML or a table would take for its own, as entities."""
    return "".join(f"&#{ord(letter)};" if letter in "|*_[]<>&`\\" else letter for letter in text)


def code_block(text: str, language: str = "python") -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def note(kind: str, title: str, text: str, *, folded: bool = False) -> str:
    """An admonition."""
    inner = "\n".join(f"    {line}" if line else "" for line in text.strip().splitlines())
    return f'{"???" if folded else "!!!"} {kind} "{title}"\n\n{inner}\n'


def bullets(items: Iterable[str]) -> str:
    return "".join(f"* {item}\n" for item in items)
