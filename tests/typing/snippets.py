"""The Python that the READMEs and the documentation show, a module for each page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

__all__ = ["ROOT", "write_snippets"]

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"^( *)```python[^\n]*\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"<!--- invisible-code-block: python\n(.*?)--->", re.DOTALL)
KNOWN = {"client": "PortOne"}
"""What a page's hidden preparation leaves behind, by type; all else of it is `Any`."""


def write_snippets(folder: Path) -> list[Path]:
    """Write a module for each page, and another one for each block in a tab, after the page's earlier blocks."""
    pages = [ROOT / "README.md", ROOT / "README.ko.md", *sorted((ROOT / "docs").rglob("*.md"))]
    written: list[Path] = []
    for page in pages:
        text = page.read_text(encoding="utf-8")
        name = re.sub(r"\W", "_", page.relative_to(ROOT).with_suffix("").as_posix())
        before: list[str] = []
        modules: list[list[str]] = []
        for found in SHOWN.finditer(text):
            block = dedent(found[2])
            if found[1]:
                modules.append([*before, block])
            else:
                before.append(block)
        used = {node.id for node in ast.walk(ast.parse("\n".join(before))) if isinstance(node, ast.Name)}
        tabs = "\n".join(module[-1] for module in modules)
        own = {line.rpartition(" ")[2] for line in _imports("\n".join(before))}
        before = [*(line for line in _imports(tabs) if line.rpartition(" ")[2] in used - own), *before]
        for number, blocks in enumerate([before, *modules] if before else modules):
            file = folder / f"snippets_{name}_{number}.py"
            file.write_text(_merged([*_prepared(text, "\n".join(blocks)), *blocks]), encoding="utf-8")
            written.append(file)
    return written


def _merged(blocks: list[str]) -> str:
    """Return one module, in which nothing is imported twice."""
    known: set[str] = set()
    lines: list[str] = []
    for block in blocks:
        shown = block.splitlines()
        for node in ast.parse(block).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = set(_imports(ast.unparse(node)))
                if names <= known:
                    shown[node.lineno - 1 : node.end_lineno] = [""] * (
                        (node.end_lineno or node.lineno) - node.lineno + 1
                    )
                known |= names
        lines += shown
    return "\n".join([*lines, ""])


def _prepared(page: str, shown: str) -> Iterator[str]:
    yield "from typing import Any"
    yield "from portone_v1 import PortOne"
    used = {node.id for node in ast.walk(ast.parse(shown)) if isinstance(node, ast.Name)}
    own = set(_made(ast.parse(shown)))
    imported = set(_imports(shown))
    names: set[str] = set()
    for part in HIDDEN.findall(page):
        tree = ast.parse(part)
        names |= set(_made(tree))
        for line in dict.fromkeys(_imports(part)):
            name = line.rpartition(" ")[2]
            if name in used and not any(other.rpartition(" ")[2] == name for other in imported):
                yield line
                imported.add(line)
    yield "def _prepared() -> Any: ..."
    for name in sorted(names & used - own):
        if not name.startswith("__"):
            yield f"{name}: {KNOWN.get(name, 'Any')} = _prepared()"


def _imports(source: str) -> Iterator[str]:
    """Iterate over the imports of a module, one line for each name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            start = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            yield from (f"{start}import {ast.unparse(alias)}" for alias in node.names)


def _made(tree: ast.Module) -> Iterator[str]:
    """Iterate over the names that a module's statements define, except inside its functions."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        else:
            yield from (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
