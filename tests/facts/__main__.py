"""The table of corrections: `python -m tests.facts` prints number, test and source."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

__all__ = ["walked"]


def walked() -> dict[int, list[tuple[str, str]]]:
    """Return the tests of each number: `file::name`, and the docstring, which names the sources."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                for number in re.findall(r"(?:^test|)_n([0-9]+)(?=_)", node.name):
                    found[int(number)].append((f"{path.name}::{node.name}", ast.get_docstring(node) or ""))
    return dict(found)


if __name__ == "__main__":
    for number, tests in sorted(walked().items()):
        for name, says in tests:
            sys.stdout.write(f"N{number:<3} {name}\n     {says.splitlines()[0]}\n")
