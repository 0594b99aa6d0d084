"""Refuse only where V1 was seen refusing, or where money or a meaning would be lost: each refusal has its claim.

What the sandbox refuses by has its evidence at each operation: tests/sandbox/server/test_coverage.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest

from scripts.bundle import SPEC
from scripts.evidence import load

from .stage import ROOT

CLAIMS: list[dict[str, Any]] = load(SPEC).claims
MODULES = (
    *(f"overlay/portone_v1_runtime/{name}.py" for name in ("guards", "rules", "encode", "encode_nested")),
    *(f"overlay/portone_v1/intents/{name}.py" for name in ("refund_orders", "refunds", "charges", "options")),
    "overlay/portone_v1/_decisions/checks.py",
)


def refusing(path: str) -> Iterator[str]:
    """Find the functions of a module that refuse a call, by raising ValueError or TypeError themselves."""
    module = path.removeprefix("overlay/").removesuffix(".py").replace("/", ".")
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(_refuses(inner) for inner in ast.walk(node)):
            yield f"{module}.{node.name}"


def _refuses(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and any(
        isinstance(inner, ast.Name) and inner.id in {"ValueError", "TypeError", "_wrong"} for inner in ast.walk(node)
    )


ALL = [name for path in MODULES for name in refusing(path)]


@pytest.mark.parametrize("name", ALL)
def test_each_refusal_of_the_sdk_has_a_claim(name: str) -> None:
    claimed = [claim["id"] for claim in CLAIMS if name in claim.get("refuses", ())]
    assert claimed, f"{name} refuses, and no claim of spec/claims.yaml says why (`refuses`)"


def test_claims_name_refusals_that_are_there() -> None:
    named = [name for claim in CLAIMS for name in claim.get("refuses", ())]
    assert {*named} == {*ALL}
