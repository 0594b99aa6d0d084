"""Faults of `x-` keys."""

from __future__ import annotations

from scripts.lint import extensions
from scripts.lint.house import house
from tests.spec.faults.register import bad
from tests.spec.trees import Node, Tree


@bad(extensions.known_extensions, "Order.amount: x-colour is not in the table of spec/README.md")
def _unknown_extension(tree: Tree) -> None:
    tree.field("Order.amount")["x-colour"] = "red"


@bad(extensions.known_extensions, "Order.amount: x-unix-time may only stand at integer")
def _time_at_a_number(tree: Tree) -> None:
    tree.field("Order.amount")["x-unix-time"] = True


@bad(extensions.known_extensions, "Order.amount: x-full may only stand at money argument")
def _full_in_an_answer(tree: Tree) -> None:
    tree.field("Order.amount")["x-full"] = True


@bad(extensions.known_extensions, "shop_get_many.hidden: x-optional-segment may only stand at path parameter")
def _optional_query(tree: Tree) -> None:
    tree.parameter("shop_get_many", "hidden")["x-optional-segment"] = True


@bad(extensions.known_extensions, "Order.amount: x-money can only be true")
def _false_money(tree: Tree) -> None:
    tree.field("Order.amount")["x-money"] = "yes"


@bad(extensions.known_extensions, "/paths//orders/post/requestBody: x-sensitive may not stand there")
def _extension_out_of_place(tree: Tree) -> None:
    tree.operation("shop_order")["requestBody"]["x-sensitive"] = True


@bad(extensions.argument_rules, "shop_refund: it has no argument colour")
def _rule_about_nothing(tree: Tree) -> None:
    tree.body("shop_refund")["x-exactly-one"].append("colour")


@bad(extensions.argument_rules, "shop_order: it has no argument giver")
def _condition_about_nothing(tree: Tree) -> None:
    tree.body("shop_order")["x-required-if"][0]["need"] = ["giver"]


@bad(extensions.argument_rules, "shop_get_many: it has no argument uid[]")
def _bulk_of_nothing(tree: Tree) -> None:
    tree.operation("shop_get_many")["x-report-missing"] = {"uid[]": "merchant_uid"}


@bad(house, "stock_report: x-refusal must name the fields of code and message")
def _refusal_without_message(tree: Tree) -> None:
    del tree.operation("stock_report")["x-refusal"]["message"]


@bad(extensions.argument_rules, "RefundEnvelope.response: Voucher has no field colour")
def _distinguished_by_nothing(tree: Tree) -> None:
    _response(tree)["x-discriminate-by-fields"]["Voucher"] = ["colour"]


@bad(extensions.argument_rules, "RefundEnvelope.response: x-discriminate-by-fields names Article, which is no branch")
def _distinguished_from_nothing(tree: Tree) -> None:
    _response(tree)["x-discriminate-by-fields"] = {"Article": ["name"]}


def _response(tree: Tree) -> Node:
    found: Node = tree.schema("RefundEnvelope")["allOf"][1]["properties"]["response"]
    return found


@bad(house, "shop_order: x-pg knows no forbidden")
def _unknown_advice(tree: Tree) -> None:
    tree.operation("shop_order")["x-pg"]["forbidden"] = ["alpha"]


@bad(extensions.pg_advice, "shop_order: x-pg supported: there is no PG beta")
def _unknown_pg(tree: Tree) -> None:
    tree.raw["components"]["schemas"]["PgProvider"] = {"type": "string", "x-open-enum": {"alpha": "Alpha"}}


@bad(extensions.argument_rules, "shop_get_many: x-batch: shop_order is there already")
def _chunk_of_a_taken_name(tree: Tree) -> None:
    tree.operation("shop_get_many")["x-batch"]["name"] = "order"


@bad(extensions.argument_rules, "stock_list: it has no argument since")
def _window_of_nothing(tree: Tree) -> None:
    tree.operation("stock_list")["x-pagination"]["window"]["from"] = "since"


@bad(extensions.argument_rules, "shop_get_many: x-pagination needs an argument page")
def _walk_without_pages(tree: Tree) -> None:
    tree.operation("shop_get_many")["x-pagination"] = {"name": "iter_all", "key": "merchant_uid"}
