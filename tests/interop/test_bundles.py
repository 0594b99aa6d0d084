"""The plain bundles: no `x-` key in them, nothing of the specification lost, and other generators load them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.plain import older, plain
from tests.interop.campaign import LOADED, main, result, table
from tests.interop.generators import CHECKS, Check, MissingError, installed

ROOT = Path(__file__).parents[2]
Node = dict[str, Any]
METHODS = ("get", "post", "put", "delete")


def read(name: str) -> Node:
    node: Node = json.loads((ROOT / "generated" / name).read_text(encoding="utf-8"))
    return node


OURS, PLAIN, OLDER = read("openapi.json"), read("openapi-plain.json"), read("openapi-3.0.json")


def operations(document: Node) -> dict[str, Node]:
    return {
        item[method]["operationId"]: item[method]
        for item in document["paths"].values()
        for method in METHODS
        if method in item
    }


def keys(node: Any) -> set[str]:
    if isinstance(node, list):
        return {key for item in node for key in keys(item)}
    if not isinstance(node, dict):
        return set()
    return set(node) | {key for value in node.values() for key in keys(value)}


def test_each_is_valid() -> None:
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    assert [*OpenAPIV31SpecValidator(PLAIN).iter_errors()] == []
    assert [*OpenAPIV30SpecValidator(OLDER).iter_errors()] == []
    assert (PLAIN["openapi"], OLDER["openapi"]) == ("3.1.0", "3.0.3")


@pytest.mark.parametrize("document", [PLAIN, OLDER], ids=["plain", "3.0"])
def test_only_standard_extensions_and_no_webhooks(document: Node) -> None:
    extensions = {key for key in keys(document) if key.startswith("x-")}
    assert extensions == {"x-enum-descriptions", "x-enum-varnames", "x-name-ko", "x-sensitive"}
    assert "webhooks" not in document
    assert operations(document).keys() == operations(OURS).keys()
    assert len(document["components"]["schemas"]) == sum(
        not schema.get("x-webhook") for schema in OURS["components"]["schemas"].values()
    )


@pytest.mark.parametrize("document", [PLAIN, OLDER], ids=["plain", "3.0"])
def test_open_values_stay_open(document: Node) -> None:
    for name, schema in OURS["components"]["schemas"].items():
        made = document["components"]["schemas"].get(name, {})
        if "x-open-enum" in schema:
            known, anything = made["anyOf"]
            assert [str(value) for value in known["enum"]] == [*schema["x-open-enum"]]
            assert known["x-enum-descriptions"] == [*schema["x-open-enum"].values()]
            assert anything.keys() <= {"type", "maxLength"}
            assert known["type"] == anything["type"] == schema["type"]
        elif "enum" in schema:
            assert made["enum"] == schema["enum"]
            assert made["x-enum-descriptions"] == [schema["x-enum-descriptions"][value] for value in schema["enum"]]


def standard() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator


def lenient() -> Any:
    """Return a validator that reads `nullable` beside `allOf` as "or null", as generators do.

    The original one reads it only beside `type`.
    """
    from jsonschema.validators import extend
    from openapi_schema_validator import OAS30Validator

    def or_null(keyword: str) -> Any:
        def check(validator: Any, branches: Any, instance: Any, schema: Any) -> Any:
            if instance is not None or not schema.get("nullable"):
                yield from OAS30Validator.VALIDATORS[keyword](validator, branches, instance, schema)

        return check

    keywords = ("allOf", "anyOf", "oneOf")
    return extend(OAS30Validator, {keyword: or_null(keyword) for keyword in keywords})  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("document", "reading"), [(PLAIN, standard), (OLDER, lenient)], ids=["plain", "3.0"])
def test_every_example_is_valid(document: Node, reading: Callable[[], Any]) -> None:
    """What the specification shows of V1 passes both forms, null and unknown values among it."""
    validator = reading()
    seen = 0
    for name, operation in operations(document).items():
        contents = [operation.get("requestBody", {}).get("content", {})]
        for response in operation["responses"].values():
            reference = response.get("$ref", "").rsplit("/", 1)[-1]
            contents.append((document["components"]["responses"][reference] if reference else response)["content"])
        for media in (one["application/json"] for one in contents if one):
            schema = {**media["schema"], "components": document["components"]}
            for case, example in media.get("examples", {}).items():
                errors = [error.message for error in validator(schema).iter_errors(example["value"])]
                assert errors == [], (name, case)
                seen += 1
    assert seen > len(operations(document))


def test_forms_of_3_0() -> None:
    written: Node = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1", "summary": "s", "license": {"name": "MIT", "identifier": "MIT"}},
        "paths": {},
        "components": {
            "schemas": {
                "Fixed": {"const": "a"},
                "Nullable": {"type": ["string", "null"], "contentMediaType": "application/json"},
                "Above": {"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 9},
                "Maybe": {"anyOf": [{"$ref": "#/components/schemas/Fixed"}, {"type": "null"}]},
                "Either": {"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
                "Beside": {"type": "object", "properties": {"const": {"$ref": "#/x", "description": "d"}}},
            }
        },
    }
    assert older(written)["components"]["schemas"] == {
        "Fixed": {"enum": ["a"]},
        "Nullable": {"type": "string", "nullable": True},
        "Above": {"type": "integer", "minimum": 0, "exclusiveMinimum": True, "maximum": 9, "exclusiveMaximum": True},
        "Maybe": {"nullable": True, "allOf": [{"$ref": "#/components/schemas/Fixed"}]},
        "Either": {"nullable": True, "oneOf": [{"type": "string"}, {"type": "integer"}]},
        "Beside": {
            "type": "object",
            "properties": {"const": {"description": "d", "allOf": [{"$ref": "#/x"}]}},  # `const` is a name here
        },
    }
    assert older(written)["info"] == {"title": "t", "version": "1", "license": {"name": "MIT"}}


def test_times_outlast_32_bits() -> None:
    schemas = plain(
        {
            "components": {"schemas": {"Paid": {"type": "integer", "x-unix-time": True}}},
            "$ref": "#/components/schemas/Paid",
        }
    )["components"]["schemas"]
    assert schemas == {"Paid": {"type": "integer", "format": "int64"}}


def test_table_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def missing(*_: Path) -> None:
        raise MissingError("there is no java")

    checks = (Check("good", "loads", lambda *_: None), Check("bad", "loads not", missing))
    monkeypatch.setattr("tests.interop.campaign.CHECKS", checks)
    monkeypatch.setattr("tests.interop.campaign.install", lambda: None)
    assert main([]) == 1
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        "| generator | what is checked | `openapi-plain.json` | `openapi-3.0.json` |",
        "| --- | --- | --- | --- |",
        "| good | loads | yes | yes |",
        "| bad | loads not | there is no java | there is no java |",
    ]
    assert output.err == "interop: 2 of 4 loaded\n"
    assert main(["--only", "good"]) == 0
    assert main(["--only", "nothing like it"]) == 1


def test_docs_have_the_table() -> None:
    """`make interop-bundles` prints it; the page shows it where everything is loaded."""
    good = table({check.name: [LOADED, LOADED] for check in CHECKS})
    for page in ("docs/reference/interop.md", "docs/ko/reference/interop.md"):
        assert "\n".join(good[2:]) in (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.apart
@pytest.mark.parametrize(
    "name", ["datamodel-code-generator", "openapi-generator: Python", "openapi-typescript", "Prism"]
)
def test_generators_load_and_refuse(name: str, tmp_path: Path) -> None:
    """One form of each kind here, and a damaged one: `make interop-bundles` runs all of them."""
    (check,) = [check for check in CHECKS if check.name == name]
    reason = None if installed() else "the generators are not installed: make interop-bundles"
    if name.startswith("openapi-generator") and shutil.which("java") is None:
        reason = "there is no Java: apt-get install default-jre-headless"
    if reason is not None:
        if os.environ.get("PORTONE_V1_CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    damaged = json.loads(json.dumps(OLDER))
    schemas = damaged["components"]["schemas"]
    schemas["Payment"]["properties"] = [1]
    schemas["PagedPayment"]["properties"]["list"]["items"] = {"$ref": "#/components/schemas/Nothing"}
    (tmp_path / "damaged.json").write_text(json.dumps(damaged), encoding="utf-8")
    assert result(check, ROOT / "generated" / "openapi-3.0.json") == LOADED
    assert result(check, tmp_path / "damaged.json") != LOADED
