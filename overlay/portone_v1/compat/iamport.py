"""`Iamport`: the official client `iamport-rest-client` 0.9.0 by its names, over `PortOne`.

    from portone_v1.compat.iamport import Iamport  # was: from iamport import Iamport

Methods, arguments, return values (V1's payload as dicts) and exception names are those of the old client. Dangerous or
broken behavior is changed, and the method documents it: `is_paid`, `find_by_status`, `cancel`, `pay_unschedule`. The
access token is fetched once instead of for every call, ids cannot change the path, and a write that may have been
executed is not sent twice. `Iamport.client` is a `PortOne`, so that a shop can replace one call at a time.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final, NoReturn, cast

from portone_v1_generated.operations import OPERATIONS
from portone_v1_runtime.operation import Call, Operation
from portone_v1_runtime.request_text import path_segment
from portone_v1_runtime.secret import conceal
from portone_v1_runtime.unset import ALL

from ..client import PortOne
from ..errors import ApiError, OutcomeUnknownError, PortOneError
from ._bridge import Failure, concealed, each, exact, old_types, text

__all__ = ["IAMPORT_API_URL", "Iamport"]

IAMPORT_API_URL: Final = "https://api.iamport.kr/"

Answer = dict[str, Any]


class Iamport:
    """호환 클라이언트: Call V1 with the methods of `iamport-rest-client`.

    Args:
        imp_key, imp_secret: REST API key and secret. Default: `PORTONE_V1_KEY` and `PORTONE_V1_SECRET`.
        imp_url: base URL. Plain http is allowed for loopback only.
        client: a `PortOne` to use, with its settings and token. Default: a new one.
        allow_test: accept payments of test channels too, for test environments. Never in production.
    """

    class ResponseError(Failure):
        """HTTP 200 with `code != 0`: PortOne or the PG refused, and nothing was executed. `message` is their text."""

        def __init__(self, code: Any = None, message: Any = None) -> None:
            super().__init__(code, message, message)

    class HttpError(Failure):
        """Another HTTP status: `code` is the status and `reason` its phrase. `message` is V1's text.

        After a 5xx the charge or refund may have been executed: read the payment before you repeat the call.
        """

        def __init__(self, code: Any = None, reason: Any = None, message: str | None = None) -> None:
            super().__init__(code, reason, reason if message is None else message)
            self.reason = reason

    def __init__(
        self,
        imp_key: str | None = None,
        imp_secret: str | None = None,
        imp_url: str = IAMPORT_API_URL,
        *,
        client: PortOne | None = None,
        allow_test: bool = False,
    ) -> None:
        text = "portone_v1.compat.iamport is a temporary bridge; see docs/migration/iamport-rest-client.md"
        warnings.warn(text, DeprecationWarning, stacklevel=2)
        imp_key, imp_secret = conceal(imp_key), conceal(imp_secret)
        base_url, imp_url = conceal(None if imp_url == IAMPORT_API_URL else imp_url), ""
        self.client: PortOne = PortOne(imp_key, imp_secret, base_url=base_url) if client is None else client
        self._allow_test = allow_test

    def find_by_status(self, status: str, **params: Any) -> Answer:
        """Return a page of payments. The old client always raises TypeError here."""
        return self._call("payments_search", {"payment_status": status}, query=params)

    def find_by_merchant_uid(self, merchant_uid: str, status: str | None = None) -> Answer:
        path = {"merchant_uid": merchant_uid} | ({} if status is None else {"payment_status": status})
        return self._call("payments_find", path)

    def find_by_imp_uid(self, imp_uid: str) -> Answer:
        """Return a payment. A test payment is a 404 unless `allow_test` is set."""
        query = {"include_sandbox": True} if self._allow_test else None
        return self._call("payments_get", {"imp_uid": imp_uid}, query=query)

    def find(self, **kwargs: Any) -> Answer:
        if kwargs.get("merchant_uid"):
            return self.find_by_merchant_uid(kwargs["merchant_uid"])
        if "imp_uid" not in kwargs:
            raise KeyError("merchant_uid or imp_uid is required")
        return self.find_by_imp_uid(kwargs["imp_uid"])

    def is_paid(self, amount: Any, **kwargs: Any) -> bool:
        """Return whether the payment is paid and has this amount.

        Unlike the old client, it also compares `merchant_uid` and `imp_uid` if you pass them, and returns False for a
        test payment unless `allow_test` is set. Without `merchant_uid` another order's payment of the same amount would
        pass, so it warns. `client.payments.verify` checks all of this, and the currency.
        """
        if not kwargs.get("merchant_uid"):
            text = "is_paid without merchant_uid would accept another order's payment of that amount: pass merchant_uid"
            warnings.warn(text, UserWarning, stacklevel=2)
        payment: Mapping[str, Any] = kwargs.get("response") or self.find(**kwargs)
        for name in ("merchant_uid", "imp_uid"):
            if kwargs.get(name) and str(payment.get(name, kwargs[name])) != str(kwargs[name]):
                return False
        if payment.get("sandbox") and not self._allow_test:
            return False
        return bool(payment.get("status") == "paid" and exact(payment.get("amount")) == exact(amount))

    @concealed
    def pay_onetime(self, **kwargs: Any) -> Answer:
        _need(kwargs, "merchant_uid", "amount", "card_number", "expiry", "birth", "pwd_2digit")
        return self._call("subscribe_onetime", body=kwargs)

    @concealed
    def pay_again(self, **kwargs: Any) -> Answer:
        _need(kwargs, "customer_uid", "merchant_uid", "amount")
        return self._call("subscribe_again", body=kwargs)

    @concealed
    def pay_foreign(self, **kwargs: Any) -> Answer:
        """Charge a foreign card. V1 no longer documents this operation, and may respond with an error."""
        _need(kwargs, "merchant_uid", "amount", "card_number", "expiry")
        return self._call("subscribe_onetime", body=kwargs, template="/subscribe/payments/foreign")

    @concealed
    def customer_create(self, **kwargs: Any) -> Answer:
        """Issue a billing key."""
        _need(kwargs, "customer_uid", "card_number", "expiry", "birth")
        return self._call("billing_keys_issue", {"customer_uid": kwargs["customer_uid"]}, body=kwargs)

    def customer_get(self, customer_uid: str) -> Answer:
        return self._call("billing_keys_get", {"customer_uid": customer_uid})

    def customer_delete(self, customer_uid: str) -> Answer:
        return self._call("billing_keys_delete", {"customer_uid": customer_uid})

    @concealed
    def pay_schedule(self, **kwargs: Any) -> list[Answer]:
        if "customer_uid" not in kwargs:
            raise KeyError("customer_uid is required")
        for schedule in kwargs["schedules"]:
            _need(schedule, "merchant_uid", "schedule_at", "amount")
        return cast("list[Answer]", self._call("subscribe_schedule", body=kwargs))

    def pay_schedule_get(self, merchant_id: str) -> Answer:
        return self._call("subscribe_get_schedule", {"merchant_uid": merchant_id})

    def pay_schedule_get_between(self, **kwargs: Any) -> Any:
        _need(kwargs, "schedule_from", "schedule_to")
        return self._call("subscribe_list_schedules", query=kwargs)

    def pay_unschedule(self, **kwargs: Any) -> list[Answer]:
        """Revoke schedules. Unlike the old client, it requires `merchant_uid`: `portone_v1.ALL` revokes every one."""
        if "customer_uid" not in kwargs:
            raise KeyError("customer_uid is required")
        named: Any = kwargs.get("merchant_uid")
        if named is ALL:
            del kwargs["merchant_uid"]
        elif not _has_names(named):
            raise ValueError(
                "merchant_uid is required: without it V1 revokes every schedule of the billing key; pass ALL for that"
            )
        return cast("list[Answer]", self._call("subscribe_unschedule", body=kwargs))

    @concealed
    def cancel_by_merchant_uid(self, merchant_uid: str, reason: str, **kwargs: Any) -> Answer:
        """Refund the payment of an order, as `cancel` does."""
        return self._cancel({"merchant_uid": merchant_uid, "reason": reason, **kwargs})

    @concealed
    def cancel_by_imp_uid(self, imp_uid: str, reason: str, **kwargs: Any) -> Answer:
        """Refund a payment by its id, as `cancel` does."""
        return self._cancel({"imp_uid": imp_uid, "reason": reason, **kwargs})

    @concealed
    def cancel(self, reason: str, **kwargs: Any) -> Answer:
        """Refund `amount`, or the full refundable balance without it.

        Unlike the old client, it raises ValueError for an `amount` of 0, None or no number: V1 treats 0 and null as the
        full refundable balance.
        """
        imp_uid, merchant_uid = kwargs.pop("imp_uid", None), kwargs.pop("merchant_uid", None)
        if imp_uid:
            return self.cancel_by_imp_uid(imp_uid, reason, **kwargs)
        if merchant_uid is None:
            raise KeyError("merchant_uid or imp_uid is required")
        return self.cancel_by_merchant_uid(merchant_uid, reason, **kwargs)

    def _cancel(self, payload: Answer) -> Answer:
        if "amount" in payload and not _is_positive(payload["amount"]):
            raise ValueError(
                "amount must be greater than 0: V1 treats 0 and null as the full balance; omit it for a full refund"
            )
        return self._call("payments_cancel", body=payload)

    def prepare(self, merchant_uid: str, amount: Any) -> Answer:
        return self._call("prepare_create", body={"merchant_uid": merchant_uid, "amount": amount})

    def prepare_validate(self, merchant_uid: str, amount: Any) -> bool:
        prepared = self._call("prepare_get", {"merchant_uid": merchant_uid})
        return bool(exact(prepared.get("amount")) == exact(amount))

    def revoke_vbank_by_imp_uid(self, imp_uid: str) -> Answer:
        return self._call("vbanks_revoke", {"imp_uid": imp_uid})

    def find_certification(self, imp_uid: str) -> Answer:
        return self._call("certifications_get", {"imp_uid": imp_uid})

    def cancel_certification(self, imp_uid: str) -> Answer:
        return self._call("certifications_delete", {"imp_uid": imp_uid})

    def _call(
        self,
        operation_id: str,
        path: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        template: str | None = None,
    ) -> Answer:
        """Return the payload of an operation, as V1 sent it."""
        info, path = OPERATIONS[operation_id], path or {}
        name, template = f"{info.area}.{info.name}", template or info.path
        if "payment_status" not in path:
            template = template.replace("/{payment_status}", "")
        route = template.format_map({key: path_segment(key, text(value)) for key, value in path.items()})
        secret = tuple(parameter.name for parameter in info.parameters if parameter.sensitive)
        operation = Operation[Any](info.id, name, info.method, template, old_types, safe=info.safe, sensitive=secret)
        texts = {key: text(value) for key, value in (query or {}).items()}
        call = Call(operation, route, query=texts, body=each(body, float, exact))
        try:
            return cast("Answer", self.client.send(call, {}))
        except PortOneError as error:
            self._raise(error)

    def _raise(self, error: PortOneError) -> NoReturn:
        """Raise the old client's exception. Errors without a response keep their class."""
        status: int | None = getattr(error, "status", None)
        message: str | None = getattr(error, "message", None)
        failure: Failure
        if isinstance(error, ApiError) and status == HTTPStatus.OK:
            failure = self.ResponseError(error.code, message)
        elif status is None or status == HTTPStatus.OK:
            raise error
        else:
            phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
            failure = self.HttpError(status, phrase, message)
        shown: str | None = getattr(error, "shown_message", None)
        failure.shown = str(error) if shown is None or isinstance(error, OutcomeUnknownError) else shown
        raise failure from error


def _need(given: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if name not in given:
            raise KeyError(f"Essential parameter is missing!: {name}")


def _is_positive(amount: Any) -> bool:
    try:
        return Decimal(str(amount)) > 0
    except ArithmeticError:
        return False


def _has_names(named: Any) -> bool:
    listed = cast("list[Any]", named) if isinstance(named, list | tuple) else [named]
    return bool(listed) and all(str(uid or "").strip() for uid in listed)
