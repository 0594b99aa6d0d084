"""39 facts about V1 that an earlier version had wrong or lacked: each in specification, codes, profiles or sandbox.

What has a test of its own elsewhere is looked at here as well, so that the list can be read from top to bottom.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1 import codes, pg_profiles
from portone_v1.models import Certification, Payment
from portone_v1_generated.enums.payco import PaycoOrderStatus
from portone_v1_generated.enums.payments import EmbeddedPgProvider, PayMethod, PgProvider
from portone_v1_sandbox import Channel, Sandbox, SandboxClock
from portone_v1_sandbox.errors.base import balance_not_offered
from portone_v1_sandbox.web.confirm import UNKNOWN, stopped_by_shop
from portone_v1_sandbox.web.sessions import due_time

from scripts.bundle import SPEC
from scripts.evidence import load

CARD: dict[str, Any] = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12", "birth": "900101"}
START = 1_773_104_400
ROOT = SPEC.parent
CLAIMS = {claim["id"]: claim for claim in load(SPEC).claims}


@pytest.fixture(scope="module")
def document() -> Any:
    return json.loads((ROOT / "generated" / "openapi.json").read_text("utf-8"))


def box_of(*pgs: str) -> Sandbox:
    channels = [Channel(f"channel-key-{pg}", pg, f"mid-{pg}", "payment") for pg in pgs]
    return Sandbox(clock=SandboxClock.frozen_at(START), channels=channels)


def said(document: Any, model: str, name: str) -> str:
    text: str = document["components"]["schemas"][model]["properties"][name]["description"]
    return text


def fact(pg: str, name: str) -> str:
    return str(pg_profiles.get(pg).facts[name].value)


def partly(pg: str = "kakaopay") -> tuple[Sandbox, Payment]:
    box = box_of(pg)
    paid = box.pay(merchant_uid="o1", amount=100)
    with box.client() as client:
        client.payments.cancel(imp_uid=paid.imp_uid, amount=50, checksum=100)
        return box, client.payments.get(paid.imp_uid)


def test_n1_status_after_a_partial_refund() -> None:
    box, payment = partly()
    assert (payment.status, payment.cancel_amount) == ("cancelled", Decimal(50))
    with box.client() as client:
        again = client.payments.cancel(imp_uid=payment.imp_uid, amount=30, checksum=50)
        assert (again.status, again.cancel_amount, len(again.cancel_history or [])) == ("cancelled", Decimal(80), 2)


def test_n2_lists_of_partly_refunded_payments() -> None:
    box, payment = partly()
    with box.client() as client:
        assert client.payments.search("paid").total == 0
        assert [row.imp_uid for row in client.payments.search("cancelled").items or []] == [payment.imp_uid]


def test_n3_reasons_that_v1_fills_in() -> None:
    box, payment = partly()
    assert payment.cancel_reason == "취소요청api"
    assert (payment.cancel_history or [])[0].reason == "취소요청api"
    assert box.cancel(payment.imp_uid).cancel_reason == "관리자페이지취소"


def test_n4_ids_of_refunds() -> None:
    _, payment = partly()
    assert re.fullmatch(r"[A-Z0-9]{20}", str((payment.cancel_history or [])[0].cancellation_id))


def test_n5_a_full_refund_has_number_and_slip_of_the_payment() -> None:
    box = box_of("kcp")
    payment = box.cancel(box.pay(merchant_uid="o1", amount=100).imp_uid)
    entry = (payment.cancel_history or [])[0]
    assert (entry.pg_tid, entry.receipt_url) == (payment.pg_tid, payment.receipt_url)


@pytest.mark.parametrize("means", ["point", "trans", "phone"])
def test_n6_means_that_are_no_card(means: str) -> None:
    payment = box_of("html5_inicis").pay(merchant_uid="o1", amount=100, pay_method=means)
    assert (payment.card_quota, payment.apply_num, payment.card_number) == (0, "", None)


@pytest.mark.parametrize(
    ("pg", "mask"),
    [("html5_inicis", "424242*********2"), ("nice", "42424242****4242"), ("kcp", "4242420000004242")],
)
def test_n7_masks(pg: str, mask: str) -> None:
    assert box_of(pg).pay(merchant_uid="o1", amount=100).card_number == mask


def test_n8_names_are_the_pgs_own(document: Any) -> None:
    assert box_of("uplus").pay(merchant_uid="o1", amount=100).card_name == "신한(구.LG카드 포함)카드"
    assert "own words" in said(document, "Payment", "card_name")
    assert "own words" in said(document, "Payment", "vbank_name")


def test_n9_user_agents(document: Any) -> None:
    assert "sorry_not_supported_anymore" in said(document, "Payment", "user_agent")
    with box_api() as client:
        client.billing_keys.issue("card-1", **CARD)
        payment = client.subscribe.again(customer_uid="card-1", merchant_uid="o1", amount=100, name="n")
        assert "portone" in str(payment.user_agent)


def box_api() -> Any:
    return Sandbox(clock=SandboxClock.frozen_at(START)).client()


def test_n10_refund_banks() -> None:
    for pg in ("tosspayments", "danal_tpay", "nice", "kicc", "smartro", "settle", "nice_v2", "welcome"):
        assert codes.refund_bank(pg, "088") == "088"
    assert (codes.refund_bank("kcp", "088"), codes.refund_bank("html5_inicis", "088")) == ("BK88", "88")
    assert codes.refund_bank("daou", "신한은행") == "10"


def test_n11_accounts_at_toss_need_no_contract() -> None:
    assert pg_profiles.get("tosspayments").value("vbank.refund")["contract"] is False
    assert "virtual-account-refunds-at-toss" in CLAIMS


@pytest.mark.parametrize("pg", ["paymentwall", "paypal_v2"])
def test_n12_refunds_that_must_not_be_sent_again_unread(pg: str) -> None:
    assert pg_profiles.refund_is_late(pg)


def test_n13_declines() -> None:
    assert CLAIMS["declines-with-code-0"]["question"] == "declines"


def test_n14_balances() -> None:
    assert "PAYCO, KCP" in balance_not_offered().message


def test_n15_n16_identity_checks(document: Any) -> None:
    read = Certification.from_dict({"imp_uid": "imp_1", "name": None, "certified_at": 0, "birth": None})
    assert (read.name, read.certified_at) == (None, None)
    assert "Midnight KST" in said(document, "Certification", "birth")
    assert "data:" in said(document, "Certification", "origin")
    assert document["components"]["schemas"]["Certification"]["properties"]["unique_key"]["maxLength"] == 88


@pytest.mark.parametrize("pg", ["settle", "inicis", "html5_inicis"])
def test_n17_n18_billing_keys_by_api_are_not_refused(pg: str) -> None:
    box = Sandbox(channels=[Channel("channel-key-1", pg, "mid", "api_payment")])
    with box.client() as client:
        key = client.with_options(pg=pg, pg_errors=True).billing_keys.issue("card-1", **CARD, pwd_2digit="00", pg=pg)
    assert getattr(key, "customer_uid", None) == "card-1"


def test_n19_n20_refusals_and_states() -> None:
    assert CLAIMS["escrow-refusals"]["grade"] == "captured"
    assert len(PaycoOrderStatus) == 14
    assert PaycoOrderStatus("PAYMENT_WAITNG")


def test_n21_ksnet_wants_compound_tax() -> None:
    assert "compound tax" in fact("ksnet", "tax")


def test_n22_pgs_that_tell_ids_alone() -> None:
    ids = {pg for pg in pg_profiles.codes() if pg_profiles.get(pg).callback == "ids"}
    assert ids >= {"tosspayments", "smartro_v2", "nice_v2", "paypal_v2", "ksnet", "welcome", "inicis_jp"}


def test_n23_redirects() -> None:
    for pg in ("tosspayments", "nice_v2", "welcome"):
        fields = pg_profiles.get(pg).value("result.redirect_fields")
        assert fields == ("imp_uid", "merchant_uid", "error_code", "error_msg")


def test_n24_n28_times_of_accounts() -> None:
    assert due_time("2030-12-31") == due_time("20301231") == 1_924_959_599
    assert due_time("20301231101010") == 1_924_909_810


def test_n25_n26_closing() -> None:
    assert {pg_profiles.get(pg).value("closed")["status"] for pg in ("html5_inicis", "kakaopay")} == {"failed"}
    assert pg_profiles.get("html5_inicis").value("closed")["error_code"] is None


def test_n27_refused_by_confirm_url() -> None:
    assert stopped_by_shop("품절") == "고객사 요청에 의해 결제를 중단합니다. (상세사유 : 품절)"
    assert UNKNOWN == "알 수 없음"


def test_n29_identity_arguments_are_danals_alone() -> None:
    assert "carrier" in fact("danal", "identity")


def test_n30_smartro() -> None:
    value = pg_profiles.get("smartro_v2").value
    assert (value("limits.merchant_uid")["longer"], value("limits.customer_id")["max"]) == ("cut", 20)
    assert value("vbank.due")["required"] is True
    assert any(rule["need"] == ("customer_id",) and rule.get("billing_key") for rule in value("required.when"))


def test_n31_n32_accounts() -> None:
    payment = box_of("uplus").pay(merchant_uid="o1", amount=100, pay_method="vbank", status="ready")
    assert payment.receipt_url
    assert pg_profiles.get("eximbay").answered[0]["pay_method"] == ("vbank",)
    assert Payment.from_dict({"imp_uid": "i", "amount": 1, "vbank_num": "unknown", "vbank_date": 0}).vbank_date is None


def test_n33_n34_n37_n39_pgs() -> None:
    assert pg_profiles.get("daou").value("refund.partial")["not_for"] == ("booknlife", "smartculture")
    assert "tax-free" in fact("html5_inicis", "tax")
    assert any("300,000" in str(one.value) for one in pg_profiles.get("kcp_quick").facts.values())
    assert "2024-07-11" in fact("inicis_unified", "identity")


def test_n35_repeats_are_open() -> None:
    assert CLAIMS["webhook-repeats"]["question"] == "webhook-repeats"


def test_n36_pending_at_paypal() -> None:
    assert "PendingReason" in fact("paypal", "record.extension")


def test_n38_texts_for_numbers_are_accepted() -> None:
    box, payment = partly()
    with box.client() as client:
        body = {"imp_uid": payment.imp_uid, "amount": "10", "checksum": "50"}
        answer: Any = client.request("POST", "/payments/cancel", body=body)
        assert answer["cancel_amount"] == 60


def test_tables() -> None:
    assert len(codes.banks()) == 86  # the 85 of the vendor's client, and 092 which is newer
    assert {codes.card(code).foreign for code in ("10001", "10002", "10003", "10004", "10005", "10006")} == {True}
    korean = "361 381 367 365 368 371 041 374 045 373 364 366 002 369 048 370 071 089 372 090 050"
    assert all(not codes.card(code).foreign for code in korean.split())
    with pytest.raises(codes.UnknownCodeError):
        codes.card("218")
    assert codes.bank("092").name == "토스뱅크"


def test_names_that_were_missing() -> None:
    means = (
        "wechat alipay unionpay pinpay skpay tenpay paysbuy econtext molpay toss_brandpay naverpay_card naverpay_point"
    )
    assert {*means.split(), "naverpay_card", "naverpay_point"} <= {method.value for method in PayMethod}
    assert {"eximbay", "smilepay", "paypal", "tosspay"} <= {pg.value for pg in PgProvider}
    wallets = {"applepay", "tosspay", "pinpay", "skpay", "toss_brandpay", "samsungpay"}
    assert wallets <= {wallet.value for wallet in EmbeddedPgProvider}
    for older in ("jtnet", "bluewalnut", "alipay", "payple", "hyphen", "syrup", "chai"):
        assert codes.pg(older).code == older
    assert "KG파이낸셜" in codes.pg("mobilians").name
    assert "KG모빌리언스" in codes.pg("mobilians").former
    couriers = {courier.code for courier in codes.couriers()}
    assert couriers >= {"REGISTPOST", "CHUNIL", "ILYANG", "CVSNET", "KDEXP", "HONAM", "HDEXP"}


@pytest.mark.parametrize("page", ["docs/tasks/cancel.md", "docs/ko/tasks/cancel.md"])
def test_pages_on_refunds_say_what_a_partial_refund_reads(page: str) -> None:
    text = (ROOT / Path(page)).read_text("utf-8")
    assert "cancelled" in text
    assert "cancel_amount" in text
