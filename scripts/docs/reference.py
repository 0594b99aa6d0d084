"""The reference: a page for each area's operations, and pieces for what is written by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from portone_v1_generated.operations import OPERATIONS

from .bundle import examples
from .docstrings import Docstring
from .links import SAFE, Area, linker, target
from .markup import code, code_block, note, table
from .source import Class, Function

__all__ = ["area_page", "class_part", "function_part"]

FLOW = re.compile(r"Flow\[(.*)\]")


def area_page(area: Area) -> str:
    page = f"reference/{area.name}.md"
    safe = [name for name in SAFE if name.startswith(f"{area.name}.")]
    parts = [f"# client.{area.name}\n\n**{area.korean}.** {area.english}\n", _overview(area)]
    if safe:
        links = ", ".join(f"[`{name}`]({target(name, page)})" for name in safe)
        parts.append(note("tip", "Where money moves", f"Prefer the money-safe methods built on these: {links}."))
    parts += [_operation(area, method, page) for method in area.methods]
    return "\n".join(parts)


def _overview(area: Area) -> str:
    rows = [
        [f"[`{one.name}`](#{one.name})", one.docstring.korean, one.docstring.english, _wire(area, one.name)]
        for one in area.methods
    ]
    return table(["method", "이름", "what it does", "V1"], rows)


def _wire(area: Area, method: str) -> str:
    info = OPERATIONS.get(f"{area.name}_{method}")
    return f"`{info.method} {info.path}`" if info else ""


def _operation(area: Area, method: Function, page: str) -> str:
    identity = f"{area.name}_{method.name}"
    info = OPERATIONS.get(identity)
    head = f"## {method.name} {{ #{method.name} }}\n\n**{method.docstring.korean}.** {method.docstring.english}\n"
    parts = [head, code_block(method.signature(f"client.{area.name}.{method.name}"))]
    if info and info.deprecated:
        parts.append(note("warning", "Withdrawn", "The vendor no longer lists this operation: calling it warns."))
    parts.append(method.docstring.body + "\n")
    required = {one.python_name for one in info.parameters if one.required} if info else set[str]()
    sensitive = {one.python_name for one in info.parameters if one.sensitive} if info else set[str]()
    parts.append(_arguments(method, page, required, sensitive))
    if method.docstring.raises:
        links = [_linked(name, page) for names in method.docstring.raises for name in names.split(", ")]
        parts.append(f"Raises {', '.join(links)}.\n")
    if info:
        parts.append(_examples(identity))
    return "\n".join(part for part in parts if part)


def _linked(name: str, page: str) -> str:
    link = target(name, page)
    return f"[`{name}`]({link})" if link else f"`{name}`"


def _arguments(method: Function, page: str, required: set[str], sensitive: set[str]) -> str:
    kinds = {name: kind for name, kind, _ in method.parameters}
    rows: list[list[str]] = []
    for names, text in method.docstring.args.items():
        korean, english = _names(text)
        listed = names.split(", ")
        kind = kinds.get(listed[0], "").replace(" | Unset", "")
        marks = ", ".join(word for word, named in (("required", required), ("hidden", sensitive)) if listed[0] in named)
        shown = ", ".join(f"`{name}`" for name in listed) + (f" *{marks}*" if marks else "")
        rows.append([shown, korean, code(kind, linker(page)), english])
    return table(["argument", "이름", "type", "meaning"], rows)


def _names(text: str) -> tuple[str, str]:
    """The Korean name that opens an explanation, and the rest."""
    first, dot, rest = text.partition(". ")
    if not dot:
        first, dot, rest = text.partition(";")
    hangul = len(re.findall("[가-힣]", first))
    return (first, rest.strip()) if dot and hangul * 3 > len(first) and len(first) <= 60 else ("", text)


def _examples(identity: str) -> str:
    """What was answered to what: each case in a line, and the plain case in full."""
    rows: list[list[str]] = []
    shown: list[str] = []
    for case, summary, request, status, answer in examples(identity):
        rows.append([f"`{case}`", summary, f"HTTP {status}", f"`code` {answer['code']}", answer.get("message") or ""])
        if case == "ok":
            sent = "" if request is None else code_block(json.dumps(request, ensure_ascii=False, indent=2), "json")
            shown = [part for part in (sent, code_block(_short(answer), "json")) if part]
    folded = note("example", "What is sent and answered", "\n".join(shown), folded=True) if shown else ""
    return table(["case", "what happens", "status", "code", "message"], rows) + "\n" + folded


def _short(answer: Mapping[str, Any]) -> str:
    return json.dumps(_without_blanks(answer), ensure_ascii=False, indent=2)


def _without_blanks(value: Any) -> Any:
    """The answer without what does not concern it, so that it can be read."""
    if isinstance(value, dict):
        kept = {name: _without_blanks(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item not in (None, [], {}) or name == "message"}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value


def function_part(function: Function, shown_as: str, page: str, *, level: int = 2) -> str:
    """A function of the overlay: its signature as the caller sees it, its docstring, its arguments and errors."""
    doc = function.docstring
    signature = FLOW.sub(r"\1", function.signature(shown_as))
    anchor = shown_as.rpartition(".")[2]
    raised = [[", ".join(_linked(name, page) for name in names.split(", ")), why] for names, why in doc.raises.items()]
    parts = [
        f"{'#' * level} {anchor} {{ #{anchor} }}\n",
        code_block(signature),
        f"{_opening(doc)}\n",
        f"{doc.body}\n" if doc.body else "",
        _arguments(function, page, set(), set()),
        table(["raises", "when"], raised),
    ]
    return "\n".join(part for part in parts if part)


def class_part(found: Class, page: str, *, level: int = 2, init: Function | None = None) -> str:
    """A class of the overlay: what it is, how it is built, what it holds and does."""
    doc = found.docstring
    init = init or next((function for function in found.functions if function.name == "__init__"), None)
    parts = [f"{'#' * level} {found.name} {{ #{found.name.lower()} }}\n"]
    if init is not None:
        init = Function("__init__", doc, init.parameters, "")
        parts.append(code_block(init.signature(found.name)))
    parts += [f"{_opening(doc)}\n", f"{doc.body}\n" if doc.body else ""]
    if init is not None:
        parts.append(_arguments(init, page, set(), set()))
    values = [
        [f"`{one.name}`", code(one.kind, linker(page)), code(_plain_default(one.value)), _opening(one.docstring)]
        for one in found.values
        if one.kind
    ]
    methods = [
        [
            f"`{one.name}`" if "property" in one.decorators else f"`{one.name}()`",
            code(one.returns, linker(page)),
            "",
            f"{_opening(one.docstring)} {one.docstring.body}".strip(),
        ]
        for one in found.functions
        if not one.name.startswith("_") and one.docstring.summary
    ]
    parts.append(table(["name", "type", "default", "meaning"], [*values, *methods]))
    return "\n".join(part for part in parts if part)


def _opening(doc: Docstring) -> str:
    return f"**{doc.korean}.** {doc.english}" if doc.korean else doc.summary


def _plain_default(value: str) -> str:
    """A default that says something to a reader."""
    return "" if value.startswith("field(") else value
