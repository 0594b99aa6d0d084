"""A month of an invented shop in the sandbox, and the orders that it believes in."""

from __future__ import annotations

import csv
import random
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from portone_v1_runtime.decode import KST
from portone_v1_sandbox import Channel, Sandbox, SandboxClock

__all__ = ["FIRST", "LAST", "Shop"]

FIRST: Final = datetime(2026, 6, 1, tzinfo=KST)
LAST: Final = datetime(2026, 6, 30, tzinfo=KST)
DAYS: Final = 30
CHANNELS: Final = (
    Channel("channel-key-inicis", "html5_inicis", "shopinicis", "payment", sandbox=False),
    Channel("channel-key-toss", "tosspayments", "shoptoss", "payment", sandbox=False),
    Channel("channel-key-kcp", "kcp", "shopkcp", "payment", sandbox=False),
)
REASONS: Final = (
    ("한도초과", 9), ("잔액부족", 6), ("구매자 결제 취소", 12), ("카드 유효기간 오류", 3), ("본인인증 실패", 4),
)  # fmt: skip
GOODS: Final = (
    ("드립백 커피 10개입", 12900),
    ("머그컵", 18000),
    ("원두 500g", 24500),
    ("그라인더", 89000),
    ("쿠폰", 5000),
)


class Shop:
    """`sandbox` holds what V1 knows, `orders` what the shop's own book says."""

    def __init__(self, a_day: int = 40) -> None:
        self._dice = random.Random(20260601)
        self.sandbox = Sandbox(clock=SandboxClock.frozen_at(int(FIRST.timestamp())), channels=CHANNELS)
        self.orders: list[dict[str, Any]] = []
        self._number = 0
        client = self.sandbox.client()
        for day in range(DAYS):
            weekend = 1.7 if (FIRST.weekday() + day) % 7 >= 5 else 1.0
            count = int(a_day * weekend * self._dice.uniform(0.7, 1.3))
            for _ in range(count):
                self.sandbox.clock.advance(seconds=86_400 // (count + 1))
                self._sell(client)
            rest = int(FIRST.timestamp()) + (day + 1) * 86_400 - self.sandbox.clock.now()
            self.sandbox.clock.advance(seconds=max(0, rest - (day == DAYS - 1)))

    def _sell(self, client: Any) -> None:
        self._number += 1
        name, price = self._dice.choices(GOODS, weights=(8, 4, 6, 1, 3))[0]
        order: dict[str, Any] = {"merchant_uid": f"202606-{self._number:05d}", "amount": price, "name": name}
        means: Any = {
            "pay_method": self._dice.choices(("card", "kakaopay", "trans", "phone"), weights=(10, 5, 2, 1))[0],
            "pg": self._dice.choices(("html5_inicis", "tosspayments", "kcp"), weights=(5, 4, 2))[0],
            "buyer_name": "홍길동",
            "buyer_tel": "010-0000-0000",
        }
        chance = self._dice.random()
        if chance < 0.08:
            reason = self._dice.choices([text for text, _ in REASONS], weights=[weight for _, weight in REASONS])[0]
            self.sandbox.pay(**order, **means, status="failed", fail_reason=reason)
            return
        payment = self.sandbox.pay(**order, **means)
        refunded = 0
        if chance > 0.94:
            refunded = price if self._dice.random() < 0.5 else price // 2
            client.payments.cancel(imp_uid=payment.imp_uid, amount=refunded, reason="고객 변심")
        self.orders.append({"merchant_uid": order["merchant_uid"], "amount": price, "refunded": refunded})

    def spoil(self) -> None:
        """Make one difference of each kind."""
        whole = [order for order in self.orders if not order["refunded"]]
        self.orders.remove(whole[5])
        whole[11]["amount"] += 1000
        next(order for order in self.orders if order["refunded"])["refunded"] = 0
        self.orders.append({"merchant_uid": "202606-90001", "amount": 24500, "refunded": 0})

    def write_orders(self, path: Path, encoding: str = "utf-8") -> Path:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, ["merchant_uid", "amount", "refunded"])
            writer.writeheader()
            writer.writerows(self.orders)
        return path
