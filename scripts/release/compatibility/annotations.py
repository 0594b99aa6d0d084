"""Two annotations of one thing: is the newer one wider, narrower, or something else?"""

from __future__ import annotations

import ast
from typing import Final, Literal

Relation = Literal["same", "wider", "narrower", "other"]
EVERYTHING: Final = frozenset(["Any", "object"])


def _alternatives(annotation: str) -> set[str]:
    """The members of a union, `Optional[X]` and `Union[X, Y]` among them."""
    if not annotation:
        return {"Any"}
    try:
        pending: list[ast.expr] = [ast.parse(annotation, mode="eval").body]
    except SyntaxError:  # a text that was cut off: compared as it stands
        return {annotation}
    found: set[str] = set()
    while pending:
        match pending.pop():
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                pending += [left, right]
            case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
                pending += [inner, ast.Constant(None)]
            case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=items)):
                pending += items
            case node:
                found.add(ast.unparse(node))
    return found


def relation(old: str, new: str) -> Relation:
    before, after = _alternatives(old), _alternatives(new)
    if before == after:
        return "same"
    if after & EVERYTHING or before < after:
        return "wider"
    if before & EVERYTHING or after < before:
        return "narrower"
    return "other"


def names(annotation: str) -> set[str]:
    """Every name that an annotation mentions."""
    return {node.id for node in ast.walk(ast.parse(annotation or "None")) if isinstance(node, ast.Name)}
