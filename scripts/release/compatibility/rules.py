"""What a difference in a key of the specification is to users: one rule for each key that `behaviour` reads."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator
from typing import Any, Final

from ...codegen.document import Node
from .changes import Change, altered, broken

Rule = Callable[[str, Any, Any], Iterator[Change]]


def _request(shown: str, old: str, new: str) -> Iterator[Change]:
    yield altered(f"{shown} sends `{new}`, and sent `{old}`")


def _repeatable(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield broken(f"{shown} is now repeated after a lost answer, and was sent once")
    else:
        yield altered(f"{shown} is no longer repeated after a lost answer")


def _deprecated(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield Change("Deprecated", shown, "minor")


def _masked(shown: str, _: bool, new: bool) -> Iterator[Change]:  # noqa: FBT001
    if new:
        yield altered(f"{shown} is masked in every log and repr")
    else:
        yield broken(f"{shown} is no longer masked: a log that was clean may show it")


def _bound(phrase: str, looser: Callable[[Any, Any], bool] = lambda new, old: False) -> Rule:  # noqa: ARG005
    def compare(shown: str, old: Any, new: Any) -> Iterator[Change]:
        if new is None:
            yield altered(f"{shown} need no longer be {phrase.format(old)}")
        elif old is not None and looser(new, old):
            yield altered(f"{shown} may be {phrase.format(new)}; before, {phrase.format(old)}")
        else:
            earlier = f"; before, {phrase.format(old)}" if old is not None else ""
            yield broken(f"{shown} must be {phrase.format(new)}{earlier}")

    return compare


def _default(shown: str, old: Any, new: Any) -> Iterator[Change]:
    yield broken(f"{shown}: V1 takes {new!r} where it is not given, and took {old!r}")


def _values(shown: str, old: list[Any] | None, new: list[Any] | None) -> Iterator[Change]:
    """All that a closed set holds; None where anything is taken."""
    if new is None:
        yield altered(f"{shown} may be anything, and not only {', '.join(map(str, old or ()))}")
    elif old is None:
        yield broken(f"{shown} must be one of {', '.join(map(str, new))}; before, anything was taken")
    else:
        yield from (broken(f"{shown} may no longer be `{value}`") for value in old if value not in new)
        yield from (altered(f"{shown} may be `{value}`") for value in new if value not in old)


def _at_least_one(shown: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    if new is None:
        yield altered(f"{shown} need no longer be given one of {_listed(old)}")
    elif old is not None and set(old) <= set(new):
        yield altered(f"{shown} is content with any of {_listed(new)}")
    else:
        yield broken(f"{shown} must be given at least one of {_listed(new)}")


def _exactly_one(shown: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    if new is None:
        yield altered(f"{shown} need no longer be given exactly one of {_listed(old)}")
    else:
        yield broken(f"{shown} must be given exactly one of {_listed(new)}")


def _listed(names: list[str] | None) -> str:
    return ", ".join(f"`{name.removesuffix('[]')}`" for name in names or ())


def _required_if(shown: str, old: list[Node] | None, new: list[Node] | None) -> Iterator[Change]:
    before, after = _needs(old), _needs(new)
    for condition, need in sorted(after - before):
        yield broken(f"{shown} must be given `{need}` where {condition}")
    for condition, need in sorted(before - after):
        yield altered(f"{shown} need no longer be given `{need}` where {condition}")


def _needs(rules: list[Node] | None) -> set[tuple[str, str]]:
    return {
        (f"`{name}` is {value}", need)
        for rule in rules or ()
        for name, values in rule["when"].items()
        for value in values
        for need in rule["need"]
    }


def _refused(phrase: str) -> Rule:
    """What was advice, of which the client warns, and is now refused before it is sent."""

    def compare(shown: str, old: Any, new: Any) -> Iterator[Change]:
        if new and not old:
            yield broken(f"{shown} is refused where it is {phrase}; before, it was sent")
        elif old and not new:
            yield altered(f"{shown} is sent where it is {phrase}; before, it was refused")

    return compare


def _whole_units(shown: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
    more, fewer = set(new or ()) - set(old or ()), set(old or ()) - set(new or ())
    if more:
        yield broken(f"{shown}: an amount in {', '.join(sorted(more))} must be a whole number; before, it need not be")
    if fewer:
        yield altered(f"{shown}: an amount in {', '.join(sorted(fewer))} need no longer be a whole number")


def _refusal(shown: str, old: Any, new: Any) -> Iterator[Change]:
    yield broken(f"{shown} reads a refusal from {_json(new)}; before, from {_json(old)}: the same answer may raise now")


def _json(node: Any) -> str:
    return "its code alone" if node is None else json.dumps(node, ensure_ascii=False)


BOUNDS: Final[dict[str, Rule]] = {
    "minimum": _bound("at least {}", operator.lt),
    "exclusiveMinimum": _bound("more than {}", operator.lt),
    "minLength": _bound("at least {} characters long", operator.lt),
    "minItems": _bound("a list of at least {}", operator.lt),
    "maximum": _bound("at most {}", operator.gt),
    "exclusiveMaximum": _bound("less than {}", operator.gt),
    "maxLength": _bound("at most {} characters long", operator.gt),
    "maxItems": _bound("a list of at most {}", operator.gt),
    "pattern": _bound("of the form {}"),
    "multipleOf": _bound("a multiple of {}"),
    "const": _bound("{}"),
}
BETWEEN_ARGUMENTS: Final[dict[str, Rule]] = {
    "x-at-least-one": _at_least_one,
    "x-exactly-one": _exactly_one,
    "x-required-if": _required_if,
}
REFUSALS: Final[dict[str, Rule]] = {
    "x-refuse-longer": _refused("longer than its maximum"),
    "x-refused": _refused("no value of the list"),
    "x-whole-units": _whole_units,
}
RULES: Final[dict[str, Rule]] = {
    **BOUNDS,
    **REFUSALS,
    **BETWEEN_ARGUMENTS,
    "default": _default,
    "deprecated": _deprecated,
    "enum": _values,
    "masked": _masked,
    "repeatable": _repeatable,
    "request": _request,
    "x-refusal": _refusal,
}
