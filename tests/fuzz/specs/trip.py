"""There and back: generate, import, send values through a transport, read them again.

Either the generator refuses the document with one line that names the place, or what arrives at the server is what was
sent, and what is read is what was answered. Anything else is a failure.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit
from zlib import crc32

import httpx
import pytest
from hypothesis import strategies as st

from scripts.codegen.document import Document
from scripts.codegen.project import PACKAGE, SdkProject, generate
from scripts.codegen.tool import python_name
from scripts.steps import StepError

from .documents import Slot, document

__all__ = ["Refused", "loaded", "make", "round_trip"]

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"


class Refused(Exception):
    pass


FORMATTED_EVERY = 8


def make(raw: dict[str, Any], folder: Path) -> Document:
    """Generate the package. Most documents skip the formatter, which is slow and changes no meaning."""
    made = Document(raw)
    with pytest.MonkeyPatch.context() as patch:
        if crc32(json.dumps(raw).encode()) % FORMATTED_EVERY:  # the same for the same document
            patch.setattr(SdkProject, "_run_post_hooks", lambda _: None)
        try:
            generate(made, TEMPLATES, folder)
        except StepError as error:
            raise Refused(str(error)) from None
    return made


@contextmanager
def loaded(folder: Path) -> Iterator[tuple[Any, Any]]:
    """Import the package under a name of its own, so that the real one, imported or not, is left alone."""
    name = "made_by_the_fuzz_test"
    (folder / PACKAGE).rename(folder / name)
    sys.path.insert(0, str(folder))
    writing, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        for part in ("models", "enums", "strict"):
            package = importlib.import_module(f"{name}.{part}")
            for one in package.__all__:
                getattr(package, one)
        importlib.import_module(f"{name}.pg_rules")
        yield importlib.import_module(f"{name}.api.shop"), importlib.import_module(f"{name}.operations")
    finally:
        sys.path.remove(str(folder))
        sys.dont_write_bytecode = writing
        for one in [one for one in sys.modules if one.partition(".")[0] == name]:
            del sys.modules[one]


class Sender:
    """The least that an API needs of a client: over httpx, as the real one writes requests."""

    def __init__(self, transport: httpx.MockTransport) -> None:
        self.client = httpx.Client(transport=transport, base_url="https://fuzz.example")

    def send(self, call: Any, options: Any) -> Any:
        pairs: list[tuple[str, str]] = []
        for name, value in (call.query or {}).items():
            if value is not None:
                pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        headers = {name: text for name, text in (call.headers or {}).items() if text is not None}
        if cookies := [f"{name}={text}" for name, text in (call.cookies or {}).items() if text is not None]:
            headers["Cookie"] = "; ".join(cookies)
        content = None if call.body is None else json.dumps(call.body, default=_number)
        path = call.path + ("?" + urlencode(pairs, quote_via=quote) if pairs else "")
        answer = self.client.request(call.operation.method, path, headers=headers, content=content)
        return call.read(json.loads(answer.content, parse_float=Decimal)["response"])

    send_raw = send


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)


def _texts(slot: Slot, value: Any) -> list[str]:
    values = value if slot.depth else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in (slot.wire_at(v, 0) for v in values)]


def round_trip(found: list[Slot], draw: Any, folder: Path) -> str:
    raw = document(found)
    before = json.dumps(raw)
    try:
        make(raw, folder)
    except Refused as refused:
        text = str(refused)
        assert "\n" not in text, text
        assert len(text) < 400, text
        return f"refused: {text}"
    assert json.dumps(raw) == before, "the document was changed"
    with loaded(folder) as (shop, table):
        return _there_and_back(found, draw, shop, table)


def _there_and_back(found: list[Slot], draw: Any, shop: Any, table: Any) -> str:
    info = {(one.location, one.name): one for one in table.OPERATIONS["shop_do"].parameters}
    sent: dict[tuple[str, str], Any] = {}
    arguments: dict[str, Any] = {}
    for slot in found:
        if slot.position == "answer":
            continue
        if not slot.required and draw.draw(st.booleans()):
            continue
        value = slot.draw(draw)
        if slot.null_items and slot.position != "body" and isinstance(value, list):
            value = [one for one in value if one is not None] or None
            if value is None and slot.required:
                continue
        if value is None and slot.position != "body":
            continue
        sent[slot.position, slot.name] = value
        python_name = info[slot.position, slot.name].python_name
        if slot.position != "path":
            arguments[python_name] = value
    missing = [s for s in found if s.required and s.position not in {"answer"} and (s.position, s.name) not in sent]
    if missing:
        return "skipped"
    positional = [sent["path", slot.name] for slot in found if slot.position == "path"]
    answered = {slot.name: slot.draw(draw) for slot in found if slot.position == "answer"}
    replied = {slot.name: slot.wire(answered[slot.name]) for slot in found if slot.position == "answer"}
    arrived: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        arrived.append(request)
        return httpx.Response(200, json={"code": 0, "message": None, "response": {"sign": "s", **replied}})

    result = shop.ShopApi(Sender(httpx.MockTransport(serve))).do(*positional, **arguments)
    (request,) = arrived
    body = json.loads(request.content) if request.content else {}
    url = urlsplit(str(request.url))
    query = parse_qsl(url.query, keep_blank_values=True)
    segments = [unquote(one) for one in request.url.raw_path.decode().partition("?")[0].split("/")[2:]]
    cookies = dict(pair.split("=", 1) for pair in request.headers.get("cookie", "").split("; ") if pair)
    in_path = [slot for slot in found if slot.position == "path"]
    for slot in found:
        key = (slot.position, slot.name)
        if slot.position == "answer":
            _same_read(slot, getattr(result, _attribute(result, slot.name)), answered[slot.name])
        elif slot.position == "body":
            assert (slot.name in body) == (key in sent), (slot, body)
            if key in sent:
                assert body[slot.name] == slot.wire(sent[key]), (slot, body[slot.name])
                assert type(body[slot.name]) is type(json.loads(json.dumps(slot.wire(sent[key])))), slot
        elif slot.position == "query":
            got = [value for name, value in query if name == slot.name]
            assert got == (_texts(slot, sent[key]) if key in sent else []), (slot, got)
        elif slot.position == "path":
            assert segments[in_path.index(slot)] == _texts(slot, sent[key])[0], (slot, segments)
        elif slot.position == "header":
            assert request.headers.get(slot.name) == (_texts(slot, sent[key])[0] if key in sent else None), slot
        else:
            got_cookie = cookies.get(slot.name)
            assert (got_cookie and unquote(got_cookie)) == (_texts(slot, sent[key])[0] if key in sent else None), slot
    assert sum(1 for slot in found if slot.position == "body" and (slot.position, slot.name) in sent) == len(body)
    kind = type(result)
    if answered:
        again = kind.from_dict(json.loads(json.dumps(result.to_dict(), default=_number), parse_float=Decimal))
        assert again == result, (result.to_dict(), result)
    return "round trip"


def _attribute(result: Any, wire: str) -> str:
    names = {
        python_name(wire),
        f"{python_name(wire)}_",
        wire,
        "".join(c for c in wire if c.isidentifier() or c.isdecimal()),
    }
    found: list[str] = [name for name in type(result)._names if name in names]
    if not found:
        raise AssertionError(f"no attribute for {wire}: {type(result)._names}")
    return found[0]


def _same_read(slot: Slot, read: Any, answered: Any) -> None:
    expected = answered
    if answered is None and slot.depth and not isinstance(read, type(None)):
        expected = []
    assert _plain(read) == _plain(expected), (slot, read, expected)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return _plain({key: one for key, one in value.to_dict().items() if one is not None})
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, bool) or value is None:
        return value
    return value
