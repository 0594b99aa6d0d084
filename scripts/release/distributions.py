"""The three distributions of this repository: their files, their version, and whether all places have the same one."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..steps import StepError

VERSION_FILE: Final = "overlay/portone_v1/_version.py"
SUMS: Final = "SHA256SUMS"


@dataclass(frozen=True)
class Distribution:
    """One project of the workspace: its folder, and the folder of each of its import packages, the lowest first."""

    name: str
    folder: str
    packages: Mapping[str, str]
    documents: tuple[str, ...]

    @property
    def stem(self) -> str:
        """The name as files have it."""
        return self.name.replace("-", "_")

    def wheel(self, version: str) -> str:
        return f"{self.stem}-{version}-py3-none-any.whl"

    def sdist(self, version: str) -> str:
        return f"{self.stem}-{version}.tar.gz"

    def bill(self, version: str) -> str:
        """Return the file name of its software bill of materials."""
        return f"{self.stem}-{version}.cdx.json"

    def files(self, root: Path) -> dict[str, bytes]:
        """Return its packages as they are in a tree, under the names they have in the wheel."""
        return {
            path.relative_to(root / folder).as_posix(): path.read_bytes()
            for package, folder in self.packages.items()
            for path in sorted((root / folder / package).rglob("*"))
            if path.is_file() and path.suffix not in {".pyc", ".pyo"}
        }


# Each needs only those before it.
DISTRIBUTIONS: Final = (
    Distribution(
        "portone-v1",
        ".",
        {"portone_v1_runtime": "overlay", "portone_v1_generated": "generated", "portone_v1": "overlay"},
        ("README.md", "README.ko.md", "CHANGELOG.md", "LICENSE"),
    ),
    Distribution("portone-v1-sandbox", "sandbox", {"portone_v1_sandbox": "sandbox"}, ("README.md", "LICENSE")),
    Distribution("portone-v1-cli", "cli", {"portone_v1_cli": "cli"}, ("README.md", "LICENSE")),
)
# `version = "1.2.3"` and `"portone-v1-sandbox==1.2.3"` in a pyproject.toml; `__version__ = "1.2.3"` in the module.
WRITTEN: Final = re.compile(r'(?m)((?:^version = "|^__version__ = "|"portone-v1(?:-\w+)?(?:\[[\w,-]+\])?==))([^"]+)')


def project(root: Path, folder: str = ".") -> dict[str, Any]:
    """Return the `[project]` table of a distribution."""
    table: dict[str, Any] = tomllib.loads((root / folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


def folders(root: Path) -> list[Path]:
    """Return the folders of a tree that contain its packages."""
    return [root / folder for one in DISTRIBUTIONS for folder in dict.fromkeys(one.packages.values())]


def version_of(root: Path) -> str:
    """Return the version of this tree, from the root's pyproject.toml."""
    version: str = project(root)["version"]
    return version


def _places(root: Path) -> list[Path]:
    return [*(root / one.folder / "pyproject.toml" for one in DISTRIBUTIONS), root / VERSION_FILE]


def versions(root: Path) -> list[tuple[str, str]]:
    """Return every place that names a version of this project, with that version."""
    found = ((path, WRITTEN.findall(path.read_text(encoding="utf-8"))) for path in _places(root))
    return [(path.relative_to(root).as_posix(), version) for path, written in found for _, version in written]


def raise_version(root: Path, version: str) -> None:
    """Write a version everywhere: the three projects, their requirements of each other, and `__version__`."""
    for path in _places(root):
        renewed = WRITTEN.sub(rf"\g<1>{version}", path.read_text(encoding="utf-8"))
        path.write_text(renewed, encoding="utf-8", newline="\n")


def artefacts(folder: Path, version: str) -> list[Path]:
    """Return wheel and sdist of each distribution in this version. Raises StepError if the folder has others."""
    wanted = [folder / name for one in DISTRIBUTIONS for name in (one.wheel(version), one.sdist(version))]
    found = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    if found != sorted(wanted):
        names = ", ".join(path.name for path in found) or "nothing"
        raise StepError(f"{folder.name}/ holds {names}, not the wheels and the sdists of {version} alone: make build")
    return wanted


def wheels(folder: Path, version: str) -> list[Path]:
    """Return the wheels only."""
    return [path for path in artefacts(folder, version) if path.suffix == ".whl"]


def checksums(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != SUMS and path.is_file() and not path.name.startswith(".")
    }


HEADING: Final = re.compile(r"^## (.+?)\s*$", re.MULTILINE)


def disagreements(root: Path, tag: str | None = None) -> list[str]:
    """Return a line for each place whose version is not pyproject.toml's, or that is out of date."""
    version = version_of(root)
    heading = HEADING.search((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    stamp = json.loads((root / "generated" / "STAMP.json").read_text(encoding="utf-8"))
    named = [*versions(root), ("CHANGELOG.md", heading[1].strip("[]") if heading else "nothing")]
    named.append(("generated/STAMP.json", stamp["release"]))
    if tag is not None:
        named.append(("the git tag", tag.removeprefix("v")))
    lines = [
        f"{place} says {other}, pyproject.toml says {version}"
        for place, other in dict.fromkeys(named)
        if other != version
    ]
    if hashlib.sha256((root / "generated" / "openapi.json").read_bytes()).hexdigest() != stamp["bundle_sha256"]:
        lines.append("generated/STAMP.json was made from another generated/openapi.json: make generate")
    return lines
