"""What spec/ says of V1 and of single PGs beyond the document, each value with its grade and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from ..evidence import GRADES, Evidence, leaves, load
from ..steps import ROOT
from .markup import code_words


@cache
def evidence() -> Evidence:
    return load(ROOT / "spec")


def claims() -> list[dict[str, Any]]:
    """The best grade first."""
    return sorted(evidence().claims, key=lambda claim: (GRADES.index(claim["grade"]), claim["id"]))


def profile(pg: str) -> dict[str, Any] | None:
    """What SDK and sandbox act on, other facts, and what nobody knows."""
    known = evidence().profiles.get(pg)
    if known is None:
        return None
    acts = {name: known[name] for name in ("kind", "offers") if name in known} | known.get("plays", {})
    return {"acts": acts, "facts": known.get("facts", {}), "unknown": known.get("unknown", [])}


@cache
def profile_grades() -> Counter[str]:
    return Counter(leaf["grade"] for known in evidence().profiles.values() for _, leaf in leaves(known))


def fact_rows(facts: Mapping[str, Mapping[str, Any]], against: str) -> list[list[str]]:
    return [_row(name, fact, against) for name, fact in facts.items()]


def _row(name: str, fact: Mapping[str, Any], against: str) -> list[str]:
    remarks = [str(fact["note"])] if fact.get("note") else []
    remarks += [f"{against}: {_shown(other['value'])}" for other in fact.get("conflicts", [])]
    sources, remark = fact["sources"], "; ".join(remarks).replace("|", "\\|")
    vouching = str(evidence().independent(sources))
    return [f"`{name}`", _shown(fact["value"]), fact["grade"], vouching, code_words(sources), remark]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in cast("Mapping[str, Any]", value).items())
    if isinstance(value, list):
        return ", ".join(_shown(inner) for inner in value) or "–"  # pyright: ignore[reportUnknownVariableType]
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value).replace("|", "\\|").replace("*", "\\*")
