"""The last release, as git holds it: its surface, and the code that its typing tests stand for."""

from __future__ import annotations

import io
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .changes import Change, broken
from .source import SurfaceError
from .surface import FILE, load
from .versions import Version

__all__ = ["Release", "last_release", "tag_here"]


def _git(root: Path, *arguments: str) -> bytes | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def _tags(root: Path, *arguments: str) -> dict[Version, str]:
    names = (_git(root, "tag", "--list", "v*", *arguments) or b"").decode().split()
    return {version: name for name in names if (version := Version.read(name)) is not None}


def tag_here(root: Path) -> str | None:
    """The release tag of this very commit, if nothing was touched since."""
    tags = _tags(root, "--points-at", "HEAD")
    return tags[max(tags)] if tags and _git(root, "status", "--porcelain", "--untracked-files=no") == b"" else None


def last_release(root: Path) -> Release | None:
    """The newest release before this tree; a tag of this very commit is this release, not the last."""
    tags = _tags(root, "--merged", "HEAD")
    here = tag_here(root)
    earlier = {version: name for version, name in tags.items() if name != here}
    return Release(root, max(earlier), earlier[max(earlier)]) if earlier else None


@dataclass(frozen=True)
class Release:
    """A release by its tag."""

    root: Path
    version: Version
    tag: str

    def surface(self) -> dict[str, Any]:
        text = _git(self.root, "show", f"{self.tag}:generated/{FILE}")
        if text is None:
            raise SurfaceError(f"{self.tag} holds no generated/{FILE}")
        return load(text.decode())

    def typing_complaints(self, folder: Path) -> Iterator[Change]:
        """What mypy says against this tree of the code that the release's own typing tests allowed.

        An ignored error that is none any more is no complaint: more is allowed now, and nothing was taken away.
        """
        packed = _git(self.root, "archive", self.tag, "tests/typing")
        if packed is None:
            return
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        cases = sorted(path for path in (folder / "tests" / "typing").glob("*.py") if path.stem.startswith("cases"))
        if not cases:
            return
        command = [sys.executable, "-m", "mypy", "--no-warn-unused-ignores", "--no-pretty", *map(str, cases)]
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        if done.returncode not in {0, 1}:
            raise SurfaceError(f"mypy over the typing tests of {self.tag}: {done.stdout}{done.stderr}")
        for line in done.stdout.splitlines():
            if ": error: " in line:
                place, _, said = line.partition(": error: ")
                yield broken(f"code of {self.version} no longer type-checks ({Path(place).name}): {said}")
