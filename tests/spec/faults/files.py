"""Faults of files and references."""

from __future__ import annotations

from scripts.lint import files
from scripts.lint.house import house
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(files.files_have_their_place, "/orders: its file must be called paths/shop/orders.yaml, not paths/shop/sales.yaml")
def _other_file_name(tree: Tree) -> None:
    tree.write("paths/shop/sales.yaml", (tree.folder / "paths/shop/orders.yaml").read_text(encoding="utf-8"))
    tree.edit("openapi.yaml", "$ref: paths/shop/orders.yaml", "$ref: paths/shop/sales.yaml")


@bad(
    files.files_have_their_place, "/orders: its file must be called paths/stock/orders.yaml, not paths/shop/orders.yaml"
)
def _two_tags_in_one_file(tree: Tree) -> None:
    tree.operation("shop_order")["tags"] = ["stock"]


@bad(files.files_have_their_place, "/inline: it must stand in a file of its own")
def _inline_path(tree: Tree) -> None:
    tree.edit("openapi.yaml", "paths:\n", "paths:\n  /inline: {}\n")


@bad(files.files_have_their_place, "voucher: the name must be PascalCase")
def _small_letter(tree: Tree) -> None:
    tree.write("schemas/voucher.yaml", (tree.folder / "schemas/Voucher.yaml").read_text(encoding="utf-8"))
    tree.edit("schemas/envelopes/RefundEnvelope.yaml", "Voucher.yaml", "voucher.yaml")


@bad(files.files_have_their_place, "Kind: its file must be called schemas/enums/Kind.yaml")
def _enum_among_models(tree: Tree) -> None:
    tree.write("schemas/Kind.yaml", (tree.folder / "schemas/enums/Kind.yaml").read_text(encoding="utf-8"))
    for name in ("schemas/OrderLine.yaml", "paths/shop/orders.yaml", "paths/shop/orders.yaml"):
        tree.edit(name, "enums/Kind.yaml", "Kind.yaml")
    tree.remove("schemas/enums/Kind.yaml")


@bad(house, "Order.place: an object with fields must have a file of its own in schemas/")
def _inline_object(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.schema("Order")["properties"]["place"] = {"type": "object", "description": "Where.", "properties": fields}


@bad(house, "shop_order.lines[]: an object with fields must have a file of its own in schemas/")
def _inline_items(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.body("shop_order")["properties"]["lines"]["items"] = {"type": "object", "properties": fields}


@bad(files.nothing_is_orphaned, "components/schemas/Lonely: nothing refers to it")
def _orphan_component(tree: Tree) -> None:
    tree.raw["components"]["schemas"]["Lonely"] = {"type": "object", "description": "Nobody has it."}


@bad(files.files_have_their_place, "schemas/Lonely.yaml: nothing refers to it, or it stands in the wrong place")
def _orphan_schema_file(tree: Tree) -> None:
    tree.write("schemas/Lonely.yaml", "type: object\ndescription: Nobody has it.\n")


@bad(files.files_have_their_place, "paths/shop/lonely.yaml: nothing refers to it, or it stands in the wrong place")
def _orphan_path_file(tree: Tree) -> None:
    tree.write("paths/shop/lonely.yaml", "get: {}\n")


@bad(files.files_have_their_place, "notes.txt: nothing refers to it, or it stands in the wrong place")
def _stray_file(tree: Tree) -> None:
    tree.write("notes.txt", "To be done.")


@bad(files.files_have_their_place, "schemas/enums/Order.yaml: nothing refers to it, or it stands in the wrong place")
def _hidden_by_its_namesake(tree: Tree) -> None:
    tree.write("schemas/enums/Order.yaml", "type: string\n")
