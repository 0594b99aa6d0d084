"""The list of differences that stay, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path
from re import Pattern
from typing import Any, Final

import yaml

from .reading import Difference

__all__ = ["REGISTER", "Accepted", "read_register", "sort_out"]

REGISTER: Final = Path(__file__).with_name("differences.yaml")


@dataclass(frozen=True, slots=True)
class Accepted:
    area: str
    text: Pattern[str]
    shown: str
    items: frozenset[str] | None
    why: str

    def covers(self, difference: Difference) -> bool:
        fits = self.area == difference.area and self.text.fullmatch(difference.text) is not None
        return fits and (self.items is None or difference.item in self.items)


def read_register(path: Path = REGISTER) -> list[Accepted]:
    rows: list[dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return [
        Accepted(
            row["area"],
            re.compile(translate(row["text"].replace("[", "[[]"))),
            row["text"],
            frozenset(row["items"]) if "items" in row else None,
            row["why"],
        )
        for row in rows
    ]


def sort_out(
    found: Iterable[Difference], accepted: list[Accepted]
) -> tuple[list[tuple[Difference, Accepted]], list[Difference], list[Accepted]]:
    """Return the differences with their reasons, those without one, and reasons that nothing needs any more."""
    explained: list[tuple[Difference, Accepted]] = []
    unexplained: list[Difference] = []
    for difference in sorted(found):
        reason = next((entry for entry in accepted if entry.covers(difference)), None)
        if reason is None:
            unexplained.append(difference)
        else:
            explained.append((difference, reason))
    used = [id(entry) for _, entry in explained]
    return explained, unexplained, [entry for entry in accepted if id(entry) not in used]
