"""`make interop-bundles`: load both bundles in the generators that npm and PyPI bring, and print the table.

Fails where one does not load, or where a program is missing that the table needs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.interop.generators import CHECKS, Check, FailedError, MissingError, bundle_of, install

BUNDLES = ("openapi-plain.json", "openapi-3.0.json")
LOADED = "yes"


def result(check: Check, bundle: Path) -> str:
    """Return `yes`, or why the bundle does not load."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            check.run(bundle, Path(folder))
        except (FailedError, MissingError) as error:
            return str(error)
        except subprocess.TimeoutExpired:
            return "it did not end"
    return LOADED


def table(results: dict[str, list[str]]) -> list[str]:
    """Return the table in Markdown: a row for each generator."""
    rows = [["generator", "what is checked", *(f"`{name}`" for name in BUNDLES)], ["---"] * (2 + len(BUNDLES))]
    rows += [[check.name, check.shows, *results[check.name]] for check in CHECKS if check.name in results]
    return [f"| {' | '.join(row)} |" for row in rows]


def main(arguments: list[str] | None = None) -> int:
    what = (__doc__ or "").split("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m tests.interop.campaign", description=what)
    parser.add_argument("--only", help="the generators whose name has this in it")
    parser.add_argument("--install", action="store_true", help="install the generators, and nothing else")
    options = parser.parse_args(arguments)
    chosen = [check for check in CHECKS if (options.only or "").lower() in check.name.lower()]
    try:
        install()
    except (FailedError, MissingError, subprocess.CalledProcessError) as error:
        print(f"interop: {getattr(error, 'stderr', None) or error}", file=sys.stderr)
        return 1
    if options.install:
        return 0
    runs = [(check, bundle_of(name)) for check in chosen for name in BUNDLES]
    with ThreadPoolExecutor(2) as pool:
        cells = list(pool.map(lambda run: result(*run), runs))
    results = {check.name: cells[len(BUNDLES) * i :][: len(BUNDLES)] for i, check in enumerate(chosen)}
    print(*table(results), sep="\n")
    bad = sum(cell != LOADED for cell in cells)
    print(f"interop: {len(cells) - bad} of {len(cells)} loaded", file=sys.stderr)
    return 1 if bad or not cells else 0


if __name__ == "__main__":
    sys.exit(main())
