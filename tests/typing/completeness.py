"""`make typed`: how much of the public package a type checker knows for certain, by pyright; fails below 99 %.

What hangs on Django is left out: Django itself carries no types.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.steps import run, tool

WANTED = 99.0
UNTYPED = ("portone_v1.contrib.django",)


def _verify(package: str, folder: Path) -> list[dict[str, Any]]:
    """Return every symbol of the installed package; pyright finds it in the environment that it is started in."""
    bin_folder = Path(tool("python")).parent
    environment = {**os.environ, "VIRTUAL_ENV": str(bin_folder.parent)}
    environment["PATH"] = os.pathsep.join([str(bin_folder), environment.get("PATH", "")])
    verify = (tool("pyright"), "--ignoreexternal", "--verifytypes", package, "--outputjson")
    done = run(*verify, cwd=folder, env=environment)
    symbols: list[dict[str, Any]] = json.loads(done.stdout)["typeCompleteness"]["symbols"]
    return symbols


def measure(package: str = "portone_v1") -> tuple[float, list[str]]:
    """Return the percentage of known types, and the causes of the rest."""
    with tempfile.TemporaryDirectory() as folder:
        symbols = [symbol for symbol in _verify(package, Path(folder)) if not symbol["name"].startswith(UNTYPED)]
    exported = [symbol for symbol in symbols if symbol["isExported"]]
    known = sum(symbol["isTypeKnown"] and not symbol["isTypeAmbiguous"] for symbol in exported)
    roots = [
        f"{symbol['name']}: {diagnostic['message'].partition(chr(10))[0]}"
        for symbol in symbols
        for diagnostic in symbol["diagnostics"]
        if "partially unknown" not in diagnostic["message"] and "docstring" not in diagnostic["message"]
    ]
    return 100 * known / max(len(exported), 1), roots


def main() -> int:
    score, roots = measure()
    print(f"typed: {score:.1f} % of what portone_v1 exports, {WANTED:.0f} % are wanted")
    for line in roots:
        print(f"  {line}")
    return 0 if score >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
