"""하위상점: registered codes, and what the Tier header takes."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock

from tests.sandbox.support import START, Api

UNKNOWN = (404, 1, "등록되지 않은 tier_code입니다.")


def test_registered_renamed_and_deleted(api: Api) -> None:
    assert api.get("/tiers/A01").verdict == UNKNOWN
    assert api.put("/tiers/A01", tier_name="본점").verdict == UNKNOWN
    assert api.delete("/tiers/A01").verdict == UNKNOWN
    assert api.post("/tiers/A01", tier_name="1호점").response == {"tier_code": "A01", "tier_name": "1호점"}
    assert api.post("/tiers/A01", tier_name="2호점").verdict == (400, 1, "이미 등록된 tier_code입니다.")
    assert api.put("/tiers/A01", tier_name="본점").response["tier_name"] == "본점"
    assert api.get("/tiers/A01").response == {"tier_code": "A01", "tier_name": "본점"}
    assert api.delete("/tiers/A01").response == {"tier_code": "A01", "tier_name": "본점"}
    assert api.get("/tiers/A01").verdict == UNKNOWN


@pytest.mark.parametrize("code", ["a01", "A1", "A001", "가나다"])
def test_malformed_code(api: Api, code: str) -> None:
    assert api.post(f"/tiers/{code}", tier_name="1호점").status == 400
    assert api.get(f"/tiers/{code}").status == 404


def test_missing_name(api: Api) -> None:
    assert api.post("/tiers/A01").status == 400
    assert api.get("/tiers/A01").status == 404


def test_any_code_is_accepted_by_default(sandbox: Sandbox) -> None:
    assert Api(sandbox, tier="Z99").onetime("order-1").response["status"] == "paid"


def test_only_registered_codes_if_set() -> None:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START), registered_tiers_only=True)
    agent, tier = Api(sandbox), Api(sandbox, tier="A01")
    assert tier.onetime("order-1").verdict == UNKNOWN
    agent.post("/tiers/A01", tier_name="1호점")
    assert tier.onetime("order-1").response["status"] == "paid"
    assert agent.onetime("order-2").response["status"] == "paid"
    agent.delete("/tiers/A01")
    assert tier.get("/payments/find/order-1").verdict == UNKNOWN
