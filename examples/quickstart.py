"""Pay, verify, refund and charge a billing key, and print each step.

Reads `PORTONE_V1_KEY`, `PORTONE_V1_SECRET` and `PORTONE_V1_BASE_URL`. Run it against the sandbox (`make demo`): against
api.iamport.kr it would charge the card.
"""

from __future__ import annotations

import os
import secrets
import sys
from datetime import datetime, timedelta
from decimal import Decimal
from unicodedata import east_asian_width

from portone_v1 import FULL, KST, PortOne, PortOneError, RefusedError

GOOD_CARD = "4242-4242-4242-4242"
POOR_CARD = "4000-0000-0000-0341"
"""A card of the sandbox that can be stored, and whose charges are declined."""

_step = 0


def say(title: str, text: str) -> None:
    global _step
    _step += 1
    width = sum(2 if east_asian_width(letter) == "W" else 1 for letter in title)
    print(f"{_step:2}. {title}{' ' * (28 - width)} {text}")


def won(amount: Decimal) -> str:
    return f"{amount:,.0f} KRW"


def main() -> None:
    order = f"order-{datetime.now(KST):%Y%m%d}-{secrets.token_hex(4)}"
    with PortOne() as client:
        token = client.auth.get_token(imp_key=os.environ["PORTONE_V1_KEY"], imp_secret=os.environ["PORTONE_V1_SECRET"])
        minutes = (token.expired_at - token.now) / timedelta(minutes=1) if token.expired_at and token.now else 0
        say("토큰 token", f"issued, lives {minutes:.0f} minutes (the client keeps and renews its own)")

        paid = client.subscribe.onetime(
            merchant_uid=order, amount=12000, name="원두 500g", card_number=GOOD_CARD, expiry="2031-12", birth="900101"
        )
        say("결제 one-time payment", f"{paid.imp_uid} {paid.status}, {won(paid.amount)}")

        # Never trust the browser: compare the payment at V1 with your own order.
        payment = client.payments.verify(paid.imp_uid, merchant_uid=order, amount=12000)
        say("검증 read back, verified", f"{payment.merchant_uid} is paid in full, {payment.paid_at:%Y-%m-%d %H:%M} KST")

        part = client.payments.cancel(imp_uid=paid.imp_uid, amount=5000, checksum=12000, reason="한 봉지 품절")
        left = part.amount - part.cancel_amount
        say("부분취소 partial refund", f"{won(part.cancel_amount)} refunded, {won(left)} left")

        rest = client.payments.cancel(imp_uid=paid.imp_uid, amount=FULL, checksum=7000, reason="주문 취소")
        now = rest.cancel_amount - part.cancel_amount
        say("취소 the rest refunded", f"{won(now)} refunded, {won(rest.cancel_amount)} in total, status {rest.status}")

        key = client.billing_keys.issue(
            f"customer-{order}", card_number=GOOD_CARD, expiry="2031-12", birth="900101", customer_name="홍길동"
        )
        say("빌링키 billing key", f"{key.customer_uid} for {getattr(key, 'card_name', None)}")

        month = client.subscribe.again(
            customer_uid=key.customer_uid, merchant_uid=f"{order}-1", amount=9900, name="정기배송 1회차"
        )
        say("정기결제 charge it", f"{month.imp_uid} {month.status}, {won(month.amount)}")

        poor = client.billing_keys.issue(f"poor-{order}", card_number=POOR_CARD, expiry="2031-12", birth="900101")
        try:
            client.subscribe.again(
                customer_uid=poor.customer_uid, merchant_uid=f"{order}-2", amount=9900, name="정기배송 2회차"
            )
        except RefusedError as error:
            say("거절 declined charge", f"{type(error).__name__}: {error.message} (nothing was charged)")

        found = client.payments.search("all", limit=10)
        listed = ", ".join(f"{item.merchant_uid[-10:]} {item.status}" for item in found.items)
        say("목록 list of payments", f"{found.total} found: {listed}")


if __name__ == "__main__":
    try:
        main()
    except PortOneError as error:
        sys.exit(f"quickstart: {error}")
