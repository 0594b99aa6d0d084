"""Kinds behind the items: each observed body with a key dropped, a null, another type, a key that nobody knows.

Nothing crashes, no key is lost, and what stands beside a strange value is read as before. A strange value itself is
read as V1's type where it can be (`"1000"` as 1000), and as missing where it cannot.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from portone_v1 import PortOne, PortOneError, models, webhooks

from .lossless import operation_of, payload_of
from .reading import read_items

ANSWERS = [item for item in read_items() if item["kind"] == "answer" and not item.get("mock")]
WEBHOOKS = [item for item in read_items() if item["kind"] == "webhook" and not item.get("foreign")]
BODIES = [item for item in read_items() if item["kind"] in {"answer", "refusal"} and operation_of(item["operation"])]
STRANGE: tuple[Any, ...] = (
    None,
    "",
    0,
    1,
    -1,
    "0",
    "1",
    "x",
    True,
    [],
    {},
    [None],
    {"new": 1},
    "2024-01-01",
    1.5,
    10**12,
)
TOKEN = {"code": 0, "message": None, "response": {"access_token": "a" * 40, "now": 1, "expired_at": 4_000_000_000}}


def names(item: dict[str, Any]) -> str:
    return str(item["id"])


def variants(sent: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Iterate over the body with one change at any depth, and the topmost key of the change."""
    for path in paths(sent):
        for value in STRANGE:
            yield path[0], changed(sent, path, value)
        yield path[0], changed(sent, path, None, drop=True)
    yield None, sent | {"brand_new": {"deep": [1, "2", None]}}
    yield ..., as_texts(sent)
    yield None, {}


def paths(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield (*at, key)
            yield from paths(value, (*at, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from paths(value, (*at, index))


def changed(sent: Any, path: tuple[Any, ...], value: Any, *, drop: bool = False) -> Any:
    made = copy.copy(sent)
    inner = made
    for step in path[:-1]:  # what lies beside the path stays the same object, which nobody changes
        inner[step] = copy.copy(inner[step])
        inner = inner[step]
    if drop and isinstance(inner, dict):
        del inner[path[-1]]
    elif not drop:
        inner[path[-1]] = value
    return made


def as_texts(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: as_texts(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_texts(value) for value in node]
    return str(node) if isinstance(node, int) and not isinstance(node, bool) else node


def rows_of(item: dict[str, Any]) -> list[tuple[Any, dict[str, Any]]]:
    name, many = payload_of(item["operation"])
    model: Any = getattr(models, name or "", None)
    payload = item["body"]["response"]
    if model is None or payload is None:
        return []
    return [(model, row) for row in (payload if many else [payload])]


@pytest.mark.parametrize("item", ANSWERS, ids=names)
def test_models_read_every_variant_and_lose_nothing(item: dict[str, Any]) -> None:
    for model, row in rows_of(item):
        for top, sent in variants(row):
            read = model.from_dict(copy.deepcopy(sent))
            got = read.to_dict()
            assert got.keys() >= sent.keys()
            if top is not ...:
                same = {key: value for key, value in sent.items() if key != top}
                assert not list(differing(same, {key: got[key] for key in same}))
            assert type(read).__name__ in repr(read)
            for name in dir(read):  # every field can be looked at, whatever came
                if not name.startswith("_"):
                    getattr(read, name)


def differing(sent: Any, got: Any) -> Iterator[Any]:
    """Find sent values that have another value now. Keys that V1 left out may be there as null."""
    if isinstance(sent, dict) and isinstance(got, dict):
        for key, value in sent.items():
            yield from differing(value, got.get(key, ...))
    elif isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        for left, right in zip(sent, got, strict=True):
            yield from differing(left, right)
    elif (isinstance(sent, str) and sent == str(got)) or sent is got:
        return  # a number as text, in a fixture of an old client
    elif sent != got or isinstance(sent, bool) is not isinstance(got, bool):
        yield sent, got


@pytest.mark.parametrize("item", WEBHOOKS, ids=names)
@pytest.mark.parametrize("form", [False, True], ids=["json", "form"])
def test_webhooks_are_read_or_refused(item: dict[str, Any], *, form: bool) -> None:
    for _, sent in variants(item["body"]):
        raw = (
            urlencode({key: "" if value is None else value for key, value in sent.items()})
            if form
            else json.dumps(sent)
        )
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        for content_type in (kind, f"{kind}; charset=UTF-8", kind.upper(), "text/plain", "", None):
            try:
                notice = webhooks.parse(raw.encode(), content_type)
            except webhooks.WebhookFormatError:
                continue
            assert isinstance(notice.imp_uid, str)


WIRES = [
    (200, "text/html", b"<html><body>502 Bad Gateway</body></html>"),
    (502, "text/html; charset=utf-8", b"<html>nginx</html>"),
    (503, None, b""),
    (200, "application/json", b""),
    (200, "application/json", b"null"),
    (200, "application/json", b"[]"),
    (200, "application/json", b'"text"'),
    (200, "application/json", b'{"code": 0'),
    (200, "application/json", b"\xff\xfe"),
    (200, "application/json;charset=UTF-8", "﻿{}".encode()),
    (200, "application/json", b'{"code": "0", "message": null, "response": null}'),
    (200, "application/json", b'{"code": null, "message": null, "response": null}'),
    (200, "application/json", b'{"code": 1, "message": null, "response": null}'),
    (200, "application/json", b'{"code": 1, "message": {"a": 1}, "response": {}}'),
    (200, "text/plain", b'{"code": -1, "message": "no", "response": null}'),
    (401, "application/json", b'{"code": -1, "message": "Unauthorized", "response": null}'),
    (404, "application/json", b'{"code": -1, "message": "none", "response": null}'),
    (429, "text/plain", b"Too Many Requests"),
    (500, "application/json", b'{"message": "Internal server error"}'),
    (403, "application/json", b'{"message": "Forbidden"}'),
]


@pytest.mark.parametrize("number", range(len(WIRES)))
def test_any_bytes_are_a_response_or_an_error_of_the_sdk(number: int) -> None:
    status, kind, raw = WIRES[number]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return httpx.Response(200, json=TOKEN)
        return httpx.Response(status, content=raw, headers={} if kind is None else {"Content-Type": kind})

    options: dict[str, Any] = {"transport": httpx.MockTransport(answer), "max_retries": 0}
    with PortOne(imp_key="k", imp_secret="s", **options) as client, pytest.raises(PortOneError):
        client.payments.get("imp_1")


@pytest.mark.parametrize("item", BODIES, ids=names)
def test_the_whole_client_meets_variants(item: dict[str, Any]) -> None:
    """Any variant of an envelope is an answer, or an error of the library; never anything else."""
    body = item["body"]
    chosen = random.Random(item["id"]).sample(list(variants(body)), 25)
    current: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return httpx.Response(200, json=TOKEN)
        return httpx.Response(item["status"] or 200, json=current[0])

    with PortOne(imp_key="k", imp_secret="s", transport=httpx.MockTransport(answer), max_retries=0) as client:
        for _, sent in chosen:
            current[:] = [sent]
            try:
                payment = client.payments.get("imp_1")
            except PortOneError:
                continue
            assert isinstance(payment, models.Payment)
