"""No test has the number of operations in it, which an added one would change; texts have the one that is true."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = sorted(path for folder in ("tests", "cli/tests", "sandbox/tests") for path in (ROOT / folder).rglob("*.py"))


@cache
def _numbers() -> frozenset[int]:
    """Return the numbers of operations, paths and tags, here and in the vendor's document."""
    bundle = json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "spec" / "upstream.lock.json").read_text(encoding="utf-8"))
    operations = [
        name for item in bundle["paths"].values() for name in item if name in {"get", "put", "post", "delete"}
    ]
    return frozenset({len(operations), len(bundle["paths"]), len(lock["operations"])})


def _counts(text: str, numbers: frozenset[int]) -> list[int]:
    """Return the lines that compare one of the numbers with a count by `len` or `sum`."""
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


COUNTED = re.compile(r"(\d+) operations\b|\boperations \(of (\d+)\)|(\d+)개 (?:API|가운데)|API\((\d+)개 중\)")
TEXTS = [
    *ROOT.glob("README*.md"),
    *ROOT.glob("docs/*.md"),
    *ROOT.glob("docs/ko/*.md"),
    ROOT / "overlay" / "portone_v1" / "__init__.py",
]


def test_texts_have_the_number_of_operations_that_there_are() -> None:
    bundle = json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8"))
    real = sum(name in {"get", "put", "post", "delete"} for item in bundle["paths"].values() for name in item)
    found = {
        f"{path.relative_to(ROOT)}:{number}: {match[0]}": int(next(filter(None, match.groups())))
        for path in TEXTS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        for match in COUNTED.finditer(line)
    }
    assert len(found) > 10
    wrong = [place for place, number in found.items() if number != real]
    assert not wrong, f"there are {real} operations:\n" + "\n".join(wrong)
