"""Errors carry what happened, hide what must not be seen, and travel between processes."""

from __future__ import annotations

import copy
import pickle
import tomllib
import traceback
from pathlib import Path
from typing import Any

import httpx
import portone_v1
import pytest
from portone_v1 import PortOneError, RefusedError, errors

from tests.overlay.harness import Answer, Flavour, ScriptedV1, envelope, refused

CARD = "4242-4242-4242-4242"


def charge(client: Any) -> Any:
    return client.subscribe.onetime(
        merchant_uid="order-1",
        amount=1000,
        card_number=CARD,
        expiry="2031-12",
        birth="900101",
        buyer_name="홍길동전체",
        buyer_tel="010-0000-0000",
        buyer_email="hong@example.com",
    )


def refusal(flavour: Flavour, v1: ScriptedV1, message: str) -> RefusedError:
    v1.default = refused(message, code=-1)
    error = flavour.client(v1).failure(charge)
    assert isinstance(error, RefusedError)
    return error


def test_the_message_is_verbatim_for_the_buyer_and_masked_for_the_log(flavour: Flavour, v1: ScriptedV1) -> None:
    message = f"카드 {CARD} (홍길동전체, 010-0000-0000, hong@example.com, 900101) 한도초과"
    error = refusal(flavour, v1, message)
    assert error.message == message
    for shown in (str(error), repr(error), f"{error!s:>5}", str(error.args)):
        for secret in (CARD, "4242", "홍길동전체", "010-0000-0000", "hong@example.com", "900101"):
            assert secret not in shown
    assert "한도초과" in str(error)


@pytest.mark.parametrize(
    "number",
    ["4242424242424242", "4242 4242 4242 4242", "378282246310005", "5555-5555-5555-4444", "6011000990139424123"],
)
def test_a_card_number_that_the_call_did_not_send_is_masked_too(flavour: Flavour, v1: ScriptedV1, number: str) -> None:
    error = refusal(flavour, v1, f"거절({number})")
    assert error.message == f"거절({number})"
    assert number not in str(error)
    assert number not in repr(error)
    assert "거절(" in str(error)
    error = refusal(flavour, v1, f"카드번호{number}는 쓸 수 없습니다")  # Hangul adjoins it
    assert str(error).endswith("카드번호****는 쓸 수 없습니다")


def test_the_key_pair_is_hidden_where_the_server_echoes_it(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default_token = refused("imp_key=test-key-0123456789 imp_secret=test-secret-0123456789", code=-1, status=401)
    error = flavour.client(v1).failure(lambda c: c.payments.get("imp_1"))
    assert "test-key" not in repr(error)
    assert "test-secret" not in str(error)


def test_what_a_call_sends_in_its_query_is_hidden(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = refused("pg_api_key(inicis-secret-key)가 올바르지 않습니다", code=-1)
    error = flavour.client(v1).failure(lambda c: c.vbanks.revoke("imp_1", pg_api_key="inicis-secret-key"))
    assert "inicis-secret-key" not in repr(error)
    assert "inicis-secret-key" in str(error.message)


def test_the_facts_are_there(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = envelope(None, code=1, message="취소할 수 없습니다", x_request_id="abc")
    error = flavour.client(v1).failure(lambda c: c.payments.cancel(merchant_uid="order 1/한", amount=5))
    assert (error.operation, error.status, error.code) == ("payments.cancel", 200, 1)
    assert (error.merchant_uid, error.imp_uid, error.customer_uid) == ("order 1/한", None, None)
    assert error.headers["x-request-id"] == "abc"
    assert str(error) == "payments.cancel: refused (HTTP 200, code 1, merchant_uid=order 1/한): 취소할 수 없습니다"
    assert repr(error) == f"<RefusedError: {error}>"


def test_ids_in_a_path_are_decoded_in_the_event(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = refused("없음", status=404)
    error = flavour.client(v1).failure(lambda c: c.billing_keys.get("고객/1"))
    assert error.customer_uid == "고객/1"


SCRIPTS: list[Any] = [
    refused("거절 4242-4242-4242-4242", code=-1),
    refused(status=400),
    refused(status=401),
    refused(status=404),
    refused(status=429),
    refused(status=500),
    Answer(200, b"<html>"),
    httpx.ReadTimeout("slow"),
    httpx.ConnectError("refused"),
]


@pytest.mark.parametrize("ask", [charge, lambda c: c.payments.get("imp_1")], ids=["write", "read"])
@pytest.mark.parametrize("played", SCRIPTS, ids=lambda played: f"{played!r:.30}")
def test_every_error_is_pickled_and_copied(flavour: Flavour, v1: ScriptedV1, ask: Any, played: Any) -> None:
    v1.default = played
    error = flavour.client(v1, max_retries=0).failure(ask)
    for twin in (
        copy.copy(error),
        copy.deepcopy(error),
        *(pickle.loads(pickle.dumps(error, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)),
    ):
        assert type(twin) is type(error)
        assert twin.__dict__ == error.__dict__
        assert (str(twin), repr(twin), twin.args) == (str(error), repr(error), error.args)
        assert CARD not in repr(twin)


def test_an_error_without_facts_still_speaks() -> None:
    for name in errors.__all__:
        kind = getattr(errors, name)
        assert issubclass(kind, PortOneError)
        assert "broken" in str(kind("broken"))
        assert type(pickle.loads(pickle.dumps(kind("broken")))) is kind


def test_every_error_is_public() -> None:
    kinds = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PortOneError)}
    public = {name for name in kinds if not name.startswith("_")}
    assert public == set(errors.__all__)
    assert public <= set(portone_v1.__all__)
    assert all(getattr(portone_v1, name) is getattr(errors, name) for name in public)


def test_a_traceback_links_to_the_section_on_the_class(flavour: Flavour, v1: ScriptedV1) -> None:
    error = refusal(flavour, v1, "한도초과")
    assert error.docs_url == f"{errors.DOCS_URL}/errors/#refusederror"
    *_, last = traceback.format_exception(pickle.loads(pickle.dumps(error)))
    assert last == f"See {error.docs_url}\n"
    assert "\n" not in str(error)
    again = errors.convert_error(error, errors.AuthenticationError, "")
    assert again.__notes__ == [f"See {errors.DOCS_URL}/errors/#authenticationerror"]


def test_no_text_of_others_forges_a_line_of_a_log(flavour: Flavour, v1: ScriptedV1) -> None:
    error = refusal(flavour, v1, "한도\u3000초과\r\nERROR root: paid\u202e\u2028")
    error.ids["merchant_uid"] = "a\nb"
    assert "한도\u3000초과\\r\\nERROR" in str(error)
    assert "a\\nb" in str(error)
    assert not {"\r", "\n", "\u202e", "\u2028"} & set(str(error) + repr(error))
    assert error.message == "한도\u3000초과\r\nERROR root: paid\u202e\u2028"  # for the buyer, unchanged


def test_a_class_of_the_users_own_links_to_its_base() -> None:
    class NoStock(PortOneError):
        pass

    assert NoStock().docs_url == f"{errors.DOCS_URL}/errors/#portoneerror"


def test_the_links_lead_to_the_published_documentation() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Documentation"] == f"{errors.DOCS_URL}/"
