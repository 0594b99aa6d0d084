"""The examples of an operation, as the specification gives them."""

from __future__ import annotations

import json
from typing import Any, cast

from .bundle import examples
from .markup import code_block, note, table


def examples_part(operation: str) -> str:
    """Each case in one line, then the request and the response of the plain case, folded."""
    rows: list[list[str]] = []
    shown: list[str] = []
    for case, summary, request, status, answer in examples(operation):
        rows.append([f"`{case}`", summary, f"{status}", f"{answer['code']}", answer.get("message") or ""])
        if case == "ok":
            sent = "" if request is None else code_block(_readable(request), "json")
            shown = [part for part in (sent, code_block(_readable(_without_blanks(answer)), "json")) if part]
    folded = note("example", "Request and response · 요청과 응답", "\n".join(shown), folded=True) if shown else ""
    return table(["case", "what happens", "HTTP", "`code`", "message"], rows) + "\n" + folded


def _readable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _without_blanks(value: Any) -> Any:
    """The response without its empty fields, so that it can be read."""
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        kept = {name: _without_blanks(item) for name, item in fields.items()}
        return {name: item for name, item in kept.items() if item not in (None, [], {}) or name == "message"}
    return [_without_blanks(item) for item in value] if isinstance(value, list) else value  # pyright: ignore
