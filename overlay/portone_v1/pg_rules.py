"""PG별 규칙: the arguments that a PG requires, accepts or refuses, by the vendor's own lists.

    >>> from portone_v1 import pg_rules
    >>> [rule.argument for rule in pg_rules.needed("ksnet", "receipts.issue")]
    ['product_type', 'buyer_name']

The lists contradict each other and change without notice, so they are advice: `client.with_options(pg="welcome")` warns
about a violation, and `pg_errors=True` refuses to send the call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from portone_v1_generated.operations import OPERATIONS
from portone_v1_generated.pg_rules import PG_RULES, PgRule
from portone_v1_runtime.advice import AdviceWarning
from portone_v1_runtime.operation import Call

__all__ = ["PgRule", "PgRuleError", "PgRuleWarning", "advice", "needed", "rules"]


class PgRuleWarning(AdviceWarning):
    """The call violates the vendor's lists for this PG."""


class PgRuleError(ValueError):
    """Same as `PgRuleWarning`, raised if `pg_errors=True`. Nothing was sent."""


def rules(pg: str, operation: str) -> tuple[PgRule, ...]:
    """Return every rule of `operation` (`receipts.issue`) about `pg`, those of the operation itself first."""
    return tuple(
        rule
        for rule in _rules(operation)
        if pg in rule.required or pg in rule.unsupported or pg in rule.notes or (rule.supported and rule.argument)
    )


def needed(pg: str, operation: str) -> tuple[PgRule, ...]:
    """Return the rules of the arguments that `pg` requires."""
    return tuple(rule for rule in _rules(operation) if pg in rule.required)


def _rules(operation: str) -> tuple[PgRule, ...]:
    name = operation if operation in OPERATIONS else operation.replace(".", "_", 1)
    if name not in OPERATIONS:
        raise ValueError(f"unknown operation: {operation}")
    return PG_RULES.get(name, ())


def advice(pg: str, call: Call[Any]) -> list[str]:
    """Return the rules that this call violates, one sentence each."""
    found: list[str] = []
    for rule in PG_RULES.get(call.operation.id, ()):
        if not rule.argument:
            if rule.supported and pg not in rule.supported:
                found.append(f"{call.operation.name} is not supported by {pg}")
            continue
        for holder, name in _holders({**(call.query or {}), **(call.body or {})}, rule.argument):
            given = holder.get(name) not in (None, "", [])
            note = f" ({rule.notes[pg]})" if pg in rule.notes else ""
            if given and ((rule.supported and pg not in rule.supported) or pg in rule.unsupported):
                found.append(f"{rule.argument} is not supported by {pg}{note}")
            elif not given and pg in rule.required:
                found.append(f"{rule.argument} is required by {pg}{note}")
    return found


def _holders(body: Mapping[str, Any], argument: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield each object that could hold the last part of `schedules[].extra.naverUseCfm`, and the name of that part."""
    name, _, rest = argument.partition(".")
    if not rest:
        yield body, name
        return
    inner = body.get(name.removesuffix("[]"))
    for item in cast("Any", inner) if isinstance(inner, list) else [inner]:
        if isinstance(item, Mapping):
            yield from _holders(cast("Mapping[str, Any]", item), rest)
