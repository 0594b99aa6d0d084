"""What the pages show in tests: a little of everything, long and hostile text among it."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, Final

import httpx
from portone_v1_sandbox import DEFAULT_CHANNELS, Sandbox

from tests.plain_http import NO_AUTHORITIES

HOSTILE: Final = "감\ud83d\u202egnp <img src=x onerror=x>'\"</script>"
LONG: Final = "제주 유기농 우전 녹차와 꽃 그림 찻잔 네 개 세트, 나무 상자 포장"
LONG_WORD: Final = "Unbreakable" * 3 + "Product"
REFUSED: Final = "카드사에서 승인을 거절했습니다. 한도와 유효기간을 확인한 뒤 다시 시도해 주세요. " * 3
PERSON: Final = {"name": "홍길동", "birth": "900101", "gender_digit": "1", "phone": "010-0000-1234", "carrier": "SKT"}
PLACE: Final = {
    "name": "홍길동",
    "tel": "010-0000-0000",
    "addr": "예시로 1",
    "postcode": "00000",
    "relationship": "본인",
}
LOGIS: Final = {"company": "CJGLS", "invoice": "000011112222", "sent_at": 1_700_000_000}
SHIRT: Final[Any] = {"product_id": "SHIRT-1", "product_name": "면 셔츠", "product_amount": 29000}

OPENED: Final = count(1)
"""An order that is paid opens no window again."""


def channel_key(pg: str) -> str:
    return next(each.channel_key for each in DEFAULT_CHANNELS if each.pg_provider == pg)


def open_window(url: str, shop: str | None = None, kind: str = "payment", **asked: Any) -> str:
    """Open a window as a page does, and return its address."""
    order = {"merchant_uid": f"order-window-{next(OPENED)}", "amount": 52000, "name": "찻잔 세트", "pay_method": "card"}
    request = json.dumps({"kind": kind, "asked": (order if kind == "payment" else {}) | asked})
    headers = {} if shop is None else {"X-Sandbox": shop}
    answer = httpx.post(
        f"{url}/_sandbox/web/windows", data={"request": request}, headers=headers, verify=NO_AUTHORITIES
    )
    return f"{url}{answer.headers['Location']}"


def token(url: str) -> dict[str, str]:
    pair = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
    body = httpx.post(f"{url}/users/getToken", json=pair, verify=NO_AUTHORITIES).json()
    return {"Authorization": f"Bearer {body['response']['access_token']}"}


def morning(url: str, sandbox: Sandbox) -> str:
    """Fill the sandbox with something of everything, and return the payment with the longest story."""
    common: dict[str, Any] = {"notice_url": f"{url}/nothing", "buyer_name": "홍길동", "buyer_tel": "010-0000-1234"}
    with sandbox.client() as client:
        sandbox.pay(merchant_uid="order-paid", amount=12000, name="커피 1kg")
        sandbox.pay(merchant_uid="order-long", amount=1_234_567_890, name=LONG, fail_reason=REFUSED, status="failed")
        sandbox.pay(merchant_uid=LONG_WORD, amount=100, name=LONG_WORD)
        sandbox.pay(merchant_uid="order-hostile", amount=100, name=HOSTILE)
        sandbox.pay(merchant_uid="order-account", amount=45000, name="원두 3kg", pay_method="vbank", status="ready")
        sandbox.pay(merchant_uid="order-test", amount=1000, name="테스트", sandbox=True, pay_method="kakaopay")
        client.cvs.issue(channel_key=channel_key("galaxia"), merchant_uid="order-store", amount=7000, name="컵")
        late = sandbox.pay(merchant_uid="order-late", amount=5000, name="늦은 환불")
        sandbox.defer_refunds(imp_uid=late.imp_uid)
        client.payments.cancel(imp_uid=late.imp_uid, amount=5000, reason="변심")
        escrow = sandbox.pay(merchant_uid="order-escrow", amount=31000, name="다관", pay_method="trans", escrow=True)
        httpx.post(
            f"{url}/escrows/logis/{escrow.imp_uid}",
            json={"sender": PLACE, "receiver": PLACE, "logis": LOGIS},
            headers=token(url),
            verify=NO_AUTHORITIES,
        )
        sandbox.naver.order("order-naver", [SHIRT], buyer_name="홍길동")
        client.billing_keys.issue("customer-1", card_number="4242424242424242", expiry="2099-12", birth="880101")
        month: list[Any] = [
            {"merchant_uid": f"month-{n}", "schedule_at": sandbox.clock.now() + n * 86400, "amount": 9900}
            for n in (1, 31)
        ]
        client.subscribe.schedule(customer_uid="customer-1", schedules=month)
        httpx.post(f"{url}/certifications/otp/request", json=PERSON, headers=token(url), verify=NO_AUTHORITIES)
        common |= {"custom_data": "길" * 3000}
        partly = sandbox.pay(merchant_uid="order-partly", amount=58000, name="찻잔 세트", **common)
        client.payments.cancel(imp_uid=partly.imp_uid, amount=8000, reason="it's broken")
        sandbox.deliver()
    open_window(url, pg="nobody.mid")
    return partly.imp_uid


def busy_room(url: str, sandbox: Sandbox) -> None:
    """Arm faults and declines, and hold webhooks."""
    sandbox.webhooks.configure(url=f"{url}/nothing")
    sandbox.webhooks.pause()
    for n in (1, 2):
        sandbox.pay(merchant_uid=f"order-held-{n}-{next(OPENED)}", amount=1000)
    sandbox.faults.fail_next(2, status=502, operation="payments_cancel", executed=True)
    sandbox.faults.decline_next(1, message="[SB02] 한도초과")
