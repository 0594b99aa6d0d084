"""Every item through what reads it: schema, models, client, webhook parser. Nothing may be lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import httpx
from portone_v1 import ApiError, PortOne, PortOneError, models, webhooks

from tests.schemas import document, part

from .reading import Difference

__all__ = ["losses", "payload_of"]

ROOT: Final = Path(__file__).resolve().parents[2]
NOTICE: Final = ("imp_uid", "merchant_uid", "status", "cancellation_id")
TOKEN: Final = {
    "code": 0,
    "message": None,
    "response": {"access_token": "0" * 40, "now": 1_700_000_000, "expired_at": 1_700_001_800},
}


def losses(item: dict[str, Any]) -> Iterator[Difference]:
    """Find what a reader of this item would lose or misread."""
    if item["kind"] == "webhook":
        yield from (Difference("webhook", item["id"], text) for text in _webhook(item))
    if item["kind"] not in {"answer", "refusal"}:
        return
    request = operation_of(item["operation"])
    if request is None:
        yield Difference("schema", item["id"], f"{item['operation']} is no operation of the specification")
    yield from (Difference("client", item["id"], text) for text in _client(item))
    if item.get("mock"):
        return
    yield from (Difference("schema", item["id"], text) for text in _schema(item, request))
    if request and item["kind"] == "answer":
        yield from (Difference("models", item["id"], text) for text in _models(item, operations()[request]))


@cache
def operations() -> dict[str, str]:
    """Return the envelope of a success by the operation, `GET /payments/{imp_uid}`."""
    found: dict[str, str] = {}
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            success = operation.get("responses", {}).get("200") if isinstance(operation, dict) else None
            if success is not None:
                schema = success["content"]["application/json"]["schema"]
                found[f"{method.upper()} {path}"] = schema["$ref"].rpartition("/")[2]
    return found


def _payload(envelope: str) -> tuple[str | None, bool]:
    """Return the class of the payload, and whether there are many."""
    schemas = document()["components"]["schemas"]
    for each in schemas[envelope].get("allOf", [schemas[envelope]]):
        payload = each.get("properties", {}).get("response")
        for node in [payload, *(payload or {}).get("anyOf", [])]:
            many = (node or {}).get("items") or {}
            reference = (node or {}).get("$ref") or many.get("$ref")
            if reference:
                return str(reference).rpartition("/")[2], bool(many)
    return None, False


def operation_of(text: str) -> str | None:
    """Return the operation, of which find and findAll may lack the status segment."""
    return next((text + tail for tail in ("", "/{payment_status}") if text + tail in operations()), None)


def payload_of(operation: str) -> tuple[str | None, bool]:
    """Return the class of an operation's payload, and whether it returns many."""
    request = operation_of(operation)
    return (None, False) if request is None else _payload(operations()[request])


def _pointer(request: str | None, status: int) -> str:
    if request is None:
        return "/components/schemas/Envelope"
    method, _, path = request.partition(" ")
    answer = document()["paths"][path][method.lower()]["responses"].get(str(status))
    if answer is None:
        return "/components/schemas/Envelope"
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return str(answer["content"]["application/json"]["schema"]["$ref"].removeprefix("#"))


def _schema(item: dict[str, Any], request: str | None) -> Iterator[str]:
    unseen = set(item.get("unseen", ()))
    body = {key: value for key, value in item["body"].items() if f"body.{key}" not in unseen}
    if "body.code" in unseen:
        body["code"] = 1
    pointer = _pointer(request, item["status"] or 200)
    for error in part(pointer).iter_errors(body):
        branches: list[list[Any]] = getattr(error.kind, "context", [])
        for leaf in [error, *chain.from_iterable(branches)]:
            if leaf.kind.name == "required" and item.get("partial"):
                break
            if leaf.kind.name not in {"anyOf", "oneOf"}:
                yield f"{'.'.join(map(str, leaf.instance_path))}: {leaf.message[:160]}"


def _models(item: dict[str, Any], envelope: str) -> Iterator[str]:
    name, many = _payload(envelope)
    model: Any = getattr(models, name or "", None)
    payload = item["body"]["response"]
    if model is None or payload is None:
        return
    for sent in payload if many else [payload]:
        row = model.from_dict(sent)
        yield from dict.fromkeys([*_same(sent, row.to_dict(), "response"), *_unmodelled(row, "response")])
        if sent.get("card_number") and sent["card_number"] in repr(row):
            yield "repr shows the card number"


def _same(sent: Any, got: Any, path: str) -> Iterator[str]:
    if isinstance(sent, dict) and isinstance(got, dict):
        for key, value in sent.items():
            if key not in got:
                yield f"{path}.{key} is lost"
            else:
                yield from _same(value, got[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        for left, right in zip(sent, got, strict=True):
            yield from _same(left, right, f"{path}[]")
    elif sent != got or isinstance(sent, bool) is not isinstance(got, bool):
        yield f"{path} becomes another value"


def _unmodelled(model: Any, path: str) -> Iterator[str]:
    for key in getattr(model, "extra", None) or {}:
        yield f"{path}.{key} is not modelled (kept in extra)"
    for name in ("cancel_history", "deposit_history", "list"):
        rows = getattr(model, name, None)
        for row in rows if isinstance(rows, list | tuple) else ():
            yield from _unmodelled(row, f"{path}.{name}[]")


def _client(item: dict[str, Any]) -> Iterator[str]:
    """Send the answer through the whole client: which error does it raise, and do V1's words survive?"""
    unseen, body = set(item.get("unseen", ())), dict(item["body"])
    if "body.code" in unseen:
        body["code"] = 1
    method, _, path = item["operation"].partition(" ")
    asks_token = path == "/users/getToken"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken" and not asks_token:
            return httpx.Response(200, json=TOKEN)
        return httpx.Response(item["status"] or 200, json=body)

    with PortOne(imp_key="k", imp_secret="s", transport=httpx.MockTransport(answer)) as client:
        try:
            if asks_token:
                client.payments.get("imp_1")
            else:
                sent = None if method == "GET" else {"imp_uid": "x1"}
                client.request(method, re.sub(r"\{\w+\}", "x1", path), body=sent)
        except ApiError as error:
            if item["kind"] == "answer":
                yield f"it raises {type(error).__name__}"
            if "body.message" not in unseen and error.message != item["body"]["message"]:
                yield "the message is lost"
            if "body.code" not in unseen and error.code != item["body"]["code"]:
                yield "the code is lost"
        except PortOneError as error:
            yield f"it raises {type(error).__name__}"
        else:
            if item["kind"] == "refusal":
                yield "a refusal raises nothing"


def _webhook(item: dict[str, Any]) -> Iterator[str]:
    form = item["content_type"] != "application/json"
    raw = item["raw"] if form else json.dumps(item["body"], ensure_ascii=False)
    for content_type in (item["content_type"], None):
        try:
            notice = webhooks.parse(raw.encode(), content_type)
        except webhooks.WebhookFormatError as error:
            if not item.get("foreign"):
                yield "a notice of V1 is refused"
            elif "V2" not in str(error):
                yield "a body of V2 is refused without a word of V2"
            continue
        if item.get("foreign"):
            yield "a body of V2 is taken for one of V1"
        yield from (f"{name} differs" for name in NOTICE if getattr(notice, name) != item["body"].get(name))
        if dict(notice.extra) != {key: value for key, value in item["body"].items() if key not in NOTICE}:
            yield "extra differs"
