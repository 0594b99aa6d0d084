"""The files that a wheel and an sdist may have, and those that they must have."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Iterator
from email.parser import BytesParser
from pathlib import Path
from typing import Final

from .distributions import DISTRIBUTIONS, Distribution

# Python, the marker for type checkers, the sandbox's pages, Django's templates, tables of the generator.
BESIDES: Final = r"static/\w+/[\w-]+\.(html|css|js|svg)|data/([\w-]+/)*[\w-]+\.json|templates/\w+/[\w-]+\.html"
FILE: Final = rf"(\w+/)*(\w+\.py|py\.typed|{BESIDES})"
INFO: Final = r"METADATA|WHEEL|RECORD|entry_points\.txt|licenses/LICENSE|sboms/\w+\.cdx\.json"
SECRET: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----|/(home|root|Users)/[a-z]")
# Files of an sdist besides packages and documents.
BESIDE: Final = ("PKG-INFO", "pyproject.toml", ".gitignore")
GENERATED: Final = r"generated/[\w.-]+\.json"


def inspect_wheel(wheel: Path, root: Path, version: str, one: Distribution = DISTRIBUTIONS[0]) -> Iterator[str]:
    """Iterate over the complaints about the wheel, one line each."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    tree = one.files(root)
    info = f"{one.stem}-{version}.dist-info"
    source = re.compile(rf"({'|'.join(one.packages)})/{FILE}")
    own_files = re.compile(rf"{one.stem}-[\d.]+\.dist-info/({INFO})")
    for name, data in held.items():
        if not source.fullmatch(name) and not own_files.fullmatch(name):
            yield f"{wheel.name}: {name} is stray"
        elif ".dist-info/" not in name and tree.get(name) != data:
            yield f"{wheel.name}: {name} is not what the tree holds"
        if SECRET.search(data):
            yield f"{wheel.name}: {name} holds a private key or a path of this machine"
    for name in [name for name in tree if name not in held]:
        yield f"{wheel.name}: {name} is missing"
    for package in one.packages:
        if f"{package}/py.typed" not in held:
            yield f"{wheel.name}: {package}/py.typed is missing: type checkers would not look at it"
    metadata = BytesParser().parsebytes(held.get(f"{info}/METADATA", b""))
    if (metadata["Name"], metadata["Version"]) != (one.name, version):
        yield f"{wheel.name}: the metadata say {metadata['Name']} {metadata['Version']}, not {one.name} {version}"


def inspect_sdist(sdist: Path, root: Path, version: str, one: Distribution = DISTRIBUTIONS[0]) -> Iterator[str]:
    """Iterate over the complaints about the sdist, one line each."""
    top = f"{one.stem}-{version}/"
    with tarfile.open(sdist) as archive:
        names = [member.name for member in archive.getmembers() if not member.isdir()]
        owners = {(member.uid, member.gid, member.uname, member.gname) for member in archive.getmembers()}
    # The project's own folder is the top of its sdist.
    inside = {package: "" if folder == one.folder else f"{folder}/" for package, folder in one.packages.items()}
    sources = "|".join(re.escape(f"{folder}{package}") for package, folder in inside.items())
    allowed = re.compile(rf"({sources})/{FILE}|{GENERATED if one.folder == '.' else '(?!)'}")
    for name in names:
        own = name.removeprefix(top)
        if not name.startswith(top) or not (allowed.fullmatch(own) or own in (*one.documents, *BESIDE)):
            yield f"{sdist.name}: {name} is stray"
    wanted = [f"{inside[name.partition('/')[0]]}{name}" for name in one.files(root)]
    for name in [name for name in (*wanted, *one.documents) if top + name not in names]:
        yield f"{sdist.name}: {name} is missing"
    if owners != {(0, 0, "", "")}:
        yield f"{sdist.name}: it names who built it"
