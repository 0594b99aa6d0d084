"""A rule that is rewritten in words is seen wherever the words stand; of none of them is a word kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .conftest import Watch

RULE = "이제 필수입니다"


def _post(shop: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shop["paths"]["/shop/orders"]["post"]
    return found


def _part(shop: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shop["definitions"]["OrderResponse"]["allOf"][1]
    return found


PLACES: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("document: text added: tag orders description", lambda shop: shop.update(tags=[{"name": "orders"} | _text()])),
    (
        "document: text added: category payment.cancel description",
        lambda shop: shop.update(
            {"x-portone-categories": [{"id": "payment", "children": [{"id": "payment.cancel"} | _text()]}]}
        ),
    ),
    ("document: text added: title", lambda shop: shop.update(info={"title": RULE})),
    ("OrderResponse: text added: part 2 description", lambda shop: _part(shop).update(_text())),
    (
        "POST /shop/orders items: text added: items description",
        lambda shop: _post(shop)["parameters"][2].update(items={"type": "string"} | _text()),
    ),
    (
        "POST /shop/orders: text added: 200 schema description",
        lambda shop: _post(shop)["responses"]["200"]["schema"].update(_text()),
    ),
]


def _text() -> dict[str, str]:
    return {"description": RULE}


@pytest.mark.parametrize(("line", "change"), PLACES, ids=[line for line, _ in PLACES])
def test_a_text_is_seen_wherever_it_stands(watch: Watch, line: str, change: Callable[[dict[str, Any]], Any]) -> None:
    change(watch.shop)
    status, lines, _ = watch.review()
    assert status == 1
    assert any(each.startswith(line) for each in lines)
    assert RULE not in "".join(lines)
    watch.run("--file", watch.write(watch.shop), "--accept", "--dated", "2026-01-03")
    assert RULE not in watch.lock.read_text(encoding="utf-8")
    assert watch.review()[0] == 0
