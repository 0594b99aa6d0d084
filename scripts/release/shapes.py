"""How one function, class or value looks from outside, as plain data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .source import ClassNode, Function, Module, Place, Source

__all__ = ["Member", "ancestors", "fields", "is_enum", "members", "shape", "signature", "values"]

# Special methods that users write without naming them.
SPOKEN: Final = frozenset(
    ["__init__", "__call__", "__getitem__", "__iter__", "__len__", "__eq__", "__bool__"]
    + [f"__{a}{verb}__" for a in ("", "a") for verb in ("enter", "exit")]
)
MAKERS: Final = frozenset(["define", "frozen", "mutable", "dataclass", "attrs.define", "attrs.frozen"])
ENUMS: Final = frozenset(["Enum", "StrEnum", "IntEnum", "IntFlag", "Flag"])
PROPERTIES: Final = frozenset(["property", "cached_property", "functools.cached_property"])


@dataclass(frozen=True)
class Member:
    """A name of a class, and the module that wrote it: names in its annotations are that module's."""

    name: str
    module: Module
    nodes: tuple[ast.stmt, ...]


def _text(node: ast.expr | None) -> str:
    """An annotation as it is meant: quotes of forward references fall away."""
    if node is None:
        return ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return ast.unparse(ast.parse(node.value, mode="eval").body)
    return ast.unparse(node)


def _decorators(node: Function | ClassNode) -> set[str]:
    return {
        ast.unparse(decorator.func if isinstance(decorator, ast.Call) else decorator)
        for decorator in node.decorator_list
    }


def signature(node: Function, *, method: bool) -> dict[str, Any]:
    """Parameters in order, each with kind, type and default; what comes back."""
    found: list[dict[str, str]] = []

    def add(argument: ast.arg, kind: str, default: ast.expr | None = None) -> None:
        entry = {"name": argument.arg, "kind": kind, "type": _text(argument.annotation)}
        if default is not None:
            entry["default"] = ast.unparse(default)
        found.append(entry)

    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(arguments.defaults)), *arguments.defaults]
    bare = method and "staticmethod" not in _decorators(node)
    for number, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        if number or not bare:
            add(argument, "position" if number < len(arguments.posonlyargs) else "either", default)
    if arguments.vararg is not None:
        add(arguments.vararg, "all positions")
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        add(argument, "keyword", default)
    if arguments.kwarg is not None:
        add(arguments.kwarg, "all keywords")
    awaited = {"awaited": True} if isinstance(node, ast.AsyncFunctionDef) else {}
    return {"kind": "function", "parameters": found, "returns": _text(node.returns), **awaited}


def _overloads(functions: list[Function], *, method: bool) -> dict[str, Any]:
    overloaded = [node for node in functions if _decorators(node) & {"overload", "typing.overload"}]
    if overloaded:
        return {"kind": "overloaded", "signatures": [signature(node, method=method) for node in overloaded]}
    return signature(functions[-1], method=method)


def bases(source: Source, place: Place) -> list[Place | str]:
    """The classes that a class derives from: known ones as places, others by name."""
    node = place.class_node
    found: list[Place | str] = []
    for base in node.bases if node is not None else []:
        plain = base.value if isinstance(base, ast.Subscript) else base
        name = ast.unparse(plain)
        known = source.resolve(place.module, name) if isinstance(plain, ast.Name) else None
        found.append(known if known is not None and known.class_node is not None else name)
    return found


def ancestors(source: Source, place: Place) -> list[str]:
    """Every public class that this one is also caught or passed as."""
    found: set[str] = set()
    for base in bases(source, place):
        found |= {base.name, *ancestors(source, base)} if isinstance(base, Place) else {base}
    return sorted(name for name in found if not name.startswith("_"))


def is_enum(source: Source, place: Place) -> bool:
    return any(is_enum(source, base) if isinstance(base, Place) else base in ENUMS for base in bases(source, place))


def values(place: Place) -> dict[str, str]:
    """The members of an enum."""
    node = place.class_node
    return {
        item.targets[0].id: ast.unparse(item.value)
        for item in (node.body if node is not None else [])
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name) and item.targets[0].id[0] != "_"
    }


def fields(place: Place) -> dict[str, dict[str, Any]]:
    """The fields of an attrs class or dataclass, in order."""
    node = place.class_node
    found: dict[str, dict[str, Any]] = {}
    for item in node.body if node is not None and _decorators(node) & MAKERS else []:
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id[0] != "_":
            kind = _text(item.annotation)
            if not kind.startswith("ClassVar"):
                found[item.target.id] = {"type": kind, "required": not _has_default(item.value)}
    return found


def _has_default(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call) and ast.unparse(value.func) in {"field", "attrs.field", "dataclasses.field"}:
        return any(keyword.arg in {"default", "default_factory", "factory"} for keyword in value.keywords)
    return value is not None


def members(source: Source, place: Place) -> dict[str, Member]:
    """Every public name of a class with what it inherits from classes that are known here."""
    found: dict[str, Member] = {}
    for base in reversed(bases(source, place)):
        if isinstance(base, Place):
            found |= members(source, base)
    node = place.class_node
    own: dict[str, list[ast.stmt]] = {}
    for name, item in _written(node.body if node is not None else []):
        if name in SPOKEN or not name.startswith("_"):
            own.setdefault(name, []).append(item)
    return found | {name: Member(name, place.module, tuple(items)) for name, items in own.items()}


def _written(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    for item in body:
        match item:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield item.name, item
                if item.name == "__init__":
                    yield from _given_in(item)
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, item
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield name, item
            case _:
                pass


def _given_in(initialiser: Function) -> Iterator[tuple[str, ast.stmt]]:
    """`self.name = …`; what is handed through from an argument has the argument's type."""
    arguments = initialiser.args
    told = {argument.arg: argument.annotation for argument in (*arguments.args, *arguments.kwonlyargs)}
    for item in ast.walk(initialiser):
        match item:
            case (
                ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name) as target])
                | ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name) as target)
            ):
                handed = item.value.id if isinstance(item.value, ast.Name) else ""
                annotation = told.get(handed)
                if isinstance(item, ast.Assign) and annotation is not None:
                    yield name, ast.AnnAssign(target=target, annotation=annotation, simple=0)
                else:
                    yield name, item
            case _:
                pass


def shape(nodes: tuple[ast.stmt, ...] | list[ast.stmt], *, method: bool) -> dict[str, Any]:
    """A function, a property or a value."""
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    if functions:
        if any(_decorators(node) & PROPERTIES for node in functions):
            return {"kind": "value", "type": _text(functions[0].returns)}
        return _overloads(functions, method=method)
    node = nodes[-1]
    if isinstance(node, ast.AnnAssign):
        return {"kind": "value", "type": _text(node.annotation)}
    value = node.value if isinstance(node, ast.Assign) else None
    if isinstance(value, ast.Constant):
        return {"kind": "value", "type": type(value.value).__name__}
    return {"kind": "value", "type": ast.unparse(value.func) if isinstance(value, ast.Call) else _text(value)}
