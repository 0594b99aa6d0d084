"""What a change of the public surface is called, and how much of a version it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Level = Literal["patch", "minor", "major"]
LEVELS: Final[tuple[Level, ...]] = ("patch", "minor", "major")
Heading = Literal["Removed", "Changed", "Deprecated", "Added"]
HEADINGS: Final[tuple[Heading, ...]] = ("Removed", "Changed", "Deprecated", "Added")


@dataclass(frozen=True, order=True)
class Change:
    """One thing that a user of the last release may notice."""

    heading: Heading
    text: str
    level: Level


def added(text: str) -> Change:
    return Change("Added", text, "minor")


def altered(text: str) -> Change:
    """Code that worked and type-checked still does."""
    return Change("Changed", text, "minor")


def broken(text: str) -> Change:
    return Change("Changed", text, "major")


def removed(text: str) -> Change:
    return Change("Removed", text, "major")


def highest(changes: list[Change]) -> Level:
    return max((change.level for change in changes), key=LEVELS.index, default="patch")
