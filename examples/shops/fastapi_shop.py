"""A shop in FastAPI: `python -m examples.shops.fastapi_shop 8000`.

With several workers, in SQLite or where `SHOP_DATABASE=postgresql://…` says:

python -m examples.shops.orders     # creates the tables
uvicorn examples.shops.fastapi_shop:app --workers 3
"""

from __future__ import annotations

import sys
from typing import Annotated

import uvicorn
from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from portone_v1 import (
    FULL,
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RefusedError,
    VerificationError,
)
from portone_v1.contrib.fastapi import PortOneV1
from portone_v1.contrib.sqlalchemy import SqlInboxStore
from portone_v1.inbox import Paid, PaymentChanged, Refunded, UnknownOrder, Work
from portone_v1.results import cancellable_amount

from examples.shops.orders import Order, Orders

orders = Orders()
portone = PortOneV1(SqlInboxStore(orders.engine), drained=False)
app = FastAPI(lifespan=portone.lifespan)
app.include_router(portone.router, prefix="/portone")


async def order_or_404(merchant_uid: str) -> Order:
    order = await run_in_threadpool(orders.get, merchant_uid)
    if order is None:
        raise HTTPException(404)
    return order


@app.post("/orders")
async def order(item: Annotated[str, Body(embed=True)]) -> Order:
    """Create an order. The page passes it to `IMP.request_pay`; V1 stops the window if the amount differs."""
    made = await run_in_threadpool(orders.add, item)
    await portone.client().prepare.create(merchant_uid=made.merchant_uid, amount=made.amount)
    return made


@app.get("/orders/{merchant_uid}")
async def show(merchant_uid: str) -> Order:
    return await order_or_404(merchant_uid)


@app.post("/orders/{merchant_uid}/paid")
async def paid(merchant_uid: str, imp_uid: Annotated[str, Body(embed=True)]) -> Order:
    """Verify the payment that the browser reports. The buyer can send any `imp_uid`."""
    order = await order_or_404(merchant_uid)
    await portone.client().payments.verify(imp_uid, merchant_uid=merchant_uid, amount=order.amount)
    await run_in_threadpool(orders.paid, merchant_uid, imp_uid)
    return await order_or_404(merchant_uid)


@portone.on_payment
def payment_changed(change: PaymentChanged, work: Work) -> None:
    """Handle a change in a thread, and in the transaction that also marks the change as handled."""
    payment = change.payment
    order = orders.get(payment.merchant_uid, work.session)
    if order is None:
        raise UnknownOrder
    if isinstance(change, Paid) and payment.amount == order.amount and payment.currency == "KRW":
        orders.paid(order.merchant_uid, payment.imp_uid, work.session)
    elif isinstance(change, Refunded) and not cancellable_amount(payment):  # otherwise a partial refund
        orders.cancelled(order.merchant_uid, payment.imp_uid, work.session)


@app.post("/orders/{merchant_uid}/cancel")
async def cancel(merchant_uid: str) -> Order:
    """Refund an order, for operators only: require your own login."""
    order = await order_or_404(merchant_uid)
    if order.state != "paid" or order.imp_uid is None:
        raise HTTPException(409)
    refund = await portone.client().payments.cancel_once(imp_uid=order.imp_uid, amount=FULL, reason="고객 요청")
    if refund.state == "refunded":
        await run_in_threadpool(orders.cancelled, merchant_uid, order.imp_uid)
    return await order_or_404(merchant_uid)


@app.exception_handler(PortOneError)
async def failed(_: Request, error: PortOneError) -> JSONResponse:
    if isinstance(error, RefusedError):
        return JSONResponse({"error": error.message or "refused"}, 402)
    if isinstance(error, VerificationError | NotFoundError):
        return JSONResponse({"error": "the payment does not match the order"}, 409)
    unknown = isinstance(error, OutcomeUnknownError)  # settle it: see the page on unknown outcomes
    return JSONResponse({"error": "the outcome is not known yet" if unknown else "try again"}, 503)


if __name__ == "__main__":
    orders.create_tables()
    uvicorn.run(app, port=int(sys.argv[1]))
