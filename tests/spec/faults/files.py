"""Faults of files and references."""

from __future__ import annotations

from scripts.lint import files
from tests.spec.faults.register import bad
from tests.spec.trees import Tree


@bad(files.path_file_names, "/orders: its file must be called paths/shop/orders.yaml, not paths/shop/sales.yaml")
def _other_file_name(tree: Tree) -> None:
    tree.write("paths/shop/sales.yaml", (tree.folder / "paths/shop/orders.yaml").read_text(encoding="utf-8"))
    tree.edit("openapi.yaml", "$ref: paths/shop/orders.yaml", "$ref: paths/shop/sales.yaml")


@bad(files.path_file_names, "/orders: the operations of one file must have one tag, not shop and stock")
def _two_tags_in_one_file(tree: Tree) -> None:
    tree.operation("shop_order")["tags"] = ["stock"]


@bad(files.path_file_names, "/inline: its operations must stand in a file under paths/")
def _inline_path(tree: Tree) -> None:
    tree.edit("openapi.yaml", "paths:\n", "paths:\n  /inline: {}\n")


@bad(files.schema_files, "schemas/voucher.yaml: the name must be PascalCase")
def _small_letter(tree: Tree) -> None:
    tree.write("schemas/voucher.yaml", (tree.folder / "schemas/Voucher.yaml").read_text(encoding="utf-8"))


@bad(files.schema_files, "schemas/Kind.yaml: it belongs in schemas/enums/")
def _enum_among_models(tree: Tree) -> None:
    tree.write("schemas/Kind.yaml", (tree.folder / "schemas/enums/Kind.yaml").read_text(encoding="utf-8"))
    for name in ("schemas/OrderLine.yaml", "paths/shop/orders.yaml", "paths/shop/orders.yaml"):
        tree.edit(name, "enums/Kind.yaml", "Kind.yaml")


@bad(files.schema_files, "Order.place: an object with fields must have a file of its own in schemas/")
def _inline_object(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.schema("Order")["properties"]["place"] = {"type": "object", "description": "Where.", "properties": fields}


@bad(files.schema_files, "shop_order.lines[]: an object with fields must have a file of its own in schemas/")
def _inline_items(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.body("shop_order")["properties"]["lines"]["items"] = {"type": "object", "properties": fields}


@bad(files.nothing_is_orphaned, "components/schemas/Lonely: nothing refers to it")
def _orphan_component(tree: Tree) -> None:
    tree.raw["components"]["schemas"]["Lonely"] = {"type": "object", "description": "Nobody has it."}


@bad(files.nothing_is_orphaned, "schemas/Lonely.yaml: nothing refers to it")
def _orphan_schema_file(tree: Tree) -> None:
    tree.write("schemas/Lonely.yaml", "type: object\ndescription: Nobody has it.\n")


@bad(files.nothing_is_orphaned, "paths/shop/lonely.yaml: openapi.yaml does not refer to it")
def _orphan_path_file(tree: Tree) -> None:
    tree.write("paths/shop/lonely.yaml", "get: {}\n")


@bad(files.nothing_is_orphaned, "notes.txt: there is no place for this file here")
def _stray_file(tree: Tree) -> None:
    tree.write("notes.txt", "To be done.")


@bad(files.nothing_is_orphaned, "schemas/enums/Order.yaml: schemas/Order.yaml has the same name")
def _hidden_by_its_namesake(tree: Tree) -> None:
    tree.write("schemas/enums/Order.yaml", "type: string\n")
