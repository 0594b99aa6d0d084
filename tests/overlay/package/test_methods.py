"""Every public method of both clients is a function of its class, with a signature and a docstring of its own."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cached_property
from typing import Any, get_type_hints

import pytest
from portone_v1 import AsyncPortOne, PortOne
from portone_v1.operations import OPERATIONS, method_of

KINDS: list[type[Any]] = [PortOne, AsyncPortOne]


def public(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    for name in dir(kind):
        if not name.startswith("_"):
            yield name, inspect.getattr_static(kind, name)


def areas(kind: type[Any]) -> dict[str, type[Any]]:
    client = kind("key", "secret")
    return {name: type(getattr(client, name)) for name, member in public(kind) if isinstance(member, cached_property)}


METHODS = [
    (kind, f"{area}.{name}", owner, name)
    for kind in KINDS
    for area, owner in [("", kind), *areas(kind).items()]
    for name, member in public(owner)
    if not isinstance(member, property | cached_property)
]


def test_there_are_as_many_of_them_in_both_flavours() -> None:
    sync = {place for kind, place, _, _ in METHODS if kind is PortOne}
    awaited = {place.replace("aclose", "close") for kind, place, _, _ in METHODS if kind is AsyncPortOne}
    assert sync == awaited
    assert len(sync) > len(OPERATIONS)


@pytest.mark.parametrize(
    ("kind", "place", "owner", "name"), METHODS, ids=lambda value: getattr(value, "__name__", value)
)
def test_it_is_a_function_of_its_class(kind: type[Any], place: str, owner: type[Any], name: str) -> None:
    member = inspect.getattr_static(owner, name)
    function = member.__func__ if isinstance(member, staticmethod | classmethod) else member
    assert inspect.isfunction(function), place
    assert function.__name__ == name
    assert inspect.getdoc(function)
    bound = inspect.signature(getattr(kind("key", "secret") if owner is kind else object.__new__(owner), name))
    assert all(p.annotation is not inspect.Parameter.empty for p in bound.parameters.values()), bound
    assert bound.return_annotation is not inspect.Signature.empty


@pytest.mark.parametrize("kind", KINDS)
def test_no_docstring_stands_twice(kind: type[Any]) -> None:
    seen: dict[str, str] = {}
    for owner_kind, place, owner, name in METHODS:
        if owner_kind is kind and name != "with_raw_response":
            text = inspect.getdoc(inspect.getattr_static(owner, name)) or ""
            assert text not in seen, f"{place} says what {seen[text]} says"
            seen[text] = place


def taken(parameter: inspect.Parameter) -> tuple[object, ...]:
    return parameter.name, parameter.kind, parameter.default, set(str(parameter.annotation).split(" | "))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["again", "onetime"])
def test_a_charge_made_once_takes_what_the_charge_takes(kind: type[Any], name: str) -> None:
    """Its parameters are written out by hand, and this holds them to the generated method's."""
    area = areas(kind)["subscribe"]
    plain, once = (inspect.signature(getattr(area, each)) for each in (name, f"{name}_once"))
    own = {"key", "deadline", "tier"}  # instead of the options of a single call
    assert own <= once.parameters.keys()
    assert [taken(parameter) for name, parameter in once.parameters.items() if name not in own] == [
        taken(parameter) for name, parameter in plain.parameters.items() if name != "options"
    ]
    assert once.return_annotation == "portone_v1.results.Charge"


def test_every_operation_has_its_method() -> None:
    client = PortOne("key", "secret")
    for operation in OPERATIONS.values():
        method = method_of(operation)
        assert method.__name__ == operation.name
        assert {p.python_name for p in operation.parameters} <= inspect.signature(method).parameters.keys()
        assert method_of(operation, client) == getattr(getattr(client, operation.area), operation.name)
    assert method_of(OPERATIONS["payments_cancel"], once=True).__name__ == "cancel_once"
    assert method_of(OPERATIONS["payments_get"], once=True).__name__ == "get"


@pytest.mark.parametrize("kind", KINDS)
def test_areas_are_documented(kind: type[Any]) -> None:
    for name, member in public(kind):
        if isinstance(member, cached_property | property):
            assert inspect.getdoc(member), name


def test_a_client_is_shown_under_its_public_name() -> None:
    assert repr(PortOne) == "<class 'portone_v1.client.PortOne'>"
    assert repr(AsyncPortOne) == "<class 'portone_v1.client.AsyncPortOne'>"
    assert get_type_hints(PortOne.close) == {"return": type(None)}
