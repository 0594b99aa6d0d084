"""PG별 특성: what each PG offers, returns and leaves open, as data with grades and sources.

    >>> from portone_v1 import pg_profiles
    >>> pg_profiles.get("kakaopay").answered[0]["pay_method"]
    ('card', 'point')
    >>> pg_profiles.refund_is_late("paypal_v2", "paypal")
    True

A profile has what was found out, never everything: a value without a source is None, and the module guesses nothing in
its place. Nothing is read before the first lookup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, cast

__all__ = [
    "Change",
    "Fact",
    "LateRefund",
    "PgProfile",
    "charge_horizon",
    "codes",
    "find",
    "get",
    "late_refund",
    "may_become",
    "refund_is_late",
]

Grade = Literal["captured", "vendor", "third-party", "inferred", "assumed"]

DAY: Final = 86_400.0
TWO_WEEKS: Final = 14 * DAY

_DATA: Final = files("portone_v1_generated") / "data" / "pg"

# What a status may still become at any PG. `failed` is final here: if it is not, the profile says so.
_GENERAL: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "ready": frozenset({"paid", "failed", "cancelled"}),
        "pending": frozenset({"paid", "failed"}),
        "paid": frozenset({"cancelled"}),
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A value, its evidence, and conflicting values."""

    value: Any
    grade: Grade
    """Of the best source: `captured` was seen, `inferred` is a hypothesis."""
    sources: tuple[str, ...]
    note: str | None = None
    conflicts: tuple[Fact, ...] = ()
    """Conflicting values; which one is right is open."""


@dataclass(frozen=True, slots=True)
class Change:
    """Changes that may follow V1's response."""

    of: Literal["payment", "refund", "callback"]
    pay_method: tuple[str, ...] = ()
    """Only for these; empty means all."""
    status: str | None = None
    """A payment with this status may still change."""
    may_become: tuple[str, ...] = ()
    done_when: str | None = None
    """A refund with code 0 is completed only then."""
    repeat: str | None = None
    """`never unread`: a refund whose answer was lost must be looked up, as `checksum` does not protect a repetition."""
    reported_by: str | None = None
    within: str | None = None
    days: int | None = None
    """`within` or `done_when` as a number, if the vendor states one."""
    where: Literal["window"] | None = None
    """Only for payments that a buyer makes in the payment window."""
    entry: Literal["done"] | None = None
    """What a refund's entry in `cancel_history` means: it is paid out. Otherwise it may only be accepted."""


class LateRefund(NamedTuple):
    """A refund that is paid out after V1 has answered."""

    shown: bool
    """Whether `cancel_history` may show the refund when it is accepted, before it is paid out."""
    seconds: float
    """Seconds after which a person should check the PG's console."""


@dataclass(frozen=True, slots=True)
class PgProfile:
    """Known facts of one PG. `facts` has all of them; the properties are for code."""

    pg: str
    facts: Mapping[str, Fact]

    def value(self, name: str) -> Any:
        """Return the value of a fact such as `result.callback`, or None if no source states one."""
        fact = self.facts.get(name)
        return None if fact is None else fact.value

    @property
    def name(self) -> str:
        """The present Korean name."""
        return str(self.value("names.ko") or self.pg)

    @property
    def former_names(self) -> tuple[str, ...]:
        return tuple(entry["name"] for entry in self.value("names.former") or ())

    @property
    def lifecycle(self) -> str | None:
        """`current`, `old` (existing contracts only), `ended`, or `listed` (a list names it, no page describes it)."""
        return cast("str | None", self.value("lifecycle"))

    @property
    def pay_methods(self) -> tuple[str, ...] | None:
        """What `IMP.request_pay` takes; empty if the PG ignores it, None if nobody knows."""
        return cast("tuple[str, ...] | None", self.value("pay_methods.asked"))

    @property
    def answered(self) -> tuple[Mapping[str, Any], ...]:
        """The cases in which the `pay_method` of the response is not the requested one."""
        return cast("tuple[Mapping[str, Any], ...]", self.value("pay_methods.answered") or ())

    @property
    def callback(self) -> str | None:
        """`full`: 24 keys with `success`; `ids`: imp_uid and merchant_uid, on failure error_code and error_msg too."""
        return cast("str | None", self.value("result.callback"))

    @property
    def finality(self) -> tuple[Change, ...]:
        """What may still change after V1 has answered, beyond what may change at every PG."""
        return tuple(Change(**entry) for entry in self.value("finality") or ())


def codes() -> tuple[str, ...]:
    """Return every PG code that has a profile, sorted."""
    return tuple(sorted(entry.name.removesuffix(".json") for entry in _DATA.iterdir() if entry.name.endswith(".json")))


def find(pg: str | None) -> PgProfile | None:
    """Return the profile of `pg`, or None if there is none: V1 may name PGs that nobody has described yet."""
    return _load(str(pg)) if pg is not None else None


def get(pg: str) -> PgProfile:
    """Return the profile of `pg`. Raises `LookupError` if there is none."""
    profile = find(pg)
    if profile is None:
        raise LookupError(f"unknown PG: {str(pg)!r}")
    return profile


def refund_is_late(pg: str | None, pay_method: str | None = None) -> bool:
    """Return whether `code` 0 of a refund may only mean that the request was accepted.

    Such a refund is done when the webhook or a later read shows it. One whose answer was lost must not be sent again:
    the balance has not changed, so `checksum` would let the second one through. Without `pay_method`, True if any
    payment method of this PG behaves so.
    """
    return any(
        change.of == "refund" and change.repeat == "never unread" and _concerns(change, pay_method)
        for change in _finality(pg)
    )


def may_become(pg: str | None, status: str, pay_method: str | None = None) -> frozenset[str]:
    """Return the statuses that a payment with `status` may still get later without an action of the shop.

    Empty means final. `failed` is not final at PGs that approve later: a shop that asks the buyer to pay again must
    expect the first payment to be paid as well.
    """
    later = _GENERAL.get(str(status), frozenset[str]())
    for change in _finality(pg):
        if change.of == "payment" and change.status == str(status) and _concerns(change, pay_method):
            later |= {*change.may_become}
    return later


def charge_horizon(pg: str | None, status: str) -> float | None:
    """Return for how many seconds a charge with `status` may still become paid, or None if that is final.

    This is about charges by a server only. The vendor's time is doubled; if there is none, it is two weeks.
    """
    found = [
        change
        for change in _finality(pg)
        if change.of == "payment" and change.status == status and "paid" in change.may_become and change.where is None
    ]
    return max((_longest(change) for change in found), default=None)


def late_refund(pg: str | None, pay_method: str | None) -> LateRefund | None:
    """Return how this PG pays a refund out later; None if V1's response is final."""
    found = [change for change in _finality(pg) if change.of == "refund" and _concerns(change, pay_method)]
    if not found:
        return None
    return LateRefund(shown=any(each.entry is None for each in found), seconds=max(_longest(each) for each in found))


def _longest(change: Change) -> float:
    return TWO_WEEKS if change.days is None else 2 * change.days * DAY


def _finality(pg: str | None) -> tuple[Change, ...]:
    return () if pg is None else _finality_of(str(pg))  # V1 may send something that is no text, and no cache key


@cache
def _finality_of(pg: str) -> tuple[Change, ...]:
    profile = find(pg)
    return profile.finality if profile is not None else ()


def _concerns(change: Change, pay_method: str | None) -> bool:
    return not change.pay_method or pay_method is None or str(pay_method) in change.pay_method


@cache
def _load(pg: str) -> PgProfile | None:
    if not pg.isidentifier():  # it is part of a file name
        return None
    path = _DATA / f"{pg}.json"
    if not path.is_file():
        return None
    node: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Fact] = {}
    for section, entries in node.items():
        if section in {"plays", "facts"}:
            found |= {name: _fact(entry) for name, entry in entries.items()}
        elif section == "names":
            found |= {f"names.{name}": _fact(entry) for name, entry in entries.items()}
        elif section != "pg":
            found[section] = _fact(entries)
    return PgProfile(node["pg"], MappingProxyType(found))


def _fact(node: Mapping[str, Any]) -> Fact:
    return Fact(
        _frozen(node["value"]),
        node["grade"],
        tuple(node["sources"]),
        node.get("note"),
        tuple(_fact(other) for other in node.get("conflicts", ())),
    )


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        items = cast("list[object]", value)
        return tuple(_frozen(item) for item in items)
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        return MappingProxyType({key: _frozen(item) for key, item in entries.items()})
    return value
