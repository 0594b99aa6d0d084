"""What PortOne, a forger and a broken V1 get to see of an endpoint, over real HTTP, in every framework."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from urllib.parse import urlsplit

import httpx
import pytest
from portone_v1.inbox import RetryLater, UnknownOrder
from portone_v1.webhooks import LONGEST

from tests.contrib.kits import Shop

CANARY = "canary-5139"

Opener = Callable[..., Shop]


def test_a_payment_is_handed_on_as_v1_holds_it(shop: Shop) -> None:
    paid = shop.v1.pay(amount=12000)
    answer = shop.notify(paid.imp_uid, status="failed")  # what the notice says is not believed
    assert (answer.status_code, answer.text) == (200, "processed")
    assert answer.headers["content-type"].startswith("text/plain")
    [change] = shop.handler.calls
    assert (change.payment.merchant_uid, change.payment.status) == ("order-1", "paid")
    assert change.payment.amount == 12000


def test_a_notice_as_a_form(shop: Shop) -> None:
    paid = shop.v1.pay()
    form = {"imp_uid": paid.imp_uid, "merchant_uid": "order-1", "status": "paid"}
    assert shop.http.post(shop.url, data=form).status_code == 200
    assert shop.handler.seen == [(paid.imp_uid, "paid", 0)]


def test_a_notice_whose_content_type_is_not_its_own(shop: Shop) -> None:
    """What is answered 400 is sent never again."""
    paid = shop.v1.pay()
    json_text = f'{{"imp_uid": "{paid.imp_uid}", "merchant_uid": "order-1", "status": "paid"}}'
    form = f"imp_uid={paid.imp_uid}&merchant_uid=order-1&status=paid"
    for body, content_type in ((json_text, FORM), (json_text, "text/plain"), (form, "text/plain; charset=utf-8")):
        answer = shop.http.post(shop.url, content=body, headers={"content-type": content_type})
        assert (answer.status_code, answer.text) == (200, "processed"), content_type
    assert shop.handler.seen == [(paid.imp_uid, "paid", 0)]


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u200b", "\t", "\u202e", "\ufeff", "\u00ad", "\r\n", "\x1b"])
def test_an_order_number_with_a_blank_from_copied_text(shop: Shop, blank: str) -> None:
    """The payment is paid, and PortOne sends what is answered 400 never again."""
    paid = shop.v1.pay(order := f"order{blank}1")
    assert shop.notify(paid.imp_uid, order).text == "processed"
    assert shop.notify(paid.imp_uid, "order 1").status_code == 409
    assert shop.handler.seen == [(paid.imp_uid, "paid", 0)]


def test_a_second_delivery_is_not_handled_again(shop: Shop) -> None:
    paid = shop.v1.pay()
    assert shop.notify(paid.imp_uid).text == "processed"
    again = shop.notify(paid.imp_uid)
    assert (again.status_code, again.text) == (200, "processed")
    assert len(shop.handler.calls) == 1


def test_twenty_deliveries_at_once_are_handled_once(shop: Shop) -> None:
    paid = shop.v1.pay()
    shop.handler.ready = lambda: shop.v1.reads >= 20  # the first is not through before all have come
    start = Barrier(20)

    def deliver() -> httpx.Response:
        start.wait()
        return shop.notify(paid.imp_uid)

    with ThreadPoolExecutor(20) as threads:
        answers = [made.result() for made in [threads.submit(deliver) for _ in range(20)]]
    assert {answer.status_code for answer in answers} <= {200, 503}  # 503 to those who waited too long: come again
    assert shop.notify(paid.imp_uid).text == "processed"
    assert len(shop.handler.calls) == 1


def test_every_change_of_state_is_handled(shop: Shop) -> None:
    paid = shop.v1.pay(amount=12000)
    with shop.v1.client() as client:
        shop.notify(paid.imp_uid)
        client.payments.cancel(imp_uid=paid.imp_uid, amount=5000, checksum=12000)
        shop.notify(paid.imp_uid, status="cancelled")
        client.payments.cancel(imp_uid=paid.imp_uid, amount=7000, checksum=7000)
        shop.notify(paid.imp_uid, status="cancelled")
    statuses = [(status, cancelled) for _, status, cancelled in shop.handler.seen]
    assert statuses == [("paid", 0), ("cancelled", 5000), ("cancelled", 12000)]


def test_a_notice_that_was_overtaken_brings_the_state_of_now(shop: Shop) -> None:
    paid = shop.v1.pay(amount=12000)
    with shop.v1.client() as client:
        client.payments.cancel(imp_uid=paid.imp_uid, amount=12000, checksum=12000)
    assert shop.notify(paid.imp_uid, status="cancelled").text == "processed"
    assert shop.notify(paid.imp_uid, status="paid").text == "processed"
    assert shop.handler.seen == [(paid.imp_uid, "cancelled", 12000)]


def test_a_forged_payment_costs_one_read(shop: Shop) -> None:
    shop.v1.pay()
    answer = shop.notify("imp_000000000000")
    assert (answer.status_code, answer.text) == (404, "payment not found")
    assert shop.v1.reads == 1
    assert shop.handler.calls == []


def test_an_invalid_imp_uid_is_not_a_server_error(shop: Shop) -> None:
    for imp_uid in ("../users/getToken", "imp_1?include_sandbox=false", "%2e%2e", "결제", " ", "."):
        assert shop.notify(imp_uid).status_code in (400, 404), imp_uid
    shop.v1.fault = "finicky"
    assert shop.notify("imp_1").status_code == 404
    assert shop.handler.calls == []


def test_a_read_that_drips_ends_before_portone_stops_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte every few seconds is a byte before each timeout of the socket."""
    monkeypatch.setattr("portone_v1.contrib._requests.WEBHOOK_DEADLINE", 1.0)
    paid = shop.v1.pay()
    shop.v1.fault = "dripping"
    began = time.monotonic()
    assert shop.notify(paid.imp_uid).status_code == 503
    assert time.monotonic() - began < 10  # 1, on an idle machine
    assert shop.handler.calls == []


def test_a_payment_of_another_order(shop: Shop) -> None:
    cheap = shop.v1.pay("order-cheap", 100)
    answer = shop.notify(cheap.imp_uid, merchant_uid="order-dear")
    assert (answer.status_code, answer.text) == (409, "merchant_uid does not match the payment")
    assert shop.handler.calls == []


def test_an_order_that_the_shop_will_never_have_is_done_with(shop: Shop) -> None:
    paid = shop.v1.pay()
    shop.handler.raises = UnknownOrder()
    assert shop.notify(paid.imp_uid).text == "processed"
    shop.handler.raises = None
    assert shop.notify(paid.imp_uid).text == "processed"
    assert len(shop.handler.calls) == 1


def test_an_order_that_is_not_stored_yet_comes_again(shop: Shop) -> None:
    paid = shop.v1.pay()
    shop.handler.raises = RetryLater()
    assert shop.notify(paid.imp_uid).status_code == 503
    shop.handler.raises = None
    assert shop.notify(paid.imp_uid).text == "processed"
    assert len(shop.handler.calls) == 2


def test_where_a_worker_drains_a_stored_webhook_is_answered_200(open_shop: Opener) -> None:
    shop = open_shop(drained=True)
    paid = shop.v1.pay()
    shop.handler.raises = RetryLater()
    answer = shop.notify(paid.imp_uid)
    assert (answer.status_code, answer.text) == (200, "stored")


@pytest.mark.parametrize("fault", ["down", "failing", "refusing"])
def test_v1_that_can_not_be_asked_is_answered_so_that_a_resend_helps(shop: Shop, fault: str) -> None:
    paid = shop.v1.pay()
    shop.v1.fault = fault
    answer = shop.notify(paid.imp_uid)
    assert (answer.status_code, answer.text) == (503, "temporarily unavailable; please redeliver")
    shop.v1.fault = None
    assert shop.notify(paid.imp_uid).text == "processed"
    assert len(shop.handler.calls) == 1


def test_a_handler_that_raises_is_called_again_by_the_resend(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    paid = shop.v1.pay()
    shop.handler.raises = LookupError(CANARY)
    answer = shop.notify(paid.imp_uid)
    assert (answer.status_code, answer.text) == (503, "stored, later; please redeliver")
    assert CANARY not in answer.text
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR and record.exc_info]
    assert paid.imp_uid in record.getMessage()  # and the trace is in the shop's log
    shop.handler.raises = None
    assert shop.notify(paid.imp_uid).text == "processed"
    assert len(shop.handler.calls) == 2


def test_a_test_payment_is_not_handed_on(shop: Shop) -> None:
    free = shop.v1.pay(sandbox=True)
    assert shop.notify(free.imp_uid).status_code == 200
    assert shop.handler.calls == []


def test_a_test_payment_where_they_are_allowed_is_flagged(open_shop: Opener) -> None:
    shop = open_shop(allow_test=True)
    free = shop.v1.pay(sandbox=True)
    assert shop.notify(free.imp_uid).status_code == 200
    [change] = shop.handler.calls
    assert change.payment.sandbox is True


JSON, FORM = "application/json", "application/x-www-form-urlencoded"
JUNK = [
    (b"", JSON),
    (b"", None),
    (b"{canary-5139", JSON),
    (b'["canary-5139"]', JSON),
    (b"[" * 60_000, JSON),
    (b'{"imp_uid": {"canary-5139": 1}}', JSON),
    (b'{"imp_uid": "imp_1\\ncanary-5139"}', JSON),
    (b'{"imp_uid": "' + b"canary-5139" * 20 + b'"}', JSON),
    (b'{"imp_uid": "imp_1", "merchant_uid": "' + b"canary-5139" * 24 + b'"}', JSON),
    (b'{"imp_uid": "imp_1", "merchant_uid": "canary-5139\\u0000"}', JSON),
    (b'{"imp_uid": "imp_1", "merchant_uid": "canary-5139\\ud800"}', JSON),
    (b'{"merchant_uid": "canary-5139"}', JSON),
    (b'{"type": "Transaction.Paid", "data": {"paymentId": "canary-5139"}}', JSON),
    (b"\xff\xfecanary-5139", FORM),
    (b"imp_uid=&x=canary-5139", FORM),
]


def test_bad_input_is_answered_400_without_any_of_it(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for body, content_type in JUNK:
        answer = shop.http.post(shop.url, content=body, headers={"content-type": content_type} if content_type else {})
        assert (answer.status_code, len(answer.text) < 120) == (400, True), body[:50]
        assert CANARY not in answer.text
        assert "Traceback" not in answer.text
    assert CANARY not in caplog.text
    assert (shop.v1.reads, shop.handler.calls) == (0, [])


def test_an_escrow_event_without_a_handler_gets_200(shop: Shop) -> None:
    """PortOne sends a 4xx never again, and a 5xx to no purpose."""
    paid = shop.v1.pay()
    asked = {"event": "Inicis.Escrow.Changed", "imp_uid": paid.imp_uid, "merchant_uid": "order-1", "extra": {}}
    assert shop.http.post(shop.url, json=asked).status_code == 200
    assert shop.handler.calls == []


def test_an_escrow_event_that_nothing_can_write_down_is_not_a_server_error(shop: Shop) -> None:
    start, end = b'{"event":"Inicis.Escrow.Changed","imp_uid":"imp_1","extra":{"escrow_status":', b"}}"
    for junk in (b"NaN", b"[-Infinity]", b"[" * 700 + b"]" * 700, b'{"a":' * 700 + b"1" + b"}" * 700):
        answer = shop.http.post(shop.url, content=start + junk + end, headers={"content-type": JSON})
        assert answer.status_code in (200, 400), junk[:20]  # 400 where JSON is not read as deep


def test_a_till_that_asks_in_vain_must_not_collect(shop: Shop) -> None:
    paid = shop.v1.pay()
    asked = {"event": "Galaxia.Cvs.Confirm", "imp_uid": paid.imp_uid, "merchant_uid": "order-1", "status": "ready"}
    assert shop.http.post(shop.url, json=asked).status_code == 501
    assert (shop.v1.reads, shop.handler.calls) == (0, [])


def test_a_sub_merchants_payment_is_read_in_its_name(shop: Shop) -> None:
    paid = shop.v1.sandbox.pay(merchant_uid="order-1", amount=12000, tier="AB1")
    url = shop.url.replace("/webhook", "/{}/webhook")
    assert shop.http.post(url.format("AB1"), json={"imp_uid": paid.imp_uid}).text == "processed"
    assert shop.handler.seen == [(paid.imp_uid, "paid", 0)]
    assert shop.http.post(url.format("none"), json={"imp_uid": paid.imp_uid}).status_code == 404


def test_other_methods(shop: Shop) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = shop.http.request(method, shop.url)
        assert answer.status_code == 405
        assert "POST" in answer.headers["allow"]


READS_ALL_FIRST = "django-async"
"""Django under ASGI puts a body into a file before any view is called."""


def test_a_body_that_is_too_long_is_refused_before_it_comes(shop: Shop) -> None:
    length = LONGEST + 1 if shop.kind == READS_ALL_FIRST else 10_000_000_000
    with _raw(shop, f"Content-Length: {length}") as connection:
        if shop.kind == READS_ALL_FIRST:
            connection.sendall(b"x" * length)
        assert _status(connection) == 413


def test_a_length_that_is_no_number_of_python_is_not_a_server_error(shop: Shop) -> None:
    for length in ("9" * 5_000, "9" * 4_000, "-1"):
        with _raw(shop, f"Content-Length: {length}") as connection:
            assert _status(connection) in (400, 413)


def test_a_body_that_never_tells_its_length_is_read_to_the_limit_only(shop: Shop) -> None:
    with _raw(shop, "Transfer-Encoding: chunked") as connection:
        end = b"0\r\n\r\n" if shop.kind == READS_ALL_FIRST else b""
        connection.sendall(f"{LONGEST + 1:x}\r\n".encode() + b"x" * (LONGEST + 1) + b"\r\n" + end)
        # runserver reads no such bodies at all
        assert _status(connection) == (400 if shop.kind == "django" else 413)


def test_portones_own_address_behind_a_proxy_is_believed_to_be_early(open_shop: Opener) -> None:
    """V1 does not show the payment so far: PortOne's webhook is stored and asked for again, a stranger's is not."""
    shop = open_shop(trusted_proxies=["127.0.0.0/8"])

    def answered(sender: str) -> int:
        headers = {"x-forwarded-for": sender}
        return shop.http.post(shop.url, json={"imp_uid": "imp_000000000000"}, headers=headers).status_code

    assert answered("203.0.113.9") == 404
    assert answered("52.78.100.19") == 503


def test_a_forger_after_whose_line_the_proxy_adds_its_own_is_not_believed(open_shop: Opener) -> None:
    """HAProxy appends a second `X-Forwarded-For`: the last address of both is the one that it saw."""
    shop = open_shop(trusted_proxies=["127.0.0.0/8"])

    def answered(*senders: str) -> int:
        headers = [("x-forwarded-for", sender) for sender in senders]
        return shop.http.post(shop.url, json={"imp_uid": "imp_000000000000"}, headers=headers).status_code

    assert answered("52.78.100.19", "203.0.113.9") == 404
    assert answered("203.0.113.9", "52.78.100.19") == 503


def _raw(shop: Shop, header: str) -> socket.socket:
    where = urlsplit(shop.url)
    assert where.hostname
    connection = socket.create_connection((where.hostname, where.port or 80), timeout=10)
    head = f"POST {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: application/json\r\n{header}\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def _status(connection: socket.socket) -> int:
    answer = b""
    while b"\r\n" not in answer and (part := connection.recv(4096)):
        answer += part
    return int(answer.split()[1])
