"""Every name of the vendor's document with its name here: the search of the site finds what a reader knows."""

from __future__ import annotations

import json
import re
from typing import Final

import portone_v1_generated.models
from portone_v1_generated.operations import OPERATIONS
from portone_v1_generated.vendor_names import VENDOR_NAMES

from .bundle import ROOT, operations
from .markup import operation_link, table

__all__ = ["vendor_names_page", "vendor_types"]

WORDS: Final = {
    "en": {
        "title": "Vendor names",
        "intro": "Names of PortOne's own API document (Swagger) and their names in this SDK. Search for one you know. "
        "An import tells you too: `from portone_v1.models import PaymentAnnotation` fails with "
        '"PaymentAnnotation is `Payment` here".',
        "types": "Types",
        "told": "A `…Response` is the envelope around a payload. Methods return the payload; "
        "[`with_raw_response`](index.md#rawresponse) returns the envelope too.",
        "head": ("vendor", "here", "Korean name"),
        "unused": "none: no operation uses it",
        "operations": "Operations",
        "operation_head": ("vendor", "method and path", "here"),
    },
    "ko": {
        "title": "포트원 문서의 이름",
        "intro": "포트원 API 문서(Swagger)의 이름과 이 SDK의 이름입니다. 아는 이름으로 검색하세요. "
        "`from portone_v1.models import PaymentAnnotation`도 "
        '"PaymentAnnotation is `Payment` here"라는 오류로 이름을 알려 줍니다.',
        "types": "타입",
        "told": "`…Response`는 본문을 감싸는 응답 봉투입니다. 메서드는 본문을 반환하고, "
        "[`with_raw_response`](index.md#rawresponse)는 봉투도 반환합니다.",
        "head": ("포트원", "portone-v1", "이름"),
        "unused": "없음: 어느 API도 쓰지 않습니다",
        "operations": "API",
        "operation_head": ("포트원", "메서드와 경로", "portone-v1"),
    },
}


def vendor_types() -> dict[str, str]:
    """Each of the vendor's types with its type here, empty if no operation uses it."""
    lock = json.loads((ROOT / "spec" / "upstream.lock.json").read_text(encoding="utf-8"))
    return {name: VENDOR_NAMES.get(name, name) for name in sorted(lock["definitions"]) if name.isidentifier()}


def vendor_names_page(language: str) -> str:
    words = WORDS[language]
    types = [
        [f"`{vendor}`", _linked(here) or str(words["unused"]), _korean(here)] for vendor, here in vendor_types().items()
    ]
    calls: list[list[str]] = []
    for identity, operation in operations().items():
        info, vendor = OPERATIONS[identity], operation.get("x-vendor-operation-id", "")
        name = f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"
        calls.append([f"`{vendor}`", f"`{info.method} {info.path}`", name])
    return (
        f"# {words['title']}\n\n{words['intro']}\n\n"
        f"## {words['types']}\n\n{words['told']}\n\n{table(words['head'], types)}\n"
        f"## {words['operations']}\n\n{table(words['operation_head'], sorted(calls))}"
    )


def _models(here: str) -> list[str]:
    return [name for name in re.findall(r"\w+", here) if name in portone_v1_generated.models.__all__]


def _linked(here: str) -> str:
    """`BulkList[Payment]` with a link for each model; a bar would end the cell of a table."""
    links = ", ".join(f"[`{name}`][portone_v1.models.{name}]" for name in _models(here))
    if here in portone_v1_generated.models.__all__ or " | " in here or not here:
        return links
    return f"`{here}` {links}".strip()


def _korean(here: str) -> str:
    docs = (getattr(portone_v1_generated.models, name).__doc__ or "" for name in _models(here))
    return ", ".join(re.split("[:.]", doc)[0] for doc in docs)
