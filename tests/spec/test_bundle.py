"""The spec tree becomes one document, the same on every machine, or says which file is at fault."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.bundle import SPEC, bundle, dump
from scripts.steps import StepError
from tests.spec.trees import MINI, Tree


def test_every_reference_points_into_the_document() -> None:
    text = dump(bundle(MINI))
    references = {line.split('"')[3] for line in text.splitlines() if '"$ref"' in line}
    assert references
    document = json.loads(text)
    for reference in references:
        root, section, name = reference.removeprefix("#/").split("/")[:3]
        assert name in document[root][section]


def test_a_schema_may_refer_to_itself() -> None:
    replaces = bundle(MINI)["components"]["schemas"]["Order"]["properties"]["replaces"]
    assert replaces["anyOf"][0] == {"$ref": "#/components/schemas/Order"}


def test_a_section_may_be_empty(tree: Tree) -> None:
    tree.edit("openapi.yaml", "components:\n", "components:\n  schemas:\n")
    assert bundle(tree.folder) == bundle(MINI)


def test_keys_beside_a_reference_are_kept(tree: Tree) -> None:
    kind = tree.body("shop_order")["properties"]["kind"]
    assert kind == {"$ref": "#/components/schemas/Kind", "description": "What the order is for."}


def test_path_items_are_inlined() -> None:
    assert "get" in bundle(MINI)["paths"]["/orders"]
    assert "pathItems" not in bundle(MINI)["components"]


def test_examples_stand_beside_what_they_show() -> None:
    operation = bundle(MINI)["paths"]["/orders"]["post"]
    asked = operation["requestBody"]["content"]["application/json"]["examples"]
    answered = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert asked["refused"]["value"] == {"merchant_uid": "order-1", "amount": 1}
    assert answered["refused"]["value"]["code"] == 1
    assert answered["ok"]["summary"] == "An order for someone else"


def test_the_order_of_the_folder_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(bundle(MINI))
    listed = Path.glob

    def backwards(self: Path, pattern: str) -> Iterator[Path]:
        return iter(sorted(listed(self, pattern), reverse=True))

    monkeypatch.setattr(Path, "glob", backwards)
    assert dump(bundle(MINI)) == before


def test_a_relative_folder_gives_the_same_document(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dump(bundle(MINI))
    monkeypatch.chdir(MINI.parent)
    assert dump(bundle(Path("mini"))) == before


def _missing_file(tree: Tree) -> None:
    tree.edit("schemas/Order.yaml", "enums/OrderStatus.yaml", "enums/NoStatus.yaml")


def _inside_of_a_file(tree: Tree) -> None:
    tree.edit("schemas/Order.yaml", "enums/OrderStatus.yaml", "enums/OrderStatus.yaml#/x-open-enum")


def _reference_out_of_place(tree: Tree) -> None:
    tree.edit("openapi.yaml", "info:\n", "info:\n  contact:\n    $ref: schemas/Order.yaml\n")


def _duplicate_key(tree: Tree) -> None:
    tree.edit("schemas/Voucher.yaml", "description: Its number.", "description: Its number.\n    type: string")


def _boolean_key(tree: Tree) -> None:
    tree.edit("schemas/enums/Kind.yaml", "  own: for", "  no: for")


def _date(tree: Tree) -> None:
    tree.edit("openapi.yaml", '"2026-01-02"', "2026-01-02")


def _broken_yaml(tree: Tree) -> None:
    tree.edit("schemas/Voucher.yaml", "required: [voucher_uid]", "required: [voucher_uid")


def _two_files_of_one_name(tree: Tree) -> None:
    tree.write("schemas/enums/Article.yaml", (tree.folder / "schemas/Article.yaml").read_text(encoding="utf-8"))
    tree.edit("schemas/Order.yaml", "- $ref: Order.yaml", "- $ref: enums/Article.yaml")


def _two_sections(tree: Tree) -> None:
    tree.edit("paths/shop/orders.yaml", "../../parameters/Shop.yaml", "../../schemas/enums/Kind.yaml")


def _not_a_document(tree: Tree) -> None:
    tree.write("openapi.yaml", "- 1\n")


def _no_path(tree: Tree) -> None:
    tree.edit("openapi.yaml", "paths:\n", "paths:\nx-paths:\n")


def _no_scheme(tree: Tree) -> None:
    tree.write("openapi.yaml", (MINI / "openapi.yaml").read_text("utf-8").partition("    accessToken:\n")[0])


def _not_text(tree: Tree) -> None:
    (tree.folder / "schemas/Order.yaml").write_bytes(b"description: \xff\n")


def _no_document(tree: Tree) -> None:
    tree.remove("openapi.yaml")


def _example_of_nothing(tree: Tree) -> None:
    tree.write_example("shop_sell.ok", tree.example("shop_order.ok"))


def _example_without_answer(tree: Tree) -> None:
    tree.write("examples/shop_order.ok.json", '{"request": {}}')


def _example_that_is_no_json(tree: Tree) -> None:
    tree.write("examples/shop_order.ok.json", "{")


def _example_of_an_undeclared_answer(tree: Tree) -> None:
    tree.edit("examples/shop_order.ok.json", '"status": 200', '"status": 418')


def _example_without_media(tree: Tree) -> None:
    media = "        {}:\n          schema:\n            $ref"
    tree.edit("paths/stock/stock_report.yaml", media.format("application/json"), media.format("text/html"))


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (
            _example_without_media,
            "spec/paths/stock/stock_report.yaml: /post/responses/200: it has no application/json, and an example of it",
        ),
        (_missing_file, "spec/schemas/Order.yaml: enums/NoStatus.yaml: there is no such file in spec/"),
        (_inside_of_a_file, "refer to a whole file"),
        (_reference_out_of_place, "spec/openapi.yaml: /info/contact/$ref: nothing can be referred to here"),
        (_duplicate_key, "spec/schemas/Voucher.yaml:8: the key 'type' stands twice"),
        (_boolean_key, "spec/schemas/enums/Kind.yaml:5: the key False is no text: quote it"),
        (_date, "spec/openapi.yaml:4: 2026-01-02 is read as a date: quote it"),
        (_broken_yaml, "spec/schemas/Voucher.yaml:4:"),
        (_two_files_of_one_name, "spec/schemas/Article.yaml gives the component schemas/Article already"),
        (_two_sections, "orders.yaml: /parameters/0/$ref: #/components/schemas/Kind is no parameter"),
        (_not_a_document, "spec/openapi.yaml: this is not an OpenAPI document"),
        (_no_path, "spec/openapi.yaml: /paths: it must be a mapping"),
        (_no_scheme, "spec/openapi.yaml: /components/securitySchemes: it must be a mapping"),
        (_not_text, "spec/schemas/Order.yaml: not UTF-8 text"),
        (_no_document, "spec/openapi.yaml: No such file or directory"),
        (_example_of_nothing, "examples/shop_sell.ok.json: there is no operation shop_sell"),
        (_example_without_answer, "examples/shop_order.ok.json: not an example"),
        (_example_that_is_no_json, "examples/shop_order.ok.json: not an example"),
        (_example_of_an_undeclared_answer, "examples/shop_order.ok.json: shop_order has no answer 418"),
    ],
)
def test_a_fault_is_reported_with_its_file(spoil: Callable[[Tree], None], expected: str, tree: Tree) -> None:
    spoil(tree)
    with pytest.raises(StepError) as caught:
        bundle(tree.folder)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_output_is_what_is_committed() -> None:
    text = (SPEC.parent / "generated" / "openapi.json").read_text(encoding="utf-8")
    assert text == dump(bundle(SPEC))
    assert text.endswith("}\n")
