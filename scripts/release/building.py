"""sdists and wheels of a commit: the same bytes on every machine, at any time."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from ..steps import StepError, run
from .contents import inspect_sdist, inspect_wheel
from .distributions import DISTRIBUTIONS, version_of

SUMS = "SHA256SUMS"


def commit_time(root: Path) -> str:
    """When the commit was made: the only time that its files may carry."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    done = run("git", "log", "-1", "--format=%ct", cwd=root)
    if done.returncode != 0:
        raise StepError("no git history: set SOURCE_DATE_EPOCH to the time of the commit")
    return done.stdout.strip()


def build(root: Path, target: Path) -> list[Path]:
    """Each wheel is made from its sdist, so that both are known to work; all are looked into."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": commit_time(root)}
    for one in DISTRIBUTIONS:
        build_one = (sys.executable, "-m", "build", "--no-isolation", "--outdir", target, root / one.folder)
        done = run(*build_one, env=environment)
        if done.returncode != 0:
            raise StepError(done.stdout.strip() + done.stderr.strip())
    version = version_of(root)
    made = artefacts(target, version)
    complaints: list[str] = []
    for one in DISTRIBUTIONS:
        complaints += inspect_wheel(target / one.wheel(version), root, version, one)
        complaints += inspect_sdist(target / one.sdist(version), root, version, one)
    if complaints:
        raise StepError("\n".join(complaints))
    return made


def artefacts(folder: Path, version: str) -> list[Path]:
    """Wheel and sdist of each distribution in this version; anything else of the kind beside them is refused."""
    wanted = [folder / name for one in DISTRIBUTIONS for name in (one.wheel(version), one.sdist(version))]
    found = sorted([*folder.glob("*.whl"), *folder.glob("*.tar.gz")])
    if found != sorted(wanted):
        names = ", ".join(path.name for path in found) or "nothing"
        raise StepError(f"{folder.name}/ holds {names}, not the wheels and the sdists of {version} alone: make build")
    return wanted


def wheels(folder: Path, version: str) -> list[Path]:
    """The wheels alone."""
    return [path for path in artefacts(folder, version) if path.suffix == ".whl"]


def checksums(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.name != SUMS and path.is_file() and not path.name.startswith(".")
    }


def write_checksums(folder: Path) -> Path:
    """In the form that `sha256sum --check` reads."""
    path = folder / SUMS
    lines = [f"{digest}  {name}\n" for name, digest in checksums(folder).items()]
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return path
