"""Faults of values: money, times, secrets, bounds."""

from __future__ import annotations

from scripts.lint.house import bounds_and_defaults, house, value_descriptions
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(house, "Order.delivery_fee: an amount needs x-money")
def _amount_by_name(tree: Tree) -> None:
    tree.schema("Order")["properties"]["delivery_fee"] = {"type": ["integer", "null"], "description": "The fee."}


@bad(house, "Order.count: an amount needs x-money")
def _amount_by_words(tree: Tree) -> None:
    tree.field("Order.count")["description"] = "What it costs, in the currency's unit."


@bad(house, "Order.paid_at: a time needs x-unix-time")
def _time_by_name(tree: Tree) -> None:
    del tree.field("Order.paid_at")["x-unix-time"]


@bad(house, "Order.count: a time needs x-unix-time")
def _time_by_words(tree: Tree) -> None:
    tree.field("Order.count")["description"] = "When it was counted, UNIX seconds."


@bad(house, "shop_get_many.from: a time needs x-unix-time")
def _time_of_a_parameter(tree: Tree) -> None:
    del tree.parameter("shop_get_many", "from")["schema"]["x-unix-time"]


@bad(house, "Order.paid_at: it cannot be an amount and a time")
def _both(tree: Tree) -> None:
    tree.field("Order.paid_at")["x-money"] = True


@bad(house, "Order.weight: a number that is no amount has no type in the SDK")
def _bare_number(tree: Tree) -> None:
    tree.schema("Order")["properties"]["weight"] = {"type": "number", "description": "In kilograms."}


@bad(house, "Order.buyer_tel: its name says that it needs x-sensitive")
def _open_telephone(tree: Tree) -> None:
    del tree.field("Order.buyer_tel")["x-sensitive"]


@bad(house, "shop_order.pwd_2digit: its name says that it needs x-sensitive")
def _open_password(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["pwd_2digit"] = {"type": "string", "description": "Two digits."}


@bad(house, "shop_get_many.email: its name says that it needs x-sensitive")
def _open_mail(tree: Tree) -> None:
    parameter = {"name": "email", "in": "query", "description": "Whose.", "schema": {"type": "string"}}
    tree.operation("shop_get_many")["parameters"].append(parameter)


@bad(house, "shop_order.count: what is required has no default")
def _default_of_the_required(tree: Tree) -> None:
    tree.body("shop_order")["required"].append("count")
    tree.body("shop_order")["properties"]["count"]["default"] = 1


@bad(house, "shop_get_many.page-size: what is required has no default")
def _default_of_a_required_parameter(tree: Tree) -> None:
    tree.parameter("shop_get_many", "page-size")["required"] = True


@bad(house, "Order.tags: an array needs items")
def _no_items(tree: Tree) -> None:
    del tree.field("Order.tags")["items"]


@bad(bounds_and_defaults, "shop_order.merchant_uid: minLength is above maxLength")
def _bounds_crossed(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["merchant_uid"]["minLength"] = 99


@bad(house, "Kind: one of its values stands twice")
def _value_twice(tree: Tree) -> None:
    tree.schema("Kind")["enum"].append("own")


@bad(bounds_and_defaults, "shop_order.kind: it does not allow its default, 'other'")
def _strange_default(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["kind"]["default"] = "other"


@bad(bounds_and_defaults, "Order: it requires colour, which it has not")
def _requires_nothing(tree: Tree) -> None:
    tree.schema("Order")["required"].append("colour")


@bad(bounds_and_defaults, "shop_refund: it requires colour, which it has not")
def _way_that_needs_nothing_there_is(tree: Tree) -> None:
    tree.body("shop_refund").setdefault("anyOf", []).append({"required": ["colour"]})


@bad(house, "Voucher: it has no type")
def _no_type(tree: Tree) -> None:
    del tree.schema("Voucher")["type"]


@bad(value_descriptions, "Voucher.voucher_uid: a is explained, but is none of its values")
def _values_that_are_none(tree: Tree) -> None:
    tree.field("Voucher.voucher_uid")["x-enum-descriptions"] = {"a": "one"}
