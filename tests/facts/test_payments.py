"""Fields of a payment, charges by the server, accounts: through the SDK, against the sandbox."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1 import ApiError, NotFoundError, RefusedError, pg_profiles
from portone_v1.models import Payment
from portone_v1_generated.enums.payco import PaycoOrderStatus
from portone_v1_sandbox import TEST_CARDS

from .stage import CARD_DATA, START, act, approved, box_of, description, opened, partly


@pytest.mark.parametrize("means", ["point", "trans", "phone"])
def test_n6_means_that_are_no_card(means: str) -> None:
    """Sources: TP:17712916766, 26343524773, 35158048289, 29748173945, 48590211094."""
    payment = box_of("html5_inicis").pay(merchant_uid="o1", amount=100, pay_method=means)
    assert (payment.card_quota, payment.apply_num, payment.card_number) == (0, "", None)
    assert "0" in description("Payment", "card_quota")


@pytest.mark.parametrize(
    ("pg", "mask"),
    [
        ("html5_inicis", "424242*********2"),
        ("nice", "42424242****4242"),
        ("kcp", "4242420000004242"),
        ("uplus", "4242424242424242"),
    ],
)
def test_n7_masks(pg: str, mask: str) -> None:
    """Sources: TP:5238971241, 11979611180, 7432983101, 9117644033, 23165939870, 35142268923."""
    payment = box_of(pg).pay(merchant_uid="o1", amount=100)
    assert payment.card_number == mask
    assert mask not in repr(payment)


def test_n8_names_are_the_pgs_own() -> None:
    """Sources: TP:35142268923, 31211172171, 48590211094."""
    box = box_of("uplus")
    with box.client() as client:
        listed = {card.code: card.name for card in client.codes.list_cards()}
    payment = box.pay(merchant_uid="o1", amount=100)
    assert payment.card_name == "신한(구.LG카드 포함)카드"
    assert payment.card_name != listed[str(payment.card_code)]
    for field in ("card_name", "vbank_name"):
        assert "own words" in description("Payment", field)


def test_n9_user_agents() -> None:
    """Sources: TP:9117644033; 5238971241, 31211172171."""
    box = box_of("nice", kind="api_payment")
    with box.client() as client:
        client.billing_keys.issue("card-1", **CARD_DATA)
        payment = client.subscribe.again(customer_uid="card-1", merchant_uid="o1", amount=100, name="n")
        assert str(payment.user_agent).startswith("portone-v1")
    _, shown = approved(box_of("html5_inicis"), "html5_inicis")
    assert shown.user_agent
    assert "sorry_not_supported_anymore" in description("Payment", "user_agent")


def test_n13_declines_and_what_did_not_get_that_far() -> None:
    """Sources: the vendor's plug-in (WOO), TP:39564656129, 26141354370, 16140061878."""
    box = box_of("nice", kind="api_payment")
    with box.client() as client:
        client.billing_keys.issue("card-1", **CARD_DATA)
        box.faults.decline_next(message="한도초과")
        declined = client.subscribe.again(customer_uid="card-1", merchant_uid="o1", amount=100, name="n")
        assert declined.status == "failed"
        assert "한도초과" in str(declined.fail_reason)
        box.faults.decline_next(outcome="refused")
        with pytest.raises(RefusedError) as caught:
            client.subscribe.again(customer_uid="card-1", merchant_uid="o2", amount=100, name="n")
        assert caught.value.code != 0
        with pytest.raises(NotFoundError):
            client.payments.find("o2")
        box.faults.decline_next()
        charge = client.subscribe.again_once(customer_uid="card-1", merchant_uid="o3", amount=100, name="n")
        assert charge.state == "declined"


@pytest.mark.parametrize("pg", ["payco", "kcp"])
def test_n14_balances(pg: str) -> None:
    """Source: TP:29748173945, a refusal of 2024-02."""
    box = box_of(pg, "html5_inicis")
    paid = box.pay(merchant_uid="o1", amount=100, pg=pg)
    other = box.pay(merchant_uid="o2", amount=100, pg="html5_inicis")
    with box.client() as client:
        assert client.payments.balance(paid.imp_uid).amount == Decimal(100)
        with pytest.raises(ApiError, match=r"PAYCO, KCP만 지원됩니다.* paid 또는 cancelled"):
            client.payments.balance(other.imp_uid)


@pytest.mark.parametrize("pg", ["settle", "inicis", "html5_inicis"])
def test_n17_n18_billing_keys_by_api_are_not_refused(pg: str) -> None:
    """Sources: release notes of 2023-07-03, CI:pg.mdx, CI:pg-2.mdx; a list that lacks one of them is no refusal."""
    box = box_of(pg, kind="api_payment")
    with box.client() as client:
        key = client.with_options(pg=pg, pg_errors=True).billing_keys.issue("card-1", **CARD_DATA, pg=pg)
        assert key.customer_uid == "card-1"
        assert client.subscribe.again(customer_uid="card-1", merchant_uid="o1", amount=100, name="n").status == "paid"
    assert not [line for each in box.journal for line in each.advice]


def test_n18_inicis_is_the_code_of_contracts_by_api() -> None:
    """Sources: CI:pg-2.mdx, D:sdk/ko/v1-sdk/javascript-sdk/payrq.mdx."""
    assert pg_profiles.get("inicis").value("offers")["api"]
    assert pg_profiles.get("html5_inicis").value("offers")["window"]


LOGIS: dict[str, Any] = {
    "sender": {"name": "상점", "tel": "02-0000-0000", "addr": "주소", "postcode": "00000"},
    "receiver": {"name": "홍길동", "tel": "010-0000-0000", "addr": "주소", "postcode": "00000"},
    "logis": {"company": "LOGEN", "invoice": "1", "sent_at": START},
}


@pytest.mark.parametrize(
    ("pg", "sentence"),
    [
        ("kakaopay", "현재 지원되지 않는 PG사입니다."),
        ("html5_inicis", "해당거래건은 배송정보를 등록할 수 없습니다."),
    ],
)
def test_n19_refusals_of_shipments(pg: str, sentence: str) -> None:
    """Source: TP:29748173945."""
    box = box_of(pg)
    paid = box.pay(merchant_uid="o1", amount=100)
    with box.client() as client, pytest.raises(ApiError) as caught:
        client.escrow.register(paid.imp_uid, **LOGIS)
    assert caught.value.message == sentence


def test_n20_fourteen_states_of_payco() -> None:
    """Source: TP:29748173945, PAYCO's own refusal."""
    box = box_of("payco")
    paid = box.pay(merchant_uid="o1", amount=100)
    states = [str(state) for state in PaycoOrderStatus]
    assert len(states) == 14
    with box.client() as client:
        for state in ["PAYMENT_WAITNG", *(each for each in states if each not in {"PURCHASE_DECISION", "CANCELED"})]:
            assert client.payco.update_order_status(paid.imp_uid, status=state).status == state
        with pytest.raises(ApiError) as caught:  # PAYCO's refusal; the SDK itself knows the list, too
            client.request("POST", f"/payco/orders/status/{paid.imp_uid}", body={"status": "asdf"})
    assert all(state in str(caught.value.message) for state in states)


def test_n31_accounts_of_the_old_toss_payments() -> None:
    """Sources: TP:48590211094, 31211172171."""
    box = box_of("uplus")
    payment = box.pay(merchant_uid="o1", amount=100, pay_method="vbank", status="ready")
    assert payment.receipt_url
    assert payment.vbank_date is not None
    assert payment.vbank_date.strftime("%H:%M:%S") == "23:59:59"
    read = Payment.from_dict({"imp_uid": "i", "merchant_uid": "o", "amount": 1, "status": "ready", "vbank_date": 0})
    assert read.vbank_date is None
    assert read.to_dict()["vbank_date"] == 0


def test_n32_econtext_waits_under_an_unknown_number() -> None:
    """Source: D:…/pg/v1/eximbay.mdx."""
    box = box_of("eximbay")
    result, payment = approved(box, "eximbay", pay_method="econtext", currency="JPY", buyer_name="a", buyer_tel="1")
    assert (result["status"], result["vbank_num"]) == ("ready", "unknown")
    assert (payment.status, payment.pay_method, payment.vbank_num) == ("ready", "vbank", "unknown")
    assert [(each.imp_uid, each.status) for each in box.notifications] == [(payment.imp_uid, "ready")]
    box.deposit(payment.imp_uid)
    assert [each.status for each in box.notifications] == ["ready", "paid"]


def test_n36_extension_of_one_payment_alone() -> None:
    """Source: H:core-service/payment-type/paypal-payment-status.md."""
    fact = str(pg_profiles.get("paypal").facts["record.extension"])
    assert all(name in fact for name in ("PaymentStatus", "PendingReason", "ReasonCode", "Completed", "echeck"))
    box = box_of("paypal")
    state = {"PaymentStatus": "Pending", "PendingReason": "echeck"}
    paid = box.pay(merchant_uid="o1", amount=100, currency="USD", extension=state)
    with box.client() as client:
        assert client.payments.get(paid.imp_uid, extension=True).extension == state
        assert client.payments.get(paid.imp_uid).extension is None
        with pytest.raises(TypeError):
            client.payments.find("o1", extension=True)  # type: ignore[call-arg]


def test_n37_kcp_quick() -> None:
    """Source: D:…/pg/v1/nhn-kcp/kcp-quickpay.mdx."""
    text = str(pg_profiles.get("kcp_quick").facts["finality.text"].value)
    assert "300,000 KRW" in text
    assert "PinReset drops every key" in text
    box = box_of("kcp_quick")
    needed = box.kcp_quick.join("member-1")
    with box.client() as client:
        client.kcp_quick.delete_member(**{name: needed[name] for name in needed if name != "money"})


def test_n38_texts_for_numbers_and_months_without_a_dash() -> None:
    """Sources: TP:26343524773, 22870801000, the vendor's Java tests."""
    box, payment = partly()
    with box.client() as client:
        body: Any = {"imp_uid": payment.imp_uid, "amount": "10", "checksum": "50"}
        assert client.request("POST", "/payments/cancel", body=body)["cancel_amount"] == 60
    box = box_of("nice", kind="api_payment")
    with box.client() as client:
        client.billing_keys.issue("card-1", **CARD_DATA | {"expiry": "203012"})
        entry = {"merchant_uid": "s1", "schedule_at": START + 999, "amount": 100, "name": "n"}  # no currency
        asked: Any = {"customer_uid": "card-1", "schedules": [entry]}
        assert client.request("POST", "/subscribe/payments/schedule", body=asked)[0]["merchant_uid"] == "s1"
        revoked = client.request(
            "POST", "/subscribe/payments/unschedule", body={"customer_uid": "card-1", "merchant_uid": "s1"}
        )
        assert [row["merchant_uid"] for row in revoked] == ["s1"]
        with pytest.raises(RefusedError):
            client.billing_keys.issue("card-2", **CARD_DATA | {"expiry": "202001"})


def test_cards_over_the_limit_decline_with_code_0() -> None:
    """N13 with a test card: the sandbox's card over its limit answers `failed`, and says why in `fail_reason`."""
    box = box_of("html5_inicis")
    _, where = opened(box, {"merchant_uid": "o1", "amount": 100, "pg": "html5_inicis"})
    assert where is not None
    outcome = act(box, where, "approve", pay_method="card", card="charge_failed")["response"]["outcome"]
    assert outcome["success"] is False
    assert TEST_CARDS["charge_failed"].reason
