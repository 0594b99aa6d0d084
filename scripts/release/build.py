"""Build sdist and wheel of each distribution, look into them, and put checksums and bills of materials beside them.

Everything must agree on the version, or nothing is built. The same commit gives the same bytes everywhere.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from ..steps import ROOT, Options, StepError, step
from .baseline import tag_here
from .building import build, checksums, commit_time, wheels, write_checksums
from .distributions import DISTRIBUTIONS, disagreements, version_of
from .materials import bill_of_materials, embed


def _build(root: Path, target: Path) -> None:
    if lines := disagreements(root, tag_here(root)):
        raise StepError("\n".join(lines))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "dist"
        build(root, made)
        version, time = version_of(root), commit_time(root)
        for one in DISTRIBUTIONS:
            bill = bill_of_materials(wheels(made, version), one, root, made / one.bill(version), time)
            embed(bill, made / one.wheel(version), one)
        write_checksums(made)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)


def _run(options: Options) -> None:
    _build(options.root.resolve(), options.output.resolve())
    for name, digest in checksums(options.output).items():
        print(f"build: {name}  {digest}")


OPTIONS: Final = {
    "--output": {"type": Path, "default": ROOT / "dist", "help": "default: dist/"},
    "--root": {"type": Path, "default": ROOT, "help": "default: this tree"},
}
main = partial(step, "scripts.release build", __doc__, OPTIONS, _run)
