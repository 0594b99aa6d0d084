"""A docstring in its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

__all__ = ["Docstring", "parse_docstring"]

SECTIONS = ("Args", "Raises", "Returns")
ITEM = re.compile(r"    (\S[^:]*): (.*)")


@dataclass(frozen=True)
class Docstring:
    """A docstring in its parts: paragraphs as single lines, the items of `Args:` and `Raises:` by name."""

    summary: str = ""
    body: str = ""
    args: dict[str, str] = field(default_factory=dict[str, str])
    raises: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def korean(self) -> str:
        """The vendor's Korean name that opens it, where one does."""
        name, colon, _ = self.summary.partition(": ")
        return name if colon and re.search("[가-힣]", name) else ""

    @property
    def english(self) -> str:
        """What follows that name, as a sentence."""
        told = self.summary.removeprefix(f"{self.korean}: ")
        return told if told.startswith("`") else told[:1].upper() + told[1:]


def parse_docstring(text: str | None) -> Docstring:
    """Google's form, as this project writes it."""
    if not text:
        return Docstring()
    sections: dict[str, list[str]] = {"": []}
    current = ""
    for line in text.splitlines():
        if line.endswith(":") and line[:-1] in SECTIONS:
            current = line[:-1]
        sections.setdefault(current, []).append(line)
    paragraphs = _paragraphs(sections[""])
    return Docstring(
        paragraphs[0],
        "\n\n".join(paragraphs[1:]),
        _items(sections.get("Args", [])),
        _items(sections.get("Raises", [])),
    )


def _paragraphs(lines: list[str]) -> list[str]:
    """Paragraphs unwrapped; lists, tables and drawings as they are."""
    blocks = [block for block in "\n".join(lines).strip("\n").split("\n\n") if block.strip()]
    return [block if re.search(r"(?m)^(\s|[-*|])", block) else _unwrapped(block) for block in blocks]


def _unwrapped(text: str) -> str:
    """One line; a word that was broken at its hyphen is whole again."""
    return " ".join(re.sub(r"(?<=\w-)\n\s*(?=\w)", "", text).split())


def _items(lines: list[str]) -> dict[str, str]:
    items: dict[str, str] = {}
    name = ""
    for line in lines[1:]:
        start = ITEM.fullmatch(line)
        if start and not line.startswith("     "):
            name = start[1]
            items[name] = start[2]
        elif name and line.strip():
            items[name] = _unwrapped(f"{items[name]}\n{line}")
    return items
