"""The overlay stays thin, and every arrow points the right way."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
OVERLAY = ROOT / "overlay" / "portone_v1"
RUNTIME = ROOT / "overlay" / "portone_v1_runtime"
GENERATED = ROOT / "generated" / "portone_v1_generated"
BUDGETS = {
    "": 1_100, "_http": 1_520, "_observe": 300, "_decisions": 450, "_async": 2_610, "intents": 1_960, "compat": 250,
    "inbox": 855,
}  # fmt: skip
"""Lines of code: of the client itself, of the money-safe operations, of the old client's names. To raise one is a
change of its own, with its reason."""
APART = ("contrib",)
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
    tokenize.ENCODING,
}


def modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def docstrings(tree: ast.Module) -> set[int]:
    """Return the lines of texts that are statements: docstrings of modules, classes, functions and attributes."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else []:
            if (
                isinstance(statement, ast.Expr)
                and isinstance(statement.value, ast.Constant)
                and isinstance(statement.value.value, str)
            ):
                lines |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


def code_lines(source: str) -> int:
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings(ast.parse(source)))


def imported(path: Path) -> set[str]:
    """Return the top-level packages that a module names in an import, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module is not None:
            names.add(node.module.partition(".")[0])
    return names


def test_the_count_counts_code_only() -> None:
    source = '"""One.\n\ntwo\n"""\n\n# three\nx = 1  # four\n"""Of x."""\n\n\n'
    source += 'def f() -> str:\n    """Five."""\n    return """a\nb"""\n'
    assert code_lines(source) == 4


@pytest.mark.parametrize("part", BUDGETS)
def test_the_overlay_is_thin(part: str) -> None:
    counted = {
        path.relative_to(OVERLAY).as_posix(): code_lines(path.read_text("utf-8"))
        for path in modules(OVERLAY)
        if _part(path) == part and not re.search(r"\b(_sync|_?testing)\b", path.relative_to(OVERLAY).as_posix())
    }
    assert counted
    assert sum(counted.values()) < BUDGETS[part], counted


def test_every_folder_of_the_overlay_has_a_budget_or_stands_apart() -> None:
    assert {_part(path) for path in modules(OVERLAY)} == {*BUDGETS, *APART, "_sync"}


def _part(path: Path) -> str:
    parts = path.relative_to(OVERLAY).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("folder", ["overlay", "sandbox/portone_v1_sandbox", "cli/portone_v1_cli", "scripts"])
def test_modules_have_one_idea(folder: str) -> None:
    paths = [path for path in modules(ROOT / folder) if "tests" not in path.parts]
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in paths}
    assert {path.name: length for path, length in lengths.items() if length > 300} == {}
    long = [path for path, length in lengths.items() if length > 200]
    assert len(long) <= len(lengths) * 0.2, sorted(path.name for path in long)


def test_generated_code_stands_on_the_runtime_alone() -> None:
    paths = modules(GENERATED)
    assert len(paths) > 30
    known = {name for path in paths for name in imported(path) if name.startswith("portone_v1")}
    assert known == {"portone_v1_runtime"}


def test_the_runtime_imports_no_other_package_of_the_project() -> None:
    paths = modules(RUNTIME)
    assert len(paths) > 8
    known = {name for path in paths for name in imported(path) if name not in sys.stdlib_module_names}
    assert known == {"attrs", "msgspec", "pandas", "polars", "pydantic", "pydantic_core"}


def test_only_the_transport_knows_httpx() -> None:
    """The SDK's own connections are httpcore's; httpx is for a transport of the caller's, and for a packed answer.

    The command line and the sandbox talk to others than V1 as well (a webhook address, a merchant).
    """
    known = {path for path in [*modules(OVERLAY), *modules(RUNTIME), *modules(GENERATED)] if "httpx" in imported(path)}
    assert {path for path in known if _part(path) not in APART} == {
        OVERLAY / "_http" / "connections.py",
        OVERLAY / "_http" / "transport.py",
        OVERLAY / "_http" / "response_stream.py",
    }


def test_the_overlay_needs_what_the_distribution_needs() -> None:
    allowed = {
        "httpx",
        "attrs",
        "certifi",
        "anyio",
        "httpcore",
        "idna",
        "portone_v1",
        "portone_v1_generated",
        "portone_v1_runtime",
    }  # httpx brings some
    for path in modules(OVERLAY):
        if path.relative_to(OVERLAY).parts[0] in ("contrib",):
            continue
        strange = {name for name in imported(path) if name not in sys.stdlib_module_names} - allowed
        assert not strange, (path, strange)


def test_every_module_says_what_it_is_and_what_it_gives() -> None:
    for path in [*modules(OVERLAY), *modules(RUNTIME)]:
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        if path.name != "__main__.py" and len(tree.body) > 1:
            named = {
                target.id
                for node in tree.body
                if isinstance(node, ast.Assign | ast.AnnAssign)
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                if isinstance(target, ast.Name)
            }
            assert "__all__" in named, path
