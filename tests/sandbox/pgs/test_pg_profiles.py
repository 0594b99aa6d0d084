"""Each PG is played by its profile: one test for each key that the sandbox acts on, over all PGs that have it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from portone_v1 import codes, pg_profiles
from portone_v1_sandbox import TEST_CARDS, Channel, Request, Sandbox, SandboxClock
from portone_v1_sandbox.errors.base import Refusal

from tests.sandbox.support import START, Api

KST = timezone(timedelta(hours=9))
PGS = pg_profiles.codes()
OWN = {"Host": "127.0.0.1:8765", "Origin": "http://127.0.0.1:8765", "Content-Type": "application/json"}
FULL = {
    "name": "커피",
    "buyer_name": "홍길동",
    "buyer_tel": "010-0000-0000",
    "buyer_email": "hong@example.com",
    "m_redirect_url": "http://shop.example.com/done",
    "digital": False,
    "vbank_due": "20301231",
    "customer_id": "customer",
    "company": "상점",
    "company_en": "shop",
    "biz_num": "0000000000",
    "tax_free": 0,
    "naverProducts": [{"categoryType": "BOOK"}],
    "payment_deadline": "20301231235959",
    "storeDetails": dict.fromkeys(
        (
            *("storeName", "storeNameKana", "storeNameEn", "storeNameShort", "contactName", "email", "phoneNumber"),
            "openingHours",
        ),
        "가게",
    ),
}


def having(name: str) -> list[str]:
    return [pg for pg in PGS if pg_profiles.get(pg).value(name) is not None]


def box_of(pg: str, **settings: Any) -> Sandbox:
    channels = [Channel(f"channel-key-{pg}", pg, f"mid-{pg}", "payment")]
    return Sandbox(clock=SandboxClock.frozen_at(START), channels=channels, **settings)


def asked_of(pg: str, **more: Any) -> dict[str, Any]:
    """Return arguments that the PG accepts."""
    value = pg_profiles.get(pg).value
    currencies = value("currencies") or {}
    takes = currencies.get("takes") or [currencies.get("left_out") or "USD" if "refuses" in currencies else "KRW"]
    means = value("pay_methods.asked")
    asked = {"merchant_uid": "order00001", "amount": 12000, "pg": pg, "currency": takes[0]} | FULL
    return asked | {"pay_method": means[0] if means else "card"} | more


class Window:
    """One call of `request_pay`, without a browser."""

    def __init__(self, box: Sandbox, asked: dict[str, Any], **sent: Any) -> None:
        self.box = box
        text = json.dumps({"asked": asked, "kind": "payment"} | sent)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://shop.example.com"}
        form = urlencode({"request": text}).encode()
        answer = box.handle(Request("POST", "/_sandbox/web/windows", "", headers, form))
        self.where = answer.headers["Location"]

    @property
    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self.box.handle(Request("GET", f"{self.where}/state")).json()["response"]
        return found

    def act(self, action: str, **choice: Any) -> dict[str, Any]:
        body = json.dumps({"action": action} | choice).encode()
        found: dict[str, Any] = self.box.handle(Request("POST", self.where, "", OWN, body)).json()["response"]
        return found


def advice(box: Sandbox) -> list[str]:
    return [line for exchange in box.journal for line in exchange.advice]


@pytest.mark.parametrize("pg", PGS)
def test_a_request_that_the_pg_has_nothing_against(pg: str) -> None:
    box = box_of(pg, pg_rules=True)
    window = Window(box, asked_of(pg))
    assert window.shown["outcome"] is None
    assert advice(box) == []
    assert window.act("approve", pay_method=asked_of(pg)["pay_method"])["outcome"]["imp_uid"].startswith("imp_")


@pytest.mark.parametrize("pg", having("required.always"))
def test_arguments_that_the_pg_requires(pg: str) -> None:
    known = pg_profiles.get(pg).value("errors.window") or {}
    for name in pg_profiles.get(pg).value("required.always"):
        head, _, inner = name.partition(".")
        asked = asked_of(pg)
        if head == "merchant_uid":
            continue  # the sandbox needs one itself
        asked[head] = {key: text for key, text in asked[head].items() if key != inner} if inner else None
        box = box_of(pg)
        outcome = Window(box, asked).shown["outcome"]
        if name in known:
            assert outcome["error_msg"] == known[name]
            continue
        assert outcome is None
        assert f"{pg} requires {name}" in advice(box)
        strict = Window(box_of(pg, pg_rules=True), asked).shown["outcome"]
        assert strict["error_msg"] == f"{pg} requires {name}"


def conditions() -> Iterator[Any]:
    for pg in having("required.when"):
        for number, rule in enumerate(pg_profiles.get(pg).value("required.when")):
            yield pytest.param(pg, rule, id=f"{pg}-{number}")


@pytest.mark.parametrize(("pg", "rule"), list(conditions()))
def test_arguments_that_the_pg_requires_under_a_condition(pg: str, rule: Any) -> None:
    known = pg_profiles.get(pg).value("errors.window") or {}
    more: dict[str, Any] = {"pay_method": rule["pay_method"][0]} if "pay_method" in rule else {}
    more |= {"escrow": True} if "escrow" in rule else {}
    more |= {"customer_uid": "card-1"} if "billing_key" in rule else {}
    for name in rule["need"]:
        box = box_of(pg)
        outcome = Window(
            box,
            asked_of(pg, **{name.partition(".")[0]: None}, **more),
            mobile="device" in rule and rule["device"] == "mobile",
        ).shown["outcome"]
        if name in known:
            assert outcome["error_msg"] == known[name]
            assert "imp_uid" not in outcome
        else:
            assert outcome is None
            assert f"{pg} requires {name}" in advice(box)


@pytest.mark.parametrize("pg", having("limits.merchant_uid"))
def test_order_numbers_longer_than_the_pg_keeps(pg: str) -> None:
    limit = pg_profiles.get(pg).value("limits.merchant_uid")
    most = limit.get("max", 40)
    number = "a" * most + "b"
    box = box_of(pg)
    window = Window(box, asked_of(pg, merchant_uid=number))
    outcome = window.act("approve", pay_method="card")["outcome"]
    assert outcome["merchant_uid"] == number[:most]
    assert box.client().payments.find(number[:most]).imp_uid == outcome["imp_uid"]
    assert any("cuts merchant_uid" in line for line in advice(box))
    again = Window(box, asked_of(pg, merchant_uid=number + "c")).shown["outcome"]
    assert "이미" in again["error_msg"]  # two orders of the shop have become one
    assert Window(box, asked_of(pg, merchant_uid="c" * most)).shown["outcome"] is None


@pytest.mark.parametrize("pg", having("limits.name"))
def test_names_that_the_pg_cannot_have(pg: str) -> None:
    limit = pg_profiles.get(pg).value("limits.name")
    wrong = ["가" * (limit.get("max", limit.get("max_bytes", 0)) + 1)] if {"max", "max_bytes"} & set(limit) else []
    wrong += [f"커피{sign}" for sign in limit.get("forbidden", ())] + (["☕"] if "encoding" in limit else [])
    assert wrong
    for name in wrong:
        box = box_of(pg)
        assert Window(box, asked_of(pg, name=name[:40])).shown["outcome"] is None
        assert any(" name" in line for line in advice(box)) or len(name) > 40


@pytest.mark.parametrize("pg", having("currencies"))
def test_currencies(pg: str) -> None:
    rule = pg_profiles.get(pg).value("currencies")
    sentence = (pg_profiles.get(pg).value("errors.window") or {}).get("currency")
    if "left_out" in rule:
        box = box_of(pg)
        Window(box, asked_of(pg, currency=None, amount=12)).act("approve", pay_method=asked_of(pg)["pay_method"])
        assert box.client().payments.find("order00001").currency == rule["left_out"]
    wrong = rule.get("refuses", ["VND"])[0] if "takes" in rule or "refuses" in rule else None
    if wrong:
        box = box_of(pg)
        outcome = Window(box, asked_of(pg, currency=wrong)).shown["outcome"]
        assert (outcome or {}).get("error_msg") == sentence
        assert sentence or any(wrong in line for line in advice(box))


@pytest.mark.parametrize("pg", [pg for pg in having("pay_methods.asked") if pg_profiles.get(pg).pay_methods])
def test_means_that_the_pg_does_not_have(pg: str) -> None:
    box = box_of(pg)
    sentence = (pg_profiles.get(pg).value("errors.window") or {}).get("pay_method")
    outcome = Window(box, asked_of(pg, pay_method="kpay")).shown["outcome"]
    assert (outcome or {}).get("error_msg") == sentence
    assert sentence or f"{pg} is not known to take pay_method kpay" in advice(box)


@pytest.mark.parametrize("pg", having("closed"))
@pytest.mark.parametrize("unknown", ["failed", "ready"])
def test_what_closing_the_window_means(pg: str, unknown: Any) -> None:
    closed = pg_profiles.get(pg).value("closed")
    box = box_of(pg, unknown_close_status=unknown)
    window = Window(box, asked_of(pg))
    shown = window.act("leave")
    assert shown["silent"] is not closed["called"]
    assert shown["alert"] == closed.get("alert")
    payment = box.client().payments.find_all("order00001").items[0]
    assert payment.status == (unknown if closed["status"] == "unknown" else closed["status"])
    if "error_msg" in closed:
        assert shown["outcome"]["error_msg"] == closed["error_msg"]
        assert shown["outcome"].get("error_code") == closed["error_code"]


@pytest.mark.parametrize("pg", having("result.callback"))
def test_the_result_that_the_function_receives(pg: str) -> None:
    outcome = Window(box_of(pg), asked_of(pg)).act("approve", pay_method=asked_of(pg)["pay_method"])["outcome"]
    if pg_profiles.get(pg).callback == "ids":
        assert outcome.keys() == {"imp_uid", "merchant_uid"}
    else:
        assert outcome["success"] is True
        assert len(outcome.keys() - {"emb_pg_provider"}) in {24, 28}


@pytest.mark.parametrize("pg", having("result.redirect_fields"))
def test_the_query_that_the_address_receives(pg: str) -> None:
    fields = pg_profiles.get(pg).value("result.redirect_fields")
    for action in ("approve", "leave"):
        window = Window(box_of(pg), asked_of(pg), redirects=True, mobile=True)
        url = window.act(action, pay_method=asked_of(pg)["pay_method"])["redirect"]
        names = [name for name, _ in parse_qsl(url.partition("?")[2], keep_blank_values=True)]
        assert set(names) <= set(fields)
        assert {"imp_uid", "merchant_uid"} <= set(names)


@pytest.mark.parametrize("pg", PGS)
def test_the_script_knows_where_each_result_goes(pg: str) -> None:
    script = box_of(pg).handle(Request("GET", "/v1/iamport.js")).body.decode()
    row = json.loads(script.partition("CHANNELS = ")[2].partition(";\n")[0])[0]
    value = pg_profiles.get(pg).value
    assert (row["pg"], row["pc"], row["mobile"]) == (pg, value("result.pc"), value("result.mobile"))


@pytest.mark.parametrize("pg", having("vbank.due"))
def test_due_times_of_accounts(pg: str) -> None:
    rule = pg_profiles.get(pg).value("vbank.due")
    box = box_of(pg)
    window = Window(box, asked_of(pg, pay_method="vbank", vbank_due="2030-12-31 10:20"))
    window.act("approve", pay_method="vbank")
    due = datetime.fromtimestamp(box.client().payments.find("order00001").to_dict()["vbank_date"], KST)
    if rule.get("date_only") or rule.get("time") == "end of day":
        assert due == datetime(2030, 12, 31, 23, 59, 59, tzinfo=KST)
    else:
        seconds = 59 if rule.get("time") == "minutes kept, seconds 59" else 0
        assert due == datetime(2030, 12, 31, 10, 20, seconds, tzinfo=KST)
    if "left_out_days" in rule:
        payment = box_of(pg).pay(merchant_uid="o2", amount=1000, pay_method="vbank", status="ready")
        assert (
            START + rule["left_out_days"] * 86400
            <= payment.to_dict()["vbank_date"]
            < START + (rule["left_out_days"] + 1) * 86400
        )


@pytest.mark.parametrize("pg", having("vbank.holder"))
def test_holders_of_accounts(pg: str) -> None:
    payment = box_of(pg).pay(merchant_uid="o1", amount=1000, pay_method="vbank", status="ready")
    assert (payment.vbank_holder is None) is (pg_profiles.get(pg).value("vbank.holder") == "null")


@pytest.mark.parametrize("pg", having("record.receipt_url"))
@pytest.mark.parametrize("test", [False, True])
@pytest.mark.parametrize("means", ["card", "trans", "vbank"])
def test_receipts(pg: str, means: str, *, test: bool) -> None:
    rule = pg_profiles.get(pg).value("record.receipt_url")
    box = Sandbox(clock=SandboxClock.frozen_at(START), channels=[Channel("channel-key-1", pg, "mid", "payment", test)])
    amount = 1000
    payment = box.pay(
        merchant_uid="o1", amount=amount, pay_method=means, status="ready" if means == "vbank" else "paid"
    )
    assert bool(payment.receipt_url) is (
        (means != "vbank" and _gives(rule, means, test=test)) or bool(means == "vbank" and rule.get("with_account"))
    )
    if means == "vbank":
        payment = box.deposit(payment.imp_uid)
        assert bool(payment.receipt_url) is _gives(rule, means, test=test)


def _gives(rule: Any, means: str, *, test: bool) -> bool:
    if test and rule.get("not_in_test"):
        return False
    return {"never": False, "cards only": means == "card", "cards and wallets": means == "card"}.get(
        rule.get("url"), True
    )


@pytest.mark.parametrize("pg", having("errors.shape"))
def test_words_of_a_decline(pg: str) -> None:
    card = TEST_CARDS["charge_refused"].number
    currency = asked_of(pg)["currency"]
    payment = box_of(pg).pay(merchant_uid="o1", amount=1000, card_number=card, currency=currency)
    want = {
        "[CODE] text": "[SB02] 카드사 점검중",
        "CODE | text": "SB02 | 카드사 점검중",
        "F0004:text CODE, text": f"F0004:PG사 결제요청에 실패하여 중단합니다.({payment.imp_uid}) SB02, 카드사 점검중",
        "text [CODE]text": "카드사 승인에 실패하였습니다. [SB02]카드사 점검중",
    }
    assert payment.fail_reason == want[pg_profiles.get(pg).value("errors.shape")]


@pytest.mark.parametrize("pg", having("billing.charges_when_issued"))
def test_whether_issuing_a_key_charges(pg: str) -> None:
    rule = pg_profiles.get(pg).value("billing.charges_when_issued")
    box = box_of(pg)
    currency = asked_of(pg)["currency"]
    payment = box.pay(merchant_uid="o1", amount=1000, customer_uid="card-1", currency=currency)
    assert (payment.status, payment.customer_uid_usage) == ("paid", "issue")
    charged = rule.get("any", rule.get(payment.pay_method)) is not False
    assert bool(box.ledger) is charged
    if not charged:
        assert payment.apply_num == ""


def late() -> Iterator[Any]:
    for pg in PGS:
        changes = pg_profiles.get(pg).finality
        late = any(
            change.of == "payment" and change.status == "failed" and "paid" in change.may_become for change in changes
        )
        late = late or any(change.of == "callback" and "paid" in change.may_become for change in changes)
        yield pytest.param(pg, late, id=pg)


@pytest.mark.parametrize(("pg", "is_late"), list(late()))
def test_failed_payments_that_are_paid_after_all(pg: str, *, is_late: bool) -> None:
    box = box_of(pg)
    payment = box.pay(merchant_uid="o1", amount=1000, status="failed", currency=asked_of(pg)["currency"])
    if not is_late:
        with pytest.raises(Refusal, match="final"):
            box.approve_late(payment.imp_uid)
        return
    box.clock.advance(days=2)
    assert box.approve_late(payment.imp_uid).status == "paid"
    assert [notice.status for notice in box.notifications] == ["paid"]
    assert len(box.ledger) == 1
    with pytest.raises(Refusal, match="final"):
        box.approve_late(payment.imp_uid)


@pytest.mark.parametrize("pg", PGS)
def test_a_buyer_who_left_the_page_may_still_pay(pg: str) -> None:
    box = box_of(pg)
    payment = box.pay(merchant_uid="o1", amount=1000, status="ready", currency=asked_of(pg)["currency"])
    assert box.approve_late(payment.imp_uid).status == "paid"


@pytest.mark.parametrize("pg", [pg for pg in PGS if any(c.of == "refund" for c in pg_profiles.get(pg).finality)])
def test_refunds_that_are_paid_out_later(pg: str) -> None:
    change = next(change for change in pg_profiles.get(pg).finality if change.of == "refund")
    box = box_of(pg)
    means = change.pay_method[0] if change.pay_method else (pg_profiles.get(pg).pay_methods or ("card",))[0]
    status: Any = "ready" if means == "vbank" else "paid"
    payment = box.pay(
        merchant_uid="o1", amount=1000, pay_method=means, status=status, currency=asked_of(pg)["currency"]
    )
    if means == "vbank":
        box.deposit(payment.imp_uid)
    assert box.cancel(payment.imp_uid).status == "paid"
    assert len(box.pending_refunds) == 1
    assert box.settle_refund(payment.imp_uid).status == "cancelled"


@pytest.mark.parametrize("pg", having("record.user_agent"))
def test_user_agents(pg: str) -> None:
    box = box_of(pg)
    window = Window(box, asked_of(pg))
    window.act("approve", pay_method="card")
    constant = pg_profiles.get(pg).value("record.user_agent")
    kept = box.client().payments.find("order00001").user_agent
    assert kept == (constant if constant != "caller" else "Mozilla/5.0 (sandbox of portone-v1)")


@pytest.mark.parametrize("pg", PGS)
def test_masks_and_issuers(pg: str) -> None:
    payment = box_of(pg).pay(merchant_uid="o1", amount=1000, currency=asked_of(pg)["currency"])
    if payment.pay_method != "card":
        return
    mask = (pg_profiles.get(pg).value("record.card_number") or {}).get("card", "######******####")
    number = "4242424242424242"
    assert payment.card_number == "".join(d if sign == "#" else sign for sign, d in zip(mask, number, strict=True))
    assert (payment.card_issuer_code is not None) is (pg_profiles.get(pg).value("record.issuer") is True)
    names = pg_profiles.get(pg).value("record.card_names") or {}
    assert payment.card_name == names.get("366", "신한카드")


def test_a_wallet_chosen_inside_the_window_of_cards() -> None:
    box = box_of("html5_inicis")
    Window(box, asked_of("html5_inicis")).act("approve", pay_method="kakaopay")
    payment = box.client().payments.find("order00001")
    assert (payment.pay_method, payment.emb_pg_provider, payment.card_number) == ("card", "kakaopay", "*********")


def test_a_phone_without_an_address() -> None:
    outcome = Window(box_of("tosspayments"), asked_of("tosspayments", m_redirect_url=None), mobile=True).shown[
        "outcome"
    ]
    assert outcome == {
        "merchant_uid": "order00001",
        "error_code": "F400",
        "error_msg": "결제 창 호출에 실패하였습니다. "
        "리디렉션 방식으로 결제창을 호출하려면 리디렉션 URL은 필수 입력입니다.",
    }


def test_an_order_that_was_paid_before() -> None:
    wanted: list[tuple[str, dict[str, Any]]] = [
        (
            "html5_inicis",
            {
                "success": False,
                "imp_uid": None,
                "error_code": "F1002",
                "error_msg": "이미 결제가 이루어진 거래건입니다.",
            },
        ),
        (
            "nice_v2",
            {
                "error_code": "F400",
                "error_msg": "결제 창 호출에 실패하였습니다. "
                "이미 승인 완료 되거나 승인 요청 된 거래 건(order00001)입니다.",
            },
        ),
    ]
    for pg, each in wanted:
        box = box_of(pg)
        box.pay(merchant_uid="order00001", amount=1000)
        assert Window(box, asked_of(pg)).shown["outcome"] == each | {"merchant_uid": "order00001"}


def test_pgs_that_approve_without_a_confirmation() -> None:
    asked = {"confirm_url": "http://127.0.0.1:1/nobody-listens"}
    for pg in having("confirm_url"):
        result = Window(box_of(pg), asked_of(pg, **asked)).act("approve", pay_method=asked_of(pg)["pay_method"])[
            "outcome"
        ]
        assert ("error_msg" in result) is pg_profiles.get(pg).value("confirm_url"), pg


def cancelled(box: Sandbox, pay_method: str, amount: int | None = None, **account: Any) -> tuple[int, list[str]]:
    """Refund a paid payment of 1000; return the API's response, and the journal's advice about it."""
    uid = box.pay(merchant_uid=f"order-{len(box.journal)}", amount=1000, pay_method=pay_method).imp_uid
    if pay_method == "vbank":
        uid = box.pay(
            merchant_uid=f"account-{len(box.journal)}", amount=1000, pay_method="vbank", status="ready"
        ).imp_uid
        box.deposit(uid)
    body = {"imp_uid": uid, "amount": amount} | account
    answer = Api(box).cancel(**{name: value for name, value in body.items() if value is not None})
    return answer.code, box.journal[-1].advice


ACCOUNT: dict[str, Any] = {"refund_holder": "홍길동", "refund_account": "0000000000", "refund_tel": "010-0000-0000"}


@pytest.mark.parametrize("pg", having("refund.bank"))
def test_bank_codes_of_refunds(pg: str) -> None:
    box = box_of(pg)
    right = codes.refund_bank(pg, "088")
    assert cancelled(box, "vbank", refund_bank=right, **ACCOUNT)[0] == 0
    assert not [line for line in advice(box) if "bank" in line]
    code, lines = cancelled(box, "vbank", refund_bank="999", **ACCOUNT)
    assert (code, [line for line in lines if "has no bank 999" in line]) == (0, lines[-1:])
    assert cancelled(box_of(pg, pg_rules=True), "vbank", refund_bank="999", **ACCOUNT)[0] != 0


@pytest.mark.parametrize(
    "pg", [pg for pg in having("refund.partial") if pg_profiles.get(pg).value("refund.partial").get("not_for")]
)
def test_means_that_are_refunded_in_full_only(pg: str) -> None:
    (means, *_) = pg_profiles.get(pg).value("refund.partial")["not_for"]
    line = f"{pg} refunds {means} in full only"
    assert line in cancelled(box_of(pg), means, 400)[1]
    assert line not in cancelled(box_of(pg), means, 1000)[1]
    assert cancelled(box_of(pg, pg_rules=True), means, 400)[0] != 0


@pytest.mark.parametrize(
    "pg", [pg for pg in having("vbank.refund") if not pg_profiles.get(pg).value("vbank.refund")["possible"]]
)
def test_accounts_that_are_never_refunded(pg: str) -> None:
    line = f"{pg} does not refund virtual accounts"
    assert line in cancelled(box_of(pg), "vbank", refund_bank="088", **ACCOUNT)[1]
    assert cancelled(box_of(pg, pg_rules=True), "vbank", refund_bank="088", **ACCOUNT)[0] != 0
