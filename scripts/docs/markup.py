"""Write small pieces of Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence


def cell(text: object) -> str:
    """Return the text of a table cell in one line."""
    return " ".join(str(text).split())


def quoted(words: Iterable[str]) -> list[str]:
    return [f"`{word}`" for word in words]


def code_words(words: Iterable[str]) -> str:
    return ", ".join(quoted(words))


def operation_link(name: str) -> str:
    """Return a link to `payments.cancel` in the reference of the reader's language."""
    return f"[`{name}`][portone_v1.PortOne.{name}]"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table without its empty columns, or nothing if there are no rows."""
    kept = [list(row) for row in rows]
    if not kept:
        return ""
    used = [place for place in range(len(head)) if any(row[place] for row in kept)]
    lines = [[head[place] for place in used], ["---"] * len(used), *([row[place] for place in used] for row in kept)]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines) + "\n"


def rows(text: str, head: Sequence[str]) -> str:
    """Return a table whose rows are lines with cells separated by ` | `."""
    return table(head, (line.split(" | ") for line in text.splitlines() if line.strip()))


def json_block(value: object) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```\n"


def note(kind: str, title: str, text: str, *, folded: bool = False) -> str:
    """Return an admonition."""
    inner = "\n".join(f"    {line}" if line else "" for line in text.strip().splitlines())
    return f'{"???" if folded else "!!!"} {kind} "{title}"\n\n{inner}\n'
