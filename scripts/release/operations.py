"""The operations of the two clients: `client.<area>.<name>`, generated ones and those that the overlay adds."""

from __future__ import annotations

import ast
from typing import Any, Final

from .shapes import Member, members, shape, signature
from .source import Place, Source, SurfaceError

__all__ = ["read_operations"]

OVERLAY: Final = "portone_v1."
TABLE: Final = "portone_v1_generated.operations"


def read_operations(source: Source, client: Place, twin: Place) -> tuple[dict[str, Any], list[Place]]:
    """`client.<area>.<name>` for every area; both flavours take the same arguments or it is an error."""
    found: dict[str, Any] = {}
    returned: list[Place] = []
    table = _table(source)
    twins = {f"{area}.{name}": entry for area, name, entry, _ in _methods(source, twin)}
    for area, name, entry, places in _methods(source, client):
        other = twins.pop(f"{area}.{name}", None)
        if other is None or other["parameters"] != entry["parameters"]:
            raise SurfaceError(f"{area}.{name}: the two flavours differ")
        found[f"{area}.{name}"] = entry | table.get(f"{area}.{name}", {})
        returned += places
    if twins:
        raise SurfaceError(f"{min(twins)}: there is no synchronous one")
    return found, returned


def _table(source: Source) -> dict[str, dict[str, Any]]:
    """What the generated table says beside the signature: the request, and whether it may be repeated."""
    home = source.module(TABLE)
    found: dict[str, dict[str, Any]] = {}
    for node in home.definitions.get("OPERATIONS", []) if home is not None else []:
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "OperationInfo":
                _, area, name, method, path, safe, deprecated = (ast.literal_eval(item) for item in call.args[:7])
                entry = {"request": f"{method} {path}", "repeatable": safe, "deprecated": deprecated}
                found[f"{area}.{name}"] = entry
    return found


def _methods(source: Source, client: Place) -> list[tuple[str, str, dict[str, Any], list[Place]]]:
    found: list[tuple[str, str, dict[str, Any], list[Place]]] = []
    for area, member in sorted(members(source, client).items()):
        annotation = shape(member.nodes, method=True).get("type", "")
        place = source.resolve(member.module, annotation) if annotation.isidentifier() else None
        if place is None or place.class_node is None:
            continue
        own = members(source, place)
        for name, method in sorted(own.items()):
            entry = _bound(source, method, own) or shape(method.nodes, method=True)
            if entry["kind"] == "function" and not name.startswith("__"):
                found.append((area, name, entry, _named(source, method, entry["returns"])))
    return found


def _bound(source: Source, method: Member, own: dict[str, Member]) -> dict[str, Any] | None:
    """`self.name = bind(flow, client)` in an initialiser: the flow's arguments, and what it gives in the end."""
    node = method.nodes[-1]
    call = node.value if isinstance(node, ast.Assign) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or not call.args:
        return None
    binder, flow = source.resolve(method.module, call.func.id), call.args[0]
    if binder is None or not binder.functions:
        return None
    if isinstance(flow, ast.Attribute):
        inner = shape(own[flow.attr].nodes, method=True)
        returns = shape(list(binder.functions), method=False)["returns"]
    else:
        name = flow.func if isinstance(flow, ast.Call) else flow
        place = source.resolve(method.module, name.id) if isinstance(name, ast.Name) else None
        if place is None or not place.functions:
            return None
        function = place.functions[-1]
        nested = [item for item in function.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
        inner = signature(nested[-1] if isinstance(flow, ast.Call) and nested else function, method=False)
        returns = inner["returns"]
    return {**inner, "returns": _result(returns)}


def _result(annotation: str) -> str:
    """`Flow[T]`, `Callable[P, T]` and `Callable[P, Coroutine[Any, Any, T]]` give T."""
    node = ast.parse(annotation, mode="eval").body
    while isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"Flow", "Callable", "Coroutine"}:
        node = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
    return ast.unparse(node)


def _named(source: Source, method: Member, annotation: str) -> list[Place]:
    """The overlay's own classes in an annotation: what users get without ever importing it."""
    home = method.module
    node = method.nodes[-1]
    call = node.value if isinstance(node, ast.Assign) else None
    if isinstance(call, ast.Call):
        first = call.args[0] if call.args else call
        name = first.func if isinstance(first, ast.Call) else first
        flow = source.resolve(home, name.id) if isinstance(name, ast.Name) else None
        home = flow.module if flow is not None else home
    names = [item.id for item in ast.walk(ast.parse(annotation or "None")) if isinstance(item, ast.Name)]
    places = [source.resolve(home, name) for name in names]
    return [place for place in places if place is not None and place.module.name.startswith(OVERLAY)]
