"""What `ResponseFormatError` keeps of an answer: bounded, legible, and nothing that could be a secret or a person."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import httpx
import pytest
from portone_v1 import NotFoundError, PortOne, ResponseFormatError

TOKEN = {"code": 0, "message": None, "response": {"access_token": "0" * 40, "now": 1, "expired_at": 9_999_999_999}}
SECRET = "sk_live_9aFq2LmX7vBn3KpT"
PERSON = "seojun@shop.example"
CARD = "4330-1234-5678-9012"
PHONE = "010-4321-8765"


def client_of(body: bytes, status: int = 200, kind: str = "application/json") -> PortOne:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return httpx.Response(200, json=TOKEN)
        return httpx.Response(status, content=body, headers={"Content-Type": kind})

    return PortOne(imp_key="k", imp_secret="s", transport=httpx.MockTransport(answer), max_retries=0)


HOSTILE: dict[str, bytes] = {
    "secrets as values": json.dumps({"token": SECRET, "card": CARD, "mail": PERSON, "tel": PHONE}).encode(),
    "secrets as keys": json.dumps({SECRET: 1, CARD: 2, PERSON: 3, PHONE: 4}).encode(),
    "secrets deep": json.dumps({"a": [{"b": {"c": {SECRET: PERSON}}}]}).encode(),
    "a page with secrets in its title": f"<html><title>{SECRET} {PERSON} {CARD} {PHONE}</title>{SECRET}".encode(),
    "a page with a long title": b"<title>" + b"e" * 250 + b"</title>",
    "a page without an end": b"<title>" + b"x" * 3_000_000,
    "long": json.dumps({f"field_{chr(97 + n % 26) * (n // 26 + 1)}": n for n in range(800)}).encode(),
    "a huge text": json.dumps("z" * 1_000_000).encode(),
    "binary": bytes(range(256)) * 40,
    "broken text": b"<title>\xff\xfe\xed\xa0\x80 oops \x1b[31mred\x00\r\n</title>",
    "half of a character": b'{"\\ud800": "\\udfff", "a": "\\ud83d"}',
    "deep": b"[" * 50_000,
    "a list": json.dumps([SECRET, PERSON]).encode(),
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_answer_that_nobody_can_read(name: str) -> None:
    with client_of(HOSTILE[name]) as client, pytest.raises(ResponseFormatError) as caught:
        client.payments.get("imp_1")
    error = caught.value
    assert error.excerpt is not None
    assert 0 < len(error.excerpt) <= 200
    shown = [error.excerpt, str(error), repr(error), repr(vars(error))]
    shown.append(str(pickle.loads(pickle.dumps(error))))
    shown.append(str(copy.copy(error)))
    for text in shown:
        text.encode("utf-8")  # no halves of characters: it can be logged
        assert "\x1b" not in text
        for secret in (SECRET, PERSON, CARD, PHONE, "9aFq2LmX", "seojun", "4330", "4321"):
            assert secret not in text


def test_what_an_excerpt_is_good_for() -> None:
    """A proxy's page and a changed API can be told apart."""
    for body, each in (
        (b"<html><title>502 Bad Gateway</title>", "a page, '### Bad Gateway'"),
        (b'{"type": "NOT_FOUND", "items": [{"id": 1}]}', "{type: text, items: [{id: number}, …]}"),
    ):
        with client_of(body) as client, pytest.raises(ResponseFormatError) as caught:
            client.payments.get("imp_1")
        assert caught.value.excerpt == each


@pytest.mark.parametrize("asked", [{}, {"include_sandbox": True}])
def test_not_found_hints_at_test_payments_where_they_were_left_out(asked: Any) -> None:
    body = json.dumps({"code": -1, "message": f"존재하지 않는 결제정보입니다. {CARD}", "response": None}).encode()
    with client_of(body, 404) as client, pytest.raises(NotFoundError) as caught:
        client.payments.get("imp_1", **asked)
    assert ("include_sandbox" in str(caught.value)) is (not asked)
    assert CARD not in str(caught.value)
