"""Refunds, accounts to refund to, and what PGs do with parts: through the SDK, against the sandbox."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

import pytest
from portone_v1 import FULL, VerificationError, codes, pg_profiles
from portone_v1.results import cancellable_amount
from portone_v1_sandbox import Sandbox

from .stage import ROOT, START, approved, box_of, description, partly

Reading = Literal["cancelled", "paid"]
BOTH = pytest.mark.parametrize("reading", ["cancelled", "paid"])


def test_n1_a_partial_refund_reads_cancelled() -> None:
    """Sources: TP:29748173945 (captured), the vendor's shop plug-in, an imitation of V1."""
    box, payment = partly()
    assert (payment.status, payment.amount, payment.cancel_amount) == ("cancelled", Decimal(100), Decimal(50))
    with box.client() as client:
        again = client.payments.cancel(imp_uid=payment.imp_uid, amount=30, checksum=50)
        assert (again.status, again.cancel_amount, len(again.cancel_history or [])) == ("cancelled", Decimal(80), 2)
    assert "cancel_amount" in description("Payment", "status")


@BOTH
def test_n1_the_sdk_is_right_under_both_readings(reading: Reading) -> None:
    """Sources: as above; the other reading is the comment of one closed pilot."""
    box, payment = partly(partial_cancel_status=reading)
    assert (payment.status, cancellable_amount(payment)) == (reading, Decimal(50))
    with box.client() as client:
        verified = client.payments.verify(payment.imp_uid, amount=50, merchant_uid="o1")
        assert verified.imp_uid == payment.imp_uid
        with pytest.raises(VerificationError):
            client.payments.verify(payment.imp_uid, amount=100, merchant_uid="o1")
        moved = client.payments.reconcile(START - 60, START + 60)
        assert [(each.kind, each.amount) for each in moved] == [("charge", Decimal(100)), ("refund", Decimal(50))]
        rest = client.payments.cancel_once(imp_uid=payment.imp_uid, amount=FULL, key="rest")
        assert (rest.state, rest.amount) == ("refunded", Decimal(50))


@pytest.mark.parametrize("page", ["docs/tasks/cancel.md", "docs/ko/tasks/cancel.md"])
def test_n1_pages_say_what_a_partial_refund_reads(page: str) -> None:
    """Sources: as above."""
    text = (ROOT / page).read_text("utf-8")
    assert "cancelled" in text
    assert "cancel_amount" in text


def test_n2_lists_of_partly_refunded_payments() -> None:
    """Sources: follows from N1 and the documented basis of times."""
    box = box_of("kakaopay")
    paid = box.pay(merchant_uid="o1", amount=100)
    box.clock.advance(days=100)
    with box.client() as client:
        client.payments.cancel(imp_uid=paid.imp_uid, amount=50, checksum=100)
        assert client.payments.search("paid").total == 0
        found = client.payments.search("cancelled")  # of the last ninety days: by the time of the refund
        assert [row.imp_uid for row in found.items or []] == [paid.imp_uid]


def test_n3_reasons_that_v1_fills_in() -> None:
    """Sources: TP:5238971241, 23165939870, 26343524773, 13795337974, 29748173945; console TP:17712916766."""
    box, payment = partly()
    assert payment.cancel_reason == "취소요청api"
    assert [each.reason for each in payment.cancel_history or []] == ["취소요청api"]
    console = box.cancel(payment.imp_uid)
    assert (console.cancel_reason, (console.cancel_history or [])[-1].reason) == (
        "관리자페이지취소",
        "관리자페이지취소",
    )


def test_n4_ids_of_refunds() -> None:
    """Sources: TP:26343524773 (the form), TP:13795337974 (filled in later for an older refund)."""
    _, payment = partly()
    assert re.fullmatch(r"[A-Z0-9]{20}", str((payment.cancel_history or [])[0].cancellation_id))
    assert "later" in description("PaymentCancel", "cancellation_id")


@pytest.mark.parametrize("pg", ["kcp", "kakaopay", "html5_inicis"])
def test_n5_a_full_refund_has_number_and_slip_of_the_payment(pg: str) -> None:
    """Sources: TP:26343524773, 23165939870, 5238971241, 22870801000."""
    box = box_of(pg)
    paid = box.pay(merchant_uid="o1", amount=100)
    with box.client() as client:
        payment = client.payments.cancel(imp_uid=paid.imp_uid, amount=FULL)
    (entry,) = payment.cancel_history or []
    assert (entry.pg_tid, entry.receipt_url) == (payment.pg_tid, payment.receipt_url)


ACCOUNT: dict[str, Any] = {
    "refund_holder": "홍길동",
    "refund_account": "00000000001234",
    "refund_tel": "010-0000-0000",
    "reason": "품절",
}


def deposited(pg: str) -> tuple[Sandbox, str]:
    box = box_of(pg)
    payment = box.pay(merchant_uid="o1", amount=1000, pay_method="vbank", status="ready")
    box.deposit(payment.imp_uid)
    return box, payment.imp_uid


@pytest.mark.parametrize(
    ("pg", "code"),
    [
        *(
            (pg, "088")
            for pg in ("tosspayments", "danal_tpay", "nice", "kicc", "smartro", "settle", "nice_v2", "welcome")
        ),
        *(("kcp", "BK88"), ("html5_inicis", "88"), ("daou", "10")),
    ],
)
def test_n10_refund_banks(pg: str, code: str) -> None:
    """Source: the vendor's page of refund banks, CI:pg-1.mdx."""
    assert codes.refund_bank(pg, "신한은행") == codes.refund_bank(pg, "088") == code
    if pg_profiles.get(pg).value("vbank.refund") == {"possible": False}:
        return
    box, imp_uid = deposited(pg)
    with box.client() as client:
        client.payments.cancel(imp_uid=imp_uid, amount=FULL, refund_bank=code, **ACCOUNT)
    assert not [line for each in box.journal for line in each.advice if "has no bank" in line]


def test_n11_accounts_at_toss_need_no_contract() -> None:
    """Source: D:opi/ko/integration/cancel/v1/virtual-account.mdx."""
    assert pg_profiles.get("tosspayments").value("vbank.refund")["contract"] is False
    box, imp_uid = deposited("tosspayments")
    with box.client() as client:
        assert client.payments.cancel(imp_uid=imp_uid, amount=FULL, refund_bank="088", **ACCOUNT).status == "cancelled"


@pytest.mark.parametrize("pg", ["paymentwall", "paypal_v2"])
def test_n12_a_refund_that_is_only_accepted_is_not_sent_again(pg: str) -> None:
    """Source: D:release-notes/(note)/api-sdk/2023-07-17.mdx."""
    assert pg_profiles.refund_is_late(pg)
    box = box_of(pg)
    currency: dict[str, Any] = {"currency": "USD"} if pg == "paypal_v2" else {}
    paid = box.pay(merchant_uid="o1", amount=100, pg=pg, **currency)
    with box.client() as client:
        first = client.payments.cancel_once(imp_uid=paid.imp_uid, amount=FULL, key="return-1")
        again = client.payments.cancel_once(imp_uid=paid.imp_uid, amount=FULL, key="return-1")
        assert {first.state, again.state} == {"accepted"}
        sent = [each for each in box.journal if each.operation == "payments_cancel"]
        assert len(sent) == 1
        box.settle_refund(paid.imp_uid)
        assert client.payments.get(paid.imp_uid).cancel_amount == Decimal(100)


def test_n33_parts_that_kiwoom_does_not_refund() -> None:
    """Sources: D:…/pg/v1/daou/undefined.mdx, ksnet/warning.mdx."""
    box = box_of("daou")
    cases: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("booknlife", {}, "daou refunds booknlife in full only"),
        ("kakaopay", {"tax_free": 10}, "daou refunds a part of kakaopay without tax_free"),
    )
    for means, sent, line in cases:
        paid = box.pay(merchant_uid=means, amount=100, pay_method=means, tax_free=50)
        with box.client() as client:
            client.payments.cancel(imp_uid=paid.imp_uid, amount=40, checksum=100, **sent)
        assert box.journal[-1].advice == [line]
    for wallet in ("kakaopay", "payco"):
        _, payment = approved(box_of("ksnet"), "ksnet", pay_method=wallet, buyer_name="홍길동", tax_free=0)
        assert (payment.card_code, payment.card_name, payment.card_number) == (None, None, None)


def test_n34_n21_compound_tax() -> None:
    """Sources: D:opi/ko/support/tax.mdx, D:…/pg/v1/ksnet/warning.mdx."""
    assert "without tax_free: whole amount booked as tax-free" in str(
        pg_profiles.get("html5_inicis").facts["tax"].value
    )
    assert pg_profiles.get("ksnet").facts["tax"].value.startswith("only MIDs with compound tax")
    assert "tax_free" in pg_profiles.get("ksnet").value("required.always")
