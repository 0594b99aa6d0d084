"""Where each name has its place in the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from posixpath import dirname, relpath
from typing import Final

from .source import ROOT, Class, Function, read_module

__all__ = ["SAFE", "Area", "areas", "enum_classes", "linker", "model_classes", "target"]

API: Final = "generated/portone_v1_generated/api"
SAFE: Final = (
    "payments.verify",
    "payments.cancel_once",
    "subscribe.again_once",
    "subscribe.onetime_once",
    "subscribe.renew",
    "webhooks.resolve",
)
"""What the overlay adds to the operations, on a page of its own."""
OTHERS: Final = {
    "BulkList": "reference/index.md#many",
    "RawResponse": "reference/index.md#rawresponse",
    "CallOptions": "reference/index.md#calloptions",
    "Timeout": "reference/client.md",
    "Charge": "reference/money-safe.md#charge",
    "Refund": "reference/money-safe.md#refund",
    "Settled": "reference/money-safe.md#settled",
    "Renewal": "reference/money-safe.md#renewal",
    "PaymentChange": "reference/webhooks.md#paymentchange",
    "WebhookEvent": "reference/webhooks.md#webhookevent",
}


@dataclass(frozen=True)
class Area:
    """`client.<name>`."""

    name: str
    korean: str
    english: str
    api: Class

    @property
    def methods(self) -> tuple[Function, ...]:
        return tuple(f for f in self.api.functions if not f.name.startswith("_") and "property" not in f.decorators)


@cache
def areas() -> tuple[Area, ...]:
    found = read_module(f"{API}/__init__.py").cls("Areas").functions
    return tuple(
        Area(
            one.name, one.docstring.korean, one.docstring.english, read_module(f"{API}/{one.name}.py").cls(one.returns)
        )
        for one in found
    )


def _classes(kind: str) -> dict[str, tuple[Class, ...]]:
    folder = ROOT / "generated" / "portone_v1_generated" / kind
    names = sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))
    return {name: read_module(f"generated/portone_v1_generated/{kind}/{name}.py").classes for name in names}


@cache
def model_classes() -> dict[str, tuple[Class, ...]]:
    """By area."""
    return _classes("models")


@cache
def enum_classes() -> dict[str, tuple[Class, ...]]:
    return _classes("enums")


@cache
def _places() -> dict[str, str]:
    places = dict(OTHERS)
    for classes in (model_classes(), enum_classes()):
        for area, found in classes.items():
            places |= {one.name: f"reference/models/{area}.md#{one.name.lower()}" for one in found}
    errors = read_module("overlay/portone_v1/errors.py").classes
    places |= {one.name: f"errors.md#{one.name.lower()}" for one in errors if not one.name.startswith("_")}
    for of in areas():
        places |= {f"{of.name}.{one.name}": f"reference/{of.name}.md#{one.name}" for one in of.methods}
    places |= {name: f"reference/money-safe.md#{name.partition('.')[2]}" for name in SAFE if "webhooks" not in name}
    return places | {"webhooks.resolve": "reference/webhooks.md#resolve"}


def target(name: str, page: str) -> str | None:
    """The link from a page to the place of a name, where it has one."""
    place = _places().get(name)
    if place is None:
        return None
    path, _, anchor = place.partition("#")
    link = "" if path == page else relpath(path, dirname(page) or ".")
    return f"{link}#{anchor}" if anchor else link


def linker(page: str) -> Callable[[str], str | None]:
    return lambda name: target(name, page)
