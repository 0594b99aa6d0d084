"""A pasted body is redacted, keeps its shape, and is refused while it still looks personal."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest
from portone_v1_cli.doctor.compare import compare
from portone_v1_sandbox import Sandbox

from tests.corpus import __main__ as command
from tests.corpus.lossless import losses
from tests.corpus.reading import personal
from tests.corpus.redact import Redactor, as_item

PASTED: dict[str, Any] = {
    "code": 0,
    "message": None,
    "response": {
        "imp_uid": "imp_123456789012",
        "merchant_uid": "order-2024-0001",
        "amount": 12000,
        "cancel_amount": 0,
        "status": "paid",
        "pay_method": "card",
        "pg_provider": "kakaopay",
        "buyer_name": "박서준",
        "buyer_email": "seojun@shop.kr",
        "buyer_tel": "010-1234-5678",
        "card_number": "433012******1234",
        "card_quota": 0,
        "apply_num": "",
        "receipt_url": "https://iniweb.inicis.com/receipt?tid=ABC123",
        "cancel_history": [],
        "paid_at": 1707242645,
        "currency": "KRW",
    },
}


def _options(path: Path, **more: Any) -> argparse.Namespace:
    given = {"source": "a ticket", "project": "a-shop", "operation": None, "observed": "2024-02"} | more
    return argparse.Namespace(add=path, **given)


@pytest.fixture
def pasted(tmp_path: Path) -> Path:
    path = tmp_path / "payment-kakaopay-new.json"
    path.write_text(json.dumps(PASTED, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_pasted_answer_becomes_an_item(pasted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    assert command.add(_options(pasted), folder) == 0
    assert "is redacted and added" in capsys.readouterr().out
    text = (folder / "payment-kakaopay-new.json").read_text(encoding="utf-8")
    for secret in ("박서준", "seojun", "1234-5678", "123456789012", "order-2024-0001", "433012", "ABC123"):
        assert secret not in text
    item = json.loads(text)
    result = item["body"]["response"]
    assert (item["kind"], item["operation"], item["pg_provider"]) == ("answer", "GET /payments/{imp_uid}", "kakaopay")
    assert list(result) == list(PASTED["response"])
    assert (result["apply_num"], result["card_quota"], result["cancel_history"]) == ("", 0, [])
    assert result["card_number"][6:12] == "******"
    assert result["imp_uid"].startswith("imp_")
    assert command.add(_options(pasted), folder) == 1


def test_without_a_source_it_is_no_observation(
    pasted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.add(_options(pasted, source=None, project=None), tmp_path) == 1
    assert "an observation without one is none" in capsys.readouterr().err


@pytest.mark.parametrize(
    "personal_text", ["seojun@shop.kr", "010-1234-5678", "900101-1234567", "3f0e8a52-5a1c-4b8e-9a3f-0f1e2d3c4b5a"]
)
def test_what_still_looks_personal_is_refused(
    personal_text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [*personal({"body": {"fail_reason": personal_text}})]
    path = tmp_path / "new.json"
    result = PASTED["response"] | {"fail_reason": f"문의 {personal_text}"}
    path.write_text(json.dumps({**PASTED, "response": result}, ensure_ascii=False), encoding="utf-8")
    assert command.add(_options(path), tmp_path / "none") == 1
    output = capsys.readouterr().err
    assert "fail_reason looks like" in output
    assert personal_text not in output


def test_a_name_in_a_sentence_is_redacted_like_the_field_that_holds_it() -> None:
    redacted = Redactor(7).body(
        {"buyer_name": "박서준", "fail_reason": "박서준 님의 카드 한도초과", "name": "박서준 선물"}
    )
    assert redacted == {"buyer_name": "이름", "fail_reason": "이름 님의 카드 한도초과", "name": "상품"}


def test_ids_still_refer_to_each_other() -> None:
    redacted = Redactor(7).value({"imp_uid": "imp_1", "cancel_history": [{"pg_tid": "T123"}], "pg_tid": "T123"})
    assert redacted["cancel_history"][0]["pg_tid"] == redacted["pg_tid"]


@pytest.mark.parametrize("body", ["[]", "{}", '{"code": 0, "response": {"token": "x"}}', "no json"])
def test_an_unknown_item_is_refused(body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "thing.json"
    path.write_text(body, encoding="utf-8")
    assert command.add(_options(path), tmp_path) == 1
    assert "corpus: thing.json" in capsys.readouterr().err


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """Write the output of `doctor --compare -o json` for a shop with two payments."""
    with Sandbox() as box, box.client() as client:
        paid = box.pay(merchant_uid="order-2024-0001", amount=12000, buyer_name="박서준", buyer_email="seojun@shop.kr")
        client.payments.cancel(imp_uid=paid.imp_uid, amount=5000, checksum=12000)
        data = [each.to_dict() for each in compare(client)]
    path = tmp_path / "shop-2026.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_report_of_the_doctor_becomes_items(report: Path, tmp_path: Path) -> None:
    folder = tmp_path / "items"
    folder.mkdir()
    assert command.add(_options(report), folder) == 0
    items = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
    unknown = items["shop-2026-an-unknown-payment"]
    assert (unknown["kind"], unknown["status"], unknown["body"]["code"]) == ("refusal", 404, -1)
    assert unknown["operation"] == "GET /payments/{imp_uid}"
    (page,) = (item for item in items.values() if item["kind"] == "answer")
    (row,) = page["body"]["response"]["list"]
    assert (row["status"], row["card_quota"], row["card_number"][-1]) == ("cancelled", 0, "0")
    (refund,) = row["cancel_history"]
    assert (refund["reason"], row["cancel_reason"]) == ("취소요청api", "취소요청api")
    assert refund["pg_tid"] != row["pg_tid"]  # a part has a number of its own
    assert len(refund["cancellation_id"]) == 20
    assert "body.response.list[].buyer_name" in page["unseen"]
    for item in items.values():
        assert (item["source"], item["project"], item["grade"]) == ("a ticket", "a-shop", "captured")
        assert [*losses(item)] == []
    text = json.dumps(items, ensure_ascii=False)
    for secret in ("박서준", "seojun", "order-2024-0001", "12000"):
        assert secret not in text
    assert command.add(_options(report), folder) == 1, "twice"


def test_a_report_that_looks_personal_adds_nothing(
    report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.loads(report.read_text(encoding="utf-8"))
    body[0]["v1"]["message"] = "문의 seojun@shop.kr"
    report.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    folder = tmp_path / "items"
    folder.mkdir()
    assert command.add(_options(report), folder) == 1
    output = capsys.readouterr().err
    assert "looks like a mail address" in output
    assert "seojun" not in output
    assert [*folder.iterdir()] == []


def test_a_report_of_every_state_through_the_command_of_the_makefile(tmp_path: Path) -> None:
    """What a merchant sends, from the options of the command line to the files; shared numbers stay shared."""
    with Sandbox() as box, box.client() as client:
        whole = box.pay(merchant_uid="a", amount=1000)
        client.payments.cancel(imp_uid=whole.imp_uid, amount=1000, checksum=1000, reason="품절")
        box.pay(merchant_uid="b", amount=1000, status="failed")
        box.pay(merchant_uid="c", amount=1000, pay_method="vbank", status="ready")
        data = [each.to_dict() for each in compare(client)]
    path, folder = tmp_path / "shop-2026.json", tmp_path / "items"
    folder.mkdir()
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert command.add(_options(path), folder) == 0
    items = [json.loads(each.read_text(encoding="utf-8")) for each in sorted(folder.iterdir())]
    rows = {
        row["status"]: row for item in items if item["kind"] == "answer" for row in item["body"]["response"]["list"]
    }
    assert rows.keys() == {"cancelled", "failed", "ready"}
    refund = rows["cancelled"]["cancel_history"][0]
    assert (refund["pg_tid"], refund["reason"]) == (rows["cancelled"]["pg_tid"], "사유")
    assert [loss for item in items for loss in losses(item)] == []


def test_a_window_that_never_opened_names_the_order_alone() -> None:
    received = {"merchant_uid": "order-1", "error_code": "F400", "error_msg": "결제 창 호출에 실패하였습니다."}
    item = as_item(received, name="refused", observed="2026-11", source="", project="shop")
    assert (item["kind"], item["operation"]) == ("callback", "IMP.request_pay callback")
