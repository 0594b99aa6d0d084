"""Wheels of what is installed here, so that fresh environments need no index."""

from __future__ import annotations

import zipfile
from importlib.metadata import Distribution, requires
from pathlib import Path

from packaging.utils import canonicalize_name

from scripts.release.distributions import DISTRIBUTIONS
from scripts.release.materials import OURS, closure, files_of, record_line


def repack(found: Distribution, folder: Path) -> Path:
    """Return the wheel that an installed distribution came from, except for times and order."""
    tags = [line.removeprefix("Tag: ") for line in (found.read_text("WHEEL") or "").splitlines() if "Tag: " in line]
    parts = [".".join(sorted(set(column))) for column in zip(*(tag.split("-") for tag in tags), strict=True)]
    name = canonicalize_name(found.name).replace("-", "_")
    wheel = folder / f"{'-'.join([name, found.version, *parts])}.whl"
    records: list[str] = []
    info = ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files_of(found):
            if ".dist-info/" in file:
                info = file.partition("/")[0]
            records.append(record_line(file, data))
            archive.writestr(zipfile.ZipInfo(file), data, zipfile.ZIP_DEFLATED)
        record = f"{info}/RECORD"
        archive.writestr(zipfile.ZipInfo(record), "\n".join([*records, f"{record},,", ""]))
    return wheel


def runtime_wheels(folder: Path, *more: str) -> Path:
    """Make wheels of everything that the distributions and `more` need, as it is installed here."""
    folder.mkdir(parents=True, exist_ok=True)
    needed = [text for one in DISTRIBUTIONS for text in requires(one.name) or []]
    for name, found in closure([*needed, *more]).items():
        if name not in OURS:
            repack(found, folder)
    return folder
