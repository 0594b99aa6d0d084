"""Faults of operations: names, tags, arguments, answers."""

from __future__ import annotations

from scripts.lint import operations
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(operations.operation_ids, "shop_Order: the operationId is not snake_case")
def _camel_case(tree: Tree) -> None:
    tree.operation("shop_order")["operationId"] = "shop_Order"


@bad(operations.path_parameters, "stock_list: the path has {shop-uid}, and no path parameter is called so")
def _misnamed_path_parameter(tree: Tree) -> None:
    tree.operation("stock_list")["parameters"][0]["name"] = "shop_id"


@bad(operations.declared_tags, "shop_order: it must have exactly one tag")
def _two_tags(tree: Tree) -> None:
    tree.operation("shop_order")["tags"] = ["shop", "stock"]


@bad(operations.declared_tags, "shop_order: it must have exactly one tag")
def _no_tag(tree: Tree) -> None:
    del tree.operation("shop_order")["tags"]


@bad(operations.declared_tags, "shop_order: the tag till is not declared in openapi.yaml")
def _undeclared_tag(tree: Tree) -> None:
    tree.operation("shop_order")["tags"] = ["till"]


@bad(operations.declared_tags, "tag till: no operation has it")
def _unused_tag(tree: Tree) -> None:
    tree.raw["tags"].append({"name": "till", "x-name-ko": "계산대", "description": "Nothing."})


@bad(operations.argument_names, "shop_order: the arguments gift_wrap and gift-wrap would both be called gift_wrap")
def _one_python_name(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["gift-wrap"] = {"type": "boolean", "description": "Again."}


@bad(operations.argument_names, "shop_order.options: the SDK needs the name options for itself")
def _reserved_name(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["options"] = {"type": "boolean", "description": "Choices."}


@bad(operations.argument_names, "Order: the fields gift_wrap and gift-wrap would both be called gift_wrap")
def _one_field_name(tree: Tree) -> None:
    tree.schema("Order")["properties"]["gift-wrap"] = {"type": "boolean", "description": "Again."}


@bad(operations.answers_are_envelopes, "shop_order 200: it is not an Envelope with a response of its own")
def _bare_answer(tree: Tree) -> None:
    media = tree.operation("shop_order")["responses"]["200"]["content"]["application/json"]
    media["schema"] = {"$ref": "#/components/schemas/Order"}


@bad(operations.answers_are_envelopes, "shop_get_many 207: it is not an Envelope with a response of its own")
def _empty_envelope(tree: Tree) -> None:
    media = tree.operation("shop_get_many")["responses"]["207"]["content"]["application/json"]
    media["schema"] = {"$ref": "#/components/schemas/Envelope"}


@bad(operations.answers_are_envelopes, "shop_order: it has no answer 200")
def _no_success(tree: Tree) -> None:
    del tree.operation("shop_order")["responses"]["200"]


@bad(operations.unauthorized_answers, "shop_order: it asks for a token and has no answer 401")
def _no_401(tree: Tree) -> None:
    del tree.operation("shop_order")["responses"]["401"]


@bad(operations.one_media_type, "shop_order: its one media type must be application/json")
def _form(tree: Tree) -> None:
    content = tree.operation("shop_order")["requestBody"]["content"]
    content["application/x-www-form-urlencoded"] = content["application/json"]


@bad(operations.one_media_type, "shop_order 200: its one media type must be application/json")
def _no_answer_media(tree: Tree) -> None:
    del tree.operation("shop_order")["responses"]["200"]["content"]


@bad(operations.withdrawn_operations, "stock_list: deprecated and x-history must stand together")
def _no_history(tree: Tree) -> None:
    del tree.operation("stock_list")["x-history"]


@bad(operations.withdrawn_operations, "shop_order: deprecated and x-history must stand together")
def _history_of_the_living(tree: Tree) -> None:
    tree.operation("shop_order")["x-history"] = {"last-seen": "2025-01-01", "note": "Gone."}


@bad(operations.withdrawn_operations, "stock_list: x-history must say last-seen and note")
def _half_a_history(tree: Tree) -> None:
    del tree.operation("stock_list")["x-history"]["note"]


@bad(
    operations.repeatable_operations,
    "shop_order: x-safe would repeat a call that is named order, which is no read",
)
def _a_write_that_is_repeated(tree: Tree) -> None:
    tree.operation("shop_order")["x-safe"] = True
