"""A specification that is broken in one place: one line, with the file and what is wrong there."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.bundle import bundle
from scripts.codegen import tool
from scripts.codegen.document import Document, Node
from scripts.codegen.supported import for_the_tool
from scripts.steps import StepError
from tests.templates.broken_spec import MINI, ORDERS, STOCK, VOUCHER, Edit, check_one_line, error_lines

ORDER = "schemas/Order.yaml"
SORTING = "schemas/enums/Sorting.yaml"

BROKEN: dict[str, tuple[Edit, str]] = {
    "no such type": (
        (VOUCHER, "    type: string\n", "    type: strng\n"),
        "spec/schemas/Voucher.yaml: /properties/voucher_uid/type: strng is no type: array, boolean, integer, null, number, object, string",  # noqa: E501
    ),
    "duplicate operationId": (
        (ORDERS, "operationId: shop_order", "operationId: shop_refund"),
        "spec/paths/shop/orders_{merchant_uid}_refund.yaml: /post: the operationId shop_refund is that of POST /orders as well",  # noqa: E501
    ),
    "misnamed path parameter": (
        (STOCK, "- name: shop-uid", "- name: shop_id"),
        "spec/paths/stock/stock_{shop-uid}_{level}.yaml: GET /stock/{shop-uid}/{level} within stock. Incorrect path",
    ),
    "path parameter that is not in the path": (
        (
            STOCK,
            "- name: shop-uid\n      in: path\n      required: true",
            "- name: other\n      in: path\n      required: true\n      description: Another.\n      schema: {type: string, minLength: 1}\n    - name: shop-uid\n      in: path\n      required: true",  # noqa: E501
        ),
        "spec/paths/stock/stock_{shop-uid}_{level}.yaml: GET /stock/{shop-uid}/{level} within stock. Incorrect path",
    ),
    "broken yaml": (
        (VOUCHER, "[voucher_uid]", "[voucher_uid"),
        "spec/schemas/Voucher.yaml:4: did not find expected ',' or ']'",
    ),
    "tab": (
        (VOUCHER, "  voucher_uid:\n", "\tvoucher_uid:\n"),
        "spec/schemas/Voucher.yaml:5: found character that cannot start any token",
    ),
    "key twice": (
        (VOUCHER, "    description: Its number.", "    description: Its number.\n    description: Twice."),
        "spec/schemas/Voucher.yaml:8: the key 'description' stands twice",
    ),
    "dangling ref": (
        (ORDER, "enums/OrderStatus.yaml", "enums/NoStatus.yaml"),
        "spec/schemas/Order.yaml: enums/NoStatus.yaml: there is no such file in spec/",
    ),
    "ref into file": (
        (ORDER, "enums/OrderStatus.yaml", "enums/OrderStatus.yaml#/enum"),
        "spec/schemas/Order.yaml: enums/OrderStatus.yaml#/enum: refer to a whole file, not to a place inside one",
    ),
    "unknown keyword": (
        (VOUCHER, "    description: Its number.", "    description: Its number.\n    patternProperties: {}"),
        "spec/schemas/Voucher.yaml: /properties/voucher_uid: `patternProperties` of a schema is not supported",
    ),
    "unknown format": (
        (VOUCHER, "    type: string\n", "    type: string\n    format: binary\n"),
        "spec/schemas/Voucher.yaml: /properties/voucher_uid/format: the format binary is not supported",
    ),
    "values that meet": (
        (
            SORTING,
            "enum: [-started, started]\nx-enum-descriptions:\n",
            "enum: [a b, a-b, -started, started]\nx-enum-descriptions:\n  a b: one\n  a-b: another\n",
        ),
        "spec/schemas/enums/Sorting.yaml: the values a b, a-b would all be called A_B: x-enum-names",
    ),
    "unknown extension": (
        (VOUCHER, "    description: Its number.", "    description: Its number.\n    x-monney: true"),
        "spec/schemas/Voucher.yaml: Voucher.voucher_uid: x-monney is not in the table of spec/README.md",
    ),
    "required of a body at a schema": (
        (VOUCHER, "required: [voucher_uid]", "required: true\ncontent: {application/json: {}}"),
        "spec/schemas/Voucher.yaml: `content` of a schema is not supported",
    ),
    "required of a body at an enumeration": (
        (SORTING, "enum: ", "required: true\ncontent: {}\nenum: "),
        "spec/schemas/enums/Sorting.yaml: `content` of a schema is not supported",
    ),
    "required not a field": (
        (VOUCHER, "required: [voucher_uid]", "required: [voucher_id]"),
        "spec/schemas/Voucher.yaml: Voucher: it requires voucher_id, which it has not",
    ),
    "undeclared tag": (
        (ORDERS, "operationId: shop_order\n  tags: [shop]", "operationId: shop_order\n  tags: [stoc]"),
        "spec/paths/shop/orders.yaml: /post: the operationId shop_order must begin with its tag, stoc_",
    ),
    "two tags": (
        (ORDERS, "operationId: shop_order\n  tags: [shop]", "operationId: shop_order\n  tags: [shop, stock]"),
        "spec/paths/shop/orders.yaml: shop_order: it must have exactly one tag",
    ),
    "id without tag": (
        (ORDERS, "operationId: shop_order", "operationId: order"),
        "spec/paths/shop/orders.yaml: /post: the operationId order must begin with its tag, shop_",
    ),
    "no id": (
        (ORDERS, "  operationId: shop_order\n", ""),
        "spec/paths/shop/orders.yaml: /post: it has no operationId",
    ),
    "no description": (
        (VOUCHER, "    description: Its number.\n", ""),
        "spec/schemas/Voucher.yaml: Voucher.voucher_uid: it has no description",
    ),
    "array without items": (
        (ORDER, "    items:\n      type: string\n", ""),
        "spec/schemas/Order.yaml: Order.tags: an array needs items",
    ),
    "style": (
        (
            ORDERS,
            "    - name: page-size\n      in: query",
            "    - name: page-size\n      in: query\n      style: pipeDelimited",
        ),
        "spec/paths/shop/orders.yaml: /get/parameters/2/style: `style: pipeDelimited` is not supported",
    ),
    "parameter without schema": (
        (ORDERS, "      schema:\n        type: boolean\n  responses", "  responses"),
        "spec/paths/shop/orders.yaml: /get/parameters/4: it needs schema",
    ),
    "form": (
        (
            ORDERS,
            "    content:\n      application/json:\n        schema:\n          type: object",
            "    content:\n      application/x-www-form-urlencoded:\n        schema:\n          type: object",
        ),
        "spec/paths/shop/orders.yaml: /post/requestBody: it has no application/json, and an example of it",
    ),
    "second success": (
        (
            ORDERS,
            '            $ref: ../../schemas/envelopes/OrderListEnvelope.yaml\n    "401"',
            '            $ref: ../../schemas/envelopes/OrderEnvelope.yaml\n    "401"',
        ),
        "spec/paths/shop/orders.yaml, get: 200, 207: answers that are not one and the same envelope are not supported",
    ),
    "x-money on text": (
        (VOUCHER, "    type: string\n", "    type: string\n    x-money: true\n"),
        "spec/schemas/Voucher.yaml: Voucher.voucher_uid: x-money may only stand at number",
    ),
    "required-if unknown": (
        (ORDERS, "need: [receiver]", "need: [reciever]"),
        "spec/paths/shop/orders.yaml: shop_order: it has no argument reciever",
    ),
    "pagination unknown": (
        (STOCK, "from: from, to: to", "from: since, to: to"),
        "spec/paths/stock/stock_{shop-uid}_{level}.yaml: stock_list: it has no argument since",
    ),
    "walk by time": (
        (STOCK, "    key: name\n", "    key: name\n    time: due_at\n"),
        "spec/paths/stock/stock_{shop-uid}_{level}.yaml, get: x-pagination goes by due_at, which no item has",
    ),
    "call option": (
        ("parameters/Shop.yaml", "x-call-option: tier", "x-call-option: tyer"),
        "spec/paths/shop/orders.yaml, get, Shop: x-call-option: there is no option tyer",
    ),
    "default of wrong type": (
        (ORDERS, "        default: 20\n", "        default: twenty\n"),
        "spec/paths/shop/orders.yaml: shop_get_many.page-size: it does not allow its default, 'twenty'",
    ),
    "two arguments one name": (
        (ORDERS, "x-python-name: limit", "x-python-name: from_"),
        "spec/paths/shop/orders.yaml, get: more than one argument is called from__query; give x-python-name",
    ),
    "two fields one name": (
        (VOUCHER, "    description: Its number.", "    description: Its number.\n    x-python-name: valid_to"),
        "spec/schemas/Voucher.yaml: more than one field is called valid_to; give x-python-name",
    ),
    "ref nullable no discriminator": (
        (
            ORDER,
            "      - $ref: Order.yaml\n      - type: 'null'",
            "      - $ref: Order.yaml\n      - $ref: Voucher.yaml",
        ),
        "spec/schemas/Order.yaml, replaces: 2 models without discriminator or x-discriminate-by-fields are not supported",  # noqa: E501
    ),
    "bad path file": (
        ("openapi.yaml", "/orders:\n", "/orderz:\n"),
        "spec/paths/shop/orders.yaml: /orderz: its file must be called paths/shop/orderz.yaml, not paths/shop/orders.yaml",  # noqa: E501
    ),
    "wrong example": (
        ("examples/shop_order.ok.json", '"amount"', '"amonut"'),
        "spec/examples/shop_order.ok.json: request.body.amonut: the operation has none of this",
    ),
    "an anchor and its alias": (
        (VOUCHER, "    description: Its number.", "    description: &text Its number.\n    title: *text"),
        "spec/schemas/Voucher.yaml:7: an alias refers to this: write it out there",
    ),
    "merge key": (
        (VOUCHER, "    type: string\n", "    type: string\n    <<: {minLength: 1}\n"),
        "spec/schemas/Voucher.yaml:7: << is not read: write the keys out",
    ),
    "tag": (
        (VOUCHER, "Its number.", "!!binary aGVsbG8="),
        "spec/schemas/Voucher.yaml:7: the tag binary is not read",
    ),
    "ref out of the folder": (
        (ORDER, "enums/OrderStatus.yaml", "/etc/hosts"),
        "spec/schemas/Order.yaml: /etc/hosts: there is no such file in spec/",
    ),
    "no such place": (
        (ORDERS, "- name: page-size\n      in: query", "- name: page-size\n      in: body"),
        "spec/paths/shop/orders.yaml: /get/parameters/2/in: body is no place: cookie, header, path, query",
    ),
    "null and nothing else": (
        (VOUCHER, "    type: string\n", "    type: ['null']\n"),
        "spec/schemas/Voucher.yaml: /properties/voucher_uid/type: it must be a text, or a list of texts",
    ),
    "pattern that is none": (
        (VOUCHER, "    type: string\n", "    type: string\n    pattern: '('\n"),
        "spec/paths/shop/orders_{merchant_uid}_refund.yaml: shop_refund: answer.body: its schema is none: ",
    ),
    "no name of Python": (
        (ORDERS, "x-python-name: limit", "x-python-name: the limit"),
        "spec/paths/shop/orders.yaml: /get/parameters/2/x-python-name: it must be a name that Python takes",
    ),
    "a keyword of Python": (
        (ORDERS, "x-python-name: limit", "x-python-name: None"),
        "spec/paths/shop/orders.yaml: /get/parameters/2/x-python-name: it must be a name that Python takes",
    ),
    "no such method": (
        (ORDERS, "\npost:\n", "\npots:\n"),
        "spec/paths/shop/orders.yaml: pots is no method of HTTP",
    ),
    "no such status": (
        (ORDERS, '    "401"', '    "4O1"'),
        "spec/paths/shop/orders.yaml: /get/responses: 4O1 is no status of HTTP",
    ),
    "deprecated, but not true": (
        (ORDERS, "  operationId: shop_order\n", "  operationId: shop_order\n  deprecated: 'no'\n"),
        "spec/paths/shop/orders.yaml: /post/deprecated: it must be true or false",
    ),
    "an operationId with a dot": (
        (ORDERS, "operationId: shop_order", "operationId: shop_or.der"),
        "spec/paths/shop/orders.yaml: /post: the operationId shop_or.der must be one word: its examples are",
    ),
    "no version of OpenAPI": (
        ("openapi.yaml", "openapi: 3.1.0\n", ""),
        "spec/openapi.yaml: it needs openapi",
    ),
    "misshapen in openapi.yaml": (
        ("openapi.yaml", "/orders:\n    $ref: paths/shop/orders.yaml\n", "/orders: 1\n"),
        "spec/openapi.yaml: /paths//orders: it must be a mapping",
    ),
    "extension of the document": (
        ("openapi.yaml", "openapi: 3.1.0\n", "openapi: 3.1.0\nx-money: true\n"),
        "spec/openapi.yaml: x-money may not stand there",
    ),
    "no description of an answer": (
        ("responses/NotFound.yaml", "description:", "summary:"),
        "spec/responses/NotFound.yaml: response NotFound: it has no description",
    ),
    "an example whose request is a text": (
        ("examples/shop_order.refused.json", '"request": {', '"request": "text", "x": {'),
        "spec/examples/shop_order.refused.json: request: it must be a mapping",
    ),
    "an example with a number that JSON has not": (
        ("examples/shop_order.ok.json", '"summary"', '"x": NaN, "summary"'),
        "spec/examples/shop_order.ok.json: not an example: NaN is no JSON",
    ),
    "an example that is no JSON": (
        ("examples/shop_order.ok.json", "{", "{{"),
        "spec/examples/shop_order.ok.json: not an example: Expecting property name",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_one_line_with_its_place(name: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_one_line(spec, *BROKEN[name], capsys)


def _twice(raw: Node) -> None:
    parameters = raw["paths"]["/orders"]["get"]["parameters"]
    parameters.append(parameters[1])


def _no_reference(raw: Node) -> None:
    schema = {"$ref": "#/components/schemas/Nothing"}
    raw["paths"]["/orders"]["get"]["parameters"].append({"name": "a", "in": "query", "schema": schema})


def _no_item(raw: Node) -> None:
    raw["components"]["schemas"]["Voucher"] = {"type": "array", "items": {"$ref": "#/components/schemas/Nothing"}}


def _no_constant(raw: Node) -> None:
    raw["paths"]["/orders"]["get"]["parameters"].append({"name": "a", "in": "query", "schema": {"const": [1]}})


def _unlike_branches(raw: Node) -> None:
    branch = {"type": "object", "properties": {"merchant_uid": {"type": "integer"}}}
    raw["components"]["schemas"]["Order"]["allOf"] = [branch]


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (_twice, "spec/paths/shop/orders.yaml: GET /orders within shop. Parameters MUST NOT contain duplicates."),
        (
            _no_reference,
            "spec/paths/shop/orders.yaml: GET /orders within shop. cannot parse parameter of endpoint",
        ),
        (
            _no_item,
            "spec/schemas/Voucher.yaml: Unable to parse schema /components/schemas/Voucher invalid data in items",
        ),
        (_no_constant, "spec/paths/shop/orders.yaml: 4 validation errors for OpenAPI paths./orders.get.parameters.5."),
        (
            _unlike_branches,
            "spec/schemas/Order.yaml: Unable to process schema /components/schemas/Order: str can't",
        ),
    ],
)
def test_what_the_tool_finds_has_its_place(edit: Callable[[Node], None], line: str) -> None:
    """Nothing before the tool finds these: its own words, and the file to go to."""
    raw = copy.deepcopy(bundle(MINI))
    edit(raw)
    document = Document(raw, MINI)
    with pytest.raises(StepError) as refused:
        tool.parse(document, for_the_tool(document))
    assert str(refused.value).startswith(line)
    assert "will not be generated" not in str(refused.value)
    assert " object at " not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_model_asked_and_answered_is_refused_with_its_place(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = spec / ORDER
    path.write_text(
        path.read_text("utf-8").replace(
            "properties:\n", "properties:\n  to:\n    description: Who gets it.\n    $ref: Receiver.yaml\n", 1
        ),
        "utf-8",
    )
    first, *_ = error_lines(spec, capsys)
    place = "spec/paths/shop/orders.yaml, post, receiver"
    assert first == f"generate: {place}: Receiver stands in answers and in requests: give each a schema of its own"


def test_there_are_enough_of_them() -> None:
    assert len(BROKEN) >= 28
