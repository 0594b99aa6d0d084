"""The last release, as git holds it: its source, its specification and what it was tested with."""

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
    """The release tag of this very commit, if nothing was touched since."""
    tags = _tags(root, "--points-at", "HEAD")
    touched = run("git", "status", "--porcelain", "--untracked-files=no", cwd=root).stdout
    return tags[max(tags)] if tags and not touched else None


def last_release(root: Path, here: str | None) -> Release | None:
    """The newest release before this tree; a tag of this very commit, `here`, is this release, not the last."""
    earlier = {version: name for version, name in _tags(root, "--merged", "HEAD").items() if name != here}
    return Release(root, max(earlier), earlier[max(earlier)]) if earlier else None


@dataclass(frozen=True)
class Release:
    """A release by its tag."""

    root: Path
    version: Version
    tag: str

    def checkout(self, folder: Path) -> Path:
        """What this release consists of and was tested with, as files below an empty `folder`."""
        quiet = ("-c", "advice.detachedHead=false", "clone", "--quiet", "--shared", "--branch", self.tag)
        run("git", *quiet, self.root, folder, failure=f"git cannot read {self.tag}")
        return folder
