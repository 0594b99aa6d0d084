"""What a page, its address and an app are told; identity checks: windows of the sandbox without a browser."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest
from portone_v1 import FULL, NotFoundError, RefusedError, VerificationError, pg_profiles
from portone_v1.models import Certification
from portone_v1_sandbox import Channel, Sandbox

from .stage import PERSON, ROOT, act, approved, box_of, closed, description, opened

IDS_ALONE = ("tosspayments", "smartro_v2", "nice_v2", "paypal_v2", "ksnet", "welcome")


def test_n15_a_check_that_was_left_can_be_read() -> None:
    """Source: TP:29748173945."""
    box = box_of("danal", kind="certification")
    _, where = opened(box, {"merchant_uid": "m1", "pg": "danal"}, "certification")
    assert where is not None
    outcome = act(box, where, "leave")["response"]["outcome"]
    with box.client() as client:
        left = client.certifications.get(outcome["imp_uid"])
        assert (left.merchant_uid, left.pg_provider, left.certified, left.certified_at) == ("m1", "danal", False, None)
        assert (left.name, left.birthday, left.unique_key, left.unique_in_site) == (None, None, None, None)
        with pytest.raises(NotFoundError) as caught:
            client.certifications.get("imp_000000000009")
    assert caught.value.message == "인증결과가 존재하지 않습니다."


def test_n16_birth_is_midnight_in_korea() -> None:
    """Source: TP:35185902695."""
    box = box_of("danal", kind="certification")
    _, where = opened(box, {"merchant_uid": "m1", "pg": "danal"}, "certification")
    assert where is not None
    outcome = act(box, where, "approve", **PERSON)["response"]["outcome"]
    with box.client() as client:
        person = client.certifications.get(outcome["imp_uid"])
    assert person.birth == 631_206_000  # 1990-01-02T00:00:00+09:00
    assert (len(str(person.unique_key)), len(str(person.unique_in_site))) == (88, 64)
    in_an_app = Certification.from_dict({"imp_uid": "imp_1", "origin": "data:text/html;base64," + "A" * 5000})
    assert str(in_an_app.origin).startswith("data:")
    assert "data:" in description("Certification", "origin")


@pytest.mark.parametrize("pg", IDS_ALONE)
def test_n22_pgs_that_tell_ids_alone(pg: str) -> None:
    """Source: D:sdk/ko/v1-sdk/javascript-sdk/payrt.mdx, notice on top."""
    more: dict[str, Any] = {"currency": "USD"} if pg == "paypal_v2" else {}
    result, payment = approved(box_of(pg), pg, name="커피", buyer_name="홍길동", buyer_tel="1", tax_free=0, **more)
    assert result == {"imp_uid": payment.imp_uid, "merchant_uid": "o1"}


def test_n22_inicis_japan_too() -> None:
    """Source: D:…/pg/v1/inicis-jp.mdx."""
    assert pg_profiles.get("inicis_jp").callback == "ids"


def test_payletter_too() -> None:
    """Source: D:…/pg/v1/payletter-global.mdx."""
    assert pg_profiles.get("payletter_global").callback == "ids"


@pytest.mark.parametrize("pg", ["tosspayments", "nice_v2", "welcome"])
@pytest.mark.parametrize("good", [True, False])
def test_n23_four_names_of_a_redirect(pg: str, *, good: bool) -> None:
    """Source: D:opi/ko/integration/start/v1/auth.mdx."""
    box = box_of(pg)
    asked = {"merchant_uid": "o1", "amount": 1000, "pg": pg, "m_redirect_url": "http://shop.example.com/done"}
    _, where = opened(box, asked, redirects=True, mobile=True)
    assert where is not None
    query = dict(parse_qsl(act(box, where, "approve" if good else "leave")["response"]["redirect"].partition("?")[2]))
    assert query.keys() == {"imp_uid", "merchant_uid"} | (set() if good else {"error_code", "error_msg"})


def test_n23_kiwoom_may_say_false_for_a_payment() -> None:
    """Source: D:…/pg/v1/daou/undefined.mdx."""
    box = box_of("daou")
    _, where = opened(box, {"merchant_uid": "o1", "amount": 1000, "pg": "daou"})
    assert where is not None
    outcome = act(box, where, "decline")["response"]["outcome"]
    assert outcome["success"] is False
    box.approve_late(outcome["imp_uid"])
    with box.client() as client:
        assert client.payments.verify(outcome["imp_uid"], merchant_uid="o1", amount=1000).status == "paid"


def test_n24_due_times_are_numbers_in_the_callback() -> None:
    """Sources: payrt.mdx, TYP src/RequestPayResponse.ts."""
    result, payment = approved(box_of("html5_inicis"), "html5_inicis", pay_method="vbank", vbank_due="20301231")
    assert payment.vbank_date is not None
    assert result["vbank_date"] == int(payment.vbank_date.timestamp()) == 1_924_959_599


@pytest.mark.parametrize("pg", ["html5_inicis", "kakaopay", "kcp", "tosspayments"])
def test_n25_closing_is_failed_and_leaving_the_page_is_ready(pg: str) -> None:
    """Sources: payrt.mdx (`status`), iamport/iamport-rest-client-python issue 2."""
    _, payment = closed(box_of(pg), pg)
    assert payment.status == "failed"
    box = box_of(pg)
    shown, _ = opened(box, {"merchant_uid": "o1", "amount": 1000, "pg": pg})  # and no more is heard of this page
    with box.client() as client:
        assert client.payments.get(shown["order"]["imp_uid"]).status == "ready"


def test_n26_a_cancellation_without_a_code() -> None:
    """Sources: AND IamPortResponse.kt, iamport/iamport-vue-example issue 8."""
    result, payment = closed(box_of("html5_inicis"), "html5_inicis")
    assert result["error_msg"]
    assert "error_code" not in result
    assert payment.fail_reason == result["error_msg"]
    samples = [str(text) for pg in pg_profiles.codes() for text in pg_profiles.get(pg).value("errors.samples") or ()]
    assert any("사용자가 결제를 취소 하였습니다." in text for text in samples)


class Refusing(BaseHTTPRequestHandler):
    body = b""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(409)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.mark.parametrize(("reason", "shown"), [('{"reason": "품절"}', "품절"), ("", "알 수 없음")])
def test_n27_refused_by_confirm_url(reason: str, shown: str) -> None:
    """Source: D:opi/ko/extra/confirm-process/readme-v1.mdx."""
    handler = type("Handler", (Refusing,), {"body": reason.encode()})
    with HTTPServer(("127.0.0.1", 0), handler) as shop:
        thread = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        url = f"http://127.0.0.1:{shop.server_port}/confirm"
        box = box_of("html5_inicis")
        _, where = opened(box, {"merchant_uid": "o1", "amount": 1000, "pg": "html5_inicis", "confirm_url": url})
        assert where is not None
        outcome = act(box, where, "approve")["response"]["outcome"]
        shop.shutdown()
        thread.join()
    sentence = f"고객사 요청에 의해 결제를 중단합니다. (상세사유 : {shown})"
    assert outcome["error_msg"] == sentence
    with box.client() as client:
        payment = client.payments.get(outcome["imp_uid"])
    assert (payment.status, payment.fail_reason) == ("failed", sentence)


@pytest.mark.parametrize("wrong", [{"amount": "1000"}, {"merchant_uid": 1}])
def test_n28_types_that_stop_the_window(wrong: dict[str, Any]) -> None:
    """Source: D:release-notes/…/2024-03-15.mdx."""
    asked = {"merchant_uid": "o1", "amount": 1000, "pg": "html5_inicis"} | wrong
    shown, _ = opened(box_of("html5_inicis"), asked)
    assert shown["outcome"]["error_msg"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("20301231", 1_924_959_599), ("2030-12-31", 1_924_959_599), ("20301231101010", 1_924_909_810)],
)
def test_n28_due_times_are_text_in_the_window_and_seconds_by_api(text: str, seconds: int) -> None:
    """Sources: payrq.mdx, ksnet/warning.mdx."""
    result, _ = approved(box_of("html5_inicis"), "html5_inicis", pay_method="vbank", vbank_due=text)
    assert result["vbank_date"] == seconds
    box = box_of("html5_inicis")
    with box.client() as client:
        account = client.vbanks.issue(
            merchant_uid="o2", amount=1000, vbank_code="004", vbank_due=seconds, vbank_holder="상점", pg_api_key="key"
        )
    assert account.vbank_date is not None
    assert int(account.vbank_date.timestamp()) == seconds


def advice(box: Sandbox) -> list[str]:
    return [line for each in box.journal for line in each.advice]


def test_n29_arguments_of_an_identity_check() -> None:
    """Source: D:sdk/ko/v1-sdk/javascript-sdk/cft.mdx. The popup on a PC is walked in tests/browser."""
    box = box_of("danal", "inicis_unified", kind="certification")
    shown, _ = opened(box, {"merchant_uid": "m1", "pg": "danal", "carrier": "KTF", "min_age": 19}, "certification")
    assert shown["person"]["carrier"] == "KT"
    assert advice(box) == []
    opened(box, {"merchant_uid": "m2", "pg": "danal", "carrier": "KT"}, "certification")
    assert advice(box) == ["danal knows the carriers SKT, KTF, LGT, MVNO"]
    opened(box, {"merchant_uid": "m3", "pg": "inicis_unified", "phone": "01012345678"}, "certification")
    assert advice(box)[1:] == ["inicis_unified is not known to take phone"]
    assert "01012345678" not in repr(box.journal)


def test_n30_smartro() -> None:
    """Source: D:…/pg/v1/smartro-v2/caution.mdx."""
    box = box_of("smartro_v2")
    result, payment = approved(box, "smartro_v2", merchant_uid="1" * 45, buyer_tel="1")
    assert result["merchant_uid"] == payment.merchant_uid == "1" * 40
    box = box_of("smartro_v2")
    opened(box, {"merchant_uid": "o1", "amount": 1000, "pg": "smartro_v2", "pay_method": "kakaopay", "buyer_tel": "1"})
    assert "smartro_v2 requires customer_id" in advice(box)
    box = box_of("smartro_v2")
    asked = {"merchant_uid": "o1", "amount": 1000, "pg": "smartro_v2", "customer_uid": "c", "customer_id": "c" * 21}
    opened(box, asked | {"buyer_tel": "1"})
    assert "smartro_v2 keeps 20 characters of customer_id" in advice(box)
    box = box_of("smartro_v2")
    opened(box, {"merchant_uid": "o2", "amount": 1000, "pg": "smartro_v2", "pay_method": "vbank", "buyer_tel": "1"})
    assert "smartro_v2 requires vbank_due" in advice(box)
    box = box_of("smartro_v2")
    _, account = approved(box, "smartro_v2", pay_method="vbank", vbank_due="203012311020", buyer_tel="1")
    assert account.vbank_date is not None
    assert account.vbank_date.strftime("%Y-%m-%d %H:%M:%S") == "2030-12-31 23:59:59"


@pytest.mark.parametrize("pg", ["html5_inicis", "kcp", "tosspayments"])
def test_v1_keeps_40_characters_of_an_order_number(pg: str) -> None:
    """Source: corpus:callback-inicis-closed-2024; the vendor's guide opens windows with `payment-` and a UUID."""
    number = "payment-3f2b8f5e-6a1c-4c39-9d0a-0b6a5f1e2d3c"
    box = box_of(pg)
    result, payment = approved(box, pg, merchant_uid=number)
    assert result["merchant_uid"] == payment.merchant_uid == number[:40]
    assert f"{pg} cuts merchant_uid to 40 characters" in advice(box)
    with pytest.raises(NotFoundError):
        box.client().payments.find(number)
    with pytest.raises(VerificationError):
        box.client().payments.verify(payment.imp_uid, merchant_uid=number, amount=int(payment.amount), allow_test=True)
    with pytest.raises(RefusedError, match="존재하지 않습니다"):
        box.client().payments.cancel(merchant_uid=number, amount=FULL)


class Moody(BaseHTTPRequestHandler):
    answers: list[int]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def test_n35_repeats_of_webhooks_are_a_switch() -> None:
    """Sources: two pages name network errors and 5xx, one anything but 200; so it is a question with an experiment."""
    text = (ROOT / "spec" / "questions.yaml").read_text("utf-8")
    assert "webhook-repeats" in text
    for repeats, attempts in ((False, 1), (True, 2)):
        handler = type("Handler", (Moody,), {"answers": [503]})
        with HTTPServer(("127.0.0.1", 0), handler) as shop:
            thread = threading.Thread(target=shop.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            box = box_of("kakaopay", webhook_url=f"http://127.0.0.1:{shop.server_port}/", webhook_repeats=repeats)
            box.pay(merchant_uid="o1", amount=100)
            box.deliver()
            box.clock.advance(seconds=61)
            box.deliver()
            assert [len(each.attempts) for each in box.webhooks.deliveries] == [attempts]
            shop.shutdown()
            thread.join()


def test_n39_what_the_unified_check_and_paymentwall_say_today() -> None:
    """Sources: D:release-notes/…/2023-06-19.mdx, 2024-07-11."""
    box = Sandbox(channels=[Channel("channel-key-1", "inicis_unified", "mid", "certification")])
    _, where = opened(box, {"merchant_uid": "m1", "pg": "inicis_unified"}, "certification")
    assert where is not None
    outcome = act(box, where, "approve", **PERSON)["response"]["outcome"]
    with box.client() as client:
        assert client.certifications.get(outcome["imp_uid"]).gender == "female"
    box = box_of("paymentwall")
    _, where = opened(box, {"merchant_uid": "o1", "amount": 100, "pg": "paymentwall"})
    assert where is not None
    act(box, where, "decline")
    assert [each.status for each in box.notifications] == []
