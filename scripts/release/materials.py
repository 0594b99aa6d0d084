"""The software bill of materials: what the wheel brings along, in versions that it was tested with."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.metadata import requires
from pathlib import Path
from typing import Final

from .distributions import DISTRIBUTIONS, Distribution, version_of
from .environments import clean, fresh, tool
from .wheels import closure, record_line, repack

OURS: Final = frozenset(one.name for one in DISTRIBUTIONS)


def runtime_wheels(folder: Path, *more: str) -> Path:
    """Wheels of all that the three distributions need, and of `more`, as they are installed here."""
    folder.mkdir(parents=True, exist_ok=True)
    needed = [text for one in DISTRIBUTIONS for text in requires(one.name) or []]
    for name, found in closure([*needed, *more]).items():
        if name not in OURS:
            repack(found, folder)
    return folder


def bill_of_materials(wheels: Sequence[Path], one: Distribution, root: Path, target: Path, time: str) -> Path:
    """CycloneDX, read off an environment that holds the wheel and its dependencies and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        held = runtime_wheels(Path(folder) / "wheels")
        for wheel in wheels:
            shutil.copyfile(wheel, held / wheel.name)
        python = fresh(
            Path(folder) / "venv", Path(sys.executable), "--offline", "--no-index", "--find-links", str(held),
            f"{one.name}=={version_of(root)}",
        )  # fmt: skip
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
    """Put the bill into the wheel, where PEP 770 has it, so that it comes along wherever the wheel goes."""
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
