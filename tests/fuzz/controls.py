"""Bounded, seeded runs over the control calls: what their OpenAPI document allows, and anything else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from portone_v1_sandbox import Request, Response

from .runs import MOST_FINDINGS, REOPENED, Report
from .shop import Shop, open_shop

__all__ = ["PATHS", "run_controls"]

SHOPS: Final = (*(None,) * 6, "a", "a", "portone-v1", "../b", "\ud800")
TIMES: Final = (0, 1, 60, 86_400, 10**9, 10**11, -1, 2**63)
WORDS: Final = (
    "",
    "order-1",
    "paid",
    "a",
    "before",
    "five_orders",
    "json",
    "http://127.0.0.1:9/hook",
    "http://192.0.2.1/",
    "http://[",
    "\ud800",
    "\u202e한글",
    "x" * 81,
    "true",
    "1",
    "-1",
    "1e3",
    "NaN",
    "html5_inicis",
    "delivered",
    "purchase_confirmed",
)
PATHS: Final[list[str]] = [
    path
    for path, by_method in json.loads(open_shop().sandbox.handle(Request("GET", "/_sandbox/openapi.json")).body)[
        "paths"
    ].items()
    if "post" in by_method and "{" not in path
]
"""Every control call that changes something."""


def _scalars() -> st.SearchStrategy[Any]:
    numbers = st.sampled_from(TIMES) | st.integers() | st.floats()
    return st.none() | st.booleans() | numbers | st.sampled_from(WORDS) | st.text(max_size=12)


ANYTHING: Final = st.recursive(
    _scalars(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def run_controls(path: str, *, examples: int, number: int) -> Report:
    """Send `examples` requests to one control call. The same seed finds the same."""
    report, shops = Report(), list[Shop]()
    names, required = _names(path)

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def generate(data: st.DataObject) -> None:
        if report.examples % REOPENED == 0:
            shops[:] = [open_shop()]
        (shop,) = shops
        report.examples += 1
        odd = data.draw(st.sampled_from([0, 0, 1, 3]))
        chosen = data.draw(st.lists(st.sampled_from([*names]), max_size=3)) if names else []
        sent = [name for name in names if name in required or name in chosen]
        oddly = set(data.draw(st.permutations(sent))[:odd])
        body = {name: data.draw(ANYTHING if name in oddly else _values(names[name], shop, name)) for name in sent}
        if odd == 3:
            body[data.draw(st.text(max_size=8))] = data.draw(ANYTHING)
        named = data.draw(st.sampled_from(SHOPS))
        headers = {"Content-Type": "application/json"} | ({} if named is None else {"X-Sandbox": named})
        response = shop.sandbox.handle(Request("POST", path, "", headers, json.dumps(body).encode()))
        report.answers[str(response.status)] += 1
        for fault in [*_faults(response, known=set(body) <= set(names)), *_faults_after(shop)]:
            if len(report.findings) < MOST_FINDINGS:
                report.findings.append(f"POST {path} {named!a} {json.dumps(body)[:300]}: {fault}")
            shops[:] = [open_shop()]

    generate()
    return report


@cache
def _document() -> Any:
    return json.loads(open_shop().sandbox.handle(Request("GET", "/_sandbox/openapi.json")).body)["paths"]


def _names(path: str) -> tuple[dict[str, Any], list[str]]:
    content = _document()[path]["post"].get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return schema.get("properties", {}), schema.get("required", [])


PRODUCT: Final = {"product_id": "P-1", "product_name": "원두", "product_amount": 9900}
FITTING: Final[dict[str, tuple[Any, ...]]] = {
    "channels": ([{"pg": "kcp", "mid": "m", "key": "k-1"}], [{"pg": "kcp", "type": "payment", "sandbox": False}]),
    "clock_date": ("2026-03-10T10:00", "2030-01-01T00:00", "2020-01-01T00:00"),
    "kind": ("fail", "html", "delay", "cut", "duplicate"),
    "key": ("k-1", "channel-key-2"),
    "name": ("five_orders", "subscription_month", "before", "a"),
    "payments": ([{"merchant_uid": "seed-1", "amount": 1000, "advance": 60}],),
    "pg": ("kcp", "html5_inicis", "nosuchpg", "kakaopay.m"),
    "prefix": ("x", "y" * 30),
    "products": ([PRODUCT], [PRODUCT, PRODUCT]),
    "rate": (1, 2.5),
    "tiers": (["A01=1호점"], ["B02"]),
    "webhook_hosts": (["shop"], []),
}
LIKELY: Final[dict[str, tuple[Any, ...]]] = {
    "integer": (0, 1, 2, 60, 86_400, "3"),
    "number": (0.5, 1, 60),
    "boolean": (True, False, "true"),
    "string": WORDS,
    "array": ([], ["1"], [{"merchant_uid": "order-20", "amount": 1000}], [{"pg": "kcp", "mid": "m"}]),
    "object": ({}, {"a": 1}),
}


def _values(schema: Any, shop: Shop, name: str) -> st.SearchStrategy[Any]:
    """Return values of the declared kind, those that the shop knows first."""
    wanted = [*shop.known.get(name, ()), *FITTING.get(name, ()), *schema.get("enum", ())]
    kinds = [one.get("type", "string") for one in schema.get("anyOf", [schema])]
    flat = [kind for each in kinds for kind in (each if isinstance(each, list) else [each])]
    return st.sampled_from(wanted or [value for kind in flat for value in LIKELY.get(kind, WORDS)])


def _faults(response: Response, *, known: bool) -> Iterator[str]:
    body = response.json()
    if list(body)[:3] != ["code", "message", "response"]:
        yield "no envelope"
    elif response.status >= 500 or "Internal sandbox error" in str(body["message"]):
        yield f"{response.status} {body['message']}"
    elif body["code"] == 0 and not known:
        yield "an unknown name was accepted"
    elif body["code"] and (not body["message"] or "\n" in body["message"] or len(body["message"]) > 2000):
        yield f"not one clear line: {body['message']!a}"


PAGES: Final = (
    "/_sandbox/list/payments",
    "/_sandbox/list/webhooks",
    "/_sandbox/room",
    "/_sandbox/settings",
    "/_sandbox/journal",
    "/_sandbox/webhooks",
    "/_sandbox/faults",
    "/_sandbox/ledger",
    "/_sandbox/lint",
    "/_sandbox/sums",
)


def _faults_after(shop: Shop) -> Iterator[str]:
    """Find requests of the dashboard that fail after anything that was accepted."""
    for page in PAGES:
        response = shop.sandbox.handle(Request("GET", page))
        if response.status != 200:
            yield f"{page} afterwards: {response.status} {response.json()['message']}"
