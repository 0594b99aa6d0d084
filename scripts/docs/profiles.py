"""The profile of a PG as a part of its page: what it offers, answers and leaves open, each value with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, cast

from portone_v1 import codes, pg_profiles

from ..evidence import Evidence, load
from .bundle import ROOT
from .markup import table

__all__ = ["profile_parts", "profiled"]

WORDS: Final = {
    "en": {
        "name": "Korean name",
        "former": "formerly",
        "acts": "How it behaves",
        "acts_intro": "What SDK and sandbox act on. [Claims](../claims.md) explains the grades.",
        "facts": "Other facts",
        "banks": "Codes of refund banks",
        "head": ("what", "value", "grade", "projects", "sources", "remark"),
        "against": "against it",
        "bank": ("bank", "`refund_bank`"),
        "unknown": "Nobody could find out: ",
    },
    "ko": {
        "name": "이름",
        "former": "이전 이름",
        "acts": "동작",
        "acts_intro": "SDK와 샌드박스가 따르는 값입니다. 등급의 뜻은 [근거](../claims.md)에 있습니다.",
        "facts": "그 밖의 사실(영어)",
        "banks": "환불 계좌 은행코드",
        "head": ("항목", "값", "등급", "프로젝트 수", "출처", "설명(영어)"),
        "against": "반대",
        "bank": ("은행", "`refund_bank`"),
        "unknown": "확인하지 못한 항목: ",
    },
}


@cache
def _evidence() -> Evidence:
    return load(ROOT / "spec")


def profiled() -> set[str]:
    return {*_evidence().profiles}


def profile_parts(pg: str, language: str) -> list[str]:
    """Nothing for a PG without a profile."""
    words: Any = WORDS[language]
    known = _evidence().profiles.get(pg)
    if known is None:
        return []
    named = codes.pg(pg)
    former = f" ({words['former']}: {', '.join(named.former)})" if named.former else ""
    parts = [f"{words['name']}: {named.name}{former}. `{named.lifecycle}`\n"]
    plays = {name: known[name] for name in ("kind", "offers") if name in known} | known.get("plays", {})
    for section, facts in (("acts", plays), ("facts", known.get("facts", {}))):
        rows = [_row(name, fact, words) for name, fact in facts.items()]
        if rows:
            intro = f"{words['acts_intro']}\n\n" if section == "acts" else ""
            parts.append(f"## {words[section]}\n\n{intro}{table(words['head'], rows)}")
    if banks := _banks(pg):
        parts.append(f"## {words['banks']}\n\n{table(words['bank'], banks)}")
    if known.get("unknown"):
        parts.append(f"{words['unknown']}{', '.join(f'`{name}`' for name in known['unknown'])}.\n")
    return parts


def _row(name: str, fact: Mapping[str, Any], words: Any) -> list[str]:
    evidence = _evidence()
    remarks = [str(fact["note"])] if fact.get("note") else []
    remarks += [f"{words['against']}: {_shown(other['value'])}" for other in fact.get("conflicts", [])]
    sources = ", ".join(f"`{source}`" for source in fact["sources"])
    count = str(evidence.independent(fact["sources"]))
    return [f"`{name}`", _shown(fact["value"]), fact["grade"], count, sources, "; ".join(remarks).replace("|", "\\|")]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in cast("Mapping[str, Any]", value).items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value) or "–"  # pyright: ignore[reportUnknownVariableType]
    if value is None:
        return "null"
    return (
        ("true" if value else "false")
        if isinstance(value, bool)
        else str(value).replace("|", "\\|").replace("*", "\\*")
    )


def _banks(pg: str) -> list[list[str]]:
    profile = pg_profiles.get(pg)
    if profile.value("refund.bank") is None:
        return []
    rows: list[list[str]] = []
    for bank in codes.banks():
        try:
            rows.append([f"{bank.name} ({bank.code})", f"`{codes.refund_bank(pg, bank.code)}`"])
        except codes.UnknownCodeError:
            continue
    return rows
