"""What a shop does with an order: charge, verify, cancel; over either flavour, with all that it is told kept."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator
from inspect import isawaitable
from random import Random
from time import time
from typing import Any, Final, Literal

from attrs import Factory, define
from portone_v1 import (
    AuthenticationError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    PortOneError,
    RateLimitError,
    VerificationError,
)
from portone_v1.results import Charge, CompletedRefund, NotCharged, NotRefunded, PaidCharge, PendingCharge, Refund
from portone_v1_runtime.unset import FULL, Full
from portone_v1_sandbox import TEST_CARDS

from .leaks import ACCOUNT, BUYER, CARD, Leaks
from .mortal import STEPS, KilledError, dies_at

__all__ = [
    "CARDS",
    "NOTHING_DONE",
    "Intent",
    "Order",
    "plan_orders",
    "rerun",
    "run_at_once",
    "settle",
    "visit",
    "visit_beside",
]

CARDS: Final = ("ordinary", "ordinary", "ordinary", "ordinary", "ordinary", "charge_refused", "charge_failed")
TRIES: Final = 6
NOTHING_DONE: Final = (AuthenticationError, NotSentError, RateLimitError)
"""What says that nothing was done, and may be gone the next time."""
MOST_SETTLEMENTS: Final = 200


@define(eq=False)
class Intent:
    """One thing that the shop wants done once, and what it was told of it."""

    kind: Literal["charge", "cancel"]
    amount: int | Full
    result: object = None

    @property
    def left_open(self) -> bool:
        """The worker was killed, or the PG had not decided: the job runs once more."""
        return isinstance(self.result, KilledError | PendingCharge)

    @property
    def unknown(self) -> OutcomeUnknownError | None:
        return self.result if isinstance(self.result, OutcomeUnknownError) else None


@define(eq=False)
class Order:
    merchant_uid: str
    amount: int
    card: str
    way: Literal["again", "onetime", "window"]
    cancels: list[int | Full]
    chance: Random
    imp_uid: str | None = None
    intents: list[Intent] = Factory(list)
    history: list[tuple[float, str]] = Factory(list)
    wrong: list[str] = Factory(list)
    steps: dict[Intent, Any] = Factory(dict)
    lags: bool = False
    """Reads of it are behind."""
    dies_at: int | None = None
    """The step at which the worker of its first money call is killed."""
    other_card: bool = False
    twice: bool = False
    """A second worker has the same job at the same time."""

    def note(self, what: str) -> None:
        self.history.append((time(), what))


def plan_orders(seed: str, count: int) -> Iterator[Order]:
    for number in range(count):
        chance = Random(f"{seed}/order/{number}")
        amount = chance.randrange(5_000, 90_000, 10)
        part, other = chance.randrange(110, 1_000, 10), chance.randrange(1_010, 1_600, 10)
        cancels: list[list[int | Full]] = [
            [FULL],
            [FULL, FULL],
            [part],
            [part, part, FULL],
            [part, other],
            [part, FULL],
        ]
        cancels += [[amount + 10], [other, amount, FULL], []]
        yield Order(
            merchant_uid=f"order-{number:06d}",
            amount=amount,
            card=chance.choice(CARDS),
            way=chance.choice(("again", "again", "again", "again", "onetime", "onetime", "onetime", "window")),
            cancels=chance.choice(cancels),
            chance=chance,
            dies_at=chance.randint(1, STEPS) if chance.random() < 0.1 else None,
            twice=chance.random() < 0.15,
        )


async def visit_beside(client: Any, order: Order, leaks: Leaks) -> None:
    """Make the same charge at the same time, as a second worker."""
    await _intend(client, order, Intent("charge", order.amount), leaks)


async def rerun(client: Any, intent: Intent, order: Order, leaks: Leaks) -> None:
    """Run a job again long after its worker was killed, as the queue gives it to another one."""
    for _ in range(TRIES):
        intent.result = await _result_of(
            client, order, f"rerun: {intent.kind} {intent.amount}", order.steps[intent], leaks
        )
        if not isinstance(intent.result, NOTHING_DONE):
            return


async def visit(client: Any, order: Order, leaks: Leaks) -> None:
    """Make a visit with the habits of shops: run the job again, offer another card, request the same refund again."""
    if order.way != "window":
        charge = await _intend(client, order, Intent("charge", order.amount), leaks)
        if charge.unknown and order.chance.random() < 0.4:
            if order.way == "again" and order.chance.random() < 0.5:
                order.card, order.other_card = (
                    order.chance.choice(CARDS),
                    True,
                )  # while the first card's charge may still land
            await _intend(client, order, Intent("charge", order.amount), leaks)
        if charge.left_open:
            return
        for intent in list(order.intents):
            if intent.unknown and order.chance.random() < 0.5:
                await settle(client, intent, order, leaks, tries=1)
        for intent in order.intents:
            if isinstance(intent.result, PaidCharge):
                order.imp_uid = intent.result.payment.imp_uid
    if order.imp_uid is None:
        return
    if order.chance.random() < 0.3:
        await _verify(client, order, leaks)
    for amount in order.cancels:
        cancel = await _intend(client, order, Intent("cancel", amount), leaks)
        if cancel.left_open:
            return
        if cancel.unknown or order.chance.random() < 0.2:
            await _again(client, order, cancel, leaks)
        if cancel.unknown:
            if order.chance.random() < 0.5:
                await _intend(client, order, Intent("cancel", FULL), leaks)
            return


async def _again(client: Any, order: Order, cancel: Intent, leaks: Leaks) -> None:
    """Run the cancelling job again: the same return, with the same key."""
    if order.steps.get(cancel) is None:
        return
    answer = await _result_of(client, order, f"again: cancel {cancel.amount}", order.steps[cancel], leaks)
    if isinstance(answer, Refund | OutcomeUnknownError) and not isinstance(cancel.result, CompletedRefund):
        cancel.result = answer  # a key is used up by what was executed, and not by what was refused


async def settle(client: Any, intent: Intent, order: Order, leaks: Leaks, *, tries: int = MOST_SETTLEMENTS) -> None:
    error = intent.unknown
    assert error is not None
    for _ in range(tries):
        found = await _result_of(client, order, "settle", lambda client: client.settle(error), leaks)
        if isinstance(found, Charge | Refund | NotCharged | NotRefunded):
            intent.result = found
            return
        await _done(client._session.sleep(4.0))


async def _intend(client: Any, order: Order, intent: Intent, leaks: Leaks) -> Intent:
    """Carry out an intent, and try it again only if it was certainly not executed."""
    order.intents.append(intent)
    step = _charging(order) if intent.kind == "charge" else _cancelling(order, intent.amount)
    order.steps[intent] = step
    for _ in range(TRIES):
        intent.result = await _result_of(client, order, f"{intent.kind} {intent.amount}", step, leaks)
        if not isinstance(intent.result, NOTHING_DONE):
            break
    return intent


def _charging(order: Order) -> Any:
    sold: dict[str, Any] = {"merchant_uid": order.merchant_uid, "amount": order.amount, "name": "상품", **BUYER}
    card = order.card
    if order.way == "again":
        return lambda client: client.subscribe.again_once(customer_uid=card, **sold)
    number = TEST_CARDS[order.card].number
    return lambda client: client.subscribe.onetime_once(card_number=number, **CARD, **sold)


def _cancelling(order: Order, amount: int | Full) -> Any:
    named: dict[str, str | None] = {"imp_uid": order.imp_uid}
    if order.chance.random() < 0.3:
        named = {"merchant_uid": order.merchant_uid}
    if amount is not FULL and order.chance.random() < 0.5:
        parts = {"tax_free": amount // 2, "vat_amount": amount // 20}
    else:
        parts = {}
    key = None if amount is FULL else f"return-{order.merchant_uid}-{len(order.intents)}"
    return lambda client: client.payments.cancel_once(
        amount=amount, key=key, reason="반품", **named, **parts, **ACCOUNT
    )


async def _verify(client: Any, order: Order, leaks: Leaks) -> None:
    asked = {"merchant_uid": order.merchant_uid, "amount": order.amount}
    right = await _result_of(client, order, "verify", lambda c: c.payments.verify(order.imp_uid, **asked), leaks)
    asked = {"merchant_uid": f"{order.merchant_uid}-", "amount": order.amount + 1}
    tampered = await _result_of(
        client, order, "verify", lambda client: client.payments.verify(order.imp_uid, **asked), leaks
    )
    if isinstance(right, VerificationError) and not order.lags:
        order.wrong.append("a paid order was not verified")
    if not isinstance(tampered, PortOneError):
        order.wrong.append("a tampered order was verified")


async def _done(result: Any) -> Any:
    """Return the result. A synchronous client awaits nothing, so its whole visit runs at once: see `run_at_once`."""
    return await result if isawaitable(result) else result


def run_at_once(visit: Coroutine[Any, Any, None]) -> None:
    """Run a visit over a synchronous client."""
    try:
        visit.send(None)
    except StopIteration:
        return
    raise AssertionError("a synchronous client waited for an event loop")


async def _result_of(client: Any, order: Order, what: str, step: Any, leaks: Leaks) -> object:
    """Return the result of the call, or the exception that it raised."""
    step_of_death, order.dies_at = (
        (order.dies_at, None) if what.startswith(("charge", "cancel")) else (None, order.dies_at)
    )
    try:
        with dies_at(step_of_death):
            result: object = await _done(step(client))
    except (PortOneError, ValueError, KilledError) as error:
        result = error
    leaks.look_at(what, result)
    if isinstance(result, NotFoundError) and not order.lags:
        order.wrong.append("a payment that there is was not found")
    if isinstance(result, KilledError):
        order.note("killed")
    order.note(f"{what}: {result!s:.300}" if isinstance(result, Exception) else f"{what}: {result!r:.120}")
    return result
