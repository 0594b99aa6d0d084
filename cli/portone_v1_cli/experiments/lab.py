"""The laboratory: it calls test channels only, records each order before it is sent, and refunds every charge."""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from attrs import define, field
from portone_v1.client import PortOne
from portone_v1.errors import ApiError, NotFoundError, PortOneError, RefusedError
from portone_v1.models import Customer, Payment
from portone_v1.results import cancellable_amount

from ..exit_codes import ExitCode, Stop

__all__ = ["Answered", "Lab", "LiveMoney", "plain_sentence", "require_test_channel"]

PREFIX: Final = "portone-v1-test-"
LOOKS: Final = (0.0, 0.5, 1.5, 4.0)


class LiveMoney(Exception):
    """A payment turned out not to be a test payment: everything stops at once."""


@define
class Answered:
    """The response to one of two simultaneous calls."""

    payment: Payment | None = None
    refusal: str | None = None
    seconds: float = 0.0


@define
class Lab:
    """One run.

    Args:
        client: of the merchant.
        card: billing key (customer_uid) of a test channel.
        declined: another one, whose charges are declined; None leaves those parts out.
        amount: of each charge.
        part: of each partial refund.
        rounds: how often a question of chance is repeated.
        record: file that keeps the order numbers until every charge is refunded.
    """

    client: PortOne
    card: str
    declined: str | None
    amount: int
    part: int
    rounds: int
    record: Path
    orders: list[str] = field(factory=list[str])
    schedules: list[str] = field(factory=list[str])
    charged: dict[str, set[str]] = field(factory=dict[str, set[str]])
    """Payments that V1 reported as made, by order."""
    sleep: Callable[[float], object] = time.sleep
    _guard: Any = field(factory=threading.Lock)

    def new_order(self, *, schedule: bool = False) -> str:
        """Return a new order number, which is recorded before it is used."""
        uid = f"{PREFIX}{secrets.token_hex(8)}"
        with self._guard:
            (self.schedules if schedule else self.orders).append(uid)
            self._write()
        return uid

    def _write(self) -> None:
        text = json.dumps({"orders": self.orders, "schedules": self.schedules})
        new = self.record.with_suffix(".new")
        self.record.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.record)

    def charge(self, order: str, *, card: str | None = None, **more: Any) -> Payment:
        """Charge once. Raises LiveMoney if V1 does not mark the payment as a test."""
        payment = self.client.subscribe.again(
            customer_uid=card or self.card,
            merchant_uid=order,
            amount=self.amount,
            name="portone-v1 doctor",
            max_retries=0,
            **more,
        )
        if payment.paid_at:
            with self._guard:
                self.charged.setdefault(order, set()).add(payment.imp_uid)
        if payment.sandbox is not True:
            raise LiveMoney
        return payment

    def refund(self, imp_uid: str, **more: Any) -> Payment:
        """Refund a part once."""
        return self.client.payments.cancel(imp_uid=imp_uid, amount=self.part, max_retries=0, **more)

    def attempts(self, order: str) -> list[Payment]:
        """Return every attempt at an order."""
        try:
            found = self.client.payments.find_all(order, limit=100).items
        except NotFoundError:
            return []
        return list(found)

    def refusal_of(self, call: Callable[[], Any]) -> str | None:
        """Return V1's sentence if it refuses the call, None if it executes it."""
        try:
            call()
        except ApiError as error:
            return plain_sentence(error)
        return None

    def at_once(self, call: Callable[[], Payment]) -> list[Answered]:
        """Make the same call from two threads at the same instant."""
        barrier = threading.Barrier(2)
        results = [Answered(), Answered()]
        failed: list[BaseException] = []

        def run(mine: Answered) -> None:
            try:
                barrier.wait()
                began = time.monotonic()
                try:
                    mine.payment = call()
                except ApiError as error:
                    mine.refusal = plain_sentence(error)
                mine.seconds = time.monotonic() - began
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=run, args=(mine,)) for mine in results]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return results

    def give_back(self) -> list[str]:
        """Revoke the schedules, refund the payments, and return the orders that could not be settled.

        Reads may lag behind: an order counts as settled when V1 shows each of its charges as refunded, and two passes,
        a few seconds apart, found nothing else to refund.
        """
        for uid in list(self.schedules):
            with suppress(PortOneError):
                self.client.subscribe.unschedule(customer_uid=self.card, merchant_uid=[uid], max_retries=0)
        left = [*self.orders, *self.schedules]
        for number, wait in enumerate(LOOKS):
            self.sleep(wait)
            left = [order for order in left if not self._refund_all(order) or number == 0]
            if not left:
                break
        self.orders, self.schedules = left, []
        if left:
            self._write()
        else:
            self.record.unlink(missing_ok=True)
        return left

    def _refund_all(self, order: str) -> bool:
        try:
            found = self.attempts(order)
        except PortOneError:
            return False
        paid = [each for each in found if cancellable_amount(each)]
        for payment in paid:
            balance = cancellable_amount(payment)
            # V1 refuses it if the balance has changed meanwhile, so that a read that lags refunds nothing twice.
            with suppress(PortOneError):
                self.client.payments.cancel(imp_uid=payment.imp_uid, amount=balance, checksum=balance, max_retries=0)
        seen = {each.imp_uid for each in found}
        return not paid and self.charged.get(order, set()) <= seen


def plain_sentence(error: ApiError) -> str:
    """Return V1's sentence without numbers, addresses and ids."""
    return re.sub(r"portone-v1-test-\w+|\S+@\S+|imps?_\d+|\d{3,}", "…", error.message or "")[:120]


def require_test_channel(client: PortOne, card: str) -> str:
    """Return the PG of the billing key, if V1 confirms that it belongs to a test channel; else raise Stop."""
    try:
        key = client.billing_keys.get(card)
    except (NotFoundError, RefusedError):
        key = None
    if not isinstance(key, Customer):
        raise Stop(
            ExitCode.USAGE,
            f"빌링키를 찾을 수 없습니다: {card}. 결제하지 않았습니다",
            f"no billing key {card}; nothing was charged",
        )
    same = [
        each.sandbox
        for each in client.channels.list()
        if (each.pg_provider, each.pg_id) == (key.pg_provider, key.pg_id)
    ]
    if key.sandbox is not True or not same or not all(same):
        raise Stop(
            ExitCode.REFUSED,
            f"테스트 채널의 빌링키임을 V1에서 확인할 수 없습니다: {card}. 결제하지 않았습니다",
            f"V1 does not confirm that {card} is a test channel's billing key; nothing was charged",
        )
    return str(key.pg_provider)
