"""Write each `_sync/` folder of the overlay from the `_async/` beside it: the same code without its awaits.

Tokens are dropped or renamed in place and lines are never joined or split, so that a line of the copy has the number of
its source. What no rule covers is refused, never passed through.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import Final

from .steps import ROOT, StepError

OVERLAY: Final = ROOT / "overlay" / "portone_v1"
SOURCE: Final = "_async"
COPY: Final = "_sync"

RENAMES: Final = {
    "async_sleep": "sleep",
    "async_shielded": "shielded",
    "PerLoop": "PerProcess",
    "aread": "read",
    "handle_async_request": "handle_request",
    "aclose": "close",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
}
"""Beside `AsyncName`, which always becomes `Name`."""
WRAPPERS: Final = {"Awaitable": 0, "Coroutine": 2}
"""Types that go: `Awaitable[T]` and `Coroutine[A, B, T]` become `T`, the argument of this number."""
BANNED: Final = {"asyncio", "anyio", "trio", "threading", "concurrent", "httpx", "inspect"}
"""What has no meaning, or another one, in the other flavour: it belongs into `concurrency.py`, once for each."""
LEFT_OVER: Final = re.compile(r"(?i)async|await|coroutine|^__a(iter|next)__$|^a(iter|next)$")
PLACES: Final = frozenset({"_async"})

NAME, OP, STRING, COMMENT = tokenize.NAME, tokenize.OP, tokenize.STRING, tokenize.COMMENT


class SyncCopyError(StepError):
    """The source says something that no rule covers."""


def renamed(name: str) -> str:
    if name in RENAMES:
        return RENAMES[name]
    return re.sub(r"^(_*)Async(?=[A-Z])", r"\1", name)


def convert(source: str, name: str) -> str:
    """The synchronous copy of one module."""
    _check_source(source, name)
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    lines = source.splitlines(keepends=True)
    edits: list[tuple[tuple[int, int], tuple[int, int], str]] = []
    docstrings = _docstrings(source)
    index, in_import = 0, False
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else token
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            in_import = False
        if token.type == NAME and token.string == "import":
            in_import = True
        if token.type == NAME and token.string in ("async", "await"):
            if following.start[0] != token.start[0]:
                raise SyncCopyError(f"{name}:{token.start[0]}: {token.string} stands at the end of a line")
            edits.append((token.start, following.start, ""))
        elif token.type == NAME and token.string in WRAPPERS:
            if in_import:
                first, last = token.start, following.start
                if following.string == ",":
                    last = tokens[index + 2].start
                elif tokens[index - 1].string == ",":
                    first, last = tokens[index - 1].start, token.end
                if first[0] != last[0]:
                    raise SyncCopyError(f"{name}:{token.start[0]}: {token.string} needs other names beside it")
                edits.append((first, last, ""))
            else:
                index = _unwrap(tokens, index, edits, name)
        elif token.type == NAME and renamed(token.string) != token.string:
            edits.append((token.start, token.end, renamed(token.string)))
        elif token.type == STRING and token.start in docstrings:
            edits.append((token.start, token.end, _prose(token.string)))
        elif token.type == STRING and renamed(token.string[1:-1]) != token.string[1:-1]:  # an entry of __all__
            edits.append((token.start, token.end, token.string[0] + renamed(token.string[1:-1]) + token.string[-1]))
        elif token.type == STRING and LEFT_OVER.search(token.string):
            raise SyncCopyError(f"{name}:{token.start[0]}: a text that is not a docstring speaks of one flavour")
        elif token.type == COMMENT and index == 0:
            edits.append((token.start, token.end, _header(name)))
        index += 1
    text = _apply(lines, edits)
    _check_copy(text, source, name)
    return text


def _unwrap(
    tokens: list[tokenize.TokenInfo], index: int, edits: list[tuple[tuple[int, int], tuple[int, int], str]], name: str
) -> int:
    """Drop a wrapper and its brackets; the index of the last token that went before what stays."""
    wrapper, depth, argument = tokens[index], 0, 0
    start = end = index + 1
    if tokens[start].string != "[":
        raise SyncCopyError(f"{name}:{wrapper.start[0]}: {wrapper.string} without its type")
    keep = start + 1
    while True:
        sign = tokens[end].string if tokens[end].type == OP else ""
        depth += (sign in ("[", "(")) - (sign in ("]", ")"))
        if depth == 1 and sign == "," and argument < WRAPPERS[wrapper.string]:
            argument += 1
            keep = end + 1
        if depth == 0:
            break
        end += 1
    if tokens[end].start[0] != wrapper.start[0]:
        raise SyncCopyError(f"{name}:{wrapper.start[0]}: {wrapper.string} is longer than its line")
    edits.append((wrapper.start, tokens[keep].start, ""))
    edits.append((tokens[end].start, tokens[end].end, ""))
    return keep - 1


def _docstrings(source: str) -> set[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    for node in ast.walk(ast.parse(source)):
        for statement in getattr(node, "body", None) or [] if not isinstance(node, ast.Lambda | ast.IfExp) else []:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                places.add((statement.value.lineno, statement.value.col_offset))
    return places


def _prose(text: str) -> str:
    """Names, and the `await` before a call. Prose that awaits stays as it is."""
    text = re.sub(r"\w+", lambda found: renamed(found[0]), text)
    return re.sub(r"\bawait (?=\w+(?:\.\w+)*\()|\basync (?=(?:with|for|def) )", "", text)


def _header(name: str) -> str:
    return f"# @generated by make generate from overlay/portone_v1/{name}; edit that instead."


def _apply(lines: list[str], edits: list[tuple[tuple[int, int], tuple[int, int], str]]) -> str:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    text = "".join(lines)
    for start, end, new in sorted(edits, reverse=True):
        text = text[: starts[start[0] - 1] + start[1]] + new + text[starts[end[0] - 1] + end[1] :]
    return text


def _check_source(source: str, name: str) -> None:
    if not source.startswith("# "):
        raise SyncCopyError(f"{name}: the first line must be a comment, so that the copy's header takes its place")
    tree = ast.parse(source)
    for node in ast.walk(tree):
        modules: list[tuple[int, str]] = []
        if isinstance(node, ast.Import):
            modules = [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [(node.lineno, node.module or "")]
        for line, module in modules:
            if module.partition(".")[0] in BANNED:
                raise SyncCopyError(f"{name}:{line}: {module} belongs into concurrency.py, once for each flavour")
        if isinstance(node, ast.ClassDef) and not node.name.lstrip("_").startswith("Async"):
            raise SyncCopyError(
                f"{name}:{node.lineno}: the class {node.name} would exist twice; shared types stand outside {SOURCE}"
            )
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    if clash := sorted(new for new in {renamed(old) for old in names if renamed(old) != old} & names):
        raise SyncCopyError(f"{name}: {', '.join(clash)} is there beside its asynchronous name")


def _check_copy(text: str, source: str, name: str) -> None:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise SyncCopyError(f"{name}: the copy is not Python: {error}") from error
    if len(text.splitlines()) != len(source.splitlines()):
        raise SyncCopyError(f"{name}: the copy has another number of lines")
    for node in ast.walk(tree):
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith | ast.AsyncFunctionDef):
            raise SyncCopyError(f"{name}:{node.lineno}: still asynchronous")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == NAME and LEFT_OVER.search(token.string) and token.string not in PLACES:
            raise SyncCopyError(f"{name}:{token.start[0]}: no rule for {token.string}")


def copies(overlay: Path = OVERLAY) -> dict[Path, str]:
    """The copies, by the file that each belongs into."""
    sources = {path: path.read_text(encoding="utf-8") for path in sorted(overlay.rglob(f"{SOURCE}/**/*.py"))}
    used = {token for text in sources.values() for token in re.findall(r"\w+", text)}
    if unused := sorted((RENAMES.keys() | WRAPPERS.keys()) - used):
        raise SyncCopyError(f"rules that nothing uses: {', '.join(unused)}")
    return {_copy_of(path): convert(text, path.relative_to(overlay).as_posix()) for path, text in sources.items()}


def _copy_of(source: Path) -> Path:
    return Path(*(COPY if part == SOURCE else part for part in source.parts))


def stale_copies(overlay: Path = OVERLAY) -> list[Path]:
    """Copies that are missing, differ from what their source gives, or have no source any more."""
    return _stale(copies(overlay), overlay)


def _stale(wanted: dict[Path, str], overlay: Path) -> list[Path]:
    present = set(overlay.rglob(f"{COPY}/**/*.py"))
    stale = {path for path, text in wanted.items() if path not in present or path.read_text(encoding="utf-8") != text}
    return sorted(stale | (present - wanted.keys()))


def write_copies(overlay: Path = OVERLAY) -> list[Path]:
    """Bring the copies up to date and return those that changed."""
    wanted = copies(overlay)
    changed = _stale(wanted, overlay)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return changed
