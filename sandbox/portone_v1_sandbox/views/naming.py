"""Find the records that a uid names, by index, without searching any list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..evidence.log import CALLS
from ..state.schedules import listed_place

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.billing_keys import BillingKeyRecord
    from ..state.payments import PaymentRecord
    from ..state.schedules import ScheduleRecord

__all__ = ["records_named"]


def records_named(engine: Engine, uid: str) -> Mapping[str, Sequence[Any]]:
    """Return what an imp_uid, an order or a customer_uid names: the keys of each tab, the newest last.

    Returns nothing for another text. Leaves the journal out for a customer, because its index has none.
    """
    state = engine.state
    payments: dict[str, PaymentRecord] = {}
    schedules: dict[int, ScheduleRecord] = {}
    keys: list[BillingKeyRecord] = []
    customer = False
    if uid in state.payments:
        payment = payments[uid] = state.payments.get_clean(uid)
        schedule = state.schedules.get((payment.tier, payment.merchant_uid))
        if schedule is not None and schedule.imp_uid == uid:
            schedules[id(schedule)] = schedule
    for tier in {None, *engine.tiers, *state.payments.older_tiers_of(uid)}:
        ordered, charged = state.payments.attempts(tier, uid), state.payments.of_customer(tier, uid)
        payments |= {each.imp_uid: each for each in (*ordered, *charged)}
        schedule, key = state.schedules.get((tier, uid)), state.billing_keys.get((tier, uid))
        planned = state.schedules.found((tier, "customer", uid))
        schedules |= {id(each): each for each in (schedule, *planned) if each is not None}
        keys += [] if key is None else [key]
        customer = customer or bool(charged or planned or key)
    if not (payments or schedules or keys):
        return {}
    found: dict[str, Sequence[Any]] = {
        "payments": sorted(payments, key=lambda each: payments[each].serial),
        "billing_keys": keys,
        "schedules": sorted(schedules.values(), key=listed_place),
        "webhooks": engine.webhooks.of(state).naming(uid),
    }
    if not customer:
        found["journal"] = [event for event in engine.evidence.naming(uid) if event.kind in CALLS]
    return found
