"""A page for each PG: what the vendor says of it, place by place. Advice, not a contract."""

from __future__ import annotations

from collections import Counter
from typing import Final

import portone_v1_generated.models
from portone_v1_generated.operations import OPERATIONS

from .bundle import Advice, advice, pg_names
from .markup import bullets, operation_link, table
from .profiles import profile_parts, profiled

__all__ = ["pg_codes", "pg_index", "pg_page"]

WORDS: Final = {
    "en": {
        "title": "PGs",
        "intro": "Differences between PGs, collected from the specification. Codes are the values of `pg_provider`.",
        "advice": "PortOne's lists contradict each other in places and change without notice, so they are advice: the "
        "SDK checks a request against them only if you ask for it.",
        "code": "From Python: [PG rules in code](../reference/pg-rules.md).",
        "places": "places that name it",
        "arguments": "required arguments",
        "supported": "Operations that list it as supported",
        "unsupported": "Operations that list it as unsupported",
        "required": "Required arguments",
        "only": "Arguments for some PGs, this one included",
        "notes": "Notes",
        "head": ("where", "argument", "이름", "note"),
    },
    "ko": {
        "title": "PG사",
        "intro": "PG사마다 다른 규칙을 API 스펙에서 모았습니다. 코드는 `pg_provider`의 값입니다.",
        "advice": "포트원의 목록은 서로 어긋나는 곳이 있고 예고 없이 바뀌므로 참고용입니다. "
        "SDK는 요청한 경우에만 이 목록과 대조합니다.",
        "code": "파이썬에서 쓰는 방법은 [PG사 규칙](../reference/pg-rules.md)에 있습니다.",
        "places": "언급된 곳",
        "arguments": "필수 파라미터",
        "supported": "지원한다고 적힌 API",
        "unsupported": "지원하지 않는다고 적힌 API",
        "required": "필수 파라미터",
        "only": "일부 PG사만 쓰는 파라미터",
        "notes": "참고",
        "head": ("위치", "파라미터", "이름", "설명(영어)"),
    },
}


def pg_codes() -> list[str]:
    return sorted({one.pg for one in advice()} | profiled())


def pg_index(language: str) -> str:
    words = WORDS[language]
    counts = Counter(one.pg for one in advice())
    needs = Counter(one.pg for one in advice() if "required" in one.says)
    rows = [
        [f"[`{pg}`]({pg}.md)", pg_names().get(pg, ""), str(counts[pg]), str(needs[pg]) if needs[pg] else ""]
        for pg in pg_codes()
    ]
    shown = table(["PG", " ", str(words["places"]), str(words["arguments"])], rows)
    return f"# {words['title']}\n\n{words['intro']} {words['advice']}\n\n{words['code']}\n\n{shown}"


def pg_page(pg: str, language: str) -> str:
    words = WORDS[language]
    said = [one for one in advice() if one.pg == pg]
    name = f"{pg_names()[pg]}.\n\n" if pg in pg_names() else ""
    parts = [f"# {pg}\n\n{name}{words['advice']}\n", *profile_parts(pg, language)]
    for says in ("supported", "unsupported"):
        places = [one for one in said if not one.field and says in one.says.split(", ")]
        if places:
            parts.append(f"## {words[says]}\n\n{bullets(map(_place, places))}")
    needed = [one for one in said if one.field and "required" in one.says]
    alone = [one for one in said if one.field and "supported" in one.says.split(", ")]
    notes = [one for one in said if one.note]
    for section, found in (("required", needed), ("only", alone), ("notes", notes)):
        rows = [[_place(one), f"`{one.field}`" if one.field else "", one.korean, one.note] for one in found]
        if rows:
            parts.append(f"## {words[section]}\n\n{table(words['head'], rows)}")
    return "\n".join(parts)


def _place(one: Advice) -> str:
    info = OPERATIONS.get(one.owner)
    if info:
        return f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"
    known = one.owner in portone_v1_generated.models.__all__
    return f"[`{one.owner}`][portone_v1.models.{one.owner}]" if known else f"`{one.owner}`"
