"""The OpenAPI document of the control calls: every route is in it, and what each answers is as it says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from portone_v1_sandbox import Request, Sandbox
from portone_v1_sandbox.control.routes import CONTROLS
from portone_v1_sandbox.dispatch.control_handlers import CONTROL_HANDLERS
from portone_v1_sandbox.views.router import VIEWS
from portone_v1_sandbox.wire.web_paths import WEB_PATHS

from tests.schemas import errors_of

PRODUCT = {"product_id": "p-1", "product_name": "원두", "product_amount": 1000}


def call(sandbox: Sandbox, method: str, path: str, body: Any = None) -> Any:
    sent = b"" if body is None else json.dumps(body).encode()
    return json.loads(sandbox.handle(Request(method, path, "", {"Content-Type": "application/json"}, sent)).body)


@pytest.fixture
def document(sandbox: Sandbox) -> Any:
    return call(sandbox, "GET", "/_sandbox/openapi.json")


def answers(document: Any, method: str, path: str, answer: Any) -> None:
    escaped = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{escaped}/{method.lower()}/responses/200/content/application~1json/schema"
    assert errors_of(document, pointer, answer) == []


def routes() -> list[tuple[str, str]]:
    found = [(method, path) for path, by_method in CONTROLS.items() for method in by_method]
    return [*found, *(("POST", path) for path in CONTROL_HANDLERS), ("GET", "/_sandbox/openapi.json")]


def test_it_is_valid_and_has_every_route(document: Any) -> None:
    from openapi_spec_validator import validate  # takes two seconds

    validate(document)
    shown = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    views = {("GET", view.path) for view in VIEWS}
    web = {(method, path) for path, methods in WEB_PATHS.items() for method in methods}
    assert shown == {*routes(), *views, *web}
    for item in document["paths"].values():
        assert all(operation["summary"] for operation in item.values())


@pytest.mark.parametrize(("method", "path"), [route for route in routes() if route[0] == "GET"])
def test_what_reads_answer(document: Any, sandbox: Sandbox, method: str, path: str) -> None:
    sandbox.webhooks.configure(url="http://127.0.0.1:9/hook")
    sandbox.play("five_orders")
    sandbox.client().codes.get_bank("004")
    sandbox.shops.open("a")
    call(sandbox, "POST", "/_sandbox/snapshots", {"name": "kept"})
    call(sandbox, "POST", "/_sandbox/faults", {"kind": "fail"})
    call(sandbox, "POST", "/_sandbox/certifications", {"name": "홍길동", "birthday": "1990-01-01"})
    answers(document, method, path, call(sandbox, method, path))


def bodies(sandbox: Sandbox) -> dict[str, Any]:
    """Return a body for each write, after creating what it needs."""
    paid = sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
    second = sandbox.pay(merchant_uid="order-2", amount=1000).imp_uid
    account = sandbox.pay(merchant_uid="order-3", amount=1000, pay_method="vbank", status="ready").imp_uid
    failed = sandbox.pay(merchant_uid="order-4", amount=1000, status="failed", pg="daou").imp_uid
    store = sandbox.client().cvs.issue(merchant_uid="order-5", amount=1000, name="우산").imp_uid
    trans = sandbox.pay(merchant_uid="order-6", amount=1000, pay_method="trans", escrow=True).imp_uid
    person = {"name": "홍길동", "tel": "010-0000-0000", "addr": "서울특별시 예시구 예시로 1", "postcode": "00000"}
    parcel = {"company": "CJGLS", "invoice": "000011112222", "sent_at": sandbox.clock.now()}
    sandbox.client().escrow.register(trans, sender=person, receiver=person, logis=parcel)
    order = call(sandbox, "POST", "/_sandbox/naver/orders", {"merchant_uid": "n-1", "products": [PRODUCT]})["response"]
    product = next(iter(sandbox._engine.state.product_orders))
    assert order
    sandbox.faults.fail_next(operation="codes_get_bank")
    sandbox.defer_refunds()
    sandbox.client().payments.cancel(imp_uid=second, amount=1000)
    sandbox.shops.open("a")
    sandbox.webhooks.configure(url="http://127.0.0.1:9/hook")
    sandbox.pay(merchant_uid="order-7", amount=1000)
    call(sandbox, "POST", "/_sandbox/kcp-quick/members", {"member_id": "m-0"})
    call(sandbox, "POST", "/_sandbox/snapshots", {"name": "kept"})
    number = sandbox.webhooks.deliveries[0].number
    return {
        "/_sandbox/clock": {"advance": 1, "rate": 2, "frozen": True, "date": sandbox.clock.now() + 5},
        "/_sandbox/payments": {"merchant_uid": "order-8", "amount": 1000},
        "/_sandbox/seed": {"payments": [{"merchant_uid": "order-9", "amount": 1000}]},
        "/_sandbox/cancels": {"imp_uid": paid},
        "/_sandbox/deposits": {"imp_uid": account},
        "/_sandbox/store-payments": {"imp_uid": store},
        "/_sandbox/payments/late": {"imp_uid": failed},
        "/_sandbox/refunds/pend": {},
        "/_sandbox/refunds/settle": {"imp_uid": second},
        "/_sandbox/certifications": {"name": "홍길동", "birthday": "1990-01-01"},
        "/_sandbox/inicis/events": {"imp_uid": trans, "event": "purchase_confirmed"},
        "/_sandbox/naver/orders": {"merchant_uid": "n-2", "products": [PRODUCT]},
        "/_sandbox/naver/events": {"product_order_id": product, "event": "cancel_requested"},
        "/_sandbox/naver/reviews": {"product_order_id": product, "score": "5", "title": "좋아요"},
        "/_sandbox/kcp-quick/members": {"member_id": "m-1"},
        "/_sandbox/kcp-quick/pin-checks": {"member_id": "m-0"},
        "/_sandbox/kcp-quick/autopay-keys": {"customer_uid": "k-1"},
        "/_sandbox/benepia/members": {"benepia_user": "u", "benepia_password": "p", "point": 100},
        "/_sandbox/faults": {"kind": "fail"},
        "/_sandbox/faults/remove": {"number": ["1"]},
        "/_sandbox/lint/mute": {"rule": "token-per-call"},
        "/_sandbox/lint/unmute": {"rule": ["token-per-call"]},
        "/_sandbox/channels/import": {"channels": [{"pg_provider": "nice_v2", "pg_id": "m", "type": "payment"}]},
        "/_sandbox/declines": {"count": 1},
        "/_sandbox/webhooks/settings": {"repeats": True},
        "/_sandbox/webhooks/resend": {"number": [str(number)]},
        "/_sandbox/webhooks/drop": {"number": [str(number)]},
        "/_sandbox/shops/delete": {"name": "a"},
        "/_sandbox/snapshots": {"name": "another"},
        "/_sandbox/snapshots/restore": {"name": "kept"},
        "/_sandbox/snapshots/delete": {"name": "kept"},
        "/_sandbox/settings": {"strict": True},
        "/_sandbox/channels/adopt": {"pg": "nicepay_v9"},
        "/_sandbox/scenarios": {"name": "five_orders"},
    }


@pytest.mark.parametrize("path", [path for method, path in routes() if method == "POST"])
def test_what_writes_take_and_answer(document: Any, sandbox: Sandbox, path: str) -> None:
    body = bodies(sandbox).get(path, {})
    escaped = path.replace("~", "~0").replace("/", "~1")
    pointer = f"/paths/{escaped}/post/requestBody/content/application~1json/schema"
    assert errors_of(document, pointer, body) == []
    result = call(sandbox, "POST", path, body)
    assert result["code"] == 0, result
    answers(document, "POST", path, result)
    unknown = call(sandbox, "POST", path, body | {"nobody": 1})
    assert (unknown["code"], "nobody" in unknown["message"]) == (1, True)


VIEWED = (
    *(f"list/{tab}?q=order&limit=5&status=paid" for tab in ("payments", "billing_keys", "schedules", "webhooks")),
    "list/journal",
    "list/payments?q=1%2C000&pg=html5_inicis&method=card&min=1&max=99999&from=0&to=9999999999",
    *(f"changes/{tab}?since=0&ids=UID,ID" for tab in ("payments", "webhooks", "journal")),
    *("sums", "room", "payments/UID", "payments/UID/timeline?after=0&limit=3", "events/ID?reveal=1&whole=1"),
)


@pytest.mark.parametrize("asked", VIEWED)
def test_what_views_answer(document: Any, sandbox: Sandbox, asked: str) -> None:
    sandbox.webhooks.configure(url="http://127.0.0.1:9/hook")
    sandbox.play("subscription_month")
    sandbox.faults.fail_next(operation="codes_get_bank")
    sandbox.faults.decline_next(customer_uid="nobody")
    paid = sandbox.pay(merchant_uid="order-1", amount=1000, buyer_name="홍길동")
    sandbox.client().payments.get(paid.imp_uid)
    event = call(sandbox, "GET", f"/_sandbox/payments/{paid.imp_uid}/timeline")["response"]["events"][-1]["id"]
    path, _, query = f"/_sandbox/{asked}".replace("UID", paid.imp_uid).replace("ID", str(event)).partition("?")
    result = json.loads(sandbox.handle(Request("GET", path, query)).body)
    assert result["code"] == 0, result
    (template,) = [view.path for view in VIEWS if re.fullmatch(view.pattern, path)]
    answers(document, "GET", template, result)
    named = {one["name"] for one in document["paths"][template]["get"]["parameters"][2:]}
    assert {pair.partition("=")[0] for pair in query.split("&") if pair} <= named
    refused = json.loads(sandbox.handle(Request("GET", path, "nobody=1")).body)
    assert (refused["code"], "nobody" in refused["message"]) == (1, True)


def test_every_view_is_looked_at() -> None:
    looked = {view.path for view in VIEWS for asked in VIEWED if _fits(view.pattern, asked)}
    assert looked == {view.path for view in VIEWS}


def _fits(pattern: str, asked: str) -> bool:
    path = f"/_sandbox/{asked.partition('?')[0]}".replace("UID", "imp_1").replace("ID", "1")
    return re.fullmatch(pattern, path) is not None


def test_calls_of_the_payment_window_answer(document: Any, sandbox: Sandbox) -> None:
    asked = {"kind": "payment", "asked": {"merchant_uid": "order-1", "amount": 1000, "pay_method": "card"}}
    headers = {"Content-Type": "application/json"}
    body = json.dumps({"request": json.dumps(asked)}).encode()
    opened = sandbox.handle(Request("POST", "/_sandbox/web/windows", "", headers, body))
    expected = {
        path: item[method]["responses"]
        for path, item in document["paths"].items()
        if path.startswith("/_sandbox/web/")
        for method in item
    }
    assert str(opened.status) in expected["/_sandbox/web/windows"]
    window = opened.headers["Location"]
    one = "/_sandbox/web/windows/{key}"
    page = sandbox.handle(Request("GET", window))
    assert (
        page.headers["Content-Type"].partition(";")[0] in document["paths"][one]["get"]["responses"]["200"]["content"]
    )
    answers(document, "GET", f"{one}/state", call(sandbox, "GET", f"{window}/state"))
    answers(document, "POST", one, call(sandbox, "POST", window, {"action": "approve"}))
    named = re.search(r"/_sandbox/web/files/([0-9a-f]+/)shared/", sandbox.handle(Request("GET", "/")).body.decode())
    assert named is not None
    for template, digest in (("", ""), ("{digest}/", named[1])):
        one = document["paths"][f"/_sandbox/web/files/{template}{{folder}}/{{name}}"]
        files = one["get"]["responses"]["200"]["content"]
        for name in ("shared/api.js", "shared/app.css", "shared/icon.svg", "list/list.html"):
            found = sandbox.handle(Request("GET", f"/_sandbox/web/files/{digest}{name}"))
            assert (found.status, found.headers["Content-Type"].partition(";")[0] in files) == (200, True)
