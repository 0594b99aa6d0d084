"""Scenarios: one call creates a history from which a shop's test or screen can start."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.handlers import HANDLERS
from ..errors.shops import no_such_name
from ..payments.checkout import PAY, pay
from ..state.cards import TEST_CARDS
from ..state.conditions.clock import SandboxClock
from ..state.conditions.faults import Decline

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["SCENARIOS", "play"]

DAY: Final = 24 * 60 * 60


class Scenario(NamedTuple):
    about: str
    about_ko: str
    names: tuple[str, ...]
    """Names of its orders and customers, without the prefix."""
    play: Callable[[Player], dict[str, Any]]


class Player:
    """Plays a scenario for one tier, with order numbers that begin with a prefix."""

    def __init__(self, engine: Engine, prefix: str, tier: str | None) -> None:
        self.engine, self.prefix, self.tier = engine, prefix, tier

    def named(self, name: str) -> str:
        return f"{self.prefix}-{name}"

    def call(self, operation: str, **fields: Any) -> Any:
        """Call V1 as the shop's server does. Raises Refusal."""
        info = OPERATIONS[operation]
        in_path = {p.name: fields.pop(p.name) for p in info.parameters if p.location == "path" and p.name in fields}
        return HANDLERS[operation](self.engine.call(info, {"path": in_path, "body": fields}, self.tier)).payload

    def pay(self, order: str, amount: int, **fields: Any) -> str:
        """Pay in the window and return the imp_uid."""
        body = {"merchant_uid": self.named(order), "amount": amount, **fields}
        return pay(self.engine.call(PAY, {"body": body}, self.tier)).imp_uid

    def wait(self, seconds: int) -> None:
        self.engine.clock.advance(seconds=seconds)


def play(engine: Engine, name: str, prefix: str | None = None, tier: str | None = None) -> dict[str, Any]:
    """Play a scenario and return its ids. Raises Refusal, with nothing played, if an order number is taken."""
    if name not in SCENARIOS:
        raise no_such_name("scenario", name, SCENARIOS)
    scenario = SCENARIOS[name]
    prefix = prefix or name.replace("_", "-")
    rehearsal = Player(_copy_for(engine, scenario, prefix, tier), prefix, tier)
    with rehearsal.engine.transaction():
        scenario.play(rehearsal)
    # Waiting declines are meant for the shop's own charges.
    waiting, engine.state.declines = engine.state.declines, []
    try:
        return scenario.play(Player(engine, prefix, tier))
    finally:
        engine.state.declines = [*waiting, *engine.state.declines]


def _copy_for(engine: Engine, scenario: Scenario, prefix: str, tier: str | None) -> Engine:
    """Return an engine with everything that could make V1 refuse a call of the scenario, and nothing else."""
    scratch = type(engine)(engine.settings, SandboxClock.frozen_at(engine.clock.now()))
    source, target = engine.state, scratch.state
    target.serial = source.serial
    target.tiers.update(source.tiers)
    target.deferred_refunds = set(source.deferred_refunds)
    for name in scenario.names:
        key = tier, f"{prefix}-{name}"
        for attempt in source.attempts(*key):
            target.payments[attempt.imp_uid] = copy.deepcopy(attempt)
        tables: list[tuple[dict[Any, Any], dict[Any, Any]]] = [
            (source.prepared, target.prepared),
            (source.schedules, target.schedules),
            (source.billing_keys, target.billing_keys),
        ]
        for kept, copied in tables:
            if key in kept:
                copied[key] = copy.deepcopy(kept[key])
    return scratch


def _orders(player: Player) -> dict[str, Any]:
    paid = [
        player.pay(f"paid-{number}", 10_000 * number, name="원두 200g", buyer_name="홍길동") for number in (1, 2, 3)
    ]
    cancelled = player.pay("cancelled", 15_000, name="드리퍼", buyer_name="김영희")
    player.call("payments_cancel", imp_uid=cancelled, amount=15_000, checksum=15_000, reason="단순 변심")
    waiting = player.pay("waiting", 30_000, pay_method="vbank", status="ready", name="그라인더", buyer_name="이철수")
    return {"paid": paid, "cancelled": cancelled, "waiting": waiting}


def _month(player: Player) -> dict[str, Any]:
    customers = [player.named(f"customer-{number}") for number in (1, 2, 3)]
    start = player.engine.clock.now()
    for number, customer in enumerate(customers, 1):
        player.call(
            "billing_keys_issue", customer_uid=customer, card_number=TEST_CARDS["ordinary"].number,
            expiry="2099-12", birth="880101", customer_name="홍길동",
        )  # fmt: skip
        weeks = [
            {
                "merchant_uid": player.named(f"{number}-week-{week}"),
                "schedule_at": start + week * 7 * DAY + number * 60,
                "amount": 9_900,
                "currency": "KRW",
                "name": "주간 배송",
            }
            for week in (1, 2, 3, 4)
        ]
        player.call("subscribe_schedule", customer_uid=customer, schedules=weeks)
    player.wait(14 * DAY + 3600)
    declined = Decline(left=1, customer_uid=customers[1], message="[SB51] 한도초과", outcome="failed")
    player.engine.state.inject(declined)
    player.wait(16 * DAY)
    orders = {
        customer: [player.named(f"{n}-week-{week}") for week in (1, 2, 3, 4)] for n, customer in enumerate(customers, 1)
    }
    return {"customers": orders, "declined": player.named("2-week-3")}


SCENARIOS: Final[Mapping[str, Scenario]] = {
    "five_orders": Scenario(
        "Three orders paid, one cancelled, one waiting for its deposit.",
        "결제 완료 3건, 취소 1건, 가상계좌 입금대기 1건.",
        ("paid-1", "paid-2", "paid-3", "cancelled", "waiting"),
        _orders,
    ),
    "subscription_month": Scenario(
        "Three customers billed weekly for a month of the sandbox's clock; the second one's third charge is declined.",
        "고객 3명을 매주 자동결제하는 한 달(샌드박스 시계 기준). 두 번째 고객의 3회차 결제가 거절됩니다.",
        (
            *(f"customer-{number}" for number in (1, 2, 3)),
            *(f"{number}-week-{week}" for number in (1, 2, 3) for week in (1, 2, 3, 4)),
        ),
        _month,
    ),
}
