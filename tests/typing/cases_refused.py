"""What a type checker must refuse: were one of these taken, its ignore would be unused, which is an error."""

from __future__ import annotations

from datetime import datetime

from portone_v1 import FULL, UNSET, AsyncPortOne, NotSentError, OutcomeUnknownError, PortOne
from portone_v1.models import Payment
from portone_v1.results import Charge, Refund
from portone_v1.webhooks import WebhookEvent


def names() -> None:
    from portone_v1 import Payment as Elsewhere  # type: ignore[attr-defined]
    from portone_v1.contrib.django import nothing as of_a_kit  # type: ignore[attr-defined]
    from portone_v1.inbox import nothing as of_the_inbox  # type: ignore[attr-defined]
    from portone_v1.models import Nothing as Model  # type: ignore[attr-defined]

    del Elsewhere, of_a_kit, of_the_inbox, Model


def amounts(client: PortOne) -> None:
    client.payments.cancel(imp_uid="imp_1", amount=1.5)  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1", amount="1000")  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1", amount=None)  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1", amount=UNSET)  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1", amount=5, checksum=FULL)  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1", amount=5, tax_free=0.5)  # type: ignore[arg-type]
    client.payments.cancel(imp_uid="imp_1")  # type: ignore[call-arg]
    client.prepare.create(merchant_uid="order-1", amount=0.1)  # type: ignore[arg-type]
    client.subscribe.again(customer_uid="c", merchant_uid="o", amount=9.9, name="n")  # type: ignore[arg-type]


def calls(client: PortOne) -> None:
    client.payments.get(1)  # type: ignore[arg-type]
    client.payments.get()  # type: ignore[call-arg]
    client.payments.get("imp_1", True)  # type: ignore[call-arg]
    client.payments.get("imp_1", include_sandbox="true")  # type: ignore[arg-type]
    client.payments.get_many(imp_uid=[1])  # type: ignore[list-item]
    client.payments.get("imp_1", retries=1)  # type: ignore[call-arg]
    client.payments.get("imp_1", tier=5)  # type: ignore[arg-type]
    client.payments.search("paid", from_=1.5)  # type: ignore[arg-type]
    client.payments.nothing("imp_1")  # type: ignore[attr-defined]
    client.nothing.get("imp_1")  # type: ignore[attr-defined]
    client.payments.with_raw_response.get(1)  # type: ignore[arg-type]
    client.with_options(base_url="https://example.com")  # type: ignore[call-arg]


def results(client: PortOne) -> None:
    wrong: str = client.payments.get("imp_1")  # type: ignore[assignment]
    rate: float = client.payments.get("imp_1").amount  # type: ignore[assignment]
    year = client.payments.get("imp_1").paid_at.year  # type: ignore[union-attr]
    del wrong, rate, year


def not_awaited(client: AsyncPortOne) -> Payment:
    return client.payments.get("imp_1")  # type: ignore[return-value]


def built() -> None:
    PortOne(imp_key=5)  # type: ignore[arg-type]
    PortOne("key", "secret", "https://example.com")  # type: ignore[call-arg]
    PortOne("key", "secret", verify=False)  # type: ignore[call-arg]


def charged_once(client: PortOne) -> None:
    client.subscribe.again_once(customer_uid="c", merchant_uid="o", amount=9.9, name="n")  # type: ignore[arg-type]
    client.subscribe.again_once(customer_uid="c", merchant_uid="o", amount="9900")  # type: ignore[arg-type]
    client.subscribe.again_once(customer_uid="c", merchant_uid=5, amount=9900)  # type: ignore[arg-type]
    client.subscribe.again_once(customer_uid="c", amount=9900)  # type: ignore[call-arg]
    client.subscribe.again_once("c", "o", 9900)  # type: ignore[call-arg]
    client.subscribe.again_once(customer_uid="c", merchant_uid="o", amount=9900, sum=1)  # type: ignore[call-arg]
    client.subscribe.onetime_once(merchant_uid="o", amount=1.0, card_number="4", expiry="2039-12")  # type: ignore[arg-type]
    client.subscribe.onetime_once(merchant_uid="o", amount=9900, expiry="2039-12")  # type: ignore[call-arg]


def ensured(client: PortOne, due: datetime) -> None:
    ensure = client.subscriptions.ensure
    ensure(nonsense=1, price="free")  # type: ignore[arg-type, call-arg]
    ensure(period="p", merchant_uid="o", card="c", price="1", name="n", due=due)  # type: ignore[arg-type]
    ensure(period="p", merchant_uid="o", card="c", price=1, name="n", due="2026-01-31")  # type: ignore[arg-type]
    ensure(period="p", merchant_uid="o", card="c", price=1, name="n", due=due, late="never")  # type: ignore[arg-type]


def refunded_once(client: PortOne) -> None:
    client.payments.cancel_once(imp_uid="imp_1", amount=1.5)  # type: ignore[arg-type]
    client.payments.cancel_once(imp_uid="imp_1", amount="1000")  # type: ignore[arg-type]
    client.payments.cancel_once(imp_uid="imp_1", left=1.5)  # type: ignore[arg-type]
    client.payments.cancel_once(imp_uid="imp_1", left=FULL)  # type: ignore[arg-type]
    client.payments.cancel_once(imp_uid="imp_1", amount=1000, key=5)  # type: ignore[arg-type]
    client.payments.cancel_once(imp_uid="imp_1", amount=FULL, checksum=1)  # type: ignore[call-arg]
    client.payments.cancel_once("imp_1", amount=FULL)  # type: ignore[call-arg]


def looked_up(client: PortOne, event: WebhookEvent) -> None:
    client.payments.verify("imp_1", merchant_uid="o", amount=1.5)  # type: ignore[arg-type]
    client.payments.verify("imp_1", amount=1000)  # type: ignore[call-arg]
    client.payments.verify("imp_1", merchant_uid=None, amount=1000)  # type: ignore[arg-type]
    client.payments.reconcile("2026-01-01", "2026-01-02")  # type: ignore[arg-type]
    client.payments.reconcile(0)  # type: ignore[call-arg]
    client.payments.cancellable_amount("imp_1")  # type: ignore[arg-type]
    client.webhooks.resolve("imp_1")  # type: ignore[arg-type]
    client.webhooks.resolve(event, strict=True)  # type: ignore[call-arg]
    client.settle(5)  # type: ignore[arg-type]
    client.settle(None)  # type: ignore[arg-type]
    client.settle(NotSentError())  # type: ignore[arg-type]
    client.check_connection(timeout=1)  # type: ignore[call-arg]


def settled(client: PortOne, charge: Charge, refund: Refund) -> None:
    charge.payment.imp_uid  # type: ignore[union-attr]
    if charge.state == "declined":
        charge.payment.imp_uid  # type: ignore[union-attr]
    if charge.state == "pending":
        charge.reason  # type: ignore[attr-defined]
    charge.state = "paid"  # type: ignore[misc]
    refund.already_paid  # type: ignore[union-attr]
    client.base_url = "https://example.com"  # type: ignore[misc]
    client.tier = "AB1"  # type: ignore[misc]


async def awaited(client: AsyncPortOne, error: OutcomeUnknownError) -> None:
    await client.subscribe.again_once(customer_uid="c", merchant_uid="o", amount="9900")  # type: ignore[arg-type]
    await client.subscribe.onetime_once(merchant_uid="o", amount=9900)  # type: ignore[call-arg]
    await client.subscriptions.ensure(nonsense=1)  # type: ignore[call-arg]
    await client.payments.cancel_once(imp_uid="imp_1", amount=1.5)  # type: ignore[arg-type]
    await client.payments.verify("imp_1", merchant_uid="o", amount="1")  # type: ignore[arg-type]
    await client.payments.reconcile(0)  # type: ignore[call-arg]
    client.payments.cancel_once(imp_uid="imp_1", amount=FULL).state  # type: ignore[attr-defined]
    client.settle(error).state  # type: ignore[attr-defined]
