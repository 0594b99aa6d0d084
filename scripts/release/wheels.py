"""Wheels of what is installed here already, so that fresh environments need no index and no network.

A wheel's `RECORD` names every file of it; what an installer adds of its own is left out again.
"""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

INSTALLERS: Final = frozenset(["INSTALLER", "REQUESTED", "direct_url.json", "RECORD", "uv_cache.json"])


def closure(requirements: Iterable[str]) -> dict[str, Distribution]:
    """What these requirements bring along, by name, as installed here."""
    pending = [Requirement(text) for text in requirements]
    found: dict[str, Distribution] = {}
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        pending += [Requirement(text) for text in found[name].requires or []]
    return dict(sorted(found.items()))


def record_line(name: str, data: bytes) -> str:
    """What `RECORD` says of a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"


def repack(found: Distribution, folder: Path) -> Path:
    """The wheel that an installed distribution came from, but for times and order."""
    tags = [line.removeprefix("Tag: ") for line in (found.read_text("WHEEL") or "").splitlines() if "Tag: " in line]
    parts = [".".join(sorted(set(column))) for column in zip(*(tag.split("-") for tag in tags), strict=True)]
    name = canonicalize_name(found.name).replace("-", "_")
    wheel = folder / f"{'-'.join([name, found.version, *parts])}.whl"
    records: list[str] = []
    info = ""
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(found.files or [], key=str):
            if ".." in path.parts or path.suffix == ".pyc" or path.is_absolute():
                continue
            if path.parts[0].endswith(".dist-info"):
                info = path.parts[0]
                if path.name in INSTALLERS:
                    continue
            data = Path(str(path.locate())).read_bytes()
            records.append(record_line(path.as_posix(), data))
            archive.writestr(zipfile.ZipInfo(path.as_posix()), data, zipfile.ZIP_DEFLATED)
        record = f"{info}/RECORD"
        archive.writestr(zipfile.ZipInfo(record), "\n".join([*records, f"{record},,", ""]))
    return wheel
