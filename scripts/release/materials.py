"""The software bill of materials: what the wheel brings along, in versions that it was tested with."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from .environments import clean, fresh, tool
from .wheels import closure, repack

__all__ = ["bill_of_materials", "runtime_wheels"]

RUNTIME = ("attrs", "httpx")


def runtime_wheels(folder: Path, *more: str) -> Path:
    """Wheels of the runtime dependencies, and of `more`, as they are installed here."""
    folder.mkdir(parents=True, exist_ok=True)
    for found in closure([*RUNTIME, *more]).values():
        repack(found, folder)
    return folder


def bill_of_materials(wheel: Path, pyproject: Path, target: Path, time: str) -> Path:
    """CycloneDX, read off an environment that holds the wheel and its dependencies and nothing else."""
    name, version = wheel.name.split("-")[:2]
    with tempfile.TemporaryDirectory() as folder:
        wheels = runtime_wheels(Path(folder) / "wheels")
        (wheels / wheel.name).write_bytes(wheel.read_bytes())
        python = fresh(
            Path(folder) / "venv", Path(sys.executable), "--offline", "--no-index", "--find-links", str(wheels),
            f"{name.replace('_', '-')}=={version}",
        )  # fmt: skip
        command = [
            tool("cyclonedx-py"), "environment", "--output-reproducible", "--mc-type", "library",
            "--pyproject", str(pyproject), "--output-format", "JSON", "--output-file", str(target), str(python),
        ]  # fmt: skip
        subprocess.run(command, env=clean(SOURCE_DATE_EPOCH=time), check=True, capture_output=True)
    return target
