"""OpenAPI that an earlier generator mishandled in silence: each now makes a round trip, or is refused by name."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.specs.documents import Slot, document
from tests.fuzz.specs.kinds import SORTS, TEXT, Sort
from tests.fuzz.specs.trip import Refused, loaded, make, round_trip

TRUTH = (
    Sort("scalar", {"type": ["string", "integer", "boolean"]}, st.one_of(TEXT, st.integers(0, 99), st.booleans())),
    Sort("true", {"type": "boolean", "const": True}, st.just(True)),
)
SORT = {sort.name: sort for sort in (*SORTS, *TRUTH)}
FEW = settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def _slot(sort: str, position: str, name: str = "thing", depth: int = 0, **more: Any) -> Slot:
    options = {"null": False, "null_items": False, "required": True, **more}
    return Slot(SORT[sort], depth, position=position, name=name, **options)


WORKS = {
    "a list of each": [_slot(one, place, "things", 1) for one in ("integer",) for place in ("body", "answer", "query")],
    "lists of money": [_slot("money", "body", "a", 1), _slot("money", "answer", "a", 1)],
    "lists of times": [_slot("time", "body", "a", 1), _slot("time", "answer", "a", 1)],
    "lists of booleans": [_slot("boolean", "body", "a", 1), _slot("boolean", "answer", "a", 1)],
    "lists of open objects": [_slot("object", "body", "a", 1), _slot("object", "answer", "a", 1)],
    "lists of lists": [_slot("text", "body", "a", 2), _slot("integer", "answer", "a", 2)],
    "lists with null": [
        _slot("text", "body", "a", 1, null_items=True),
        _slot("integer", "answer", "a", 1, null_items=True),
    ],
    "a header": [_slot("text", "header", "X-Note"), _slot("integer", "header", "X-Count", required=False)],
    "a cookie": [_slot("text", "cookie", "session"), _slot("boolean", "cookie", "agreed", required=False)],
    "truth in every place": [
        *(
            _slot(kind, place, f"{kind}s")
            for kind in ("scalar", "true")
            for place in ("query", "cookie", "body", "answer")
        ),
        *(_slot("scalar", place, "all", 1) for place in ("query", "body")),
        *(_slot(kind, "path", f"{kind}-id") for kind in ("scalar", "true")),
    ],
    "helpers' names": [
        _slot("text", "query", "text"),
        _slot("integer", "query", "segment"),
        _slot("text", "body", "given"),
    ],
    "call options' names": [_slot("integer", "query", "timeout"), _slot("text", "body", "tier", required=False)],
    "one name in three places": [_slot("text", place, "thing") for place in ("query", "body", "header")],
    "a number in the path": [_slot("integer", "path", "id"), _slot("date", "path", "day")],
    "null that is required": [_slot("text", "body", null=True), _slot("integer", "answer", null=True)],
}


@pytest.mark.parametrize("name", WORKS)
def test_it_works(name: str) -> None:
    @FEW
    @given(st.data())
    def there_and_back(data: Any) -> None:
        with TemporaryDirectory() as folder:
            assert round_trip(WORKS[name], data, Path(folder)) == "round trip"

    there_and_back()


def _with(**changes: Any) -> dict[str, Any]:
    raw = document([_slot("text", "query", "q"), _slot("integer", "answer", "number")])
    ((_, item),) = raw["paths"].items()
    item["post"].update(changes)
    return raw


def _parameter(**changes: Any) -> dict[str, Any]:
    return _with(parameters=[{"name": "q", "in": "query", "schema": {"type": "string"}, **changes}])


def _body(schema: dict[str, Any], media: str = "application/json") -> dict[str, Any]:
    return _with(requestBody={"content": {media: {"schema": schema}}})


def _sent(fields: dict[str, Any]) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": {"type": "object", "properties": fields}}}}


def _answers(**codes: dict[str, Any]) -> dict[str, Any]:
    raw = _with()
    ((_, item),) = raw["paths"].items()
    item["post"]["responses"].update({code.removeprefix("_"): answer for code, answer in codes.items()})
    return raw


MODEL = {"$ref": "#/components/schemas/Point"}
OBJECT = {"type": "object", "properties": {"a": {"type": "string"}}}
FORM = "application/x-www-form-urlencoded"
BINARY = {"type": "string", "format": "binary"}
REFUSED = {
    "deepObject": (_parameter(style="deepObject"), "`style: deepObject` is not supported"),
    "not exploded": (_parameter(explode=False), "`explode: false` is not supported"),
    "content": (_parameter(content={}), "`content` of a parameter is not supported"),
    "an object in the query": (_parameter(schema=MODEL), "q: model in query is not supported"),
    "a form": (_body(OBJECT, FORM), f"the media type {FORM} is not supported"),
    "a body that is a list": (_body({"type": "array", "items": MODEL}), "a body that is no object with fields is not"),
    "binary": (_body({"type": "object", "properties": {"a": BINARY}}), "the format binary"),
    "patternProperties": (_body({**OBJECT, "patternProperties": {}}), "`patternProperties` of a schema"),
    "a second success": (
        _answers(_202={"description": "", "content": {"application/json": {"schema": MODEL}}}),
        "200, 202: answers that are not one and the same envelope are not supported",
    ),
    "no content": (_answers(_204={"description": ""}), "200, 204: answers that are not one and the same envelope"),
    "callbacks": (_with(callbacks={}), "`callbacks` of an operation is not supported"),
    "two tags": (_with(tags=["shop", "more"]), "an operation without an operationId and one tag is not supported"),
    "a model asked and answered": (
        _body({"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Result"}}}),
        "Result stands in requests and in answers",
    ),
    "a discriminator that names a file": (
        _body({"type": "object", "properties": {"a": SORT["one of"].schema | {"discriminator": {
            "propertyName": "kind", "mapping": {"cat": "Kat.yaml"}}}}}),
        "the discriminator names Kat.yaml, which is no branch: Cat, Dog",
    ),
    "models that nothing tells apart": (
        _body({"type": "object", "properties": {"a": {"oneOf": [MODEL, {"$ref": "#/components/schemas/Cat"}]}}}),
        "2 models without discriminator or x-discriminate-by-fields are not supported",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name(name: str, tmp_path: Path) -> None:
    raw, message = REFUSED[name]
    with pytest.raises(Refused) as refused:
        make(raw, tmp_path)
    text = str(refused.value)
    assert message in text
    assert text.startswith("/things"), "the place comes first"
    assert "\n" not in text


@pytest.mark.parametrize("name", ["unset", "conceal", "uuid", "kst"])
def test_a_method_may_be_called_like_a_part_of_its_module(name: str, tmp_path: Path) -> None:
    raw = _with(operationId=f"shop_{name}", requestBody=_sent({"a": {"type": "string", "x-sensitive": True}}))
    make(raw, tmp_path)
    with loaded(tmp_path) as (shop, _):
        assert callable(getattr(shop.ShopApi, f"{name}_"))
        assert getattr(shop, f"_{name}_")(q="1", a="2").body == {"a": "2"}


def test_the_warning_of_a_method_names_its_area_whole(tmp_path: Path) -> None:
    history = {"last-seen": "2025-01-01", "note": "Gone."}
    raw = _with(operationId="big_shop_do", tags=["big_shop"], deprecated=True, **{"x-history": history})
    make(raw | {"tags": [{"name": "big_shop"}]}, tmp_path)
    text = (tmp_path / "portone_v1_generated" / "api" / "big_shop.py").read_text("utf-8")
    assert "big_shop.do was withdrawn by the vendor: Gone." in text


def test_a_parameter_takes_the_place_of_its_paths(tmp_path: Path) -> None:
    raw = _parameter(schema={"type": "integer"}, required=True)
    ((_, item),) = raw["paths"].items()
    item["parameters"] = [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    make(raw, tmp_path)
    with loaded(tmp_path) as (shop, _):
        assert shop._do(q=1).query == {"q": "1"}


@pytest.mark.parametrize(
    ("document_needs", "operation_needs", "authorized"),
    [([{"key": []}], None, True), ([{"key": []}], [], False), (None, None, False), (None, [{"key": []}], True)],
)
def test_a_token_is_sent_where_one_is_needed(
    document_needs: Any, operation_needs: Any, authorized: bool, tmp_path: Path
) -> None:
    raw = _with() if operation_needs is None else _with(security=operation_needs)
    raw["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    if document_needs is not None:
        raw["security"] = document_needs
    make(raw, tmp_path)
    with loaded(tmp_path) as (shop, _):
        assert shop.DO.authorized is authorized


def test_an_unknown_discriminator_keeps_the_object_as_it_came(tmp_path: Path) -> None:
    make(document([_slot("one of", "answer", "pet"), _slot("one of", "answer", "pets", 1)]), tmp_path)
    bird, cat = {"kind": "bird", "wings": 2, "card_number": "4242424242424242"}, {"kind": "cat!", "lives": 9}
    with loaded(tmp_path) as (shop, _):
        result = shop.DO.read({"sign": "s", "pet": bird, "pets": [cat, bird, {"wings": 1}]})
        assert result.pet == bird
        assert result.pets[0].lives == 9
        assert result.pets[1:] == [bird, {"wings": 1}]
        assert result.to_dict() == {"sign": "s", "pet": bird, "pets": [cat, bird, {"wings": 1}]}
        assert "4242" not in repr(result)
