"""The public surface of a tree: what users of the package can name, call, read and catch, as one JSON document.

`generated/surface.json` is the surface of the tree it lies in; `make generate` writes it. The last release's is the
same file at the tag of that release.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any, Final

from .shapes import Member, bases, fields, is_enum, members, shape, signature, values
from .source import Place, Source, SurfaceError

__all__ = ["FILE", "FORMAT", "dump", "load", "read"]

FILE: Final = "surface.json"
FORMAT: Final = 1
PACKAGE: Final = "portone_v1"
GENERATED: Final = "portone_v1_generated"


def read(generated: Path, overlay: Path) -> dict[str, Any]:
    """The surface of the two packages below these folders."""
    source = Source(generated, overlay)
    clients = [_place(source, f"{PACKAGE}.client", name) for name in ("PortOne", "AsyncPortOne")]
    operations, returned = _operations(source, *clients)
    return {
        "format": FORMAT,
        "operations": operations,
        "models": {place.name: fields(place) for place in _generated(source, "models")},
        "enums": {place.name: values(place) for place in _generated(source, "enums") if is_enum(source, place)},
        "errors": {name: _class(source, _place(source, f"{PACKAGE}.errors", name)) for name in _errors(source)},
        "overlay": _overlay(source),
        "returned": _returned(source, returned),
    }


def dump(surface: dict[str, Any]) -> str:
    return json.dumps(surface, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def load(text: str) -> dict[str, Any]:
    surface: dict[str, Any] = json.loads(text)
    if surface.get("format") != FORMAT:
        raise SurfaceError(f"{FILE}: format {surface.get('format')}, and this is written for {FORMAT}")
    return surface


def _place(source: Source, module: str, name: str) -> Place:
    home = source.module(module)
    found = source.resolve(home, name) if home is not None else None
    if found is None:
        raise SurfaceError(f"{module}.{name}: not found")
    return found


def _generated(source: Source, kind: str) -> list[Place]:
    home = source.module(f"{GENERATED}.{kind}")
    found = [source.resolve(home, name) for name in home.exported] if home is not None else []
    return [place for place in found if place is not None and place.class_node is not None]


def _errors(source: Source) -> list[str]:
    home = source.module(f"{PACKAGE}.errors")
    return home.exported if home is not None else []


def _operations(source: Source, client: Place, twin: Place) -> tuple[dict[str, Any], list[Place]]:
    """`client.<area>.<name>` for every area; both flavours take the same arguments or it is an error."""
    found: dict[str, Any] = {}
    returned: list[Place] = []
    twins = {f"{area}.{name}": entry for area, name, entry, _ in _methods(source, twin)}
    for area, name, entry, places in _methods(source, client):
        other = twins.pop(f"{area}.{name}", None)
        if other is None or other["parameters"] != entry["parameters"]:
            raise SurfaceError(f"{area}.{name}: the two flavours differ")
        found[f"{area}.{name}"] = entry
        returned += places
    if twins:
        raise SurfaceError(f"{min(twins)}: there is no synchronous one")
    return found, returned


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
    return [place for place in places if place is not None and place.module.name.startswith(f"{PACKAGE}.")]


def _returned(source: Source, places: list[Place]) -> dict[str, Any]:
    return {place.name: _class(source, place) for place in places if place.class_node is not None}


def _overlay(source: Source) -> dict[str, Any]:
    """Every name in the `__all__` of a public module. What another public module defines is told by its name."""
    found: dict[str, Any] = {}
    for name in source.names(PACKAGE):
        module = source.module(name)
        for exported in module.exported if module is not None and name != f"{PACKAGE}.errors" else []:
            assert module is not None  # noqa: S101
            place = source.resolve(module, exported)
            if place is None:
                entry: dict[str, Any] = {"kind": "module"}
            elif place.module.name != name and exported in _public(place):
                entry = {"kind": "alias", "of": f"{place.module.name}.{place.name}"}
            elif place.class_node is not None:
                entry = _class(source, place)
            else:
                entry = shape(place.nodes, method=False)
            found[f"{name}.{exported}"] = entry
    return found


def _public(place: Place) -> list[str]:
    hidden = any(part.startswith("_") for part in place.module.name.split("."))
    return [] if hidden or place.module.name.startswith(GENERATED) else place.module.exported


def _class(source: Source, place: Place) -> dict[str, Any]:
    parents = [base.name if isinstance(base, Place) else base for base in bases(source, place)]
    if is_enum(source, place):
        return {"kind": "class", "bases": parents, "fields": {}, "members": values(place)}
    own = fields(place)
    described = {
        name: shape(member.nodes, method=True)
        for name, member in sorted(members(source, place).items())
        if name not in own
    }
    return {"kind": "class", "bases": parents, "fields": own, "members": described}
