"""The last release, as git holds it: its source, its specification and what it was tested with."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from ..steps import StepError
from .compatibility.changes import released

# The three distributions, and what held the release to its word.
COMPARED = ("overlay", "generated", "sandbox", "cli", "spec", "tests", "examples", "pyproject.toml")


def _git(root: Path, *arguments: str) -> bytes | None:
    done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def _tags(root: Path, *arguments: str) -> dict[Version, str]:
    names = (_git(root, "tag", "--list", "v*", *arguments) or b"").decode().split()
    return {version: name for name in names if (version := released(name)) is not None}


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

    def checkout(self, folder: Path) -> Path:
        """What this release consists of and was tested with, as files below `folder`."""
        held = (_git(self.root, "ls-tree", "--name-only", "-z", self.tag) or b"").decode().split("\0")
        packed = _git(self.root, "archive", self.tag, *(name for name in COMPARED if name in held))
        if packed is None:
            raise StepError(f"git cannot read {self.tag}")
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return folder
