"""What else this V1 can do: charges of a card number and of a failed schedule, accounts, revoking all of a card."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from attrs import define, field

from tests.models.v1 import BAD_CARD, DAY, V1, Answer, Request, envelope

CARD_NUMBERS = {"card-A": "4000-0000-0000-0001", "card-B": "4000-0000-0000-0002", BAD_CARD: "4000-0000-0000-0003"}
OF_CUSTOMER = "/subscribe/payments/schedule/customers/"
OF_ORDER = "/subscribe/payments/schedule/"


@define
class PlainV1(V1):
    schedules: dict[str, dict[str, Any]] = field(factory=dict)
    _schedule_history: list[tuple[float, dict[str, Any]]] = field(factory=list)

    def book(self) -> None:
        super().book()
        self._schedule_history.append((self.world.now, copy.deepcopy(self.schedules)))

    def was_always_so(self) -> None:
        super().was_always_so()
        self._schedule_history = [(0.0, copy.deepcopy(self.schedules))]

    def visible_schedules(self) -> dict[str, Any]:
        shown = [state for when, state in self._schedule_history if when <= self.world.now - self.lag]
        return shown[-1] if shown else {}

    def schedule(self, merchant_uid: str, card: str, status: str = "scheduled") -> None:
        self.schedules[merchant_uid] = {
            "merchant_uid": merchant_uid,
            "customer_uid": card,
            "amount": 10_000,
            "schedule_at": int(self.world.now) + 10 * DAY,
            "schedule_status": status,
            "executed_at": 0,
            "revoked_at": 0,
        }
        self.book()

    # How it answers

    def listing(self, path: str) -> Answer | None:
        """Return the listing at once, because the client may request the next page from another thread."""
        if not path.startswith(OF_CUSTOMER):
            return None
        card = unquote(path.removeprefix(OF_CUSTOMER))
        of_card = [each for each in self.visible_schedules().values() if each["customer_uid"] == card]
        found = [each for each in of_card if each["schedule_status"] == "scheduled"]
        return envelope({"total": len(found), "previous": 0, "next": 0, "list": found})

    def _read(self, path: str) -> Answer:
        if not path.startswith(OF_ORDER):
            return super()._read(path)
        found = self.visible_schedules().get(unquote(path.removeprefix(OF_ORDER)))
        return envelope(None, 1, "예약이 없습니다.", 404) if found is None else envelope(found)

    def _named(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path.endswith("/retry"):
            number = unquote(path.split("/")[-2])
            return {"merchant_uid": number, "amount": 10_000, "customer_uid": self.schedules[number]["customer_uid"]}
        if path.endswith("/onetime"):
            names = {number.replace("-", ""): name for name, number in CARD_NUMBERS.items()}
            return {**body, "card": names[body["card_number"].replace("-", "")]}
        return {"merchant_uid": body.get("customer_uid"), "amount": 0, **body}

    def _beginning(self, path: str) -> Callable[[Request, Any, str], Answer | Callable[[], Answer]]:
        if path.endswith(("/onetime", "/retry")):
            return self._charge
        if path == "/vbanks":
            return self._account
        if path.endswith("/unschedule"):
            return self._unschedule
        return super()._beginning(path)

    def _account(self, request: Request, body: Any, label: str) -> Answer | Callable[[], Answer]:
        if self._busy(body["merchant_uid"]):
            return self._refusal("[3041] 이미 처리중인 거래입니다.", -1)

        def execute() -> Answer:
            more = {"pay_method": "vbank", "vbank_num": "000", "vbank_date": body["vbank_due"]}
            made = self.add(body["merchant_uid"], body["amount"], "ready", **more)
            request.executed_at = self.world.now
            self.world.note(f"PG and V1: {label} done")
            return envelope(copy.deepcopy(made))

        return execute

    def _unschedule(self, request: Request, body: Any, label: str) -> Answer | Callable[[], Answer]:
        if self._busy(body["customer_uid"]):
            return self._refusal("기존 요청을 처리중입니다.", -1)

        def execute() -> Answer:
            """Revoke everything that is scheduled now, whenever the request was made."""
            of_card = [each for each in self.schedules.values() if each["customer_uid"] == body["customer_uid"]]
            found = [each for each in of_card if each["schedule_status"] == "scheduled"]
            if not found:
                return self._refusal("예약된 결제가 없습니다.")
            for each in found:
                each.update(schedule_status="revoked", revoked_at=int(self.world.now))
            self.book()
            request.executed_at = self.world.now
            self.world.note(f"V1: {label} done: {', '.join(each['merchant_uid'] for each in found)}")
            return envelope(copy.deepcopy(found))

        return execute
