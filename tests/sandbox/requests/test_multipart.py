"""Shops that send `FormData`: an app of 2021 logged in to V1 with it (claim `forms-in-parts`)."""

from __future__ import annotations

import httpx
import pytest
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.sandbox.support import Api

UNREADABLE = (400, 1, "요청 본문을 해석할 수 없습니다.")
HEADERS = {"Content-Type": 'multipart/form-data; boundary="x"'}


def parts(*fields: str) -> bytes:
    """Return a body in parts. Each field is the end of its first header, an empty line, and its value."""
    begun = (f"--x\r\nContent-Disposition: form-data; {field}\r\n" for field in fields)
    return ("".join(begun) + "--x--\r\n").encode()


def field(name: str, value: str) -> str:
    return f'name="{name}"\r\n\r\n{value}'


def test_a_shop_logs_in_and_refunds_with_parts() -> None:
    with SandboxServer() as server, httpx.Client(base_url=server.url) as shop:
        paid = server.sandbox.pay(merchant_uid="order-1", amount=5000)
        pair = {"imp_key": (None, "sandbox_key"), "imp_secret": (None, "sandbox_secret")}
        token = shop.post("/users/getToken", files=pair).json()["response"]["access_token"]
        refund = {"imp_uid": (None, paid.imp_uid), "amount": (None, "1000"), "reason": (None, "단순 변심")}
        answer = shop.post("/payments/cancel", files=refund, headers={"Authorization": token}).json()
    assert (answer["response"]["cancel_amount"], answer["response"]["cancel_reason"]) == (1000, "단순 변심")


def test_names_with_brackets_are_unfolded(api: Api, sandbox: Sandbox) -> None:
    api.authorize()
    paid = [sandbox.pay(merchant_uid=f"order-{n}", amount=5000) for n in (1, 2)]
    body = parts(field("imp_uid", paid[0].imp_uid), field("amount", "1000"), field("extra[requester]", "customer"))
    answer = api.send("POST", "/payments/cancel", body=body, headers=api.headers | HEADERS)
    assert answer.response["cancel_amount"] == 1000
    assert sandbox.journal[-1].advice == []


@pytest.mark.parametrize(
    "amount",
    [
        "name*=utf-8''amount\r\n\r\n1000",
        'name="amount"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n1000\r\n--y--',
        "\r\n\r\n1000",
    ],
    ids=["encoded name", "parts in a part", "no name"],
)
def test_a_part_that_cannot_be_read_refunds_nothing(api: Api, sandbox: Sandbox, amount: str) -> None:
    paid = sandbox.pay(merchant_uid="order-1", amount=5000)
    api.authorize()
    body = parts(field("imp_uid", paid.imp_uid), amount)
    answer = api.send("POST", "/payments/cancel", body=body, headers=api.headers | HEADERS)
    assert answer.verdict == UNREADABLE
    assert api.get(f"/payments/{paid.imp_uid}").response["cancel_amount"] == 0


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=other"])
def test_a_body_that_is_not_what_its_header_says(api: Api, kind: str) -> None:
    body = parts(field("imp_key", "sandbox_key"), field("imp_secret", "sandbox_secret"))
    assert api.send("POST", "/users/getToken", body=body, headers={"Content-Type": kind}).verdict == UNREADABLE


def test_more_fields_than_php_takes(api: Api) -> None:
    body = parts(*(field(f"f{n}", "1") for n in range(1001)))
    assert api.send("POST", "/users/getToken", body=body, headers=HEADERS).verdict == UNREADABLE


def test_no_secret_of_a_part_is_kept(api: Api, sandbox: Sandbox) -> None:
    body = parts(field("imp_key", "sandbox_key"), field("imp_secret", "sandbox_secret"))
    assert api.send("POST", "/users/getToken", body=body, headers=HEADERS).status == 200
    rows = api.send("GET", "/_sandbox/list/journal").response["rows"]
    shown = str(api.send("GET", f"/_sandbox/events/{rows[0]['id']}").response)
    assert "imp_secret" in shown
    assert "sandbox_secret" not in shown
