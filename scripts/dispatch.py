"""`python -m scripts.<name> <step>`: one of the steps of a package, each with a `--help` of its own."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import import_module


def dispatch(package: str, about: str, steps: Mapping[str, str], arguments: list[str] | None = None) -> int:
    """Load the requested step only: an upload needs none of the tools of a build."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] not in steps:
        stream = sys.stdout if given[:1] in (["--help"], ["-h"]) else sys.stderr
        print(f"usage: python -m {package} STEP [--help]\n\n{about}\n", file=stream)
        for name, what in steps.items():
            print(f"  {name:14} {what}", file=stream)
        return 0 if stream is sys.stdout else 2
    module = import_module(f"{package}.{given[0].replace('-', '_')}")
    status: int = module.main(given[1:])
    return status
