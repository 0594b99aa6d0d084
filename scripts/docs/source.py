"""What a Python module says about itself, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from pathlib import Path

from .docstrings import Docstring, parse_docstring

__all__ = ["ROOT", "Class", "Function", "Module", "Value", "read_module"]

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Value:
    """A field of a model, a member of an enumeration, an attribute."""

    name: str
    kind: str
    value: str
    docstring: Docstring


@dataclass(frozen=True)
class Function:
    name: str
    docstring: Docstring
    parameters: tuple[tuple[str, str, str], ...]
    """Name (`*` alone too), type and default of each."""
    returns: str
    decorators: tuple[str, ...] = ()
    inner: tuple[Function, ...] = ()

    def signature(self, name: str = "", *, leave_out: tuple[str, ...] = ("self", "cls")) -> str:
        """As it stands in code, on one line or with one parameter a line."""
        shown = [
            f"{name}{f': {kind}' if kind else ''}{f' = {default}' if default and kind else default and f'={default}'}"
            for name, kind, default in self.parameters
            if name not in leave_out
        ]
        called, returns = name or self.name, f" -> {self.returns}" if self.returns else ""
        line = f"{called}({', '.join(shown)}){returns}"
        if len(line) <= 88:
            return line
        inner = "".join(f"    {parameter},\n" for parameter in shown)
        return f"{called}(\n{inner}){returns}"


@dataclass(frozen=True)
class Class:
    name: str
    bases: tuple[str, ...]
    docstring: Docstring
    values: tuple[Value, ...]
    functions: tuple[Function, ...]
    classes: tuple[Class, ...]
    hidden: tuple[str, ...] = ()
    """Fields that its `repr` does not show."""

    def function(self, name: str) -> Function:
        return next(function for function in self.functions if function.name == name)


@dataclass(frozen=True)
class Module:
    docstring: str
    classes: tuple[Class, ...]
    functions: tuple[Function, ...]

    def cls(self, name: str) -> Class:
        return next(found for found in self.classes if found.name == name)

    def function(self, name: str) -> Function:
        return next(function for function in self.functions if function.name == name)


@cache
def read_module(path: str) -> Module:
    """The module in a file of the repository."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    functions = [_function(node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    classes = [_class(node) for node in tree.body if isinstance(node, ast.ClassDef)]
    return Module(ast.get_docstring(tree) or "", tuple(classes), tuple(functions))


def _class(node: ast.ClassDef) -> Class:
    return Class(
        node.name,
        tuple(ast.unparse(base) for base in node.bases),
        parse_docstring(ast.get_docstring(node)),
        tuple(_values(node)),
        tuple(_function(child) for child in node.body if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)),
        tuple(_class(child) for child in node.body if isinstance(child, ast.ClassDef)),
        tuple(_hidden(node)),
    )


def _hidden(node: ast.ClassDef) -> Iterator[str]:
    for child in node.body:
        if isinstance(child, ast.AnnAssign) and ast.unparse(child.target) == "_hidden" and child.value is not None:
            leaves = (leaf.value for leaf in ast.walk(child.value) if isinstance(leaf, ast.Constant))
            yield from (leaf for leaf in leaves if isinstance(leaf, str))


def _values(node: ast.ClassDef) -> Iterator[Value]:
    for child, after in zip(node.body, [*node.body[1:], None], strict=True):
        if isinstance(child, ast.AnnAssign) and isinstance(child.target, ast.Name):
            name, kind = child.target.id, ast.unparse(child.annotation)
        elif isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
            name, kind = child.targets[0].id, ""
        else:
            continue
        if name.startswith("_"):
            continue
        value = "" if child.value is None else ast.unparse(child.value)
        yield Value(name, kind, value, parse_docstring(_string(after)))


def _string(node: ast.stmt | None) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return cleandoc(node.value.value)
    return None


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Function:
    return Function(
        node.name,
        parse_docstring(ast.get_docstring(node)),
        tuple(_parameters(node.args)),
        "" if node.returns is None else ast.unparse(node.returns),
        tuple(ast.unparse(decorator) for decorator in node.decorator_list),
        tuple(_function(child) for child in node.body if isinstance(child, ast.FunctionDef)),
    )


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, str, str]]:
    positional = [*arguments.posonlyargs, *arguments.args]
    missing = len(positional) - len(arguments.defaults)
    for parameter, default in zip(positional, [None] * missing + list(arguments.defaults), strict=True):
        yield _parameter(parameter, default)
    if arguments.vararg:
        name, kind, _ = _parameter(arguments.vararg, None)
        yield f"*{name}", kind, ""
    elif arguments.kwonlyargs:
        yield "*", "", ""
    for parameter, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(parameter, default)
    if arguments.kwarg:
        name, kind, _ = _parameter(arguments.kwarg, None)
        yield f"**{name}", kind, ""


def _parameter(parameter: ast.arg, default: ast.expr | None) -> tuple[str, str, str]:
    kind = "" if parameter.annotation is None else ast.unparse(parameter.annotation)
    return parameter.arg, kind, "" if default is None else ast.unparse(default)
