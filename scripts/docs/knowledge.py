"""The knowledge in spec/ about V1 and single PGs beyond the document: claims, profiles and the vendor's advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import portone_v1_generated.models
from portone_v1 import codes, pg_profiles
from portone_v1_generated.operations import OPERATIONS

from ..evidence import GRADES, Evidence, leaves
from .markup import code_words, operation_link
from .reference import spec


def evidence() -> Evidence:
    return spec().evidence


def claims() -> list[dict[str, Any]]:
    """Return the claims, the best grade first."""
    return sorted(evidence().claims, key=lambda claim: (GRADES.index(claim["grade"]), claim["id"]))


def profile(pg: str) -> dict[str, Any] | None:
    """Return the profile of a PG: what SDK and sandbox act on, other facts, and what is not known."""
    known = evidence().profiles.get(pg)
    if known is None:
        return None
    acts = {name: known[name] for name in ("kind", "offers") if name in known} | known.get("plays", {})
    return {"acts": acts, "facts": known.get("facts", {}), "unknown": known.get("unknown", [])}


@cache
def profile_grades() -> Counter[str]:
    return Counter(leaf["grade"] for known in evidence().profiles.values() for _, leaf in leaves(known))


def fact_rows(facts: Mapping[str, Mapping[str, Any]], against: str) -> Iterator[list[str]]:
    for name, fact in facts.items():
        remarks = [str(fact["note"])] if fact.get("note") else []
        remarks += [f"{against}: {_shown(other['value'])}" for other in fact.get("conflicts", [])]
        sources, remark = fact["sources"], "; ".join(remarks).replace("|", "\\|")
        vouching = str(evidence().independent(sources))
        yield [f"`{name}`", _shown(fact["value"]), fact["grade"], vouching, code_words(sources), remark]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in cast("Mapping[str, Any]", value).items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value) or "–"  # pyright: ignore[reportUnknownVariableType]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value).replace("|", "\\|").replace("*", "\\*")


def refunding() -> list[str]:
    """Return the PGs whose bank codes are known."""
    return [pg for pg in pg_profiles.codes() if pg_profiles.get(pg).value("refund.bank") is not None]


def refund_banks() -> list[list[str]]:
    """Return each bank with its code at every such PG."""
    banks = [bank for bank in codes.banks() if bank.refundable]
    return [[bank.code, bank.name, *(_code(pg, bank.code) for pg in refunding())] for bank in banks]


def refunds(pg: str) -> list[list[str]]:
    """Return the banks that a PG has codes for."""
    found = [(bank, _code(pg, bank.code)) for bank in codes.banks()]
    return [[f"{bank.name} ({bank.code})", f"`{code}`"] for bank, code in found if code]


def _code(pg: str, bank: str) -> str:
    try:
        return codes.refund_bank(pg, bank)
    except codes.UnknownCodeError:
        return ""


@dataclass(frozen=True)
class Advice:
    """The vendor's statement about a PG at one place of the specification. It is advice, not a contract."""

    pg: str
    owner: str
    """The operation id, or the schema's name."""
    field: str
    """The argument or the field, empty for the operation as a whole."""
    korean: str
    says: Mapping[str, bool]
    """Which of `supported`, `unsupported` and `required` it says."""
    note: str

    @property
    def link(self) -> str:
        """A link to the place."""
        if info := OPERATIONS.get(self.owner):
            return f"{operation_link(f'{info.area}.{info.name}')} {info.name_ko}"
        known = self.owner in portone_v1_generated.models.__all__
        return f"[`{self.owner}`][portone_v1.models.{self.owner}]" if known else f"`{self.owner}`"

    @property
    def row(self) -> list[str]:
        return [self.link, f"`{self.field}`" if self.field else "", self.korean, self.note]


@cache
def advice() -> dict[str, list[Advice]]:
    """Return all advice by PG, that about whole operations first."""
    found: dict[str, list[Advice]] = {}
    for place in spec().of("operation", "parameter", "property", "component"):
        marks: dict[str, Any] = place.node.get("x-pg", {})
        owner, _, field = place.where.partition(".")
        notes: dict[str, str] = marks.get("notes", {})
        listed = {says: marks.get(says, []) for says in ("required", "supported", "unsupported")}
        for pg in sorted({*notes, *(code for marked in listed.values() for code in marked)}):
            says = {word: pg in marked for word, marked in listed.items()}
            one = Advice(pg, owner, field, place.node.get("x-name-ko", ""), says, notes.get(pg, ""))
            found.setdefault(pg, []).append(one)
    return found


def pgs() -> dict[str, str]:
    """Return every PG that something is known about, with its name."""
    named: dict[str, str] = spec().schemas["PgProvider"].get("x-open-enum", {})
    return {pg: named.get(pg, "") for pg in sorted(advice().keys() | evidence().profiles.keys())}
