"""에스크로 배송정보: registering, changing, reading, and what each conflict means."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1_sandbox import Channel, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api

PERSON = {
    "name": "홍길동",
    "tel": "010-0000-0000",
    "addr": "서울특별시 예시구 예시로 1",
    "postcode": "00000",
    "relationship": "본인",
}
LOGIS = {"company": "CJGLS", "invoice": "000011112222", "sent_at": START - 60}
BODY: dict[str, Any] = {"sender": PERSON, "receiver": PERSON, "logis": LOGIS}


def shop(pg: str, *, pg_rules: bool = False) -> tuple[Api, Sandbox]:
    channel = Channel(f"channel-key-{pg}", pg, "sandboxmid", "payment")
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START), channels=[channel], pg_rules=pg_rules)
    return Api(sandbox), sandbox


def paid(sandbox: Sandbox, *, escrow: bool = True) -> str:
    return sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="trans", escrow=escrow).imp_uid


def register(api: Api, imp_uid: str, **fields: object) -> Answer:
    return api.post(f"/escrows/logis/{imp_uid}", **(BODY | fields))


def update(api: Api, imp_uid: str, **fields: object) -> Answer:
    return api.put(f"/escrows/logis/{imp_uid}", **(BODY | fields))


def test_registered_read_and_changed(api: Api, sandbox: Sandbox) -> None:
    imp_uid = paid(sandbox)
    assert api.get(f"/payments/{imp_uid}").response["escrow"] is True
    shipment = {**LOGIS, "applied_at": START}
    assert register(api, imp_uid).response == shipment
    assert api.get(f"/escrows/logis/{imp_uid}").response == shipment
    sandbox.clock.advance(seconds=60)
    changed = update(api, imp_uid, logis={**LOGIS, "invoice": "1"}).response
    assert changed == {**shipment, "invoice": "1", "applied_at": START + 60}
    assert api.get(f"/escrows/logis/{imp_uid}").response == changed


@pytest.mark.parametrize(
    ("sent", "kept"), [("HANJIN", "HANJIN"), ("hanjin", "HANJIN"), ("LOGEN", "KGB"), ("KOREX", "CJGLS"), ("X", "ETC")]
)
def test_couriers(api: Api, sandbox: Sandbox, sent: str, kept: str) -> None:
    imp_uid = paid(sandbox)
    assert register(api, imp_uid, logis={**LOGIS, "company": sent}).response["company"] == kept


class TestConflicts:
    def test_nothing_to_read(self, api: Api, sandbox: Sandbox) -> None:
        assert api.get(f"/escrows/logis/{paid(sandbox)}").verdict == (409, 1, "등록된 배송정보가 없습니다.")

    def test_registered_already(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = paid(sandbox)
        register(api, imp_uid)
        assert register(api, imp_uid).verdict == (409, 1, "이미 배송정보가 등록된 거래입니다.")

    def test_takes_no_shipment(self, api: Api, sandbox: Sandbox) -> None:
        verdict = (409, 1, "해당거래건은 배송정보를 등록할 수 없습니다.")
        assert register(api, paid(sandbox, escrow=False)).verdict == verdict
        waits = sandbox.pay(merchant_uid="order-2", amount=1000, status="ready", pay_method="vbank", escrow=True)
        assert register(api, waits.imp_uid).verdict == verdict

    def test_nothing_to_change(self, api: Api, sandbox: Sandbox) -> None:
        verdict = (409, 1, "배송정보를 수정할 수 없는 거래입니다.")
        imp_uid = paid(sandbox)
        assert update(api, imp_uid).verdict == verdict
        register(api, imp_uid)
        api.cancel(imp_uid=imp_uid)
        assert update(api, imp_uid).verdict == verdict

    def test_pg_that_never_changes_it(self) -> None:
        api, sandbox = shop("nice_v2")
        imp_uid = paid(sandbox)
        assert register(api, imp_uid).code == 0
        assert update(api, imp_uid).status == 409
        assert api.get(f"/escrows/logis/{imp_uid}").response["invoice"] == LOGIS["invoice"]

    def test_pg_that_needs_half_an_hour(self) -> None:
        api, sandbox = shop("ksnet")
        imp_uid = paid(sandbox)
        register(api, imp_uid)
        sandbox.clock.advance(seconds=30 * 60 - 1)
        assert update(api, imp_uid).status == 409
        api.authorize()
        sandbox.clock.advance(seconds=1)
        assert update(api, imp_uid).code == 0


def test_pg_that_has_no_escrow(api: Api, sandbox: Sandbox) -> None:
    imp_uid = sandbox.pay(merchant_uid="order-1", amount=1000, pg="payco", escrow=True).imp_uid
    for answer in (register(api, imp_uid), update(api, imp_uid), api.get(f"/escrows/logis/{imp_uid}")):
        assert answer.verdict == (400, 1, "현재 지원되지 않는 PG사입니다.")


def test_unknown_payment(api: Api) -> None:
    for answer in (register(api, "imp_0"), update(api, "imp_0"), api.get("/escrows/logis/imp_0")):
        assert answer.status == 404


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
def test_methods_that_there_are_not(api: Api, method: str) -> None:
    api.authorize()
    assert api.send(method, "/escrows/logis/imp_0").status == 405


@pytest.mark.parametrize(
    "fields",
    [
        {"sender": None},
        {"receiver": ["홍길동"]},
        {"logis": "CJGLS"},
        {"logis": {**LOGIS, "invoice": None}},
        {"logis": {**LOGIS, "sent_at": "gestern"}},
        {"logis": {"company": "CJGLS"}},
    ],
)
def test_what_cannot_be(api: Api, sandbox: Sandbox, fields: dict[str, object]) -> None:
    imp_uid = paid(sandbox)
    assert register(api, imp_uid, **fields).status == 400
    assert api.get(f"/escrows/logis/{imp_uid}").status == 409


def test_escrow_on_a_fixed_account(api: Api, sandbox: Sandbox) -> None:
    order = {"merchant_uid": "order-1", "amount": 1000, "vbank_code": "088", "vbank_due": START + 60}
    fixed = {"vbank_num": "7001", "vbank_holder": "홍길동", "buyer_email": "hong@example.com"}
    channel = "channel-key-00000000-0000-4000-8000-000000000021"
    answer = api.post("/vbanks", **order, **fixed, channel_key=channel, escrow_password="0000")
    assert answer.response["escrow"] is True


class TestWhatThePgNeeds:
    @pytest.mark.parametrize(
        ("pg", "fields"),
        [
            ("html5_inicis", {"sender": {"name": "홍길동"}}),
            ("welcome", {}),
            ("welcome", {"products": [{"id": "1", "name": "원두"}]}),
            ("daou", {}),
            ("smartro_v2", {"receiver": {**PERSON, "formed_address": {"address_line_1": "예시로 1"}}}),
        ],
    )
    def test_is_missing(self, pg: str, fields: dict[str, object]) -> None:
        api, sandbox = shop(pg, pg_rules=True)
        answer = register(api, paid(sandbox), **fields)
        assert (answer.status, answer.code) == (400, 1)

    def test_is_advice_unless_asked_for(self) -> None:
        """V1 was not seen refusing by the vendor's lists: the journal names what they would not have."""
        api, sandbox = shop("welcome")
        assert register(api, paid(sandbox)).code == 0
        assert sandbox.journal[-1].advice == ["products 파라메터가 누락되었습니다(welcome 필수)."]

    @pytest.mark.parametrize(
        ("pg", "fields"),
        [
            ("welcome", {"products": [{"id": "1", "name": "원두", "amount": 1000}]}),
            ("daou", {"logis": {**LOGIS, "receiving_at": "20260311", "address": "서울특별시 예시구 예시로 1"}}),
            ("kcp", {"sender": {}, "receiver": {}}),
        ],
    )
    def test_is_there(self, pg: str, fields: dict[str, object]) -> None:
        api, sandbox = shop(pg, pg_rules=True)
        assert register(api, paid(sandbox), **fields).code == 0
        assert sandbox.journal[-1].advice == []

    def test_is_a_switch(self) -> None:
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), pg_rules=False)
        assert register(Api(sandbox), paid(sandbox), sender={}, receiver={}).code == 0
