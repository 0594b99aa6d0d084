"""CHANGELOG.md: which release stands at its head, and the part of a section that is written by the machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from .changes import HEADINGS, Change, Level
from .versions import Version

__all__ = ["ChangelogError", "head", "releases", "with_section"]

HEADING: Final = re.compile(r"^## (.+?)\s*$", re.MULTILINE)
BLOCK: Final = re.compile(r"<!-- surface -->\n.*?<!-- /surface -->\n", re.DOTALL)
UNRELEASED: Final = "Unreleased"


class ChangelogError(Exception):
    """The changelog can not be read as one."""


def head(text: str) -> str:
    """The first heading."""
    found = HEADING.search(text)
    if found is None:
        raise ChangelogError("CHANGELOG.md has no section")
    return found[1].strip("[]")


def releases(text: str) -> list[Version]:
    """Every version that has a section, as they stand there."""
    found = [Version.read(name.split()[0].strip("[]")) for name in HEADING.findall(text)]
    return [version for version in found if version is not None]


def _block(changes: Sequence[Change], level: Level, before: Version) -> str:
    lines = [f"Public surface: **{level}** against {before}."]
    ordered = sorted(changes, key=lambda change: (HEADINGS.index(change.heading), change.level != "major", change.text))
    for change in ordered:
        mark = "**breaking** " if change.level == "major" else ""
        lines.append(f"* {change.heading}: {mark}{change.text}")
    if not ordered:
        lines.append("* Nothing that users can name or call is different.")
    shown = "\n".join([lines[0], "", *lines[1:]])
    return f"<!-- surface -->\n{shown}\n<!-- /surface -->\n"


def with_section(text: str, version: Version, changes: Sequence[Change], level: Level, before: Version) -> str:
    """The changelog with this version at its head. What people wrote there stays; only the marked block is renewed."""
    block = _block(changes, level, before)
    first = HEADING.search(text)
    if first is None:
        raise ChangelogError("CHANGELOG.md has no section")
    name = first[1].strip("[]")
    if name != UNRELEASED and Version.read(name) == before:
        return f"{text[: first.start()]}## {version}\n\n{block}\n{text[first.start() :]}"
    following = HEADING.search(text, first.end())
    end = following.start() if following is not None else len(text)
    section = text[first.end() : end]
    section = (
        BLOCK.sub(lambda _: block, section) if BLOCK.search(section) else f"\n\n{block}{section.removeprefix(chr(10))}"
    )
    return f"{text[: first.start()]}## {version}{section}{text[end:]}"
