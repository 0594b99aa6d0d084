"""The package's source as a tree of names: which module defines what, and where an imported name comes from.

Read, never imported: the surface of a tree is the same whatever is installed on the machine that asks.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

__all__ = ["ClassNode", "Function", "Module", "Place", "Source", "SurfaceError"]

Function = ast.FunctionDef | ast.AsyncFunctionDef
ClassNode = ast.ClassDef
LONGEST_CHAIN: Final = 16


class SurfaceError(Exception):
    """The public surface can not be read off this tree."""


@dataclass
class Module:
    """One module: its definitions and its imports, also those for type checkers alone."""

    name: str
    package: str
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict[str, list[ast.stmt]])
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict[str, tuple[str, str | None]])

    def read(self, body: list[ast.stmt]) -> None:
        for node in body:
            match node:
                case ast.If() | ast.Try():
                    self.read(node.body)
                case ast.Import():
                    for alias in node.names:
                        self.imports[alias.asname or alias.name.partition(".")[0]] = (alias.name, None)
                case ast.ImportFrom():
                    home = self._home(node)
                    for alias in node.names:
                        self.imports[alias.asname or alias.name] = (home, alias.name)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                    self.definitions.setdefault(node.name, []).append(node)
                case ast.Assign():
                    for target in node.targets:
                        if isinstance(target, ast.Name):
                            self.definitions[target.id] = [node]
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self.definitions[name] = [node]
                case _:
                    pass

    def _home(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])

    @property
    def exported(self) -> list[str]:
        """`__all__`, where it stands there as a plain list; a module that computes it exports another's names."""
        for node in self.definitions.get("__all__", []):
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                try:
                    return sorted(ast.literal_eval(node.value))
                except ValueError:
                    return []
        return []


@dataclass
class Place:
    """Where a name is defined."""

    module: Module
    name: str
    nodes: list[ast.stmt]

    @property
    def class_node(self) -> ClassNode | None:
        return next((node for node in self.nodes if isinstance(node, ast.ClassDef)), None)

    @property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


class Source:
    """The packages below some folders."""

    def __init__(self, *roots: Path) -> None:
        self._roots = roots
        self._modules: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        if name not in self._modules:
            self._modules[name] = self._load(name)
        return self._modules[name]

    def _load(self, name: str) -> Module | None:
        for root in self._roots:
            base = root.joinpath(*name.split("."))
            for path, package in (
                (base / "__init__.py", name),
                (base.with_name(f"{base.name}.py"), name.rpartition(".")[0]),
            ):
                if path.is_file():
                    module = Module(name, package)
                    module.read(ast.parse(path.read_text(encoding="utf-8"), str(path)).body)
                    return module
        return None

    def names(self, package: str) -> list[str]:
        """Every public module of a package, the package first."""
        found: set[str] = set()
        for root in self._roots:
            for path in sorted((root / package).rglob("*.py")):
                parts = [part.removesuffix(".py") for part in path.relative_to(root).parts]
                if parts[-1] == "__init__":
                    parts.pop()
                if not any(part.startswith("_") or part == "migrations" for part in parts):
                    found.add(".".join(parts))
        return sorted(found)

    def resolve(self, module: Module, name: str, depth: int = 0) -> Place | None:
        """Where `name`, as `module` knows it, is defined; None where that is outside of these folders."""
        if nodes := module.definitions.get(name):
            return Place(module, name, nodes)
        if depth > LONGEST_CHAIN or name not in module.imports:
            return None
        home, original = module.imports[name]
        if original is None:
            return None
        there = self.module(home)
        return self.resolve(there, original, depth + 1) if there is not None else None
