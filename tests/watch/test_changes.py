"""What the watch says of a changed document: one readable line each, and where to touch spec/."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from .conftest import SHOP, Watch

Change = Callable[[dict[str, Any]], object]


def order(shop: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = shop["paths"]["/shop/orders"]["post"]
    return operation


def parameter(shop: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in order(shop)["parameters"] if each["name"] == name)
    return found


def payment(shop: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = shop["paths"]["/payments/{imp_uid}"]["get"]
    return operation


def fields(shop: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = shop["definitions"]["OrderAnnotation"]["properties"]
    return properties


CHANGES: list[tuple[str, Change, list[str]]] = [
    (
        "a key that nothing reads",
        lambda shop: order(shop).update({"x-portone-idempotent": True, "produces": ["text/plain"]}),
        ['POST /shop/orders: other key added: produces ["text/plain"], x-portone-idempotent true  [touch spec/]'],
    ),
    (
        "how a list is written, and a text of which no word is kept",
        lambda shop: parameter(shop, "items").update({"collectionFormat": "csv", "x-note": "쉼표로 잇는다"}),
        ['POST /shop/orders items: other key added: collectionFormat "csv", x-note 428d2bf64cf2  [touch spec/]'],
    ),
    (
        "a key of the whole document",
        lambda shop: shop.update({"produces": ["text/plain"]}),
        ['document others: document added: produces ["text/plain"]  [see spec/openapi.yaml]'],
    ),
    (
        "operation added",
        lambda shop: shop["paths"].update({"/shop/new": {"post": {"operationId": "made", "responses": {}}}}),
        [
            (
                "POST /shop/new: operation added (made)  "
                "[write spec/paths/<tag>/shop_new.yaml and list it in spec/openapi.yaml]"
            )
        ],
    ),
    (
        "operation removed",
        lambda shop: shop["paths"].pop("/payments/{imp_uid}"),
        [
            (
                "GET /payments/{imp_uid}: operation removed (getPayment)  [keep it, `deprecated` with `x-history`, in "
                "spec/paths/payments/payments_{imp_uid}.yaml, and explain it in spec/deviations.yaml]"
            )
        ],
    ),
    (
        "parameter added",
        lambda shop: payment(shop)["parameters"].append({"name": "extra", "in": "query", "type": "boolean"}),
        [
            (
                "GET /payments/{imp_uid} extra: parameter added (query boolean)  "
                "[touch spec/paths/payments/payments_{imp_uid}.yaml]"
            )
        ],
    ),
    (
        "parameter removed",
        lambda shop: payment(shop)["parameters"].pop(),
        ["GET /payments/{imp_uid} sorting: parameter removed (query string)"],
    ),
    (
        "parameter newly required",
        lambda shop: payment(shop)["parameters"][1].update(required=True),
        ["GET /payments/{imp_uid} sorting is now required  [keep it optional for older callers in spec/paths/"],
    ),
    (
        "parameter no longer required",
        lambda shop: parameter(shop, "amount").update(required=False),
        ["POST /shop/orders amount is no longer required"],
    ),
    (
        "parameter moved",
        lambda shop: payment(shop)["parameters"][1].update({"in": "header"}),
        ["GET /payments/{imp_uid} sorting: place changed: query → header"],
    ),
    (
        "parameter deprecated",
        lambda shop: payment(shop)["parameters"][1].update(deprecated=True),
        ["GET /payments/{imp_uid} sorting is now deprecated"],
    ),
    (
        "type changed",
        lambda shop: parameter(shop, "amount").update(type="string"),
        ["POST /shop/orders amount: type changed: number → string"],
    ),
    (
        "type of a list repaired",
        lambda shop: parameter(shop, "items").update(items={"type": "string"}),
        ['POST /shop/orders items: type changed: array of "string" → array of string'],
    ),
    (
        "values added and removed",
        lambda shop: payment(shop)["parameters"][1].update(enum=["-started", "paid"]),
        [
            "GET /payments/{imp_uid} sorting: value removed: started",
            "GET /payments/{imp_uid} sorting: value added: paid",
        ],
    ),
    (
        "default changed",
        lambda shop: payment(shop)["parameters"][1].update(default="started"),
        ["GET /payments/{imp_uid} sorting: default changed: -started → started"],
    ),
    (
        "bound repaired",
        lambda shop: parameter(shop, "name").update(maxLength=40),
        ["POST /shop/orders name: bound changed: maxLength '40' → maxLength 40"],
    ),
    (
        "bound added",
        lambda shop: parameter(shop, "amount").update(minimum=0),
        ["POST /shop/orders amount: bound added: minimum 0"],
    ),
    (
        "format added",
        lambda shop: fields(shop)["kind"].update(format="uri"),
        ["OrderAnnotation kind: format added: uri"],
    ),
    (
        "status added",
        lambda shop: order(shop)["responses"].update({"409": {"description": "twice"}}),
        ["POST /shop/orders 409: status added: 409", "POST /shop/orders: text added: 409 description"],
    ),
    (
        "status removed",
        lambda shop: order(shop)["responses"].pop("401"),
        ["POST /shop/orders 401: status removed: 401", "POST /shop/orders: text removed: 401 description"],
    ),
    (
        "answer changed",
        lambda shop: payment(shop)["responses"]["200"].update(schema={"$ref": "#/definitions/OrderAnnotation"}),
        ["GET /payments/{imp_uid} 200: answer type changed: OrderResponse → OrderAnnotation"],
    ),
    (
        "PG list changed",
        lambda shop: order(shop).update({"x-portone-supported_pgs": ["kcp"]}),
        [
            "POST /shop/orders: PG entry removed: supported nice",
            "POST /shop/orders: PG entry added: supported kcp",
        ],
    ),
    (
        "PG requires a parameter",
        lambda shop: parameter(shop, "amount").update({"x-portone-per-pg": {"kcp": {"required": True}}}),
        ["POST /shop/orders amount: PG entry added: required kcp"],
    ),
    (
        "misspelling repaired",
        lambda shop: order(shop).update({"x-portone-supported-pgs": order(shop).pop("x-portone-supported_pgs")}),
        [
            (
                "POST /shop/orders: misspelt mark removed: x-portone-supported_pgs  "
                "[nothing to touch but the entry in spec/deviations.yaml]"
            )
        ],
    ),
    (
        "id and tag changed",
        lambda shop: order(shop).update(operationId="makeOrder", tags=["shop"]),
        [
            "POST /shop/orders: operation id changed: order → makeOrder",
            "POST /shop/orders: tag removed: orders",
            "POST /shop/orders: tag added: shop",
        ],
    ),
    (
        "media type removed",
        lambda shop: order(shop).update(consumes=["application/json"]),
        ["POST /shop/orders: media type removed: application/x-www-form-urlencoded"],
    ),
    (
        "field added",
        lambda shop: fields(shop).update(note={"type": "string"}),
        ["OrderAnnotation note: field added (string)"],
    ),
    (
        "field removed",
        lambda shop: fields(shop).pop("kind"),
        ["OrderAnnotation kind: field removed (string)"],
    ),
    (
        "field of an inline object added",
        lambda shop: fields(shop)["address"]["properties"].update(city={"type": "string"}),
        ["OrderAnnotation.address city: field added (string)"],
    ),
    (
        "values of a field",
        lambda shop: fields(shop)["kind"].update({"x-portone-enum": ["A", "B", "C"]}),
        ["OrderAnnotation kind: value added: C"],
    ),
    (
        "field newly required",
        lambda shop: shop["definitions"]["OrderAnnotation"]["required"].append("kind"),
        ["OrderAnnotation kind is now required"],
    ),
    (
        "required name without a field repaired",
        lambda shop: shop["definitions"]["OrderAnnotation"]["required"].remove("a_field_that_is_nowhere"),
        ["OrderAnnotation: required name without a field removed: a_field_that_is_nowhere"],
    ),
    (
        "definition added",
        lambda shop: shop["definitions"].update(Thing={"properties": {"id": {"type": "string"}}}),
        ["Thing: definition added (id)  [write it below spec/schemas/ and add it to spec/names.yaml]"],
    ),
    (
        "definition removed",
        lambda shop: shop["definitions"].pop("OrderAnnotation"),
        ["OrderAnnotation: definition removed (address, history, imp_uid, kind)"],
    ),
    (
        "base type removed",
        lambda shop: shop["definitions"]["OrderResponse"]["allOf"].pop(0),
        ["OrderResponse: base type removed: ResponseAnnotation"],
    ),
    (
        "host and security",
        lambda shop: shop.update(host="new.example.com", securityDefinitions={"token": {"type": "apiKey"}}),
        [
            "document hosts: document changed: api.example.com → new.example.com  [see spec/openapi.yaml]",
            "document security: document changed",
            "document security schemes: document added: token: apiKey",
        ],
    ),
    (
        "base path and schemes",
        lambda shop: shop.update(basePath="/v1", schemes=["http", "https"], security=[{"token": []}]),
        [
            "document base path: document changed: / → /v1  [see spec/openapi.yaml]",
            "document demands: document added: token",
            "document schemes: document",
        ],
    ),
    (
        "operation deprecated",
        lambda shop: payment(shop).update(deprecated=True),
        ["GET /payments/{imp_uid} is now deprecated  [touch spec/paths/payments/payments_{imp_uid}.yaml]"],
    ),
    (
        "operation that anyone may call",
        lambda shop: payment(shop).update(security=[]),
        ["GET /payments/{imp_uid}: security added: nothing"],
    ),
    (
        "answer header",
        lambda shop: payment(shop)["responses"]["200"].update(headers={"X-Rate-Limit": {"type": "integer"}}),
        ["GET /payments/{imp_uid}: answer header added: 200 X-Rate-Limit integer"],
    ),
    (
        "a note for a PG rewritten",
        lambda shop: parameter(shop, "name")["x-portone-per-pg"]["nice_V2"].update(description="another rule"),
        ["POST /shop/orders name: note for nice_v2 was rewritten  [read what it says now: a rule in it belongs"],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [each[1:] for each in CHANGES], ids=[each[0] for each in CHANGES])
def test_each_change_is_one_line_with_a_hint(watch: Watch, change: Change, expected: list[str]) -> None:
    change(watch.shop)

    status, lines, errors = watch.review()

    assert status == 1
    assert not errors
    changes = [line for line in lines[:-1] if "OrderAnnotation.address: definition" not in line]
    assert len(changes) == len(expected), lines
    for line, start in zip(changes, expected, strict=True):
        assert line.startswith(start)
        assert line.endswith("]"), "no hint where to touch spec/"
    assert lines[-1] == f"{len(lines) - 1} change(s) since the review of 2026-01-02"


def test_nothing_changed(watch: Watch) -> None:
    assert watch.review() == (0, ["0 change(s) since the review of 2026-01-02"], "")


@pytest.mark.parametrize("word", ["description", "summary", "x-portone-name", "x-portone-description"])
def test_a_rewritten_text_is_a_change_and_no_word_of_it_is_stored(watch: Watch, word: str) -> None:
    places = [order(watch.shop), fields(watch.shop)["kind"], parameter(watch.shop, "name")]
    for place in places:
        place[word] = "처음 설명: 40자까지"
    watch.run("--file", watch.write(watch.shop), "--accept", "--dated", "2026-01-02")
    for place in places:  # other blanks are no other rule
        place[word] = " 처음   설명:\n40자까지 "
    assert watch.review()[0] == 0
    for place in places:
        place[word] = "처음 설명: 20자까지"

    status, lines, _ = watch.review()

    assert status == 1
    assert [line.partition("  [")[0] for line in lines[:-1]] == [
        f"POST /shop/orders name: {word} was rewritten",
        f"POST /shop/orders: {word} was rewritten",
        f"OrderAnnotation kind: {word} was rewritten",
    ]
    assert "설명" not in watch.lock.read_text(encoding="utf-8")


def test_another_example_is_no_change(watch: Watch) -> None:
    order(watch.shop)["example"] = fields(watch.shop)["kind"]["example"] = "새로운 예"

    assert watch.review()[0] == 0


def test_the_order_of_the_document_is_no_change(watch: Watch) -> None:
    def reversed_deeply(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: reversed_deeply(node[key]) for key in reversed(node)}
        return node

    watch.shop = reversed_deeply(watch.shop)
    order(watch.shop)["parameters"].reverse()

    assert watch.review()[0] == 0


def test_yaml_reads_like_json(watch: Watch) -> None:
    path = watch.folder / "document.yaml"
    path.write_text(yaml.safe_dump(watch.shop), encoding="utf-8")

    assert watch.run("--file", path)[0] == 0


def test_strings_of_the_document_stay_on_one_line_without_control_characters(watch: Watch) -> None:
    fields(watch.shop)["a\n\x1b[31mb\u202e" + "c" * 500] = {"type": "string"}

    _, lines, _ = watch.review()

    assert len(lines) == 2
    assert lines[0].isprintable()
    assert len(lines[0]) < 300


def test_accepting_makes_the_document_the_reviewed_one(watch: Watch) -> None:
    fields(watch.shop)["note"] = {"type": "string"}
    document = watch.write(watch.shop)

    status, lines, _ = watch.run("--file", document, "--accept", "--dated", "2026-02-03")

    assert status == 0
    assert lines[-1] == "accepted: lock.json holds the facts of this document now"
    assert watch.run("--file", document) == (0, ["0 change(s) since the review of 2026-02-03"], "")
    status, lines, _ = watch.run("--file", SHOP)
    assert (status, lines[0].partition("  ")[0]) == (1, "OrderAnnotation note: field removed (string)")


def test_the_lock_holds_facts_and_no_prose(watch: Watch) -> None:
    text = watch.lock.read_text(encoding="utf-8")

    for prose in ("must not reach", "prose", "fine", "unknown", "sample&quot;"):
        assert prose not in text
    lock = json.loads(text)
    parameters = lock["operations"]["POST /shop/orders"]["parameters"]
    name = parameters["name"]
    assert parameters == {
        "amount": {"in": "formData", "required": True, "type": "number"},
        "items": {"default": "(sample)", "in": "formData", "type": 'array of "string"'},
        "name": {
            "bounds": {"maxLength": "40"},
            "in": "formData",
            "pg": {"noted": ["nice_v2"], "required": ["ksnet"]},
            "spelling": ["nice_V2", "requiqred"],
            "texts": name["texts"],
            "type": "string",
        },
    }
    assert all(re.fullmatch(r"[0-9a-f]{12}", digest) for digest in name["texts"].values())


def test_the_lock_has_one_value_a_line(watch: Watch) -> None:
    before = watch.lock.read_text(encoding="utf-8").splitlines()
    parameter(watch.shop, "amount")["minimum"] = 0
    watch.run("--file", watch.write(watch.shop), "--accept", "--dated", "2026-01-02")
    after = watch.lock.read_text(encoding="utf-8").splitlines()

    assert len(after) == len(before) + 3
    assert [line.strip() for line in after if line not in before] == ['"minimum": 0']


def test_the_report_is_a_list_to_tick_off(watch: Watch) -> None:
    fields(watch.shop)["no`te"] = {"type": "string"}
    parameter(watch.shop, "amount")["type"] = "string"
    report = watch.folder / "report.md"

    status, _, _ = watch.run("--file", watch.write(watch.shop), "--report", report)

    assert status == 1
    assert report.read_text(encoding="utf-8") == (
        "# The vendor's document against the one last reviewed\n"
        "\n"
        "Last reviewed: 2026-01-02. 2 change(s) to decide on.\n"
        "\n"
        "## Operations\n"
        "\n"
        "- [ ] `POST /shop/orders amount: type changed: number → string`: touch spec/\n"
        "\n"
        "## Types\n"
        "\n"
        "- [ ] `OrderAnnotation no'te: field added (string)`: touch spec/\n"
    )


def test_the_report_of_no_change_says_so(watch: Watch) -> None:
    report = watch.folder / "report.md"

    assert watch.run("--file", SHOP, "--report", report)[0] == 0
    assert report.read_text(encoding="utf-8").endswith("\nNothing changed.\n")
