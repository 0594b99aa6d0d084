"""Code tables of the facts: public module, generated names, and the sandbox's answers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from portone_v1 import codes
from portone_v1_generated.enums.payments import EmbeddedPgProvider, PayMethod, PgProvider

from .stage import box_of

BANKS = 86
"""The 85 of the vendor's client for Node.js, and 092, which is newer."""


def test_banks() -> None:
    known = {bank.code for bank in codes.banks()}
    assert len(known) == BANKS
    assert {"001", "005", "052", "066", "076", "077", "092", "093", "099", "209", "298"} <= known
    assert codes.bank("092").name == "토스뱅크"


def test_cards() -> None:
    """The vendor's table, five digits for cards from abroad, letters in older records; none for 218 and 238."""
    korean = "361 381 367 365 368 371 041 374 045 373 364 366 002 369 048 370 071 089 372 090 050"
    assert all(not codes.card(code).foreign for code in korean.split())
    foreign = {"10001": "UNI", "10002": "DIN", "10003": "AMX", "10004": "MAS", "10005": "VIS", "10006": "JCB"}
    for code, older in foreign.items():
        assert codes.card(code).foreign
        assert codes.card(older).code == code
    for unknown in ("218", "238"):
        with pytest.raises(codes.UnknownCodeError):
            codes.card(unknown)


def test_names_that_were_missing() -> None:
    """`pay_method`, `pg_provider` and `emb_pg_provider` of answers."""
    means = (
        "wechat alipay unionpay pinpay skpay tenpay paysbuy econtext molpay toss_brandpay naverpay_card naverpay_point"
    )
    assert {*means.split()} <= {str(method) for method in PayMethod}
    assert {"eximbay", "smilepay", "paypal", "tosspay"} <= {str(pg) for pg in PgProvider}
    wallets = {"applepay", "tosspay", "pinpay", "skpay", "toss_brandpay", "samsungpay"}
    assert wallets <= {str(wallet) for wallet in EmbeddedPgProvider}


def test_pgs_and_their_renames() -> None:
    """Codes of newer channels, codes in old records, names of today and before."""
    for code in ("payletter_global", "inicis_jp", "mobilians_v2"):
        assert codes.pg(code).code == code
    for older in ("jtnet", "bluewalnut", "alipay", "payple", "hyphen", "syrup", "chai"):
        assert codes.pg(older).code == older
    assert "KG파이낸셜" in codes.pg("mobilians").name
    assert "KG모빌리언스" in codes.pg("mobilians").former
    assert codes.pg("nice").name
    assert "갤럭시아머니트리" in codes.pg("galaxia").name


def test_couriers() -> None:
    """Eleven of the vendor's page, seven more of its older manual; which V1 follows is a question."""
    known = {courier.code: courier.older for courier in codes.couriers()}
    assert {code for code, older in known.items() if older} >= {
        *("REGISTPOST", "CHUNIL", "ILYANG", "CVSNET", "KDEXP", "HONAM", "HDEXP")
    }


@pytest.mark.parametrize(
    ("pg", "bank", "code"),
    [
        *(("kcp", "004", "BK04"), ("kcp", "090", "BK90"), ("html5_inicis", "092", "92")),
        *(
            ("daou", "004", "04"),
            ("daou", "023", "11"),
            ("daou", "003", "03"),
            ("daou", "011", "08"),
            ("daou", "032", "15"),
        ),
        *(
            ("daou", "088", "10"),
            ("daou", "005", "05"),
            ("daou", "020", "09"),
            ("daou", "071", "31"),
            ("daou", "081", "12"),
        ),
    ],
)
def test_refund_banks_of_their_own(pg: str, bank: str, code: str) -> None:
    assert codes.refund_bank(pg, bank) == code


@pytest.mark.parametrize(
    ("pg", "only"),
    [
        ("nice_v2", "004 023 034 003 011 031 032 088 081 020 071 089"),
        ("welcome", "004 034 039 003 031 032 007 088 081 020 037 089"),
        ("daou", "004 023 003 011 032 088 005 020 071 081"),
    ],
)
def test_banks_that_a_pg_does_not_refund_to(pg: str, only: str) -> None:
    found: set[str] = set()
    for bank in codes.banks():
        try:
            codes.refund_bank(pg, bank.code)
            found.add(bank.code)
        except codes.UnknownCodeError:
            continue
    assert found == {*only.split()}


def test_the_sandbox_answers_the_tables_of_v1() -> None:
    with box_of("kcp").client() as client:
        assert {card.code for card in client.codes.list_cards()} <= {card.code for card in codes.cards()}
        assert {bank.code for bank in client.codes.list_banks()} <= {bank.code for bank in codes.banks()}


def test_the_command_line_has_them() -> None:
    asked = [sys.executable, "-m", "portone_v1_cli", "-o", "json", "refund-bank", "kcp", "KB국민은행"]
    ended = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True, timeout=60)
    assert json.loads(ended.stdout)[0]["refund_bank"] == "BK04"
