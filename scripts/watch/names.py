"""The name table of spec/README.md: what the vendor's types and operations are called here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .facts import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

DROPPED = "dropped"
CELL = re.compile(r"`([^`]+)`")


def read_names(readme: Path, heading: str = "### Types") -> dict[str, str]:
    """Vendor name -> our name, or `dropped`, from the table under `heading`."""
    try:
        text = readme.read_text(encoding="utf-8")
    except OSError as error:
        raise UnreadableError(f"{readme}: {error.strerror or error}") from error
    _, found, rest = text.partition(f"\n{heading}\n")
    if not found:
        raise UnreadableError(f"{readme}: there is no section {heading!r} with the name table")
    names: dict[str, str] = {}
    for line in re.split(r"\n#{1,3} ", rest)[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 2 or not (vendor := CELL.fullmatch(cells[0])):
            continue
        ours = CELL.fullmatch(cells[1])
        if ours is None and cells[1] != DROPPED:
            raise UnreadableError(f"{readme}: {vendor[1]}: our name stands in backquotes, or the cell says {DROPPED}")
        if vendor[1] in names:
            raise UnreadableError(f"{readme}: {vendor[1]} stands twice in the name table")
        names[vendor[1]] = ours[1] if ours else DROPPED
    return names
