"""What a change of the public surface is called, and which version it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, Self

import packaging.version

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


class Version(packaging.version.Version):
    """`1.2.3`, and nothing beside."""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None if it is not a version of this project."""
        return cls(text) if re.fullmatch(r"v?(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text) else None

    @property
    def unstable(self) -> bool:
        """Before 1.0.0 a breaking change asks for a minor version only."""
        return self.major == 0

    def next(self, level: Level) -> Version:
        if level == "major" and not self.unstable:
            return Version(f"{self.major + 1}.0.0")
        minor, patch = (self.minor, self.micro + 1) if level == "patch" else (self.minor + 1, 0)
        return Version(f"{self.major}.{minor}.{patch}")
