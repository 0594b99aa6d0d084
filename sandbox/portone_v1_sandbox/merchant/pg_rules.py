"""PG별 규칙: the vendor's rules for the PG of a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from portone_v1_generated.pg_rules import PG_RULES

from ..dispatch.arguments import Arguments
from ..dispatch.handlers import Call
from ..errors.base import Refusal
from ..errors.pgs import needed_by_pg, not_for_pg
from ..state.channels import Channel
from ..wire.json_types import is_list, is_object

__all__ = ["check_pg_rules", "check_rules_of", "is_refused_by", "note_advice"]

SAY_IT_THEMSELVES: Final = frozenset({"receipts_issue_external", "kcp_quick_pay_with_money", "kcp_quick_release_fido"})
"""Operations that have a response of their own for a PG that they do not support."""

IGNORED: Final = frozenset({("vbanks_issue", "vbank_holder")})
"""Arguments that some PGs ignore; documented."""


def check_pg_rules(call: Call) -> None:
    """Note in the journal which rules the call breaks. V1 was not seen refusing it, so only `pg_rules` refuses it."""
    note_advice(call, lambda: _require_pg_rules(call.operation.id, call.arguments, call.settings.channels))


def check_rules_of(pg: str, call: Call) -> None:
    """Check the arguments, like `check_pg_rules`, against the rules of a PG that the request does not name."""
    note_advice(call, lambda: _require_rules_of(pg, call.operation.id, call.arguments))


def is_refused_by(argument: str, pg: str, call: Call) -> bool:
    """Return whether the PG is listed as one that does not support this argument of the operation."""
    return any(rule.argument == argument and pg in rule.unsupported for rule in PG_RULES.get(call.operation.id, ()))


def note_advice(call: Call, check: Callable[[], None]) -> None:
    """Note in the journal what `check` raises. Raises it only if the setting `pg_rules` says so."""
    try:
        check()
    except Refusal as refusal:
        if call.settings.pg_rules:
            raise
        call.advice.append(refusal.message)


def _require_pg_rules(operation_id: str, arguments: Arguments, channels: Sequence[Channel]) -> None:
    """Refuse a PG that the operation is not listed for, and a missing or unsupported argument.

    A request without a channel, or with one that the merchant does not have, passes.
    """
    named = _named(arguments, channels)
    if named is None:
        return
    argument, pg = named
    for rule in PG_RULES.get(operation_id, ()):
        if rule.argument or not rule.supported or operation_id in SAY_IT_THEMSELVES:
            continue
        if pg not in rule.supported:
            raise not_for_pg(argument, pg)
    _require_rules_of(pg, operation_id, arguments)


def _require_rules_of(pg: str, operation_id: str, arguments: Arguments) -> None:
    """Refuse a call that lacks an argument of the PG, or has one that the PG does not support."""
    for rule in PG_RULES.get(operation_id, ()):
        if not rule.argument:
            continue
        if pg in rule.required and not all(_values(arguments, rule.argument)):
            raise needed_by_pg(rule.argument, pg)
        if (operation_id, rule.argument) in IGNORED:
            continue
        if pg in rule.unsupported and any(_values(arguments, rule.argument)):
            raise not_for_pg(rule.argument, pg)


def _named(arguments: Arguments, channels: Sequence[Channel]) -> tuple[str, str] | None:
    key = arguments.text("channel_key")
    if key:
        return next((("channel_key", c.pg_provider) for c in channels if c.channel_key == key), None)
    pg = (arguments.text("pg") or "").partition(".")[0]
    if not pg:
        return None
    return ("pg", pg) if any(channel.pg_provider == pg for channel in channels) else None


def _values(arguments: Arguments, argument: str) -> Iterator[bool]:
    """Iterate over the values of an argument, of each schedule for `schedules[].extra.naverUseCfm`: is it there?"""
    head, _, rest = argument.partition(".")
    value = arguments.nested(head.removesuffix("[]"))
    if not rest:
        yield _is_given(value)
        return
    for item in value if is_list(value) else [value]:
        yield _is_given(_inner(item, rest))


def _inner(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if is_object(value) else None
    return value


def _is_given(value: Any) -> bool:
    return value not in (None, "", [])
