"""CHANGELOG.md, which towncrier makes from changes/."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from packaging.version import Version

from ..steps import StepError, run, tool
from .compatibility.changes import Change, released
from .distributions import HEADING


def releases(text: str) -> list[Version]:
    """Return every version that has a section, in the order of the text."""
    found = [released(name.split()[0].strip("[]")) for name in HEADING.findall(text)]
    return [version for version in found if version is not None]


FRAGMENT: Final = re.compile(r"(\+[a-z0-9-]+|[1-9]\d*)\.(removed|changed|deprecated|added|fixed|security)\.md")


def fragments(root: Path) -> list[Path]:
    """Return the files in changes/ that wait for a release."""
    return [path for path in sorted((root / "changes").glob("*")) if path.name != "README.md"]


def unreadable_fragments(root: Path) -> list[str]:
    """Return a line for each fragment that towncrier would silently ignore, or that lacks one language."""
    lines: list[str] = []
    for path in fragments(root):
        text = path.read_text(encoding="utf-8")
        if FRAGMENT.fullmatch(path.name) is None:
            lines.append(f"changes/{path.name}: it must be called +words.kind.md or number.kind.md: changes/README.md")
        elif not re.search("[a-z]{2}", text) or not re.search("[가-힣]", text):
            lines.append(f"changes/{path.name}: it must say the same in English and in Korean")
    return lines


def drop_section(root: Path, version: Version) -> None:
    """Remove the first section, so that it can be made again: this version has no tag yet."""
    path = root / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8")
    found = [*HEADING.finditer(text)]
    if found and found[0][1].strip("[]") == str(version):
        end = found[1].start() if len(found) > 1 else len(text)
        path.write_text(text[: found[0].start()] + text[end:], encoding="utf-8", newline="\n")


def write_section(root: Path, version: Version, changes: Sequence[Change]) -> None:
    """Make the section of this version from the fragments in changes/ and from the changes that were found."""
    if version in releases((root / "CHANGELOG.md").read_text(encoding="utf-8")):
        raise StepError(f"CHANGELOG.md has a section {version} already: git checkout CHANGELOG.md changes")
    folder = root / "changes"
    folder.mkdir(exist_ok=True)
    found = {folder / f"+found-{number:03}.{one.heading.lower()}.md": one for number, one in enumerate(changes)}
    for path, change in found.items():
        mark = "**breaking** " if change.level == "major" else ""
        path.write_text(f"{mark}{change.text}\n", encoding="utf-8")
    done = run(tool("towncrier"), "build", "--yes", "--version", str(version), "--dir", root, cwd=root)
    if done.returncode != 0:
        for path in found:
            path.unlink(missing_ok=True)
        output = (done.stderr or done.stdout).strip().splitlines() or ["towncrier gave no reason"]
        raise StepError(f"CHANGELOG.md stays as it was: {output[-1]}")
