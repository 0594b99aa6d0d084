"""Flows as methods of an area: the module of each is loaded when the method is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cached_property
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

from .._drive import async_bound, bound
from .._wire import Flow

__all__ = ["async_later", "later"]

P = ParamSpec("P")
T = TypeVar("T")


def later(flow: Callable[P, Flow[T]]) -> cached_property[Callable[P, T]]:
    """`flow` is the function only for type checkers; when it runs, it is `module.name`."""
    return cached_property(lambda area: bound(_load(flow), area._sender))  # noqa: SLF001


def async_later(flow: Callable[P, Flow[T]]) -> cached_property[Callable[P, Coroutine[Any, Any, T]]]:
    return cached_property(lambda area: async_bound(_load(flow), area._sender))  # noqa: SLF001


def _load(place: Any) -> Any:
    module, _, name = place.partition(".")
    return getattr(import_module(f"{__package__}.{module}"), name)
