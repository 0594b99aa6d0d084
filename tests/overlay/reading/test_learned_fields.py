"""With the `speed` extra: unknown fields and odd items slow nobody down, and nothing of them is lost."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from portone_v1.models import PagedPayment, Payment
from portone_v1_runtime.models.deferred import came_as, to_models
from portone_v1_runtime.payload import models, page

pytest.importorskip("msgspec", reason="the speed extra is not installed")

from portone_v1_generated import strict
from portone_v1_runtime import learned_fields
from portone_v1_runtime.strict_decode import read_strictly

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def _nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    for table in ("_learned", "_widened", "_extended"):
        monkeypatch.setattr(learned_fields, table, {})


def payment(number: int, **more: Any) -> dict[str, Any]:
    refund = {"amount": 500, "cancelled_at": 1_773_104_701, "reason": "품절", "pg_tid": f"tid-{number}"}
    plain = {"imp_uid": f"imp_{number}", "merchant_uid": f"order-{number}", "amount": 1000, "status": "cancelled"}
    return plain | {"cancel_history": [refund]} | more


def listed(items: list[Any]) -> Any:
    body = json.dumps({"code": 0, "message": None, "response": items}).encode()
    return read_strictly(strict, models(Payment), body)


def paged(items: Any, **more: Any) -> Any:
    payload = {"total": 3, "previous": 0, "next": 0, "list": items} | more
    body = json.dumps({"code": 0, "message": None, "response": payload}).encode()
    return read_strictly(strict, page(PagedPayment), body)


def test_unknown_fields_are_kept_at_every_depth() -> None:
    deep = payment(1, new_at=3, 새이름={"a": [1.10]}, **{"with-dash": None})
    deep["cancel_history"][0]["who"] = "shop"
    got = listed([deep, payment(2)])
    assert got is not None, "it was read leniently"
    first, second = got.data
    assert first == Payment.from_dict(json.loads(json.dumps(deep), parse_float=Decimal))
    assert first.extra == {"new_at": 3, "새이름": {"a": [Decimal("1.10")]}, "with-dash": None}
    assert first.cancel_history[0].extra == {"who": "shop"}
    assert second.extra == second.cancel_history[0].extra == {}
    assert second == Payment.from_dict(payment(2))


def test_in_a_page_too() -> None:
    got = paged([payment(1, new=1), payment(2)], cursor="x")
    assert got is not None, "it was read leniently"
    assert got.data.extra == {"cursor": "x"}
    assert [item.extra for item in got.data] == [{"new": 1}, {}]


@pytest.mark.parametrize("make", [listed, paged])
def test_an_odd_item_is_read_leniently_and_no_other(make: Any) -> None:
    odd = payment(2, card_quota="3", cancel_history={"0": {"amount": "7", "new": 1}}, other=1)
    got = make([payment(1, new=1), odd, payment(3), None, "text"])
    assert got is not None, "it was read leniently"
    first, second, third = got.data
    assert first.extra == {"new": 1}
    assert (second.card_quota, second.cancel_history[0].amount, second.extra) == (3, Decimal(7), {"other": 1})
    assert second.cancel_history[0].extra == {"new": 1}
    assert third == Payment.from_dict(payment(3))


def test_a_page_whose_list_is_none_at_all() -> None:
    assert list(paged(None, total=0).data) == []
    assert list(paged(None, total=0, new=[]).data) == []
    assert paged(None) is None  # items that are counted and not there: the lenient way refuses them
    assert paged(None, new=[]) is None
    assert paged({"0": payment(1)}) is None  # the lenient way knows what PHP means by it
    got = paged([payment(1)], total="3")
    assert got is not None
    assert (got.data.total, len(got.data)) == (3, 1)


def test_names_that_do_not_end() -> None:
    """They come from outside: a few are learned, then the item is read leniently."""
    many = [payment(number, **{f"new_{number}": number}) for number in range(50)]
    got = listed(many)
    assert got is not None
    assert [item.extra for item in got.data] == [{f"new_{number}": number} for number in range(50)]
    assert sum(map(len, learned_fields._learned.values())) <= learned_fields.MOST


def test_threads_that_learn_at_once() -> None:
    bodies = [[payment(number, **{f"new_{number % 5}": number})] for number in range(64)]
    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(listed, bodies))
    assert [answer.data[0].extra for answer in got] == [{f"new_{number % 5}": number} for number in range(64)]


MANY_AT_FIRST = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from tests.overlay.reading.test_learned_fields import listed, payment

sys.setswitchinterval(1e-6)
together = threading.Barrier(16)

def read(number):
    together.wait()
    return listed([payment(number, **{f"new_{number % 5}": number})])

with ThreadPoolExecutor(16) as pool:
    print(len(list(pool.map(read, range(64)))))
"""


@pytest.mark.parametrize("_time", range(4))
def test_threads_of_a_fresh_process_decode_at_once(_time: int) -> None:
    """Without a lock around the making of decoders, every second process ended by SIGSEGV (msgspec 0.22)."""
    done = subprocess.run([sys.executable, "-c", MANY_AT_FIRST], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "64\n"), done.stderr


@pytest.mark.parametrize("name", ['"', "\\", "\n", "\x00", "a`b", "", "😀"])
def test_any_name_of_a_field_leaves_the_decoder_working(name: str) -> None:
    found = listed([payment(1, **{name: 1}), payment(2)])
    assert found is None or found.data[0].extra == {name: 1}
    after = listed([payment(3)])
    assert after is not None, "nothing is decoded strictly any more"
    assert after.data == [Payment.from_dict(payment(3))]


def test_what_was_odd_is_read_by_every_thread_that_asks() -> None:
    page_of = paged([payment(1, card_quota="three", status="brand_new"), payment(2)]).data
    structs = came_as(page_of, "items")
    assert structs is not None
    assert to_models(structs) == to_models(structs) == page_of.items
    assert (page_of.items[0].card_quota, page_of.items[0].status) == ("three", "brand_new")
