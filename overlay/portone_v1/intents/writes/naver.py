"""Judge an action of order-type Naver Pay by its product orders. They lag, so they never disprove it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from portone_v1_generated.models.naver import NaverProductOrder

from ..intent import Intent
from ..verdict import Verdict

__all__ = ["judge_product_orders"]

FOLLOWS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "naver.cancel": frozenset({"CANCELED", "CANCELING", "CANCEL_DONE"}),
        "naver.approve_cancel": frozenset({"CANCELED", "CANCELING", "CANCEL_DONE"}),
        "naver.ship": frozenset({"DELIVERING", "DELIVERED", "PURCHASE_DECIDED"}),
        "naver.ship_exchanged": frozenset({"EXCHANGE_REDELIVERING", "EXCHANGE_DONE", "EXCHANGED"}),
        "naver.collect_exchanged": frozenset({"COLLECT_DONE", "EXCHANGE_REDELIVERING", "EXCHANGE_DONE", "EXCHANGED"}),
        "naver.request_return": frozenset({"RETURN_REQUEST", "COLLECTING", "COLLECT_DONE", "RETURN_DONE", "RETURNED"}),
        "naver.approve_return": frozenset({"RETURN_DONE", "RETURNED"}),
        "naver.reject_return": frozenset({"RETURN_REJECT"}),
    }
)
"""The statuses, of a product order or of its claim, that follow an action."""


def judge_product_orders(intent: Intent, found: Sequence[NaverProductOrder]) -> Verdict:
    """Return `done` if every product order that the action named has followed it; else it stays open for a person."""
    named: Any = intent.arguments.get("product_order_id")
    wanted = {named} if isinstance(named, str) else set(named or ())
    meant = [each for each in found if not wanted or each.product_order_id in wanted]
    states = FOLLOWS[intent.operation]
    lacking = [each for each in meant if not states & {str(each.product_order_status), str(each.claim_status)}]
    if meant and not lacking and len(meant) >= len(wanted):
        return Verdict("done", final=True, evidence="read")
    names = ", ".join(each.product_order_id for each in lacking)
    reason = f"not on {names} yet" if names else "V1 shows no product order"
    return Verdict("undecided", final=False, reason=f"{reason}; Naver passes changes on with delay")
