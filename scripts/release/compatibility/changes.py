"""What a change of the public surface is called, and which version it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, NamedTuple, Self

Level = Literal["patch", "minor", "major"]
LEVELS: Final[tuple[Level, ...]] = ("patch", "minor", "major")
Heading = Literal["Removed", "Changed", "Deprecated", "Added"]


@dataclass(frozen=True, order=True)
class Change:
    """One thing that a user of the last release may notice."""

    heading: Heading
    text: str
    level: Level


added = partial(Change, "Added", level="minor")
altered = partial(Change, "Changed", level="minor")
"""Code that worked and type-checked still does."""
broken = partial(Change, "Changed", level="major")
deprecated = partial(Change, "Deprecated", level="minor")
removed = partial(Change, "Removed", level="major")


def highest(changes: list[Change]) -> Level:
    return max((change.level for change in changes), key=LEVELS.index, default="patch")


class Version(NamedTuple):
    """`1.2.3`, and nothing beside. The job that uploads reads it, and has no library for it."""

    major: int
    minor: int
    patch: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None if it is not a version of this project."""
        found = re.fullmatch(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", text)
        return cls(*map(int, found.groups())) if found else None

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @property
    def unstable(self) -> bool:
        """Before 1.0.0 a breaking change asks for a minor version only."""
        return self.major == 0

    def next(self, level: Level) -> Version:
        if level == "major" and not self.unstable:
            return Version(self.major + 1, 0, 0)
        if level == "patch":
            return Version(self.major, self.minor, self.patch + 1)
        return Version(self.major, self.minor + 1, 0)
