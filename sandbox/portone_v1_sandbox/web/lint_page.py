"""The findings of the linter as a page, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from ..lint.report import lint_to_wire
from ..wire.messages import Response
from .assets import ALONE

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["lint_page"]

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "title": "What the sandbox saw your shop do", "clean": "Nothing to report so far.", "why": "Why",
        "do": "What to do",
        "other": "한국어", "back": "Dashboard", "error": "error", "advice": "advice", "calls": "Calls that show it",
    },
    "ko": {
        "title": "샌드박스가 본 상점의 동작", "clean": "아직 발견된 문제가 없습니다.", "why": "이유", "do": "해결 방법",
        "other": "English", "back": "대시보드", "error": "오류", "advice": "권고", "calls": "근거가 되는 호출",
    },
}  # fmt: skip


def lint_page(engine: Engine, language: str) -> Response:
    """Return the page in Korean or English."""
    korean = language.startswith("ko")
    words, other = (WORDS["ko"], "en") if korean else (WORDS["en"], "ko")
    found = lint_to_wire(engine)["findings"]
    shown = "".join(_finding(each, words, "_ko" if korean else "") for each in found)
    body = f"""<!doctype html>
<html lang="{"ko" if korean else "en"}"><head><meta charset="utf-8"><title>{words["title"]}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/_sandbox/web/files/icon.svg"><link rel="stylesheet" href="/_sandbox/web/files/common.css">
<link rel="stylesheet" href="/_sandbox/web/files/app.css">
</head><body><main>
<p><a href="/">{words["back"]}</a> · <a href="?lang={other}" lang="{other}">{words["other"]}</a></p>
<h1>{words["title"]}</h1>
{shown or f"<p>{words['clean']}</p>"}
</main></body></html>
"""
    headers = {
        "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer", "Content-Security-Policy": ALONE,
    }  # fmt: skip
    return Response(200, body.encode("utf-8", "replace"), headers)


def _finding(each: Mapping[str, Any], words: Mapping[str, str], suffix: str) -> str:
    calls = "".join(f"<li>{escape(_call(one))}</li>" for one in each["evidence"])
    return (
        f"<section><h2>{escape(each[f'title{suffix}'])}</h2>"
        f"<p><code>{escape(each['rule'])}</code> ({words[each['level']]})</p>"
        f"<p><strong>{words['why']}</strong> {escape(each[f'why{suffix}'])}</p>"
        f"<p><strong>{words['do']}</strong> {escape(each[f'do{suffix}'])}</p>"
        f"<h3>{words['calls']}</h3><ul>{calls}</ul></section>"
    )


def _call(one: Mapping[str, Any]) -> str:
    about = ", ".join(str(one[name]) for name in ("imp_uid", "merchant_uid") if one[name])
    return f"#{one['number']} {one['call']} {one['status']} {about}".strip()
