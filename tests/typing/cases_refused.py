"""What a type checker must refuse: were one of these taken, its ignore would be unused, which is an error."""

from __future__ import annotations

from portone_v1 import FULL, UNSET, AsyncPortOne, PortOne
from portone_v1.models import Payment


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
