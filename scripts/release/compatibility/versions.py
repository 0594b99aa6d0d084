"""Versions of three numbers, and which one comes next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from .changes import Level


@dataclass(frozen=True, order=True)
class Version:
    """`1.2.3`."""

    major: int
    minor: int
    patch: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None where this is no version of ours."""
        found = re.fullmatch(r"v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)", text)
        return cls(*(int(part) for part in found.groups())) if found else None

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

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
