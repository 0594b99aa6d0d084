"""What an operation's success gives back: one model, one of two, a page, a list, or whatever comes."""

from __future__ import annotations

from dataclasses import dataclass

from .choosing import kind_of
from .document import Document, GenerateError, Node
from .kinds import Kind, Listed, Model

__all__ = ["Payload", "payload_of"]


@dataclass(frozen=True)
class Payload:
    annotation: str
    reader: str
    """Source of the function that reads the payload."""
    kinds: tuple[Kind, ...] = ()
    model: str | None = None
    """The class that is expected, once or in a list, where it can be no other."""


def payload_of(document: Document, operation: Node) -> Payload:
    where = operation["operationId"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    envelope = document.resolve(schema)
    response: Node = {}
    for part in envelope.get("allOf", []):
        response = part.get("properties", {}).get("response", response)
    if not response:
        raise GenerateError(f"{where}: its 200 is not an Envelope with a `response` of its own")
    branches = [branch for branch in response.get("anyOf", [response]) if branch.get("type") != "null"]
    if envelope.get("x-payload-optional"):
        return Payload("dict[str, Any] | None", "anything")
    if apart := response.get("x-tell-apart"):
        return _either(document, branches, apart, where)
    kinds = [kind_of(document, branch, where) for branch in branches if "x-tell-apart" not in branch.get("items", {})]
    match kinds:
        case [Model(name) as kind]:
            return Payload(name, f"one({name})", (kind,), name)
        case [Model(name) as page, Listed(Model())]:
            return Payload(name, f"page({name})", (page,), name)
        case [Listed(Model(name)) as kind]:
            return Payload(f"Many[{name}]", f"many({name})", (kind,), name)
        case [] if branches:
            items = branches[0]["items"]
            inner = _either(document, items["anyOf"], items["x-tell-apart"], where)
            return Payload(f"Many[{inner.annotation}]", f"many_of({inner.reader})", inner.kinds)
    raise GenerateError(f"{where}: its payload is not understood here")


def _either(document: Document, branches: list[Node], apart: dict[str, list[str]], where: str) -> Payload:
    """Two classes of which one is known by its fields."""
    names = [document.component(branch) for branch in branches]
    (marked, fields), *more = apart.items()
    others = [name for name in names if name != marked]
    if more or marked not in names or None in names or len(others) != 1:
        raise GenerateError(f"{where}: x-tell-apart must mark one of two classes")
    source = f"either({others[0]}, {marked}, {tuple(fields)!r})"
    return Payload(f"{others[0]} | {marked}", source, (Model(str(others[0])), Model(marked)))
