"""Rules about values: money, times, bounds, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jsonschema_rs

from ..codegen.document import types_of
from .places import Place, Spec

MONEY_NAME = re.compile(r"(^|_)(amount|price|fee|vat|tax|tax_free|supply|service|checksum|charge|discount)(_|$)")
TIME_NAME = re.compile(r"_(at|due|date|datetime|from|to)$|^(from|to|now|inserted|updated|created)$")
# A birthday: 0 is a date there, and most of them are negative.
NO_TIME = {"birth"}
MONEY_WORDS = re.compile(r"\b(currency's unit|in (whole )?KRW)\b")
TIME_WORDS = re.compile(r"\bUNIX seconds\b")

SENSITIVE_NAME = re.compile(
    r"(^|_)(card_number|pwd\w*|password|secret|token|cvc|expiry|otp|code_verifier|api_key|imp_key|vbank_key"
    r"|birth|birthday|gender_digit|identifier|individual_code|unique_key|unique_in_site"
    r"|tel\d?|phone|email|addr|address|postcode|zip|holder|bank_num|account|browser_ip|cust_ip|user_agent)$"
)

HELD = ("type", "enum", "minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern")


def money_and_time(spec: Spec) -> Iterator[str]:
    """Every amount is x-money and every time x-unix-time, by name and by words; never both."""
    for place in spec.places:
        if not place.is_schema:
            continue
        node, types = place.node, types_of(place.node)
        described = node if place.role == "property" else place.parent if place.role == "schema" else {}
        description = str(described.get("description", ""))
        is_money = bool(MONEY_NAME.search(place.name) or MONEY_WORDS.search(description))
        if types & {"number", "integer"} and is_money and not node.get("x-money"):
            yield f"{place.where}: an amount needs x-money"
        is_time = bool(TIME_NAME.search(place.name) or TIME_WORDS.search(description)) and place.name not in NO_TIME
        if "integer" in types and is_time and not node.get("x-unix-time"):
            yield f"{place.where}: a time needs x-unix-time"


def sensitive_names(spec: Spec) -> Iterator[str]:
    """What is called like a secret, a card or a person's datum is marked as one."""
    for place in spec.of("parameter", "property"):
        schema = place.node.get("schema", place.node)
        if types_of(spec.resolve(schema)) == {"boolean"} or not SENSITIVE_NAME.search(place.name):
            continue
        if not place.node.get("x-sensitive"):
            yield f"{place.where}: its name says that it needs x-sensitive"


def bounds_and_defaults(spec: Spec) -> Iterator[str]:
    """Defaults where something may be left out, arrays with items, bounds that are numbers, values once."""
    for place in spec.places:
        if place.is_schema:
            yield from _one_schema(spec, place)


def _one_schema(spec: Spec, place: Place) -> Iterator[str]:
    node, where = place.node, place.where
    if place.role == "property" and place.name in place.parent.get("required", []) and "default" in node:
        yield f"{where}: what is required has no default"
    if place.role in {"body", "component", "branch"}:
        ways = [one for one in (*node.get("anyOf", ()), *node.get("oneOf", ())) if one.keys() == {"required"}]
        named = [name for one in (node, *ways) for name in one.get("required", ())]
        missing = [name for name in named if "properties" in node and name not in node["properties"]]
        yield from (f"{where}: it requires {name}, which it has not" for name in missing)
    for low, high in (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems")):
        if low in node and high in node and node[low] > node[high]:
            yield f"{where}: {low} is above {high}"
    allowed = {key: value for key, value in spec.resolve(node).items() if key in HELD}
    if "default" in node and not jsonschema_rs.is_valid(allowed, node["default"]):
        yield f"{where}: it does not allow its default, {node['default']!r}"
