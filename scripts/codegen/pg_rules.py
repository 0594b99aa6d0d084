"""The vendor's per-PG advice, gathered per operation from wherever it stands in the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .choosing import kind_of
from .document import Document, Node
from .kinds import Kind, Listed, Model

if TYPE_CHECKING:
    from .operations import OperationView

__all__ = ["pg_rules"]

Rule = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], dict[str, str]]


def pg_rules(operation: OperationView) -> list[Rule]:
    """(argument on the wire, supported, unsupported, required, notes): the operation's own first, as ``""``."""
    rules = [*_rule("", operation.node)]
    for argument in operation.arguments:
        rules += _rule(argument.name, argument.node)
        rules += _nested(operation.document, argument.name, argument.kind, ())
    return rules


def _rule(path: str, node: Node) -> Iterator[Rule]:
    advice = node.get("x-pg")
    if advice:
        notes = {pg: " ".join(str(note).split()) for pg, note in advice.get("notes", {}).items()}
        lists = [tuple(advice.get(key, ())) for key in ("supported", "unsupported", "required")]
        yield path, lists[0], lists[1], lists[2], notes


def _nested(document: Document, path: str, kind: Kind, above: tuple[str, ...]) -> Iterator[Rule]:
    inner = kind.inner if isinstance(kind, Listed) else kind
    if not isinstance(inner, Model) or inner.name in above:
        return
    prefix = f"{path}[]." if isinstance(kind, Listed) else f"{path}."
    for wire, schema in document.schemas[inner.name].get("properties", {}).items():
        yield from _rule(prefix + wire, {**document.resolve(schema), **schema})
        field = kind_of(document, schema, f"{inner.name}.{wire}")
        yield from _nested(document, prefix + wire, field, (*above, inner.name))
