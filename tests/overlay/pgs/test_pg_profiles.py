"""PG profiles and code tables: what code may rely on, and that nothing is guessed."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from portone_v1 import codes, pg_profiles


def test_every_profile_can_be_read() -> None:
    assert len(pg_profiles.codes()) == 49
    for code in pg_profiles.codes():
        profile = pg_profiles.get(code)
        assert profile.pg == code
        assert profile.name
        assert profile.callback in {"full", "ids", None}
        assert all(change.of in {"payment", "refund", "callback"} for change in profile.finality)
        for fact in profile.facts.values():
            assert fact.sources


def test_a_pg_without_a_profile() -> None:
    assert pg_profiles.find("newpay") is None
    assert pg_profiles.find("../codes") is None
    assert not pg_profiles.refund_is_late("newpay")
    odd: Any = ["newpay"]  # V1 may send what is no text
    assert pg_profiles.late_refund(odd, "card") is None
    assert pg_profiles.charge_horizon(odd, "failed") is None
    assert pg_profiles.may_become("newpay", "ready") == {"paid", "failed", "cancelled"}
    with pytest.raises(LookupError, match="unknown PG: 'newpay'"):
        pg_profiles.get("newpay")


@pytest.mark.parametrize(
    ("pg", "pay_method", "late"),
    [
        ("paypal_v2", "paypal", True),
        ("paymentwall", None, True),
        ("kicc_v2", "wechat", True),
        ("kicc_v2", "alipay_plus", False),
        ("smartro_v2", "vbank", True),
        ("smartro_v2", "card", False),
        ("smartro_v2", None, True),
        ("kcp", "card", False),
        (None, None, False),
    ],
)
def test_refunds_that_are_only_accepted(pg: str | None, pay_method: str | None, *, late: bool) -> None:
    assert pg_profiles.refund_is_late(pg, pay_method) is late


def test_what_a_status_may_become() -> None:
    assert pg_profiles.may_become("paypal", "failed") == {"paid"}
    assert pg_profiles.may_become("kcp", "failed") == frozenset()
    assert pg_profiles.may_become("kcp", "paid") == {"cancelled"}
    assert pg_profiles.may_become("kcp", "cancelled") == frozenset()
    assert pg_profiles.may_become(None, "pending") == {"paid", "failed"}


@pytest.mark.parametrize(
    ("pg", "bank", "code"),
    [
        ("kcp", "KB국민은행", "BK04"),
        ("kcp", "004", "BK04"),
        ("html5_inicis", "신한은행", "88"),
        ("tosspayments", "토스뱅크", "092"),
        ("daou", "하나은행", "12"),
        ("daou", "외환은행", "05"),
        ("welcome", "경남은행", "039"),
        ("nice_v2", " 신한 은행 ", "088"),
    ],
)
def test_refund_banks(pg: str, bank: str, code: str) -> None:
    assert codes.refund_bank(pg, bank) == code


@pytest.mark.parametrize(
    ("pg", "bank", "message"),
    [
        ("payco", "국민은행", "the bank codes of payco are unknown"),
        ("newpay", "국민은행", "the bank codes of newpay are unknown"),
        ("kcp", "국민", None),
        ("kcp", "국민은햄", "unknown bank"),
        ("kcp", "삼성증권", "kcp is not known to refund to 삼성증권"),
        ("welcome", "농협", "welcome is not known to refund to 농협"),
        ("daou", "카카오뱅크", "daou does not refund to 카카오뱅크"),
    ],
)
def test_a_bank_is_never_guessed(pg: str, bank: str, message: str | None) -> None:
    if message is None:
        assert codes.refund_bank(pg, bank) == "BK04"
        return
    with pytest.raises(codes.UnknownCodeError, match=message):
        codes.refund_bank(pg, bank)


def test_cards_and_names() -> None:
    assert codes.card("366").name == "신한카드"
    assert codes.card("VIS") == codes.card("10005")
    assert codes.card("10005").foreign
    assert codes.bank("092").name == "토스뱅크"
    assert codes.pg("갤럭시아").code == "galaxia"
    assert codes.pg("mobilians").former[0] == "KG모빌리언스"
    with pytest.raises(codes.UnknownCodeError, match="several PGs have had the name"):
        codes.pg("KG모빌리언스")
    with pytest.raises(codes.UnknownCodeError, match="unknown card code"):
        codes.card("999")
    assert {courier.code for courier in codes.couriers()} >= {"CJGLS", "ETC", "HDEXP"}


def test_nothing_is_read_at_import() -> None:
    code = """
import sys
import portone_v1
assert "portone_v1.codes" not in sys.modules
import portone_v1.codes, portone_v1.pg_profiles
assert portone_v1.pg_profiles._load.cache_info().currsize == 0
assert portone_v1.codes._tables.cache_info().currsize == 0
"""
    subprocess.run([sys.executable, "-c", code], check=True)
