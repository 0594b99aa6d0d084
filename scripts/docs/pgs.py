"""A page for each PG: what the vendor says of it, place by place. Advice, not a contract."""

from __future__ import annotations

from collections import Counter
from typing import Final

from portone_v1_generated.operations import OPERATIONS

from .bundle import Advice, advice, pg_names
from .links import target
from .markup import bullets, table

__all__ = ["ADVICE", "pg_codes", "pg_index", "pg_page"]

ADVICE: Final = (
    "The vendor's lists contradict each other in places and change without notice, so they are advice: the SDK lays a "
    "request beside them only where you ask for it."
)


def pg_codes() -> list[str]:
    return sorted({one.pg for one in advice()})


def pg_index() -> str:
    counts = Counter(one.pg for one in advice())
    needs = Counter(one.pg for one in advice() if "required" in one.says)
    rows = [
        [f"[`{pg}`]({pg}.md)", pg_names().get(pg, ""), str(counts[pg]), str(needs[pg]) if needs[pg] else ""]
        for pg in pg_codes()
    ]
    shown = table(["PG", "", "places that name it", "arguments that it needs"], rows)
    korean = "PG마다 다른 규칙을 API 명세에서 모은 표입니다. 코드는 `pg_provider`에 오는 값입니다."
    asking = "How to ask for it: [PG rules in code](../reference/pg-rules.md)."
    told = f"What differs from PG to PG, collected from the specification. {ADVICE} {asking}"
    return f"# PGs\n\n{korean}\n\n{told}\n\n{shown}"


def pg_page(pg: str) -> str:
    page = f"pg/{pg}.md"
    said = [one for one in advice() if one.pg == pg]
    parts = [f"# {pg}\n\n{pg_names().get(pg, '')}.\n\n{ADVICE}\n"]
    for says, title in (("supported", "Operations that it is named for"), ("unsupported", "Not for it")):
        places = [one for one in said if not one.field and says in one.says.split(", ")]
        if places:
            parts.append(f"## {title}\n\n{bullets(_place(one, page) for one in places)}")
    needed = [one for one in said if one.field and "required" in one.says]
    parts.append(_fields("What it needs · 필수 파라미터", needed, page))
    alone = [one for one in said if one.field and "supported" in one.says.split(", ")]
    parts.append(_fields("What only some PGs take, this one too", alone, page))
    notes = [one for one in said if one.note]
    parts.append(_fields("Notes", notes, page))
    return "\n".join(part for part in parts if part)


def _place(one: Advice, page: str) -> str:
    info = OPERATIONS.get(one.owner)
    name = one.owner if info is None else f"{info.area}.{info.name}"
    link = target(name, page)
    return f"[`{name}`]({link}){f' {info.name_ko}' if info else ''}" if link else f"`{name}`"


def _fields(title: str, found: list[Advice], page: str) -> str:
    rows = [[_place(one, page), f"`{one.field}`" if one.field else "", one.korean, one.note] for one in found]
    shown = table(["where", "argument", "이름", "note"], rows)
    return f"## {title}\n\n{shown}" if shown else ""
