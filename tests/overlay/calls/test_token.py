"""The token: one for everyone, for as long as it lives, renewed once when it is refused."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from portone_v1 import AuthenticationError, NotSentError, PortOneError

from tests.overlay.harness import (
    KEY,
    SECRET,
    Answer,
    Clock,
    Flavour,
    Recorded,
    ScriptedV1,
    SyncFlavour,
    envelope,
    payment,
    refused,
    token,
)

UNAUTHORIZED = refused("Unauthorized", code=-1, status=401)
WRONG_PAIR = refused("인증에 실패하였습니다. API키와 secret을 확인하세요.", code=-1, status=401)


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def cancel(client: Any) -> Any:
    return client.payments.cancel(imp_uid="imp_1", amount=1000)


def crowd(flavour: Flavour) -> int:
    return 64 if isinstance(flavour, SyncFlavour) else 500


def test_one_fetch_for_all_that_start_at_once(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.before = lambda request: time.sleep(0.02) if request.path == "/users/getToken" else None
    answers = flavour.client(v1).at_once(read, crowd(flavour))
    assert [answer.imp_uid for answer in answers] == ["imp_1"] * crowd(flavour)
    assert len(v1.token_calls) == 1
    assert len(v1.calls) == crowd(flavour)
    assert {request.token for request in v1.calls} == {"Bearer token-1"}


def test_one_call_is_one_request(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    client.call(read)
    before = len(v1.requests)
    client.call(read)
    assert len(v1.requests) == before + 1


def test_the_token_request_itself(flavour: Flavour, v1: ScriptedV1) -> None:
    flavour.client(v1, tier="AB1").call(read)
    (request,) = v1.token_calls
    assert (request.method, request.target) == ("POST", "/users/getToken")
    assert request.body == {"imp_key": KEY, "imp_secret": SECRET}
    assert request.token is None
    assert "tier" not in request.headers


@pytest.mark.parametrize("skew", [0, 10**9, -(10**9)])
def test_its_life_is_a_difference_of_the_servers_own_times(flavour: Flavour, v1: ScriptedV1, skew: int) -> None:
    v1.default_token = token(now=1_700_000_000 + skew)
    clock, client = Clock(), flavour.client(v1)
    client.use_clock(clock)
    client.call(read)
    clock.advance(1769)
    client.call(read)
    assert len(v1.token_calls) == 1
    clock.advance(2)  # half a minute before its end
    client.call(read)
    assert len(v1.token_calls) == 2


LYING: list[tuple[str, Any, float, float]] = [
    ("no now", {"access_token": "t", "expired_at": 1_700_001_800}, 29, 31),
    ("no times", {"access_token": "t"}, 29, 31),
    ("null times", {"access_token": "t", "expired_at": None, "now": None}, 29, 31),
    ("text that is no time", {"access_token": "t", "expired_at": "soon", "now": "now"}, 29, 31),
    ("ended before it began", {"access_token": "t", "expired_at": 5, "now": 1_700_000_000}, 29, 31),
    ("no life", {"access_token": "t", "expired_at": 7, "now": 7}, 29, 31),
    ("a hundred years", {"access_token": "t", "expired_at": 5_000_000_000, "now": 1_700_000_000}, 2069, 2071),
    ("for ever", {"access_token": "t", "expired_at": 10**400, "now": 0}, 29, 31),
    ("times as texts", {"access_token": "t", "expired_at": "1800", "now": "0"}, 1769, 1771),
    ("a fraction", {"access_token": "t", "expired_at": 1800.5, "now": 0.25}, 1769, 1771),
    ("the last minute", {"access_token": "t", "expired_at": 50, "now": 0}, 19, 21),
    ("the last seconds", {"access_token": "t", "expired_at": 20, "now": 0}, 0.9, 1.1),
]


@pytest.mark.parametrize(("answer", "still", "over"), [row[1:] for row in LYING], ids=[row[0] for row in LYING])
def test_a_server_clock_that_lies(flavour: Flavour, v1: ScriptedV1, answer: Any, still: float, over: float) -> None:
    v1.default_token = envelope(answer)
    clock, client = Clock(), flavour.client(v1)
    client.use_clock(clock)
    client.call(read)
    clock.advance(still)
    client.call(read)
    assert len(v1.token_calls) == 1
    clock.advance(over - still)
    client.call(read)
    assert len(v1.token_calls) == 2


@pytest.mark.parametrize("now", ["1" + "0" * 400, "1e400", "1e9999999999999999999"])
def test_a_server_clock_that_no_float_holds(flavour: Flavour, v1: ScriptedV1, now: str) -> None:
    body = f'{{"code":0,"message":null,"response":{{"access_token":"token-1","now":{now},"expired_at":{now}}}}}'
    v1.default_token = Answer(200, body.encode())
    assert flavour.client(v1).call(read).imp_uid == "imp_1"


@pytest.mark.parametrize("date", ["", "tomorrow", f"Tue, 10 Mar 2026 01:05:01 +{'9' * 20}"])
def test_a_check_of_the_connection_without_a_date(flavour: Flavour, v1: ScriptedV1, date: str) -> None:
    v1.default_token = token()._replace(headers={"date": date})
    found = flavour.client(v1).call(lambda client: client.check_connection())
    assert (found.server_time, found.clock_skew) == (None, None)


def test_it_is_renewed_once_for_all_callers_before_it_expires(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play_token(token("first"), token("second"))
    clock, client = Clock(), flavour.client(v1)
    client.use_clock(clock)
    client.call(read)
    clock.advance(1771)
    client.at_once(read, 20)
    assert len(v1.token_calls) == 2
    assert {request.token for request in v1.calls[1:]} == {"Bearer second"}


def only(good: str) -> Any:
    """Return answers for one token, and a 401 for every other one."""

    def answer(request: Recorded) -> Answer:
        return payment() if request.token == f"Bearer {good}" else UNAUTHORIZED

    return answer


@pytest.mark.parametrize("ask", [read, cancel])
def test_a_refused_token_is_renewed_and_the_call_repeated(flavour: Flavour, v1: ScriptedV1, ask: Any) -> None:
    v1.play_token(token("old"), token("new"))
    v1.default = only("new")
    assert flavour.client(v1, max_retries=0).call(ask).imp_uid == "imp_1"
    assert [request.token for request in v1.calls] == ["Bearer old", "Bearer new"]
    assert v1.calls[0].content == v1.calls[1].content


def test_a_refused_token_is_renewed_once_for_all_callers(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play_token(token("old"))
    v1.default_token = token("new")
    client = flavour.client(v1)
    client.call(read)
    v1.default = only("new")
    answers = client.at_once(read, 40)
    assert {answer.imp_uid for answer in answers} == {"imp_1"}
    assert len(v1.token_calls) == 2


def test_the_same_token_handed_out_again_is_good_again(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(UNAUTHORIZED, payment(), payment())
    client = flavour.client(v1)
    client.call(read)
    client.call(read)
    assert len(v1.token_calls) == 2
    assert [request.token for request in v1.calls] == ["Bearer token-1"] * 3


@pytest.mark.parametrize("ask", [read, cancel])
def test_two_refusals_in_a_row_are_the_callers(flavour: Flavour, v1: ScriptedV1, ask: Any) -> None:
    v1.default = UNAUTHORIZED
    error = flavour.client(v1).failure(ask)
    assert type(error) is AuthenticationError
    assert (error.status, error.code, error.message) == (401, -1, "Unauthorized")
    assert error.operation in ("payments.get", "payments.cancel")
    assert len(v1.calls) == 2
    assert len(v1.token_calls) == 2


@pytest.mark.parametrize("ask", [read, cancel])
@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (WRONG_PAIR, 401, -1),
        (Answer(401, b"<html>"), 401, None),
        (refused("imp_key, imp_secret 파라메터가 누락되었습니다.", code=-1, status=400), 400, -1),
        (refused("허용되지 않은 IP", code=-1, status=403), 403, -1),
        (refused("인증에 실패하였습니다.", code=-1), 200, -1),
    ],
    ids=["401", "401 page", "400", "403", "200 with a code"],
)
def test_a_key_pair_that_is_not_accepted(
    flavour: Flavour, v1: ScriptedV1, ask: Any, answer: Answer, status: int, code: int | None
) -> None:
    v1.default_token = answer
    error = flavour.client(v1).failure(ask)
    assert type(error) is AuthenticationError
    assert (error.status, error.code, error.operation) == (status, code, "auth.get_token")
    assert v1.calls == []
    assert len(v1.token_calls) == 1
    assert KEY not in repr(error)
    assert SECRET not in repr(error)


NO_TOKEN: list[tuple[str, Any, int | None]] = [
    ("5xx", Answer(503, b""), 503),
    ("5xx with an envelope", refused(status=500), 500),
    ("a page", Answer(200, b"<html>not V1</html>"), 200),
    ("no such route", refused("not found", status=404), 404),
    ("a page where no route is", Answer(404, b"<html>"), 404),
    ("moved", Answer(302, b"", {"location": "https://elsewhere.example.com"}), 302),
    ("too many requests", Answer(429, b""), 429),
    ("timeout", httpx.ReadTimeout("slow"), None),
    ("no connection", httpx.ConnectError("refused"), None),
    ("no token in it", envelope({"now": 1, "expired_at": 2}), None),
    ("an empty token", token(""), None),
    ("a token that no header can hold", token("a\r\nb"), None),
    ("a token that is a number", envelope({"access_token": 5, "now": 0, "expired_at": 1800}), None),
    ("no payload", envelope(None), None),
    ("a list", envelope([]), None),
]


@pytest.mark.parametrize("ask", [read, cancel])
@pytest.mark.parametrize(("played", "status"), [row[1:] for row in NO_TOKEN], ids=[row[0] for row in NO_TOKEN])
def test_no_token_means_that_the_call_was_not_sent(
    flavour: Flavour, v1: ScriptedV1, ask: Any, played: Any, status: int | None
) -> None:
    v1.default_token = played
    error = flavour.client(v1).failure(ask)
    assert type(error) is NotSentError
    assert error.operation in ("payments.get", "payments.cancel")
    assert error.imp_uid == "imp_1"
    assert error.status == status
    assert "could not get an access token" in str(error)
    assert isinstance(error.__cause__, PortOneError)
    cause: Any = error.__cause__
    assert cause.operation == "auth.get_token"
    assert v1.calls == []


def test_fetching_is_repeated_like_a_read(flavour: Flavour, v1: ScriptedV1, naps: list[float]) -> None:
    v1.play_token(httpx.ConnectTimeout("slow"), Answer(502, b"<html>"))
    assert flavour.client(v1).call(cancel).imp_uid == "imp_1"
    assert len(v1.token_calls) == 3
    assert len(naps) == 2


def test_a_failed_fetch_is_not_repeated_for_each_that_waited(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.before = lambda request: time.sleep(0.05)
    v1.default_token = Answer(503, b"")
    client = flavour.client(v1, max_retries=0)
    errors = client.at_once(read, 20)
    assert {type(error) for error in errors} == {NotSentError}
    assert {error.operation for error in errors} == {"payments.get"}
    assert len({id(error) for error in errors}) == 20
    assert len(v1.token_calls) < 20 if isinstance(flavour, SyncFlavour) else len(v1.token_calls) == 1


def test_after_a_failed_fetch_the_next_call_tries_again(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play_token(Answer(503, b""))
    client = flavour.client(v1, max_retries=0)
    assert isinstance(client.failure(read), NotSentError)
    assert client.call(read).imp_uid == "imp_1"


def test_a_token_that_the_caller_asks_for_is_the_callers(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    answer = client.call(lambda c: c.auth.get_token(imp_key="another-key", imp_secret="another-secret"))
    assert answer.access_token == "token-1"
    assert "token-1" not in repr(answer)
    assert v1.token_calls[0].body == {"imp_key": "another-key", "imp_secret": "another-secret"}
    client.call(read)
    assert v1.token_calls[1].body == {"imp_key": KEY, "imp_secret": SECRET}
