"""Marks, names and headers of a specification that would break a call, or be ignored: one line, with the file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts.bundle import bundle
from scripts.codegen.document import Document
from scripts.codegen.supported import for_the_tool, member_name
from scripts.plain import older
from scripts.steps import StepError
from tests.templates.broken_spec import MINI, ORDERS, STOCK, VOUCHER, Edit, check_one_line

CHOICE = "oneOf: [{$ref: Order.yaml}, {$ref: Article.yaml}]"
STATUS = "schemas/enums/OrderStatus.yaml"
SORTING = "schemas/enums/Sorting.yaml"
REPORT = "paths/stock/stock_report.yaml"
FIELDS = "".join(
    (MINI / REPORT).read_text("utf-8").partition("          type: object\n")[2].partition("  responses:")[0]
)
OF_VOUCHER = "    type: string\n    description: Its number."
HIDDEN = "    - name: hidden\n      in: query\n"
GET = f"spec/{ORDERS}, get: "
IN_GET = f"spec/{ORDERS}: /get: "
NO_NAME = "it must be a name that Python takes"


def _voucher(schema: str) -> Edit:
    return VOUCHER, OF_VOUCHER, "".join(f"    {line}\n" for line in (*schema.split("; "), "description: Its number."))


def _header(name: str) -> Edit:
    return ORDERS, HIDDEN, f"    - name: {name}\n      in: header\n"


BROKEN: dict[str, tuple[Edit, str]] = {
    # What stopped with a traceback.
    "a file that is nothing but itself": (
        (VOUCHER, "type: object\n", "$ref: Voucher.yaml\n"),
        f"spec/{VOUCHER}: it consists of itself, Voucher → Voucher: only a field may lead back",
    ),
    "a whole that consists of itself": (
        (VOUCHER, "type: object\n", "type: object\nallOf: [{$ref: Article.yaml}, {allOf: [{$ref: Voucher.yaml}]}]\n"),
        f"spec/{VOUCHER}: it consists of itself, Voucher → Voucher: only a field may lead back",
    ),
    "a map of itself": (
        (STATUS, "type: string\n", "type: object\nadditionalProperties: {$ref: OrderStatus.yaml}\n"),
        f"spec/{STATUS}: it consists of itself, OrderStatus → OrderStatus: only a field may lead back",
    ),
    "a path that is itself": (
        (ORDERS, "parameters:\n", "trace: {$ref: orders.yaml}\nparameters:\n"),
        f"spec/{ORDERS}: orders.yaml: only files of schemas, parameters, responses can be referred to",
    ),
    "a name that no file has": (
        (VOUCHER, OF_VOUCHER, f"    $ref: {'v' * 300}.yaml\n    description: A."),
        f"spec/{VOUCHER}: {'v' * 300}.yaml: there is no such file in spec/",
    ),
    "a body that is a map": (
        (REPORT, FIELDS, "          additionalProperties: true\n"),
        f"spec/{REPORT}, post: a body that is no object with fields is not supported",
    ),
    "keys as a text": (
        (ORDERS, "post:\n", "post:\n  security: accessToken\n"),
        f"spec/{ORDERS}: /post/security: it must be a list: `- accessToken: []`, or `[]` for none",
    ),
    "a discriminator that is a text": (
        _voucher("oneOf: [{$ref: Order.yaml}, {$ref: Article.yaml}]; discriminator: kind"),
        f"spec/{VOUCHER}: /properties/voucher_uid/discriminator: it must be a mapping",
    ),
    # What said where the generated code is wrong, and not the specification.
    "a keyword as an argument": (
        (ORDERS, "x-python-name: limit", "x-python-name: class"),
        f"spec/{ORDERS}: /get/parameters/2/x-python-name: {NO_NAME}",
    ),
    "a batch with a space": (
        (ORDERS, "{name: get_all,", "{name: get all,"),
        f"spec/{ORDERS}: /get/x-batch/name: {NO_NAME}",
    ),
    "an iterator called like a keyword": (
        (STOCK, "name: iter_all", "name: class"),
        f"spec/{STOCK}: /get/x-pagination/name: {NO_NAME}",
    ),
    "an identity that is no field": (
        (VOUCHER, "required:", "x-identity: [nope]\nrequired:"),
        f"spec/{VOUCHER}: x-identity names nope, which is no field",
    ),
    "an operation that begins with a digit": (
        ("paths/stock/stock_report.yaml", "operationId: stock_report", "operationId: stock_1st"),
        f"spec/{REPORT}: /post: the operationId stock_1st must begin with its tag, stock_, and a letter",
    ),
    # What spoke of the tool's own parts.
    "no value": (
        (STATUS, "x-open-enum:", "x-open-enum: {}\nx-enum-descriptions:"),
        f"spec/{STATUS}: /x-open-enum: it must be a mapping of values",
    ),
    "a null among the values": (
        (SORTING, "enum: [-started, started]", "enum: [-started, started, null]"),
        f"spec/{SORTING}: /enum/2: it must be a text or a whole number; null is a branch of anyOf",
    ),
    "one of a list and a model": (
        _voucher("oneOf: [{type: array, items: {type: string}}, {$ref: Article.yaml}, {type: string}]"),
        f"spec/{VOUCHER}, voucher_uid: one of list, model, string is not supported",
    ),
    # What was generated and broke a call, or did nothing.
    "a value of another type": (
        (SORTING, "enum: [-started, started]\nx-enum-descriptions:", "enum: [7]\nx-enum-descriptions:\n  7: seven"),
        f"spec/{SORTING}: Sorting: its type does not allow its value 7",
    ),
    "a default below its least": (
        (ORDERS, "        default: 20\n", "        default: 20\n        exclusiveMaximum: 20\n"),
        f"spec/{ORDERS}: shop_get_many.page-size: it does not allow its default, 20",
    ),
    "a default that is empty": (
        (ORDERS, "        maxItems: 100\n", "        minItems: 1\n        default: []\n"),
        f"spec/{ORDERS}: shop_get_many.imp_uid[]: it does not allow its default, []",
    ),
    "a field beside a whole": (
        (REPORT, "          type: object\n", "          allOf: [{$ref: ../../schemas/Receiver.yaml}]\n"),
        f"spec/{REPORT}, post: the tool lost articles: put what stands beside `allOf` into a branch of it",
    ),
    "what stands beside a path": (
        (
            "openapi.yaml",
            "    $ref: paths/shop/orders.yaml\n",
            "    $ref: paths/shop/orders.yaml\n    parameters: []\n",
        ),
        "spec/openapi.yaml: paths/shop/orders.yaml: nothing may stand beside it, put it into that file",
    ),
    "an answer without a body": (
        (ORDERS, "\npost:\n", "\nhead:\n"),
        f"spec/{ORDERS}: `head` of a path is not supported",
    ),
    "a rule of a part": (
        ("schemas/Receiver.yaml", "required:", "x-required-if: [{when: {tel: [a]}, need: [due]}]\nrequired:"),
        "spec/schemas/Receiver.yaml: Receiver: x-required-if may only stand at body",
    ),
    "an argument called __class__": (
        (ORDERS, "x-python-name: limit", "x-python-name: __class__"),
        f"spec/{ORDERS}: /get/parameters/2/x-python-name: {NO_NAME}",
    ),
    "a field called self": (
        (VOUCHER, OF_VOUCHER, f"{OF_VOUCHER}\n    x-python-name: self"),
        f"spec/{VOUCHER}: /properties/voucher_uid/x-python-name: {NO_NAME}",
    ),
    "a member called mro": (
        (STATUS, "x-open-enum:", "x-enum-names: {paid: mro}\nx-open-enum:"),
        f"spec/{STATUS}: /x-enum-names/paid: it must be a name in capitals",
    ),
    "a tag called class": (
        ("openapi.yaml", "- name: stock", "- name: class"),
        f"spec/openapi.yaml: /tags/1/name: {NO_NAME}",
    ),
    "no ids in a batch": (
        (ORDERS, "size: 100}", "size: 0}"),
        f"spec/{ORDERS}: /get/x-batch/size: it must be a whole number above 0",
    ),
    "a key of a batch": (
        (ORDERS, "size: 100}", "size: 100, sise: 1}"),
        f"spec/{ORDERS}: /get/x-batch/sise: there is no such key",
    ),
    "a window that goes back": (
        (STOCK, "days: 90", "days: -1"),
        f"spec/{STOCK}: /get/x-pagination/window/days: it must be a whole number above 0",
    ),
    "an item without the key": (
        (STOCK, "key: name", "key: nome"),
        f"spec/{STOCK}, get: x-pagination goes by nome, which no item has",
    ),
    "a fixed value that is none": (
        (STOCK, "{sorting: started}", "{sorting: ended}"),
        f"spec/{STOCK}: stock_list: sorting is never ended",
    ),
    "a condition that is never met": (
        (ORDERS, "when: {kind: [gift]}", "when: {kind: [gft]}"),
        f"spec/{ORDERS}: shop_order: kind is never gft",
    ),
    "missing by a field that no item has": (
        (ORDERS, "imp_uid[]: merchant_uid", "imp_uid[]: merchant_id"),
        f"{GET}x-report-missing goes by merchant_id, which no item has",
    ),
    "the client's own header": (
        _header("Authorization"),
        f"spec/{ORDERS}: /get/parameters/4/name: the header Authorization as an argument is not supported",
    ),
    "the client's own header, in small letters": (
        _header("content-length"),
        f"spec/{ORDERS}: /get/parameters/4/name: the header content-length as an argument",
    ),
    "the header of an option": (
        _header("shop"),
        f"{IN_GET}a header that is declared twice, Shop, shop, is not supported",
    ),
    "two names that are one": (
        (
            ORDERS,
            HIDDEN,
            (
                "    - {name: sort ing, in: query, description: A., schema: {type: string}}\n"
                "    - name: sort-ing\n      in: query\n"
            ),
        ),
        f"{IN_GET}sort ing beside sort-ing, which is called sorting in Python as well, is not supported",
    ),
    "a name that Python would write otherwise": (
        (VOUCHER, "  voucher_uid:", "  ﬁeld: {type: string, description: A.}\n  voucher_uid:"),
        f"spec/{VOUCHER}: the name '\\ufb01eld', which Python writes as 'field', is not supported",
    ),
    "a name as macOS writes it": (
        (VOUCHER, "  voucher_uid:", "  \u1100\u1161: {type: string, description: A.}\n  voucher_uid:"),
        f"spec/{VOUCHER}: the name '\\u1100\\u1161', which Python writes as '\\uac00', is not supported",
    ),
    "a format of another type": (
        _voucher("type: string; format: int32"),
        f"spec/{VOUCHER}: /properties/voucher_uid: the format int32 of string is not supported",
    ),
    "kinds of other keys": (
        (VOUCHER, "properties:\n", "additionalProperties: {type: integer}\nproperties:\n"),
        f"spec/{VOUCHER}: /additionalProperties: `additionalProperties` with a type, beside properties",
    ),
    "nullable as a text": (
        _voucher("type: string; nullable: 'yes'"),
        f"spec/{VOUCHER}: /properties/voucher_uid/nullable: it must be true or false",
    ),
    "a constant that is null": (
        _voucher("const: null"),
        f"spec/{VOUCHER}: /properties/voucher_uid/const: it must be a value",
    ),
    "an older OpenAPI": (
        ("openapi.yaml", "openapi: 3.1.0", "openapi: 3.0.3"),
        "spec/openapi.yaml: /openapi: 3.0.3 is not read, only OpenAPI 3.1",
    ),
    "a discriminator that no branch has": (
        _voucher(f"{CHOICE}; discriminator: {{propertyName: nope}}"),
        f"spec/{VOUCHER}, voucher_uid: the discriminator goes by nope, which Order has not",
    ),
    "a discriminator of nothing": (
        _voucher("type: object; discriminator: {propertyName: kind}"),
        f"spec/{VOUCHER}: /properties/voucher_uid: `discriminator` without oneOf is not supported",
    ),
    "a choice of one": (
        _voucher("oneOf: [{$ref: Article.yaml}]"),
        f"spec/{VOUCHER}: /properties/voucher_uid/oneOf: `oneOf` of one branch",
    ),
    "a whole of no object": (
        _voucher("allOf: [{type: integer}]"),
        f"spec/{VOUCHER}: /properties/voucher_uid: `allOf` of what is no object",
    ),
    "a time or a text": (
        _voucher("oneOf: [{type: integer, x-unix-time: true}, {type: string}]"),
        f"spec/{VOUCHER}, voucher_uid: x-unix-time of one of several types is not supported",
    ),
    "a key that nobody declared": (
        (ORDERS, "post:\n", "post:\n  security: [{nokey: []}]\n"),
        f"spec/{ORDERS}: /post: the security scheme nokey, which is not declared, is not supported",
    ),
    "a key of the document that nobody declared": (
        ("openapi.yaml", "- accessToken: []", "- accessTokens: []"),
        "spec/openapi.yaml: the security scheme accessTokens, which is not declared, is not supported",
    ),
    "a key or none": (
        (ORDERS, "post:\n", "post:\n  security: [{}, {accessToken: []}]\n"),
        f"spec/{ORDERS}: /post/security: `security` that leaves a choice is not supported",
    ),
    "a key in a header": (
        ("openapi.yaml", "      type: http\n", "      type: apiKey\n"),
        "spec/openapi.yaml: /components/securitySchemes/accessToken/type: a security scheme of apiKey, which is",
    ),
    "a second key": (
        (
            "openapi.yaml",
            "  securitySchemes:\n",
            "  securitySchemes:\n    b: {type: http, scheme: bearer, description: B.}\n",
        ),
        "spec/openapi.yaml: /components/securitySchemes: a second security scheme is not supported",
    ),
    "a text that turns round": (
        _voucher('type: string; x-name-ko: "\\u202e가"'),
        f"spec/{VOUCHER}: Voucher.voucher_uid: x-name-ko holds an invisible character",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_one_line_with_its_place(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_one_line(shutil.copytree(MINI, tmp_path / "spec"), *BROKEN[name], capsys)


def test_a_value_of_other_numerals_has_a_member_that_python_takes() -> None:
    assert [member_name({}, one) for one in ("²", "½", "º", "①호", "카드", "-ﬁnd", "*")] == [
        "VALUE_2", "VALUE_1_2", "O", "VALUE_1호", "카드", "FIND_DESC", "VALUE_",
    ]  # fmt: skip


def test_two_fields_that_are_one_in_python_are_named() -> None:
    raw = bundle(MINI)
    raw["components"]["schemas"]["Order"]["properties"] |= {"a b": {"type": "string"}, "a-b": {"type": "string"}}
    with pytest.raises(StepError, match=r"Order\.yaml: a b beside a-b, which is called ab in Python as well"):
        for_the_tool(Document(raw, MINI))


@pytest.mark.parametrize("path", ["/stock/../report", "/."])
def test_a_path_that_a_client_would_shorten(path: str) -> None:
    raw = bundle(MINI)
    raw["paths"][path] = raw["paths"].pop("/stock/report")
    with pytest.raises(StepError, match=f"/paths: the path {path} is not supported"):
        for_the_tool(Document(raw, MINI))


def test_several_types_are_one_of_them_in_openapi_3_0() -> None:
    raw = bundle(MINI)
    raw["components"]["schemas"]["Order"]["properties"]["count"] = {"type": ["string", "integer", "null"]}
    count = older(raw)["components"]["schemas"]["Order"]["properties"]["count"]
    assert count == {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True}
