"""인증: how a token is got, shared, prolonged and refused."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api

PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}


def ask(api: Api) -> Answer:
    return api.send("POST", "/users/getToken", json=PAIR)


def test_token_lives_thirty_minutes_of_the_sandboxs_time(api: Api) -> None:
    token = ask(api).response
    assert token["now"] == START
    assert token["expired_at"] == START + 1800
    assert len(token["access_token"]) == 40


def test_asking_again_answers_the_same_token_and_expiry(api: Api, sandbox: Sandbox) -> None:
    first = ask(api).response
    sandbox.clock.advance(minutes=29)
    second = ask(api).response
    assert second == {**first, "now": START + 29 * 60}


def test_in_the_last_minute_the_same_token_lives_five_minutes_longer(api: Api, sandbox: Sandbox) -> None:
    first = ask(api).response
    sandbox.clock.advance(minutes=29, seconds=1)
    second = ask(api).response
    assert second["access_token"] == first["access_token"]
    assert second["expired_at"] == first["expired_at"] + 300
    sandbox.clock.advance(minutes=2)
    assert ask(api).response["expired_at"] == second["expired_at"]


def test_after_expiry_comes_another_token_and_the_old_one_is_refused(api: Api, sandbox: Sandbox) -> None:
    old = api.authorize()
    sandbox.clock.advance(minutes=30)
    assert api.get("/banks").verdict == (401, -1, "Unauthorized")
    assert api.authorize() != old
    assert api.get("/banks").status == 200


@pytest.mark.parametrize(
    "pair",
    [
        {"imp_key": "sandbox_key", "imp_secret": "wrong"},
        {"imp_key": "wrong", "imp_secret": "sandbox_secret"},
        {"imp_key": "열쇠", "imp_secret": "비밀"},
    ],
)
def test_wrong_pair_is_refused_in_v1s_words(api: Api, pair: dict[str, str]) -> None:
    answer = api.send("POST", "/users/getToken", json=pair)
    assert answer.verdict == (401, -1, "인증에 실패하였습니다. API키와 secret을 확인하세요.")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, "imp_key, imp_secret"),
        ({"imp_key": "sandbox_key"}, "imp_secret"),
        ({"imp_key": "", "imp_secret": None}, "imp_key, imp_secret"),
    ],
)
def test_missing_pair_is_400(api: Api, body: dict[str, object], names: str) -> None:
    answer = api.send("POST", "/users/getToken", json=body)
    assert answer.verdict == (400, 1, f"{names} 파라메터가 누락되었습니다.")


@pytest.mark.parametrize("form", ["Bearer {}", "bearer {}", "{}"])
def test_token_in_the_authorization_header(api: Api, form: str) -> None:
    token = api.authorize()
    assert api.send("GET", "/cards", headers={"authorization": form.format(token)}).status == 200


def test_token_in_the_old_header_and_in_the_query(api: Api) -> None:
    token = api.authorize()
    assert api.send("GET", "/cards", headers={"X-ImpTokenHeader": token}).status == 200
    assert api.send("GET", "/cards", headers={}, query=f"_token={token}").status == 200


def test_authorization_wins_over_the_old_header(api: Api) -> None:
    token = api.authorize()
    headers = {"Authorization": "stale", "X-ImpTokenHeader": token}
    assert api.send("GET", "/cards", headers=headers).verdict == (401, -1, "Unauthorized")


@pytest.mark.parametrize("headers", [{}, {"Authorization": ""}, {"Authorization": "Bearer x"}])
def test_no_or_another_token_is_401(api: Api, headers: dict[str, str]) -> None:
    api.authorize()
    assert api.send("GET", "/cards", headers=headers).verdict == (401, -1, "Unauthorized")


def test_no_request_is_authenticated_before_a_token_is_issued(api: Api) -> None:
    assert api.send("GET", "/cards", headers={"Authorization": ""}).status == 401


def test_key_pair_of_ones_own() -> None:
    api = Api(Sandbox(imp_key="mine", imp_secret="hush", clock=SandboxClock.frozen_at(START)))
    assert ask(api).status == 401
    assert api.send("POST", "/users/getToken", json={"imp_key": "mine", "imp_secret": "hush"}).status == 200
