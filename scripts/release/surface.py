"""The public surface of a tree: what users of the package can name, call, read and catch, as one JSON document.

`generated/surface.json` is the surface of the tree it lies in; `make generate` writes it. The last release's is the
same file at the tag of that release.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from .operations import read_operations
from .shapes import ancestors, fields, is_enum, members, shape, values
from .source import Place, Source, SurfaceError

__all__ = ["FILE", "FORMAT", "dump", "load", "read"]

FILE: Final = "surface.json"
FORMAT: Final = 1
PACKAGE: Final = "portone_v1"
GENERATED: Final = "portone_v1_generated"
RUNTIME: Final = "portone_v1_runtime"


def read(generated: Path, overlay: Path) -> dict[str, Any]:
    """The surface of the two packages below these folders."""
    source = Source(generated, overlay)
    clients = [_place(source, f"{PACKAGE}.client", name) for name in ("PortOne", "AsyncPortOne")]
    operations, returned = read_operations(source, *clients)
    surface = {
        "operations": operations,
        "models": {place.name: fields(place) for place in _generated(source, "models")},
        "enums": {place.name: values(place) for place in _generated(source, "enums") if is_enum(source, place)},
        "errors": {name: _class(source, _place(source, f"{PACKAGE}.errors", name)) for name in _errors(source)},
        "overlay": _overlay(source),
        "returned": _returned(source, returned),
    }
    return {"format": FORMAT, **{kind: dict(sorted(entries.items())) for kind, entries in surface.items()}}


def dump(surface: dict[str, Any]) -> str:
    return json.dumps(surface, ensure_ascii=False, indent=1) + "\n"


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
    return [] if hidden or place.module.name.startswith((GENERATED, RUNTIME)) else place.module.exported


def _class(source: Source, place: Place) -> dict[str, Any]:
    parents = ancestors(source, place)
    if is_enum(source, place):
        return {"kind": "class", "ancestors": parents, "fields": {}, "members": values(place)}
    own = fields(place)
    described = {
        name: shape(member.nodes, method=True)
        for name, member in sorted(members(source, place).items())
        if name not in own
    }
    return {"kind": "class", "ancestors": parents, "fields": own, "members": described}
