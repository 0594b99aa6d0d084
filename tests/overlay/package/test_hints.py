"""The annotations of public functions can be evaluated, as dependency injection, validators and Sphinx do."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_type_hints

import httpx
import portone_v1
import pytest
from portone_v1 import AsyncPortOne, PortOne

OWN = ("portone_v1", "portone_v1_generated", "portone_v1_runtime")
EXCUSED = {"to_pandas", "to_polars"}
"""They return what an optional package defines."""
DJANGO = "portone_v1.contrib.django"
"""Its modules need the settings of a site."""


def modules() -> Iterator[str]:
    yield "portone_v1"
    for found in walk_packages(portone_v1.__path__, "portone_v1."):
        if not found.name.startswith(DJANGO) and not any(part.startswith("_") for part in found.name.split(".")):
            yield found.name


def functions(kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Iterate over our own methods and properties that a caller may use, including the constructor."""
    for name in dir(kind):
        member = inspect.getattr_static(kind, name)
        if isinstance(member, staticmethod | classmethod):
            member = member.__func__
        member = member.fget if isinstance(member, property) else member
        public = name == "__init__" or not name.startswith("_")
        if public and inspect.isfunction(member) and member.__module__.startswith(OWN):
            yield name, member


def areas(client: Any) -> Iterator[tuple[str, type[Any]]]:
    for name in dir(type(client)):
        if isinstance(inspect.getattr_static(type(client), name), cached_property):
            yield name, type(getattr(client, name))


def resolves(function: Any) -> None:
    hints = get_type_hints(function)
    assert not any(isinstance(hint, str) for hint in hints.values())
    for parameter in inspect.signature(function, eval_str=True).parameters.values():
        assert not isinstance(parameter.annotation, str)


@pytest.mark.parametrize("kind", [PortOne, AsyncPortOne])
def test_the_methods_of_a_client_and_of_its_areas(kind: type[Any]) -> None:
    places = {"": kind, **dict(areas(kind("key", "secret")))}
    found = [(area, name, each) for area, owner in places.items() for name, each in functions(owner)]
    assert len(found) > 100
    for _, name, function in found:
        if name not in EXCUSED:
            resolves(function)


@pytest.mark.parametrize("module", [*modules()])
def test_the_functions_and_classes_of_a_module(module: str) -> None:
    loaded = import_module(module)
    for name in loaded.__all__:
        value = getattr(loaded, name)
        if inspect.isclass(value) and value.__module__.startswith(OWN):
            get_type_hints(value)  # the fields of a class of attrs
            for method, function in functions(value):
                if method not in EXCUSED:
                    resolves(function)
        elif inspect.isfunction(value) and name not in EXCUSED:
            resolves(value)


def test_they_name_what_is_meant() -> None:
    client = PortOne("key", "secret")
    assert get_type_hints(client.payments.cancel_once)["return"] == portone_v1.results.Refund
    assert get_type_hints(PortOne.settle)["intent"] == portone_v1.intents.Intent | str | portone_v1.OutcomeUnknownError
    for kind, transport in ((PortOne, httpx.BaseTransport), (AsyncPortOne, httpx.AsyncBaseTransport)):
        assert inspect.signature(kind, eval_str=True).parameters["transport"].annotation == transport | None
