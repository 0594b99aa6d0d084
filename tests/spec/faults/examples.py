"""Faults of examples, and of the document as OpenAPI."""

from __future__ import annotations

from scripts.lint import examples, house
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(house.is_openapi, "/info: not OpenAPI 3.1: 'title' is a required property")
def _no_title(tree: Tree) -> None:
    del tree.raw["info"]["title"]


@bad(examples.enough_examples, "shop_order: it has no example shop_order.ok.json")
def _no_ok(tree: Tree) -> None:
    tree.remove("examples/shop_order.ok.json")


@bad(examples.enough_examples, "shop_order: it has no example of a refusal")
def _no_refusal(tree: Tree) -> None:
    tree.remove("examples/shop_order.refused.json")


@bad(examples.enough_examples, "examples/shop_order.ok.json: the case ok is a refusal")
def _refused_ok(tree: Tree) -> None:
    tree.write_example("shop_order.ok", tree.example("shop_order.refused"))


@bad(examples.examples_validate, "examples/shop_order.ok.json: request.body.amount: '1' is not of type 'number'")
def _wrong_request(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["amount"] = "1"
    tree.write_example("shop_order.ok", example)


@bad(
    examples.examples_validate,
    "examples/shop_order.ok.json: answer.body.response.articles.0: 'name' is a required property",
)
def _wrong_answer(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["answer"]["body"]["response"]["articles"] = [{}]
    tree.write_example("shop_order.ok", example)


@bad(examples.examples_validate, "examples/shop_order.ok.json: request.body.colour: the operation has none of this")
def _undeclared_field(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["colour"] = "red"
    tree.write_example("shop_order.ok", example)


@bad(examples.examples_validate, "examples/shop_get_many.ok.json: request.query.size: the operation has none of this")
def _undeclared_query(tree: Tree) -> None:
    example = tree.example("shop_get_many.ok")
    example["request"]["query"]["size"] = 1
    tree.write_example("shop_get_many.ok", example)


@bad(
    examples.examples_validate,
    "examples/shop_refund.ok.json: request.path: 'merchant_uid' is a required property",
)
def _no_path(tree: Tree) -> None:
    example = tree.example("shop_refund.ok")
    example["request"]["path"] = {}
    tree.write_example("shop_refund.ok", example)


def with_text(tree: Tree, text: str) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["merchant_uid"] = text
    tree.write_example("shop_order.ok", example)


@bad(examples.invented_people, "examples/shop_order.ok.json: it holds what looks like a card number")
def _card_number(tree: Tree) -> None:
    with_text(tree, "4539 1488 0343 6467")


@bad(examples.invented_people, "examples/shop_order.ok.json: telephone numbers must be 010-0000-…")
def _telephone_number(tree: Tree) -> None:
    with_text(tree, "010-2345-6789")


@bad(examples.invented_people, "examples/shop_order.ok.json: mail addresses must end in example.com")
def _mail(tree: Tree) -> None:
    with_text(tree, "hong@nowhere.kr")


@bad(examples.invented_people, "examples/shop_order.ok.json: it holds what looks like a resident number")
def _resident_number(tree: Tree) -> None:
    with_text(tree, "900101-1234567")
