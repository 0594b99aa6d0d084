"""A shop in FastAPI: `python -m examples.shops.fastapi_shop 8000`."""

from __future__ import annotations

import sys
from typing import Annotated

import uvicorn
from fastapi import Body, FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse
from portone_v1 import (
    FULL,
    AsyncPortOne,
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RefusedError,
    VerificationError,
)
from portone_v1.contrib.fastapi import PaymentChange, UnknownOrderError, webhook

from examples.shops.orders import Order, Orders

client = AsyncPortOne()
orders = Orders("fastapi_shop.sqlite3")
app = FastAPI()


async def order_or_404(merchant_uid: str) -> Order:
    order = await run_in_threadpool(orders.get, merchant_uid)
    if order is None:
        raise HTTPException(404)
    return order


@app.post("/orders")
async def order(item: Annotated[str, Body(embed=True)]) -> Order:
    """What the page then passes to `IMP.request_pay`; V1 lets no other amount through."""
    made = await run_in_threadpool(orders.add, item)
    await client.prepare.create(merchant_uid=made.merchant_uid, amount=made.amount)
    return made


@app.get("/orders/{merchant_uid}")
async def show(merchant_uid: str) -> Order:
    return await order_or_404(merchant_uid)


@app.post("/orders/{merchant_uid}/paid")
async def paid(merchant_uid: str, imp_uid: Annotated[str, Body(embed=True)]) -> Order:
    """The browser says that it has paid: by `imp_uid`, which may be any."""
    order = await order_or_404(merchant_uid)
    await client.payments.verify(imp_uid, merchant_uid=merchant_uid, amount=order.amount)
    await run_in_threadpool(orders.paid, merchant_uid, imp_uid)
    return await order_or_404(merchant_uid)


def payment_changed(change: PaymentChange) -> None:
    """An ordinary function: it runs in a thread, with the transaction that `orders.claim` opened there."""
    payment = change.payment
    order = orders.get(payment.merchant_uid)
    if order is None:
        raise UnknownOrderError
    if payment.status == "paid" and payment.amount == order.amount and payment.currency == "KRW":
        orders.paid(order.merchant_uid, payment.imp_uid)
    elif payment.status == "cancelled":
        orders.cancelled(order.merchant_uid, payment.imp_uid)


app.post("/portone/webhook")(webhook(client, payment_changed, orders))


@app.post("/orders/{merchant_uid}/cancel")
async def cancel(merchant_uid: str) -> Order:
    """For the shop's staff: put your own login before it."""
    order = await order_or_404(merchant_uid)
    if order.state != "paid" or order.imp_uid is None:
        raise HTTPException(409)
    refund = await client.payments.cancel_once(imp_uid=order.imp_uid, amount=FULL, reason="고객 요청")
    if refund.state == "refunded":
        await run_in_threadpool(orders.cancelled, merchant_uid, order.imp_uid)
    return await order_or_404(merchant_uid)


@app.exception_handler(PortOneError)
async def failed(_: Request, error: PortOneError) -> JSONResponse:
    if isinstance(error, RefusedError):
        return JSONResponse({"error": error.message or "refused"}, 402)
    if isinstance(error, VerificationError | NotFoundError):
        return JSONResponse({"error": "this payment is not that of the order"}, 409)
    unknown = isinstance(error, OutcomeUnknownError)  # to be settled: see the page on unknown outcomes
    return JSONResponse({"error": "being looked into" if unknown else "try again"}, 503)


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]))
