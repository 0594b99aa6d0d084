"""Build sdist and wheel of each distribution, check their contents, and add checksums and bills of materials.

Everything must have the same version, or nothing is built. The same commit gives the same bytes everywhere.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from ..steps import ROOT, Options, StepError, run, step
from .baseline import tag_here
from .contents import inspect_sdist, inspect_wheel
from .distributions import DISTRIBUTIONS, SUMS, artefacts, checksums, disagreements, version_of, wheels
from .materials import bill_of_materials, embed


def commit_time(root: Path) -> str:
    """Return the time of the commit, the only one that its files may have."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    failure = "no git history: set SOURCE_DATE_EPOCH to the time of the commit"
    return run("git", "log", "-1", "--format=%ct", failure=failure, cwd=root).stdout.strip()


def build(root: Path, target: Path) -> None:
    """Build each wheel from its sdist, so that both are known to work, and check the contents of all."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": commit_time(root)}
    for one in DISTRIBUTIONS:
        build_one = (sys.executable, "-m", "build", "--no-isolation", "--outdir", target, root / one.folder)
        done = run(*build_one, env=environment)
        if done.returncode != 0:
            raise StepError(done.stdout.strip() + done.stderr.strip())
    version = version_of(root)
    artefacts(target, version)
    complaints: list[str] = []
    for one in DISTRIBUTIONS:
        complaints += inspect_wheel(target / one.wheel(version), root, version, one)
        complaints += inspect_sdist(target / one.sdist(version), root, version, one)
    if complaints:
        raise StepError("\n".join(complaints))


def _run(options: Options) -> None:
    root, target = options.root.resolve(), options.output.resolve()
    if lines := disagreements(root, tag_here(root)):
        raise StepError("\n".join(lines))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "dist"
        build(root, made)
        version, time = version_of(root), commit_time(root)
        for one in DISTRIBUTIONS:
            bill = bill_of_materials(wheels(made, version), one, root, made / one.bill(version), time)
            embed(bill, made / one.wheel(version), one)
        sums = "".join(f"{digest}  {name}\n" for name, digest in checksums(made).items())
        (made / SUMS).write_text(sums, encoding="utf-8", newline="\n")  # as `sha256sum --check` reads it
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)
    for name, digest in checksums(target).items():
        print(f"build: {name}  {digest}")


OPTIONS: Final = {
    "--output": {"type": Path, "default": ROOT / "dist", "help": "default: dist/"},
    "--root": {"type": Path, "default": ROOT, "help": "default: this tree"},
}
main = partial(step, "scripts.release.build", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
