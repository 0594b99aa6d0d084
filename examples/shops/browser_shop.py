"""A shop with a page to click through: `python -m examples.shops.browser_shop 8000`, beside a running sandbox.

The orders, the webhook and the refund are those of the FastAPI shop; this adds what the browser needs.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import uvicorn
from fastapi import Body
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from portone_v1 import NotFoundError, VerificationError

from examples.shops.fastapi_shop import app, order_or_404, orders, portone
from examples.shops.orders import PRICES, Order

V1 = os.environ.get("PORTONE_V1_BASE_URL")
IAMPORT_JS = f"{V1}/v1/iamport.js" if V1 else "https://cdn.iamport.kr/v1/iamport.js"
PAGE = Path(__file__).with_suffix(".html").read_text("utf-8").replace("IAMPORT_JS", IAMPORT_JS)


@app.get("/")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE)


@app.post("/portone/confirm")
async def confirm(merchant_uid: Annotated[str, Body()], amount: Annotated[int, Body()]) -> JSONResponse:
    """Tell V1, just before an approval, whether the order is still valid."""
    order = await run_in_threadpool(orders.get, merchant_uid)
    if order is None or order.state != "waiting" or order.amount != amount:
        return JSONResponse({"reason": "주문이 바뀌었습니다."}, 409)
    return JSONResponse({})


def back_to_the_page(merchant_uid: str, note: str | None) -> RedirectResponse:
    return RedirectResponse(f"/?{urlencode({'order': merchant_uid, 'note': note or ''})}", 303)


@app.get("/complete")
async def complete(merchant_uid: str, imp_uid: str = "", error_msg: str | None = None) -> RedirectResponse:
    """Receive the browser of a phone. The query of the address proves nothing, so read the payment from V1."""
    order = await order_or_404(merchant_uid)
    try:
        await portone.client().payments.verify(imp_uid, merchant_uid=merchant_uid, amount=order.amount)
    except (NotFoundError, VerificationError):
        return back_to_the_page(merchant_uid, error_msg)
    await run_in_threadpool(orders.paid, merchant_uid, imp_uid)
    return back_to_the_page(merchant_uid, None)


@app.post("/subscriptions")
async def subscription() -> dict[str, str]:
    """Return one name for one card of one customer."""
    return {"customer_uid": f"customer-{secrets.token_hex(6)}"}


@app.post("/subscriptions/{customer_uid}/charge")
async def charge(customer_uid: str) -> Order:
    """Charge the first month to the card that the window has stored. A reload of the page charges nothing more."""
    order = await run_in_threadpool(orders.add, "coffee", f"first-{customer_uid}")
    charged = await portone.client().subscribe.again_once(
        customer_uid=customer_uid, merchant_uid=order.merchant_uid, amount=PRICES["coffee"], name="커피 정기배송"
    )
    if charged.state == "paid":
        await run_in_threadpool(orders.paid, order.merchant_uid, charged.payment.imp_uid)
    return await order_or_404(order.merchant_uid)


@app.get("/subscriptions/{customer_uid}/complete")
async def subscribed(customer_uid: str, error_msg: str | None = None) -> RedirectResponse:
    """Complete a subscription on a phone. A key that was not issued cannot be charged, whatever the address says.

    `imp_success` is deprecated, and some PGs do not send it.
    """
    order = await charge(customer_uid) if error_msg is None else None
    return RedirectResponse("/" if order is None else f"/?order={order.merchant_uid}", 303)


if __name__ == "__main__":
    orders.create_tables()
    uvicorn.run(app, port=int(sys.argv[1]))
