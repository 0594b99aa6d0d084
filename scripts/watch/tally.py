"""How many facts there are, by category: what the coverage is a share of."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Fact, Facts

CATEGORIES = (
    "operations",
    "statuses",
    "parameters",
    "definitions",
    "fields",
    "types",
    "requiredness",
    "values",
    "bounds",
    "PG entries",
)


def pg_entries(node: Fact) -> list[str]:
    return [f"{mark} {code}" for mark, codes in sorted(node.get("pg", {}).items()) for code in codes]


def count_fact(fact: Fact, category: str) -> Counter[str]:
    """How many facts of each category one parameter or field holds."""
    extras = len(fact.get("bounds", {})) + sum(key in fact for key in ("default", "format", "deprecated"))
    return Counter(
        {
            category: 1,
            "types": 1,
            "requiredness": 1,
            "values": len(fact.get("values", ())),
            "bounds": extras,
            "PG entries": len(pg_entries(fact)),
        }
    )


def _count_members(members: dict[str, Fact], category: str) -> Counter[str]:
    return sum((count_fact(fact, category) for fact in members.values()), Counter())


def count_operation(node: Fact) -> Counter[str]:
    own = Counter({"operations": 1, "statuses": len(node["statuses"]), "PG entries": len(pg_entries(node))})
    return own + _count_members(node["parameters"], "parameters")


def count_definition(node: Fact) -> Counter[str]:
    return Counter({"definitions": 1, "PG entries": len(pg_entries(node))}) + _count_members(node["fields"], "fields")


def count(facts: Facts) -> Counter[str]:
    """How many facts of each category a document holds."""
    total = sum((count_operation(node) for node in facts["operations"].values()), Counter[str]())
    return total + sum((count_definition(node) for node in facts["definitions"].values()), Counter[str]())
