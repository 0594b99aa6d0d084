"""Faults of operations: names, tags, arguments, answers."""

from __future__ import annotations

from scripts.lint import files
from scripts.lint.house import house
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(house, "shop_Order: the operationId is not snake_case")
def _camel_case(tree: Tree) -> None:
    tree.operation("shop_order")["operationId"] = "shop_Order"


@bad(house, "shop_order: it must have exactly one tag")
def _two_tags(tree: Tree) -> None:
    tree.operation("shop_order")["tags"] = ["shop", "stock"]


@bad(house, "shop_order: it must have exactly one tag")
def _no_tag(tree: Tree) -> None:
    del tree.operation("shop_order")["tags"]


@bad(files.nothing_is_orphaned, "tag till: no operation has it")
def _unused_tag(tree: Tree) -> None:
    tree.raw["tags"].append({"name": "till", "x-name-ko": "계산대", "description": "Nothing."})


@bad(house, "shop_order: it has no answer 200")
def _no_success(tree: Tree) -> None:
    del tree.operation("shop_order")["responses"]["200"]


@bad(house, "shop_order: it asks for a token and has no answer 401")
def _no_401(tree: Tree) -> None:
    del tree.operation("shop_order")["responses"]["401"]


@bad(house, "stock_list: deprecated and x-history must stand together")
def _no_history(tree: Tree) -> None:
    del tree.operation("stock_list")["x-history"]


@bad(house, "shop_order: deprecated and x-history must stand together")
def _history_of_the_living(tree: Tree) -> None:
    tree.operation("shop_order")["x-history"] = {"last-seen": "2025-01-01", "note": "Gone."}


@bad(house, "stock_list: x-history must say last-seen and note")
def _half_a_history(tree: Tree) -> None:
    del tree.operation("stock_list")["x-history"]["note"]


@bad(
    house,
    "shop_order: x-safe would repeat a call that is named order, which is no read",
)
def _a_write_that_is_repeated(tree: Tree) -> None:
    tree.operation("shop_order")["x-safe"] = True
