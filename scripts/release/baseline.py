"""The last release in git: its source, its specification and the tests that it passed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from ..steps import run
from .compatibility.changes import released


def _tags(root: Path, *arguments: str) -> dict[Version, str]:
    names = run("git", "tag", "--list", "v*", *arguments, cwd=root).stdout.split()
    return {version: name for name in names if (version := released(name)) is not None}


def tag_here(root: Path) -> str | None:
    """Return the release tag of this commit, if no file was changed since."""
    tags = _tags(root, "--points-at", "HEAD")
    touched = run("git", "status", "--porcelain", "--untracked-files=no", cwd=root).stdout
    return tags[max(tags)] if tags and not touched else None


def last_release(root: Path, here: str | None) -> Release | None:
    """Return the newest release before this tree. The tag of this commit, `here`, is this release, not the last one."""
    earlier = {version: name for version, name in _tags(root, "--merged", "HEAD").items() if name != here}
    return Release(root, max(earlier), earlier[max(earlier)]) if earlier else None


@dataclass(frozen=True)
class Release:
    """A release, found by its tag."""

    root: Path
    version: Version
    tag: str

    def checkout(self, folder: Path) -> Path:
        """Check the release out into an empty `folder`, with what it was tested with."""
        quiet = ("-c", "advice.detachedHead=false", "clone", "--quiet", "--shared", "--branch", self.tag)
        run("git", *quiet, self.root, folder, failure=f"git cannot read {self.tag}")
        return folder
