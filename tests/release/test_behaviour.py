"""Names and types stay, and calls behave otherwise: what that is to users, and the sentence that says so."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scripts.release.compatibility.behaviour import compare_behaviour, read_behaviour, roles
from scripts.release.compatibility.changes import highest

Node = dict[str, Any]
ROOT = Path(__file__).parents[2]

BODY: Node = {
    "type": "object",
    "required": ["amount"],
    "x-required-if": [{"when": {"way": ["POST"]}, "need": ["address"]}],
    "properties": {
        "amount": {"type": "number", "x-money": True, "minimum": 100, "maximum": 900, "default": 100},
        "memo": {"type": "string", "maxLength": 40, "pattern": "^a"},
        "way": {"type": "string", "enum": ["POST", "VISIT"]},
        "lists": {"type": "array", "minItems": 1, "items": {"type": "string", "maxLength": 8}},
        "extra": {"$ref": "#/components/schemas/Extra"},
        "card": {"type": "string", "x-sensitive": True},
        "unit": {"type": "string", "x-whole-units": ["KRW"]},
    },
}
DOCUMENT: Node = {
    "paths": {
        "/payments/{imp_uid}": {
            "get": {
                "operationId": "payments_get",
                "tags": ["payments"],
                "parameters": [
                    {"name": "imp_uid", "in": "path", "required": True, "schema": {"type": "string"}},
                    {"name": "state[]", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
                ],
            },
            "post": {
                "operationId": "payments_cancel",
                "tags": ["payments"],
                "requestBody": {"content": {"application/json": {"schema": BODY}}},
            },
        }
    },
    "components": {
        "schemas": {
            "Extra": {"type": "object", "properties": {"who": {"type": "string", "maxLength": 10}}},
            "Payment": {
                "x-identity": ["imp_uid"],
                "properties": {"imp_uid": {"type": "string"}, "tel": {"type": "string", "x-sensitive": True}},
            },
        }
    },
}


def _operation(document: Node, verb: str = "post") -> Node:
    node: Node = document["paths"]["/payments/{imp_uid}"][verb]
    return node


def _body(document: Node) -> Node:
    node: Node = _operation(document)["requestBody"]["content"]["application/json"]["schema"]
    return node


def _set(name: str, **more: Any) -> Callable[[Node], Any]:
    return lambda document: _body(document)["properties"][name].update(more)


def _unset(name: str, key: str) -> Callable[[Node], Any]:
    return lambda document: _body(document)["properties"][name].pop(key)


def _rule(**rules: Any) -> Callable[[Node], Any]:
    return lambda document: _body(document).update({key.replace("_", "-"): value for key, value in rules.items()})


CHANGES: list[tuple[Callable[[Node], Any], str, str]] = [
    # bounds
    (_set("amount", exclusiveMinimum=0), "major", "`payments.cancel`: `amount` must be more than 0"),
    (_set("amount", minimum=200), "major", "`amount` must be at least 200; before, at least 100"),
    (_set("amount", minimum=50), "minor", "`amount` may be at least 50; before, at least 100"),
    (_set("amount", maximum=800), "major", "`amount` must be at most 800; before, at most 900"),
    (_set("amount", maximum=1000), "minor", "`amount` may be at most 1000; before, at most 900"),
    (_unset("amount", "maximum"), "minor", "`amount` need no longer be at most 900"),
    (_set("amount", default=200), "major", "`amount`: V1 takes 200 where it is not given, and took 100"),
    # lengths, forms, lists
    (_set("memo", maxLength=20), "major", "`memo` must be at most 20 characters long; before, at most 40"),
    (_set("memo", minLength=1), "major", "`memo` must be at least 1 characters long"),
    (_set("memo", pattern="^b"), "major", "`memo` must be of the form ^b; before, of the form ^a"),
    (_unset("memo", "pattern"), "minor", "`memo` need no longer be of the form ^a"),
    (_set("lists", maxItems=100), "major", "`lists` must be a list of at most 100"),
    (_set("lists", items={"type": "string", "maxLength": 4}), "major", "`lists` must be at most 4 characters long"),
    # closed sets
    (_set("memo", enum=["a", "b"]), "major", "`memo` must be one of a, b; before, anything was taken"),
    (_set("way", enum=["POST"]), "major", "`way` may no longer be `VISIT`"),
    (_set("way", enum=["POST", "VISIT", "NONE"]), "minor", "`way` may be `NONE`"),
    (_unset("way", "enum"), "minor", "`way` may be anything, and not only POST, VISIT"),
    # advice, of which the client warns, that becomes a refusal
    (
        _set("memo", **{"x-refuse-longer": True}),
        "major",
        "`memo` is refused where it is longer than its maximum; before, it was sent",
    ),
    (_set("way", **{"x-refused": "seen"}), "major", "`way` is refused where it is no value of the list"),
    (_set("unit", **{"x-whole-units": ["KRW", "JPY"]}), "major", "`unit`: an amount in JPY must be a whole number"),
    (_set("unit", **{"x-whole-units": []}), "minor", "`unit`: an amount in KRW need no longer be a whole number"),
    (
        lambda d: _operation(d).update({"x-refusal": {"failed": ["true"]}}),
        "major",
        '`payments.cancel` reads a refusal from {"failed": ["true"]}; before, from its code alone',
    ),
    # rules between arguments
    (_rule(x_at_least_one=["memo", "way"]), "major", "`payments.cancel` must be given at least one of `memo`, `way`"),
    (_rule(x_exactly_one=["memo", "way"]), "major", "`payments.cancel` must be given exactly one of `memo`, `way`"),
    (
        _rule(x_required_if=[{"when": {"way": ["POST", "VISIT"]}, "need": ["address"]}]),
        "major",
        "must be given `address` where `way` is VISIT",
    ),
    (_rule(x_required_if=[]), "minor", "need no longer be given `address` where `way` is POST"),
    # repeating, masking, what is sent
    (
        lambda d: _operation(d).update({"x-safe": True}),
        "major",
        "`payments.cancel` is now repeated after a lost answer",
    ),
    (_unset("card", "x-sensitive"), "major", "`payments.cancel: card` is no longer masked"),
    (_set("memo", **{"x-sensitive": True}), "minor", "`payments.cancel: memo` is masked in every log and repr"),
    (
        lambda d: d["components"]["schemas"]["Payment"]["properties"]["tel"].pop("x-sensitive"),
        "major",
        "`Payment.tel` is no longer masked",
    ),
    (lambda d: _operation(d).update({"deprecated": True}), "minor", "`payments.cancel`"),
    (
        lambda d: d["paths"].update({"/v2/{imp_uid}": d["paths"].pop("/payments/{imp_uid}")}),
        "minor",
        "`payments.get` sends `GET /v2/{imp_uid}`, and sent `GET /payments/{imp_uid}`",
    ),
    (
        lambda d: _operation(d, "get")["parameters"][1].update({"name": "status", "x-python-name": "state"}),
        "minor",
        "`payments.get`: `state` is sent as `status` (query), and was sent as `state[]` (query)",
    ),
    (
        lambda d: _body(d)["properties"].update(note=_body(d)["properties"].pop("memo") | {"x-python-name": "memo"}),
        "minor",
        "`payments.cancel`: `memo` is sent as `note` (body), and was sent as `memo` (body)",
    ),
    (
        lambda d: d["components"]["schemas"]["Payment"].update({"x-identity": ["tel"]}),
        "major",
        "`Payment.imp_uid` decides otherwise than before which models are the same",
    ),
    # behind a reference, and behind null
    (
        lambda d: d["components"]["schemas"]["Extra"]["properties"]["who"].update(maxLength=5),
        "major",
        "`payments.cancel`: `extra.who` must be at most 5 characters long",
    ),
    (
        lambda d: _operation(d, "get")["parameters"][1]["schema"]["anyOf"][0].update(enum=["a"]),
        "major",
        "`payments.get`: `state` must be one of a",
    ),
    # no behaviour
    (_set("memo", description="Described better."), "patch", ""),
    (lambda d: _body(d)["properties"].update(fresh={"type": "string", "maxLength": 3}), "patch", ""),
    (lambda d: d["components"]["schemas"]["Payment"]["properties"].pop("tel"), "patch", ""),
]


def _write(path: Path, document: Node) -> Path:
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(("change", "level", "expected"), CHANGES, ids=[text or "nothing" for _, _, text in CHANGES])
def test_a_change_of_behaviour(tmp_path: Path, change: Callable[[Node], Any], level: str, expected: str) -> None:
    before = read_behaviour(_write(tmp_path / "before.json", DOCUMENT))
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    changes = compare_behaviour(before, read_behaviour(_write(tmp_path / "after.json", changed)))
    assert highest(changes) == level
    assert any(expected in one.text for one in changes) if expected else changes == []


@pytest.mark.parametrize(
    ("old", "new", "level", "text"),
    [
        ({"minimum": 0}, {"exclusiveMinimum": 0}, "major", "must be more than 0; before, at least 0"),
        ({"exclusiveMinimum": 0}, {"minimum": 0}, "minor", "may be at least 0; before, more than 0"),
        ({"minimum": 1}, {"exclusiveMinimum": 0}, "minor", "may be more than 0; before, at least 1"),
        ({"exclusiveMinimum": 0}, {"minimum": 100}, "major", "must be at least 100; before, more than 0"),
        ({"maximum": 9}, {"exclusiveMaximum": 9}, "major", "must be less than 9; before, at most 9"),
        ({"exclusiveMaximum": 9}, {"maximum": 9}, "minor", "may be at most 9; before, less than 9"),
        ({"maximum": 9}, {"exclusiveMaximum": 10}, "minor", "may be less than 10; before, at most 9"),
    ],
)
def test_a_bound_that_becomes_exclusive_is_one_change(old: Node, new: Node, level: str, text: str) -> None:
    (change,) = compare_behaviour({"`x`": old}, {"`x`": new})
    assert (change.level, change.text) == (level, f"`x` {text}")


def test_rules_that_loosen() -> None:
    from scripts.release.compatibility import rules

    def changes(rule: str, old: list[str] | None, new: list[str] | None) -> list[tuple[str, str]]:
        return [(one.level, one.text) for one in rules.changes(rule, "`x`", old, new)]

    assert changes("x-at-least-one", ["a[]"], ["a[]", "b"]) == [("minor", "`x` is content with any of `a`, `b`")]
    assert changes("x-at-least-one", ["a", "b"], ["a"]) == [("major", "`x` must be given at least one of `a`")]
    assert changes("x-at-least-one", ["a", "b"], None)[0][0] == "minor"
    assert changes("x-exactly-one", ["a", "b"], None)[0][0] == "minor"
    assert changes("x-exactly-one", ["a", "b"], ["a", "b", "c"])[0][0] == "major"


def test_a_schema_within_itself_ends(tmp_path: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    extra = document["components"]["schemas"]["Extra"]["properties"]
    extra["more"] = {"type": "array", "items": {"$ref": "#/components/schemas/Extra"}}
    result = read_behaviour(_write(tmp_path / "b.json", document))
    assert {"`payments.cancel`: `extra.who`", "`payments.cancel`: `extra.more`"} <= result.keys()


def test_this_trees_own_specification() -> None:
    here = read_behaviour(ROOT / "generated" / "openapi.json")
    assert compare_behaviour(here, here) == []
    assert not here["`payments.cancel`"]["repeatable"]
    assert here["`payments.get`"]["repeatable"]
    assert here["`payments.cancel`: `amount`"]["exclusiveMinimum"] == 0
    assert here["`payments.cancel: refund_account`"]["masked"]
    assert here["`billing_keys.get`"]["repeatable"], "its area is of two words"


def test_which_models_are_written_and_which_are_read(tmp_path: Path) -> None:
    before = _write(tmp_path / "before.json", DOCUMENT)
    assert roles(before) == {"Extra": "request", "Payment": "answer"}
    changed = copy.deepcopy(DOCUMENT)
    schema = _operation(changed)["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["again"] = {"type": "array", "items": {"$ref": "#/components/schemas/Payment"}}
    assert roles(before, _write(tmp_path / "after.json", changed)) == {"Extra": "request", "Payment": "both"}
