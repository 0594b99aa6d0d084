"""A caller of the sandbox that checks every answer it gets against the bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from jsonschema_rs import Draft202012Validator
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import Request, Response, Sandbox

from tests.schemas import document, part

START = 1_773_104_400
"""2026-03-10 10:00 in Korea."""


TALKATIVE = frozenset({"kcp_quick_delete_autopay_key", "kcp_quick_release_fido"})
"""Operations that say something on success, too."""


class Answer(NamedTuple):
    """An answer that fits the bundle."""

    status: int
    code: int
    message: str | None
    response: Any
    error: Any = None
    """What KCP says, on one operation."""

    @property
    def verdict(self) -> tuple[int, int, str | None]:
        """What a refusal consists of."""
        return self.status, self.code, self.message


@cache
def validator(operation_id: str | None, status: int) -> Draft202012Validator:
    """Return a validator for the answer that the bundle declares for this status, else for the bare envelope."""
    return part(pointer(operation_id, status))


def pointer(operation_id: str | None, status: int) -> str:
    envelope = "/components/schemas/Envelope"
    if operation_id is None:
        return envelope
    operation = OPERATIONS[operation_id]
    answers = document()["paths"][operation.path][operation.method.lower()]["responses"]
    answer = answers.get(str(status))
    if answer is None:
        assert status >= 400, f"{operation_id} answered an undeclared {status}"
        return envelope
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return str(answer["content"]["application/json"]["schema"]["$ref"].removeprefix("#"))


def checked(response: Response, operation_id: str | None) -> Answer:
    """Return the answer, after checking it against the bundle and the rules of the envelope."""
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert response.body.isascii()
    body = response.json()
    extra = ["error"] if operation_id == "kcp_quick_release_fido" and body["code"] else []
    assert list(body) == ["code", "message", "response", *extra][: len(body)]
    errors = sorted(error.message for error in validator(operation_id, response.status).iter_errors(body))
    assert not errors, errors
    if response.status >= 400:
        assert body["code"] != 0
    if body["code"] == 0:
        assert bool(body["message"]) == (operation_id in TALKATIVE)
    else:
        assert body["message"]
        assert body["response"] is None
    return Answer(response.status, **body)


class Api:
    """Talks to `sandbox.handle` in raw requests; asks for a token where it has none."""

    def __init__(self, sandbox: Sandbox, *, tier: str | None = None) -> None:
        self.sandbox = sandbox
        self.headers: dict[str, str] = {} if tier is None else {"Tier": tier}

    def authorize(self) -> str:
        pair = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
        token = str(self.send("POST", "/users/getToken", json=pair).response["access_token"])
        self.headers["Authorization"] = f"Bearer {token}"
        return token

    def send(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        form: str | None = None,
        query: str = "",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send exactly this request."""
        sent = dict(self.headers if headers is None else headers)
        if json is not None:
            sent["Content-Type"] = "application/json"
            body = dumps(json).encode()
        elif form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            body = form.encode()
        response = self.sandbox.handle(Request(method, path, query, sent, body))
        operation_id = None if path.startswith("/_sandbox") else self.sandbox.journal[-1].operation
        return checked(response, operation_id)

    def get(self, path: str, **query: object) -> Answer:
        """Send a GET with a token. A list in the query is sent as PHP's `x[]`."""
        lists = {name for name, value in query.items() if isinstance(value, list)}
        pairs = {f"{name}[]" if name in lists else name: value for name, value in query.items()}
        return self._authorized("GET", path, query=urlencode(pairs, doseq=True))

    def post(self, path: str, **fields: object) -> Answer:
        return self._authorized("POST", path, json=fields)

    def put(self, path: str, **fields: object) -> Answer:
        return self._authorized("PUT", path, json=fields)

    def delete(self, path: str, query: str = "") -> Answer:
        return self._authorized("DELETE", path, query=query)

    def _authorized(self, method: str, path: str, **rest: Any) -> Answer:
        if "Authorization" not in self.headers:
            self.authorize()
        return self.send(method, path, **rest)

    def onetime(self, merchant_uid: object, amount: object = 1000, **fields: object) -> Answer:
        card = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12"}
        order = {"merchant_uid": merchant_uid, "amount": amount}
        return self.post("/subscribe/payments/onetime", **(card | order | fields))

    def issue(self, customer_uid: str, **fields: object) -> Answer:
        card = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12"}
        return self.post(f"/subscribe/customers/{customer_uid}", **(card | fields))

    def again(self, customer_uid: str, merchant_uid: str, amount: object = 1000, **fields: object) -> Answer:
        order = {"customer_uid": customer_uid, "merchant_uid": merchant_uid, "amount": amount, "name": "구독"}
        return self.post("/subscribe/payments/again", **(order | fields))

    def cancel(self, **fields: object) -> Answer:
        return self.post("/payments/cancel", **fields)


class PatientApi(Api):
    """Asks for a token before every call, for days may have passed."""

    def _authorized(self, method: str, path: str, **rest: Any) -> Answer:
        self.authorize()
        return super()._authorized(method, path, **rest)


def dumps(value: object) -> str:
    """Return JSON in which a Decimal is a number."""

    def number(item: object) -> object:
        if isinstance(item, Decimal):
            return float(item)
        raise TypeError(type(item))

    return json.dumps(value, default=number)
