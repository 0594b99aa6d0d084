"""Faults of what is said."""

from __future__ import annotations

from scripts.lint.house import house, value_descriptions, wording
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(house, "Order.amount: it has no description")
def _field_without_words(tree: Tree) -> None:
    del tree.field("Order.amount")["description"]


@bad(house, "shop_order 200: it has no description")
def _answer_without_words(tree: Tree) -> None:
    tree.operation("shop_order")["responses"]["200"]["description"] = " "


@bad(house, "shop_get_many.hidden: it has no description")
def _parameter_without_words(tree: Tree) -> None:
    del tree.parameter("shop_get_many", "hidden")["description"]


@bad(house, "shop_order: it has no description")
def _operation_without_words(tree: Tree) -> None:
    del tree.operation("shop_order")["description"]


@bad(house, "Voucher: it has no description")
def _schema_without_words(tree: Tree) -> None:
    del tree.schema("Voucher")["description"]


@bad(house, "tag shop: it has no description")
def _tag_without_words(tree: Tree) -> None:
    del tree.raw["tags"][0]["description"]


@bad(value_descriptions, "Kind: the value loan is not explained")
def _value_without_words(tree: Tree) -> None:
    tree.schema("Kind")["enum"].append("loan")


@bad(value_descriptions, "OrderStatus: the value paid is not explained")
def _open_value_without_words(tree: Tree) -> None:
    tree.schema("OrderStatus")["x-open-enum"]["paid"] = None


@bad(house, "Kind: its values must be explained")
def _values_without_words(tree: Tree) -> None:
    del tree.schema("Kind")["x-enum-descriptions"]


@bad(value_descriptions, "Kind: loan is explained, but is none of its values")
def _words_without_value(tree: Tree) -> None:
    tree.schema("Kind")["x-enum-descriptions"]["loan"] = "to be returned"


@bad(house, "OrderStatus: it is either open or closed")
def _open_and_closed(tree: Tree) -> None:
    tree.schema("OrderStatus")["enum"] = ["ready", "paid", "cancelled"]


@bad(house, "shop_order: it has no summary")
def _no_summary(tree: Tree) -> None:
    del tree.operation("shop_order")["summary"]


@bad(house, "shop_order: the summary must be an English verb phrase without a full stop")
def _summary_as_sentence(tree: Tree) -> None:
    tree.operation("shop_order")["summary"] = "Order something."


@bad(house, "shop_order: x-name-ko must be the Korean name")
def _korean_name_in_english(tree: Tree) -> None:
    tree.operation("shop_order")["x-name-ko"] = "Order"


@bad(house, "tag shop: x-name-ko must be the Korean name")
def _tag_without_korean_name(tree: Tree) -> None:
    del tree.raw["tags"][0]["x-name-ko"]


@bad(wording, "Order.amount: description is unfinished")
def _unfinished(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "TODO: say what it is."


@bad(wording, "Order.amount: description holds HTML")
def _html(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it <b>costs</b>."


@bad(wording, "Order.amount: description breaks off")
def _colon(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it costs:"


@bad(wording, "Order.amount: description has an unclosed ` or (")
def _unclosed(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it costs (without the delivery."


@bad(wording, "OrderStatus: x-open-enum paid has loose spaces")
def _loose_spaces(tree: Tree) -> None:
    tree.schema("OrderStatus")["x-open-enum"]["paid"] = "paid  for"


@bad(wording, "shop_order: x-pg alpha is unfinished")
def _unfinished_note(tree: Tree) -> None:
    tree.operation("shop_order")["x-pg"]["notes"] = {"alpha": "TBD"}


@bad(house, "Level: its values must be whole numbers")
def _number_as_a_word(tree: Tree) -> None:
    tree.schema("Level")["x-open-enum"]["plenty"] = "more than enough"
