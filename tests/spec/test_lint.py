"""Each house rule finds the fault that it is there for, and names the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.lint import examples, extensions, files, operations, texts, validity, values
from scripts.lint.places import Spec
from scripts.lint_spec import RULES, lint, main, validate
from tests.spec.trees import ROOT, Node, Tree

Rule = Callable[[Spec], Iterator[str]]
Spoil = Callable[[Tree], None]

CASES: list[Any] = []
VALIDATED = (validity.is_openapi, validity.examples_validate)


def bad(rule: Rule, line: str) -> Callable[[Spoil], Spoil]:
    """This change must be answered by this rule with this line."""

    def note(spoil: Spoil) -> Spoil:
        CASES.append(pytest.param(rule, line, spoil, id=f"{rule.__name__}-{spoil.__name__.strip('_')}"))
        return spoil

    return note


@bad(operations.operation_ids, "shop_Order: the operationId is not snake_case")
def _camel_case(tree: Tree) -> None:
    tree.operation("shop_order")["operationId"] = "shop_Order"


@bad(operations.operation_ids, "store_order: the operationId must begin with its tag, shop_")
def _another_tag_in_the_id(tree: Tree) -> None:
    tree.operation("shop_order")["operationId"] = "store_order"


@bad(operations.operation_ids, "shop_refund: 2 operations have this operationId")
def _one_id_twice(tree: Tree) -> None:
    tree.operation("shop_order")["operationId"] = "shop_refund"


@bad(operations.operation_ids, "POST /orders: it has no operationId")
def _no_id(tree: Tree) -> None:
    del tree.operation("shop_order")["operationId"]


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
    for name in ("schemas/OrderLine.yaml", "paths/shop/orders.yaml"):
        tree.edit(name, "enums/Kind.yaml", "Kind.yaml")


@bad(files.schema_files, "Order.place: an object with fields must have a file of its own in schemas/")
def _inline_object(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.schema("Order")["properties"]["place"] = {"type": "object", "description": "Where.", "properties": fields}


@bad(files.schema_files, "shop_order.lines[]: an object with fields must have a file of its own in schemas/")
def _inline_items(tree: Tree) -> None:
    fields = {"city": {"type": "string", "description": "The city."}}
    tree.body("shop_order")["properties"]["lines"]["items"] = {"type": "object", "properties": fields}


@bad(files.unresolved_references, "#/components/schemas/Nothing: nothing stands there")
def _dangling_reference(tree: Tree) -> None:
    tree.schema("Order")["properties"]["replaces"] = {"$ref": "#/components/schemas/Nothing"}


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


DEVIATION = """
- id: {id}
  kinds: [{kinds}]
  pointers: [{pointers}]
  what: Another thing.
  why: It is better.
  evidence: Seen.
"""


@bad(files.deviations_point_at_something, "deviations.yaml: lost: shop_order.colour: nothing is called so")
def _deviation_of_nothing(tree: Tree) -> None:
    pointers = "shop_order, shop_order.amount, shop_order.401, Order.amount, '*.amount', shop_order.colour"
    tree.write("deviations.yaml", DEVIATION.format(id="lost", kinds="type", pointers=pointers))


@bad(files.deviations_point_at_something, "deviations.yaml: twice stands twice")
def _two_deviations_of_one_id(tree: Tree) -> None:
    entry = DEVIATION.format(id="twice", kinds="type", pointers="shop_order")
    tree.write("deviations.yaml", entry + entry)


@bad(values.money_and_time, "Order.delivery_fee: an amount needs x-money")
def _amount_by_name(tree: Tree) -> None:
    tree.schema("Order")["properties"]["delivery_fee"] = {"type": ["integer", "null"], "description": "The fee."}


@bad(values.money_and_time, "Order.count: an amount needs x-money")
def _amount_by_words(tree: Tree) -> None:
    tree.field("Order.count")["description"] = "What it costs, in the currency's unit."


@bad(values.money_and_time, "Order.paid_at: a time needs x-unix-time")
def _time_by_name(tree: Tree) -> None:
    del tree.field("Order.paid_at")["x-unix-time"]


@bad(values.money_and_time, "Order.count: a time needs x-unix-time")
def _time_by_words(tree: Tree) -> None:
    tree.field("Order.count")["description"] = "When it was counted, UNIX seconds."


@bad(values.money_and_time, "shop_get_many.from: a time needs x-unix-time")
def _time_of_a_parameter(tree: Tree) -> None:
    del tree.parameter("shop_get_many", "from")["schema"]["x-unix-time"]


@bad(values.money_and_time, "Order.paid_at: it can not be an amount and a time")
def _both(tree: Tree) -> None:
    tree.field("Order.paid_at")["x-money"] = True


@bad(values.money_and_time, "Order.weight: a number that is no amount has no type in the SDK")
def _bare_number(tree: Tree) -> None:
    tree.schema("Order")["properties"]["weight"] = {"type": "number", "description": "In kilograms."}


@bad(values.sensitive_names, "Order.buyer_tel: its name says that it needs x-sensitive")
def _open_telephone(tree: Tree) -> None:
    del tree.field("Order.buyer_tel")["x-sensitive"]


@bad(values.sensitive_names, "shop_order.pwd_2digit: its name says that it needs x-sensitive")
def _open_password(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["pwd_2digit"] = {"type": "string", "description": "Two digits."}


@bad(values.sensitive_names, "shop_get_many.email: its name says that it needs x-sensitive")
def _open_mail(tree: Tree) -> None:
    parameter = {"name": "email", "in": "query", "description": "Whose.", "schema": {"type": "string"}}
    tree.operation("shop_get_many")["parameters"].append(parameter)


@bad(values.bounds_and_defaults, "shop_order.count: what is required has no default")
def _default_of_the_required(tree: Tree) -> None:
    tree.body("shop_order")["required"].append("count")
    tree.body("shop_order")["properties"]["count"]["default"] = 1


@bad(values.bounds_and_defaults, "shop_get_many.page-size: what is required has no default")
def _default_of_a_required_parameter(tree: Tree) -> None:
    tree.parameter("shop_get_many", "page-size")["required"] = True


@bad(values.bounds_and_defaults, "Order.tags: an array needs items")
def _no_items(tree: Tree) -> None:
    del tree.field("Order.tags")["items"]


@bad(values.bounds_and_defaults, "shop_order.count: minimum must be a number, not '1'")
def _bound_as_text(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["count"]["minimum"] = "1"


@bad(values.bounds_and_defaults, "shop_order.merchant_uid: maxLength must be a number, not True")
def _length_as_boolean(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["merchant_uid"]["maxLength"] = True


@bad(values.bounds_and_defaults, "shop_order.merchant_uid: minLength is above maxLength")
def _bounds_crossed(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["merchant_uid"]["minLength"] = 99


@bad(values.bounds_and_defaults, "Kind: the value own stands twice")
def _value_twice(tree: Tree) -> None:
    tree.schema("Kind")["enum"].append("own")


@bad(values.bounds_and_defaults, "shop_order.kind: the default other is none of its values")
def _strange_default(tree: Tree) -> None:
    tree.body("shop_order")["properties"]["kind"]["default"] = "other"


@bad(values.bounds_and_defaults, "Order: it requires colour, which it has not")
def _requires_nothing(tree: Tree) -> None:
    tree.schema("Order")["required"].append("colour")


@bad(texts.descriptions, "Order.amount: it has no description")
def _field_without_words(tree: Tree) -> None:
    del tree.field("Order.amount")["description"]


@bad(texts.descriptions, "shop_order 200: it has no description")
def _answer_without_words(tree: Tree) -> None:
    tree.operation("shop_order")["responses"]["200"]["description"] = " "


@bad(texts.descriptions, "shop_get_many.hidden: it has no description")
def _parameter_without_words(tree: Tree) -> None:
    del tree.parameter("shop_get_many", "hidden")["description"]


@bad(texts.descriptions, "shop_order: it has no description")
def _operation_without_words(tree: Tree) -> None:
    del tree.operation("shop_order")["description"]


@bad(texts.descriptions, "Voucher: it has no description")
def _schema_without_words(tree: Tree) -> None:
    del tree.schema("Voucher")["description"]


@bad(texts.descriptions, "tag shop: it has no description")
def _tag_without_words(tree: Tree) -> None:
    del tree.raw["tags"][0]["description"]


@bad(texts.value_descriptions, "Kind: the value loan is not explained")
def _value_without_words(tree: Tree) -> None:
    tree.schema("Kind")["enum"].append("loan")


@bad(texts.value_descriptions, "OrderStatus: the value paid is not explained")
def _open_value_without_words(tree: Tree) -> None:
    tree.schema("OrderStatus")["x-open-enum"]["paid"] = None


@bad(texts.value_descriptions, "Kind: its values must be explained")
def _values_without_words(tree: Tree) -> None:
    del tree.schema("Kind")["x-enum-descriptions"]


@bad(texts.value_descriptions, "Kind: loan is explained, but is none of its values")
def _words_without_value(tree: Tree) -> None:
    tree.schema("Kind")["x-enum-descriptions"]["loan"] = "to be given back"


@bad(texts.value_descriptions, "OrderStatus: it is either open or closed")
def _open_and_closed(tree: Tree) -> None:
    tree.schema("OrderStatus")["enum"] = ["ready", "paid", "cancelled"]


@bad(texts.titles, "shop_order: it has no summary")
def _no_summary(tree: Tree) -> None:
    del tree.operation("shop_order")["summary"]


@bad(texts.titles, "shop_order: the summary must be an English verb phrase without a full stop")
def _summary_as_sentence(tree: Tree) -> None:
    tree.operation("shop_order")["summary"] = "Order something."


@bad(texts.titles, "shop_order: x-name-ko must be the Korean name")
def _korean_name_in_english(tree: Tree) -> None:
    tree.operation("shop_order")["x-name-ko"] = "Order"


@bad(texts.titles, "tag shop: x-name-ko must be the Korean name")
def _tag_without_korean_name(tree: Tree) -> None:
    del tree.raw["tags"][0]["x-name-ko"]


@bad(texts.wording, "Order.amount: description is unfinished")
def _unfinished(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "TODO: say what it is."


@bad(texts.wording, "Order.amount: description holds HTML")
def _html(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it <b>costs</b>."


@bad(texts.wording, "Order.amount: description breaks off")
def _colon(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it costs:"


@bad(texts.wording, "Order.amount: description has an unclosed ` or (")
def _unclosed(tree: Tree) -> None:
    tree.field("Order.amount")["description"] = "What it costs (without the delivery."


@bad(texts.wording, "OrderStatus: x-open-enum paid has loose spaces")
def _loose_spaces(tree: Tree) -> None:
    tree.schema("OrderStatus")["x-open-enum"]["paid"] = "paid  for"


@bad(texts.wording, "shop_order: x-pg alpha is unfinished")
def _unfinished_note(tree: Tree) -> None:
    tree.operation("shop_order")["x-pg"]["notes"] = {"alpha": "TBD"}


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
    tree.operation("shop_get_many")["x-bulk"] = {"uid[]": "merchant_uid"}


@bad(extensions.argument_rules, "stock_report: x-refusal must name the fields of code and message")
def _refusal_without_message(tree: Tree) -> None:
    del tree.operation("stock_report")["x-refusal"]["message"]


@bad(extensions.argument_rules, "RefundEnvelope.response: Voucher has no field colour")
def _told_apart_by_nothing(tree: Tree) -> None:
    _response(tree)["x-tell-apart"]["Voucher"] = ["colour"]


@bad(extensions.argument_rules, "RefundEnvelope.response: x-tell-apart names Article, which is no branch")
def _told_apart_from_nothing(tree: Tree) -> None:
    _response(tree)["x-tell-apart"] = {"Article": ["name"]}


def _response(tree: Tree) -> Node:
    found: Node = tree.schema("RefundEnvelope")["allOf"][1]["properties"]["response"]
    return found


@bad(extensions.pg_advice, "shop_order: x-pg knows no forbidden")
def _unknown_advice(tree: Tree) -> None:
    tree.operation("shop_order")["x-pg"]["forbidden"] = ["alpha"]


@bad(extensions.pg_advice, "shop_order: x-pg supported: there is no PG beta")
def _unknown_pg(tree: Tree) -> None:
    tree.raw["components"]["schemas"]["PgProvider"] = {"type": "string", "x-open-enum": {"alpha": "Alpha"}}


@bad(validity.is_openapi, "info: not OpenAPI 3.1: 'title' is a required property")
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


@bad(validity.examples_validate, "examples/shop_order.ok.json: request.body.amount: '1' is not of type 'number'")
def _wrong_request(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["amount"] = "1"
    tree.write_example("shop_order.ok", example)


@bad(
    validity.examples_validate,
    "examples/shop_order.ok.json: answer.body.response.articles.0: 'name' is a required property",
)
def _wrong_answer(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["answer"]["body"]["response"]["articles"] = [{}]
    tree.write_example("shop_order.ok", example)


@bad(validity.examples_validate, "examples/shop_order.ok.json: request.body.colour: the operation has none of this")
def _undeclared_field(tree: Tree) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["colour"] = "red"
    tree.write_example("shop_order.ok", example)


@bad(validity.examples_validate, "examples/shop_get_many.ok.json: request.query.size: the operation has none of this")
def _undeclared_query(tree: Tree) -> None:
    example = tree.example("shop_get_many.ok")
    example["request"]["query"]["size"] = 1
    tree.write_example("shop_get_many.ok", example)


@bad(
    validity.examples_validate,
    "examples/shop_refund.ok.json: request.path: 'merchant_uid' is a required property",
)
def _no_path(tree: Tree) -> None:
    example = tree.example("shop_refund.ok")
    example["request"]["path"] = {}
    tree.write_example("shop_refund.ok", example)


def _with_text(tree: Tree, text: str) -> None:
    example = tree.example("shop_order.ok")
    example["request"]["body"]["merchant_uid"] = text
    tree.write_example("shop_order.ok", example)


@bad(examples.invented_people, "examples/shop_order.ok.json: it holds what looks like a card number")
def _card_number(tree: Tree) -> None:
    _with_text(tree, "4539 1488 0343 6467")


@bad(examples.invented_people, "examples/shop_order.ok.json: telephone numbers must be 010-0000-…")
def _telephone_number(tree: Tree) -> None:
    _with_text(tree, "010-2345-6789")


@bad(examples.invented_people, "examples/shop_order.ok.json: mail addresses must end in example.com")
def _mail(tree: Tree) -> None:
    _with_text(tree, "hong@nowhere.kr")


@bad(examples.invented_people, "examples/shop_order.ok.json: it holds what looks like a resident number")
def _resident_number(tree: Tree) -> None:
    _with_text(tree, "900101-1234567")


@pytest.mark.parametrize(("rule", "line", "spoil"), CASES)
def test_the_fault_is_found(rule: Rule, line: str, spoil: Spoil, tree: Tree) -> None:
    spoil(tree)
    assert line in [*rule(tree.spec)]
    everything = validate if rule in VALIDATED else lint
    assert line in everything(tree.raw, tree.folder)


@pytest.mark.parametrize("rule", [*RULES, files.unresolved_references, *VALIDATED], ids=lambda rule: rule.__name__)
def test_every_rule_has_a_case_and_lets_the_good_pass(rule: Rule, tree: Tree) -> None:
    assert [*rule(tree.spec)] == []
    assert rule in [case.values[0] for case in CASES]


def test_only_what_looks_real_is_refused(tree: Tree) -> None:
    """Test cards, masked cards and long numbers that are no cards stay allowed."""
    _with_text(tree, "4242424242424242 433012******1234 2026031012345678 010-0000-1234 hong@example.com")
    assert [*examples.invented_people(tree.spec)] == []


def test_what_the_vendor_alone_has_may_be_explained(tree: Tree) -> None:
    entry = DEVIATION.format(id="dropped", kinds="definition-missing", pointers="Discount")
    tree.write("deviations.yaml", entry)
    assert [*files.deviations_point_at_something(tree.spec)] == []


def test_the_lines_are_sorted_and_said_once(tree: Tree) -> None:
    for name in ("Order.paid_at", "Order.amount", "Voucher.valid_to"):
        del tree.field(name)["description"]
    lines = lint(tree.raw, tree.folder)
    assert lines == sorted(set(lines))
    assert len(lines) == 3


def test_the_table_is_the_list_of_extensions() -> None:
    """What codegen reads and what the templates read is in the table, and what is in the table is used."""
    table = extensions.table_of()
    assert table["x-money"] == (["number"], True)
    assert table["x-at-least-one"] == (["body", "operation"], False)
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder, pattern in (("scripts/codegen", "*.py"), ("templates", "*.jinja"))
        for path in sorted((ROOT / folder).rglob(pattern))
    )
    read = set(re.findall(r"""["'](x-[a-z-]+)["']""", source))
    assert read <= table.keys()
    assert "x-money" in read


def test_a_table_with_an_unknown_place(tree: Tree, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("| `x-money: true` | banknote | an amount |\n", encoding="utf-8")
    lines = [*extensions.known_extensions(tree.spec, readme)]
    assert "README.md: x-money: there is no place called banknote" in lines
    assert "Order.amount: x-money may only stand at banknote" in lines


def test_the_command_line(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--spec", str(tree.folder)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"lint_spec: 5 operations keep {len(RULES)} rules, and the examples are what they say\n"
    assert printed.err == ""

    tree.edit("schemas/Voucher.yaml", "description: Its number.", "description: 'Its number:'")
    assert main(["--spec", str(tree.folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "Voucher.voucher_uid: description breaks off\nlint_spec: 1 problems in spec/\n"

    tree.remove("schemas/Voucher.yaml")
    assert main(["--spec", str(tree.folder)]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("lint_spec: spec/schemas/envelopes/RefundEnvelope.yaml: ")
    assert printed.err.count("\n") == 1
