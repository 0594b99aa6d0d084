"""What may be in a wheel and an sdist, and what must be."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Final

__all__ = ["inspect_sdist", "inspect_wheel"]

PACKAGES: Final = {"portone_v1": "overlay", "portone_v1_runtime": "overlay", "portone_v1_generated": "generated"}
# Python, the marker for type checkers, and the pages of the sandbox's payment window.
FILE: Final = r"(\w+/)*(\w+\.py|py\.typed|static/[\w-]+\.(html|css|js|svg))"
SOURCE: Final = re.compile(rf"portone_v1(_runtime|_generated)?/{FILE}")
METADATA: Final = re.compile(r"portone_v1-[\d.]+\.dist-info/(METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE)")
SDIST: Final = re.compile(
    rf"(overlay/portone_v1(_runtime)?|generated/portone_v1_generated)/{FILE}"
    r"|generated/(STAMP|openapi|surface)\.json|README(\.ko)?\.md|CHANGELOG\.md|LICENSE|PKG-INFO|pyproject\.toml|\.gitignore"
)
SECRET: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|/(home|root|Users)/[a-z]")


def _tree(root: Path) -> dict[str, bytes]:
    """The packages as they lie in the tree, under the names they have in the wheel."""
    return {
        path.relative_to(root / folder).as_posix(): path.read_bytes()
        for package, folder in PACKAGES.items()
        for path in (root / folder / package).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}
    }


def inspect_wheel(wheel: Path, root: Path, version: str) -> Iterator[str]:
    """Every complaint about the wheel, a line each."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    tree = _tree(root)
    for name, data in held.items():
        if not SOURCE.fullmatch(name) and not METADATA.fullmatch(name):
            yield f"{wheel.name}: {name} is stray"
        elif ".dist-info/" not in name and tree.get(name) != data:
            yield f"{wheel.name}: {name} is not what the tree holds"
        if SECRET.search(data):
            yield f"{wheel.name}: {name} holds a private key or a path of this machine"
    for name in [name for name in tree if name not in held]:
        yield f"{wheel.name}: {name} is missing"
    for package in PACKAGES:
        if f"{package}/py.typed" not in held:
            yield f"{wheel.name}: {package}/py.typed is missing: type checkers would not look at it"
    metadata = BytesParser().parsebytes(held.get(f"portone_v1-{version}.dist-info/METADATA", b""))
    if (metadata["Name"], metadata["Version"]) != ("portone-v1", version):
        yield f"{wheel.name}: the metadata say {metadata['Name']} {metadata['Version']}, not portone-v1 {version}"


def inspect_sdist(sdist: Path, root: Path, version: str) -> Iterator[str]:
    """Every complaint about the sdist, a line each."""
    top = f"portone_v1-{version}/"
    with tarfile.open(sdist) as archive:
        names = [member.name for member in archive.getmembers() if not member.isdir()]
        owners = {(member.uid, member.gid, member.uname, member.gname) for member in archive.getmembers()}
    for name in names:
        if not name.startswith(top) or not SDIST.fullmatch(name.removeprefix(top)):
            yield f"{sdist.name}: {name} is stray"
    for name in [f"{PACKAGES[name.partition('/')[0]]}/{name}" for name in _tree(root)]:
        if top + name not in names:
            yield f"{sdist.name}: {name} is missing"
    if owners != {(0, 0, "", "")}:
        yield f"{sdist.name}: it names who built it"
