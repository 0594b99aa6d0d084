"""Upload what `make build` made with the twine of some years ago, to an index on this machine: older indexes take it.

Each twine comes from its own constraints/twine-*.txt, by hash, from the index that uv is set up with.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from scripts.release.distributions import artefacts, version_of
from scripts.steps import ROOT, Options, StepError, clean, fresh, step
from tests.release.loopback import serve
from tests.release.machine import given


def _upload(pins: Path, files: list[Path], folder: Path) -> None:
    python = fresh(folder / "venv", Path(sys.executable), "--require-hashes", "-r", str(pins), environment=given())
    packages = folder / "packages"
    packages.mkdir()
    with serve(packages, "release", "loopback") as index:
        credentials = {"TWINE_USERNAME": index.username, "TWINE_PASSWORD": index.password}
        for step in (["check", "--strict"], ["upload", "--non-interactive", "--repository-url", index.url]):
            command = [str(python), "-m", "twine", *step, *map(str, files)]
            done = subprocess.run(command, env=clean(**credentials), capture_output=True, text=True, check=False)
            if done.returncode != 0:
                output = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
                raise StepError(f"{pins.stem}: twine {step[0]}: {output[-1]}")
    missing = {file.name for file in files} - {path.name for path in packages.iterdir()}
    if missing:
        raise StepError(f"{pins.stem}: the index has no {', '.join(sorted(missing))}")


def _run(options: Options) -> None:
    files = artefacts(options.dist, version_of(ROOT))
    for pins in sorted((ROOT / "constraints").glob("twine-*.txt")):
        with tempfile.TemporaryDirectory() as folder:
            _upload(pins, files, Path(folder).resolve())
        print(f"metadata-test: {pins.stem.replace('-', ' ')} uploads {len(files)} files", flush=True)


OPTIONS: Final = {"--dist": {"type": Path, "default": ROOT / "dist", "help": "what make build made (default: dist/)"}}
main = partial(step, "tests.release.metadata_test", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
