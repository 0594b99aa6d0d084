"""The requirements of a distribution as they are installed here, and its bill of materials."""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import Distribution as Installed
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from ..steps import clean, fresh, tool
from .distributions import DISTRIBUTIONS, Distribution, version_of

INSTALLERS: Final = frozenset(["INSTALLER", "REQUESTED", "direct_url.json", "RECORD", "uv_cache.json"])


def closure(requirements: Iterable[str]) -> dict[str, Installed]:
    """Return the distributions that these requirements need, by name, as installed here."""
    pending = [Requirement(text) for text in requirements]
    found: dict[str, Installed] = {}
    while pending:
        requirement = pending.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})):
            continue
        found[name] = distribution(name)
        pending += [Requirement(text) for text in found[name].requires or []]
    return dict(sorted(found.items()))


def record_line(name: str, data: bytes) -> str:
    """Return the line of `RECORD` for a file."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"


def files_of(found: Installed) -> Iterator[tuple[str, bytes]]:
    """Iterate over the files that a distribution's wheel had, as they are installed here, sorted by name."""
    for path in sorted(found.files or [], key=str):
        installer = path.parts[0].endswith(".dist-info") and path.name in INSTALLERS
        if not (installer or ".." in path.parts or path.is_absolute() or path.suffix == ".pyc"):
            yield path.as_posix(), Path(str(path.locate())).read_bytes()


OURS: Final = frozenset(one.name for one in DISTRIBUTIONS)


def bill_of_materials(wheels: Sequence[Path], one: Distribution, root: Path, target: Path, time: str) -> Path:
    """Write a CycloneDX file from an environment that has only the wheel's and its dependencies' metadata."""
    with tempfile.TemporaryDirectory() as folder:
        python = fresh(Path(folder) / "venv", Path(sys.executable))
        (site,) = python.parents[1].glob("lib/python*/site-packages")
        needed = closure([one.name])
        for name, found in needed.items():
            for file, data in files_of(found) if name not in OURS else ():
                if ".dist-info/" in file:
                    (site / file).parent.mkdir(parents=True, exist_ok=True)
                    (site / file).write_bytes(data)
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                named = canonicalize_name(wheel.name.partition("-")[0]) in needed
                archive.extractall(site, [name for name in archive.namelist() if named and ".dist-info/" in name])
        command = [
            tool("cyclonedx-py"), "environment", "--output-reproducible", "--short-PURLs", "--mc-type", "library",
            "--pyproject", str(root / one.folder / "pyproject.toml"), "--output-format", "JSON",
            "--output-file", str(target), str(python),
        ]  # fmt: skip
        subprocess.run(command, env=clean(SOURCE_DATE_EPOCH=time), check=True, capture_output=True)
    bill = json.loads(target.read_text(encoding="utf-8"))
    bill["metadata"]["component"]["purl"] = f"pkg:pypi/{one.name}@{version_of(root)}"
    target.write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def embed(bill: Path, wheel: Path, one: Distribution) -> None:
    """Put the bill into the wheel, where PEP 770 has it, so that it is wherever the wheel is."""
    renewed = wheel.with_suffix(".new")
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(renewed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename.endswith(".dist-info/RECORD"):
                info = entry.filename.removesuffix("RECORD")
                added = zipfile.ZipInfo(f"{info}sboms/{one.stem}.cdx.json", entry.date_time)
                added.external_attr = entry.external_attr
                new.writestr(added, bill.read_bytes(), zipfile.ZIP_DEFLATED)
                data = record_line(added.filename, bill.read_bytes()).encode() + b"\n" + data
            new.writestr(entry, data, zipfile.ZIP_DEFLATED)
    renewed.replace(wheel)
