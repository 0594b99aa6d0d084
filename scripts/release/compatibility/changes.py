"""The kinds of changes of the public surface, and the version that each requires."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from packaging.version import Version

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
"""A change after which code that worked and type-checked still does."""
broken = partial(Change, "Changed", level="major")
deprecated = partial(Change, "Deprecated", level="minor")
removed = partial(Change, "Removed", level="major")


def highest(changes: list[Change]) -> Level:
    return max((change.level for change in changes), key=LEVELS.index, default="patch")


def released(text: str) -> Version | None:
    """Return the version of a text `1.2.3` without suffix, None if it is not a version of this project."""
    return Version(text) if re.fullmatch(r"v?(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", text) else None


def following(last: Version, level: Level) -> Version:
    """Return the next version. Before 1.0.0 a breaking change requires a minor version only."""
    if level == "patch":
        return Version(f"{last.major}.{last.minor}.{last.micro + 1}")
    breaking = level == "major" and last.major > 0
    return Version(f"{last.major + 1}.0.0" if breaking else f"{last.major}.{last.minor + 1}.0")
