"""Every name of the vendor's document with its name here, from the tables of spec/README.md."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import portone_v1_generated.models
from portone_v1_generated.operations import OPERATIONS

from .bundle import ROOT
from .markup import operation_link, table

__all__ = ["vendor_names_page", "vendor_operations", "vendor_types"]

ROW: Final = re.compile(r"(?m)^\| `([^`]+)` \| (?:`([^`]+)`|dropped) \| (.*?) ?\|$")
OPERATION: Final = re.compile(r"(?m)^\| `(\w+)` \| `([A-Z]+ /\S*)` \| `(\w+)`")
WORDS: Final = {
    "en": (
        "Vendor names",
        "Names of PortOne's own API document (Swagger) and their names in this SDK. Search for a name you know.",
        "Types",
        "Methods return the payload without its envelope. No operation uses the dropped types.",
        ("vendor", "here", "Korean name"),
        "envelope (`code`, `message`, `response`)",
        "dropped",
        "Operations",
        ("vendor", "method and path", "here"),
    ),
    "ko": (
        "포트원 문서의 이름",
        "포트원 API 문서(Swagger)의 이름과 이 SDK의 이름입니다. 아는 이름으로 검색하세요.",
        "타입",
        "메서드는 응답 봉투 없이 본문을 반환합니다. *없음*은 어느 API도 쓰지 않는 타입입니다.",
        ("포트원", "portone-v1", "이름"),
        "응답 봉투(`code`, `message`, `response`)",
        "없음",
        "API",
        ("포트원", "메서드와 경로", "portone-v1"),
    ),
}


@cache
def _text() -> str:
    return (ROOT / "spec" / "README.md").read_text(encoding="utf-8")


def vendor_types() -> dict[str, str]:
    """Vendor's type → ours, empty if the type is not used. Objects without a name of their own are left out."""
    section = _text().partition("### Types")[2].partition("### Operations")[0]
    return {found[1]: found[2] or "" for found in ROW.finditer(section) if re.fullmatch(r"\w+", found[1])}


def vendor_operations() -> list[tuple[str, str, str]]:
    section = _text().partition("### Operations")[2]
    return [(found[1], found[2], found[3]) for found in OPERATION.finditer(section)]


def vendor_names_page(language: str) -> str:
    title, intro, types, told, head, envelope, dropped, operations, operation_head = WORDS[language]

    def here(name: str) -> str:
        if name in portone_v1_generated.models.__all__:
            return f"[`{name}`][portone_v1.models.{name}]"
        return envelope if name else dropped

    def korean(name: str) -> str:
        if name not in portone_v1_generated.models.__all__:
            return ""
        return (getattr(portone_v1_generated.models, name).__doc__ or "").partition(":")[0].partition(".")[0]

    rows = [[f"`{vendor}`", here(ours), korean(ours)] for vendor, ours in sorted(vendor_types().items())]
    calls = []
    for vendor, path, identity in vendor_operations():
        info = OPERATIONS[identity]
        calls.append([f"`{vendor}`", f"`{path}`", f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"])
    return (
        f"# {title}\n\n{intro}\n\n## {types}\n\n{told}\n\n{table(head, rows)}\n"
        f"## {operations}\n\n{table(operation_head, calls)}"
    )
