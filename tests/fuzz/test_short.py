"""A short, seeded run over every operation, and what lies beside the operations. The long one is `make fuzz`."""

from __future__ import annotations

import pytest
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import Request
from portone_v1_sandbox.control.routes import CONTROLS
from portone_v1_sandbox.dispatch import arguments
from portone_v1_sandbox.dispatch.handlers import HANDLERS, Answer

from tests.sandbox.support import Api, checked

from .controls import PATHS, run_controls
from .runs import MODES, run
from .shop import open_shop

SEED = 20260310
EXAMPLES = 3


@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_what_the_bundle_allows_and_forbids(operation_id: str) -> None:
    for mode in MODES:
        report = run(operation_id, mode, examples=EXAMPLES, number=SEED)
        assert report.findings == []
        assert report.examples > 0


@pytest.mark.parametrize("path", PATHS)
def test_control_calls_with_anything(path: str) -> None:
    report = run_controls(path, examples=8, number=SEED)
    assert report.findings == []
    assert report.examples > 0


def test_faults_of_control_calls_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CONTROLS, "/_sandbox/seed", {"POST": lambda engine, request: engine.no_such_thing})
    assert "Internal sandbox error" in "\n".join(run_controls("/_sandbox/seed", examples=20, number=SEED).findings)


def test_same_seed_asks_and_hears_the_same() -> None:
    first, again = (run("payments_cancel", "negative", examples=EXAMPLES, number=SEED) for _ in range(2))
    assert first.digest == again.digest
    assert first.digest != run("payments_cancel", "negative", examples=EXAMPLES, number=SEED + 1).digest


def test_lookups_sometimes_hit() -> None:
    assert run("payments_get", "positive", examples=20, number=SEED).answers["200 code 0"] > 0
    assert run("billing_keys_get", "positive", examples=20, number=SEED).answers["200 code 0"] > 0
    assert run("subscribe_get_schedule", "positive", examples=20, number=SEED).answers["200 code 0"] > 0


def test_faults_of_the_sandbox_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(operation_id: str) -> str:
        return "\n".join(run(operation_id, "negative", examples=40, number=SEED).findings)

    assert found("payments_get") == found("codes_list_banks") == ""
    monkeypatch.setitem(arguments.READERS, "boolean", lambda name, value: bool(value))
    assert "accepted 200" in found("payments_get")
    monkeypatch.setitem(HANDLERS, "codes_list_banks", lambda call: Answer([{"code": call.now}]))
    assert "is not valid under any of the schemas" in found("codes_list_banks")
    monkeypatch.setitem(HANDLERS, "codes_list_banks", lambda call: call.arguments.need_text("nothing"))
    assert "a trace: Internal sandbox error" in found("codes_list_banks")


def test_faults_that_were_found_stay_fixed() -> None:
    api = Api(open_shop().sandbox)
    card = api.get("/payments/find/order-1").response["imp_uid"]
    assert api.get(f"/payments/{card}/naver/product-orders").status == 404
    beyond = api.get("/subscribe/customers/card-1/payments", page=9)
    assert (beyond.code, beyond.response["list"], beyond.response["next"]) == (0, [], 0)
    assert api.get("/payments", merchant_uid=["order-1"] * 101).status == 400
    assert api.get("/subscribe/customers", customer_uid=["card-1"] * 101).status == 400
    window = {"btid": "BT1", "cust_ip": "192.0.2.10", "code_verifier": "verifier"}
    assert api.post("/kcpquick/prepare/order-10", **window, prepaid_amount=10**9).status == 400
    assert api.post("/kcpquick/prepare/order-10", **window, prepaid_amount=10**9 - 1).code == 0


def test_methods_and_routes_that_do_not_exist() -> None:
    shop = open_shop()
    headers = {"Authorization": f"Bearer {shop.token}"}
    declared = {(operation.method, operation.path) for operation in OPERATIONS.values()}
    for operation in OPERATIONS.values():
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "QUERY", "get"):
            if (method, operation.path) not in declared:
                answer = checked(shop.sandbox.handle(Request(method, operation.path, "", headers)), None)
                # Another operation may have a placeholder where this one has a word.
                if shop.sandbox.journal[-1].operation is None:
                    assert (answer.status, answer.code) == (405, -1)
                else:
                    assert answer.status in {400, 404}
        stray = checked(shop.sandbox.handle(Request(operation.method, f"{operation.path}/a/b/c", "", headers)), None)
        assert (stray.status, stray.code) == (404, -1)
