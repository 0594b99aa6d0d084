"""A shop in Flask: `python -m examples.shops.flask_shop 8000`.

With several workers, on SQLite or PostgreSQL (`SHOP_DATABASE=postgresql://…`):

python -m examples.shops.orders     # creates the tables
gunicorn examples.shops.flask_shop:app --workers 3
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

from flask import Flask, abort, request
from portone_v1 import FULL, NotFoundError, OutcomeUnknownError, PortOneError, RefusedError, VerificationError
from portone_v1.contrib.flask import PortOneV1
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1.inbox import Paid, PaymentChanged, Refunded, UnknownOrder, Work
from portone_v1.results import cancellable_amount

from examples.shops.orders import Order, Orders

orders = Orders()
app = Flask(__name__)
portone = PortOneV1(lambda: SqlInboxStore(orders.engine), app)


def order_or_404(merchant_uid: str) -> Order:
    return orders.get(merchant_uid) or abort(404)


@app.post("/orders")
def order() -> dict[str, Any]:
    """Create an order. The page passes it to `IMP.request_pay`; V1 stops the window if the amount differs."""
    made = orders.add(request.form["item"])
    portone.client.prepare.create(merchant_uid=made.merchant_uid, amount=made.amount)
    return asdict(made)


@app.get("/orders/<merchant_uid>")
def show(merchant_uid: str) -> dict[str, Any]:
    return asdict(order_or_404(merchant_uid))


@app.post("/orders/<merchant_uid>/paid")
def paid(merchant_uid: str) -> dict[str, Any]:
    """Verify the payment that the browser reports. The buyer can send any `imp_uid`."""
    order = order_or_404(merchant_uid)
    portone.client.payments.verify(request.form["imp_uid"], merchant_uid=merchant_uid, amount=order.amount)
    orders.paid(merchant_uid, request.form["imp_uid"])
    return asdict(order_or_404(merchant_uid))


@portone.on_payment
def payment_changed(change: PaymentChanged, work: Work) -> None:
    """Update the order, in the transaction that also records the change as processed."""
    payment = change.payment
    order = orders.get(payment.merchant_uid, work.session)
    if order is None:
        raise UnknownOrder
    if isinstance(change, Paid) and payment.amount == order.amount and payment.currency == "KRW":
        orders.paid(order.merchant_uid, payment.imp_uid, work.session)
    elif isinstance(change, Refunded) and not cancellable_amount(payment):  # otherwise a partial refund
        orders.cancelled(order.merchant_uid, payment.imp_uid, work.session)


@app.post("/orders/<merchant_uid>/cancel")
def cancel(merchant_uid: str) -> dict[str, Any]:
    """Refund an order, for operators only: require your own login."""
    order = order_or_404(merchant_uid)
    if order.state != "paid" or order.imp_uid is None:
        abort(409)
    refund = portone.client.payments.cancel_once(imp_uid=order.imp_uid, amount=FULL, reason="고객 요청")
    if refund.state == "refunded":
        orders.cancelled(merchant_uid, order.imp_uid)
    return asdict(order_or_404(merchant_uid))


@app.errorhandler(PortOneError)
def failed(error: PortOneError) -> tuple[dict[str, str], int]:
    if isinstance(error, RefusedError):
        return {"error": error.message or "refused"}, 402
    if isinstance(error, VerificationError | NotFoundError):
        return {"error": "the payment does not match the order"}, 409
    app.logger.error("%s", error)
    unknown = isinstance(error, OutcomeUnknownError)  # settle it: see the page on unknown outcomes
    return {"error": "the outcome is not known yet" if unknown else "try again"}, 503


if __name__ == "__main__":
    orders.create_tables()
    app.run(port=int(sys.argv[1]))
