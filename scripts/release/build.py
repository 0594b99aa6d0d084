"""Build sdist and wheel of each distribution, look into them, and put checksums and bills of materials beside them.

Everything must agree on the version, or nothing is built. The same commit gives the same bytes everywhere.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from .baseline import tag_here
from .building import BuildError, build, checksums, commit_time, wheels, write_checksums
from .changelog import disagreements
from .distributions import DISTRIBUTIONS, version_of
from .materials import bill_of_materials, embed

ROOT = Path(__file__).resolve().parents[2]


def _build(root: Path, target: Path) -> None:
    if lines := disagreements(root, tag_here(root)):
        raise BuildError("\n".join(lines))
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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.release build", description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="default: dist/")
    parser.add_argument("--root", type=Path, default=ROOT, help="default: this tree")
    options = parser.parse_args(arguments)
    try:
        _build(options.root.resolve(), options.output.resolve())
    except BuildError as error:
        for line in str(error).splitlines():
            print(f"build: {line}", file=sys.stderr)
        return 1
    for name, digest in checksums(options.output).items():
        print(f"build: {name}  {digest}")
    return 0
