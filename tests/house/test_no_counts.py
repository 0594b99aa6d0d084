"""No test has the number of operations in it: adding one would mean looking for them all."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = sorted(path for folder in ("tests", "cli/tests", "sandbox/tests") for path in (ROOT / folder).rglob("*.py"))


@cache
def _numbers() -> frozenset[int]:
    """How many operations, paths and tags there are, here and in the vendor's document."""
    bundle = json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "spec" / "upstream.lock.json").read_text(encoding="utf-8"))
    operations = [
        name for item in bundle["paths"].values() for name in item if name in {"get", "put", "post", "delete"}
    ]
    return frozenset({len(operations), len(bundle["paths"]), len(lock["operations"])})


def _counts(text: str, numbers: frozenset[int]) -> list[int]:
    """The lines that compare with one of the numbers what is counted by `len` or `sum`."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            counted = any(
                isinstance(side, ast.Call) and getattr(side.func, "id", "") in {"len", "sum"} for side in sides
            )
            if counted and any(isinstance(side, ast.Constant) and side.value in numbers for side in sides):
                found.append(node.lineno)
    return found


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_number_of_operations_in_a_test(path: Path) -> None:
    lines = _counts(path.read_text(encoding="utf-8"), _numbers())
    assert not lines, f"{path.relative_to(ROOT)}: lines {lines} count the operations: compare with what is generated"


def test_the_rule_sees_one() -> None:
    text = "assert len(OPERATIONS) == 7\nassert 7 <= sum(each)\nassert len(x) == 6\nassert x == 7\n"
    assert _counts(text, frozenset({7})) == [1, 2]
