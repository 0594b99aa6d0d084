"""Reading payments and orders back, and believing only an answer that is about what was asked for."""

from __future__ import annotations

from typing import Any, TypeVar

from portone_v1_generated.models.payments import PagedPayment, Payment

from .._wire import Flow
from ..errors import (
    AuthenticationError,
    ConfigurationError,
    NotFoundError,
    NotSentError,
    PortOneError,
    ResponseFormatError,
)

__all__ = ["attempts", "beforehand", "own_tier", "read_payment"]

T = TypeVar("T")


def own_tier(tier: str | None) -> Flow[str | None]:
    """The sub-merchant of a call, by its argument or the client's: whoever settles it may use another client."""
    if tier is None:
        tier = yield lambda client: client._engine.tier  # noqa: SLF001
    return tier


def read_payment(imp_uid: str, tier: str | None) -> Flow[Payment]:
    payment: Payment = yield lambda client: client.payments.get(imp_uid, include_sandbox=True, tier=tier)
    if payment.imp_uid != imp_uid:
        raise ResponseFormatError(
            "the answer is about another payment", operation="payments.get", ids={"imp_uid": imp_uid}
        )
    return payment


def attempts(merchant_uid: str, tier: str | None) -> Flow[list[Payment]]:
    """Every attempt at the order, whatever became of it, the latest first."""
    found: list[Payment] = []
    page: int | None = 1
    while page:
        options: dict[str, Any] = {"page": page, "limit": 1000, "tier": tier}
        try:
            answer: PagedPayment = yield lambda client: client.payments.find_all(merchant_uid, **options)  # noqa: B023
        except NotFoundError:
            break
        if answer.total is None or any(payment.merchant_uid != merchant_uid for payment in answer.list_):
            raise ResponseFormatError(
                "the answer is no list of this order's attempts",
                operation="payments.find_all",
                ids={"merchant_uid": merchant_uid},
            )
        found += answer.list_
        page = answer.next_
    return found


def beforehand(read: Flow[T], operation: str, **ids: str | None) -> Flow[T]:
    """The read before a write: where it fails, the write was certainly not sent."""
    try:
        return (yield from read)
    except (AuthenticationError, ConfigurationError, NotFoundError):
        raise
    except PortOneError as error:
        named = {name: value for name, value in ids.items() if value is not None}
        raise NotSentError("it could not be read first; nothing was done", operation=operation, ids=named) from error
