"""Control calls for the linter: its findings, and the rules that a shop has muted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import missing, wrong_value
from ..errors.shops import no_such_name
from ..lint.report import lint_to_wire
from ..lint.rules import RULES
from ..wire.forms import body_values
from ..wire.json_types import is_list

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["LINT_CONTROLS", "LINT_NAMES", "rules_of"]


def _lint(engine: Engine, _request: Request) -> dict[str, Any]:
    """Return the mistakes of the shop that can cost money."""
    return lint_to_wire(engine)


def _mute(engine: Engine, request: Request) -> dict[str, Any]:
    """Stop reporting the findings of these rules."""
    muted, named = engine.settings.muted_rules, _named(request)
    engine.change(muted_rules=(*muted, *(rule for rule in named if rule not in muted)))
    return lint_to_wire(engine)


def _unmute(engine: Engine, request: Request) -> dict[str, Any]:
    """Report the findings of these rules again."""
    named = _named(request)
    engine.change(muted_rules=tuple(rule for rule in engine.settings.muted_rules if rule not in named))
    return lint_to_wire(engine)


def _named(request: Request) -> tuple[str, ...]:
    rules = rules_of("rule", body_values(request).get("rule"))
    if not rules:
        raise missing(["rule"])
    return rules


def rules_of(name: str, value: Any) -> tuple[str, ...]:
    """Return the rules of the linter that a list, or a text with commas, names. Raises Refusal."""
    rules = value if is_list(value) else value.split(",") if isinstance(value, str) and value else []
    if (value and not rules) or not all(isinstance(rule, str) for rule in rules):
        raise wrong_value(name)
    for rule in rules:
        if rule not in RULES:
            raise no_such_name("rule", str(rule), RULES)
    return tuple(dict.fromkeys(str(rule) for rule in rules))


LINT_CONTROLS: Final[dict[str, dict[str, Callable[[Engine, Request], Any]]]] = {
    "/_sandbox/lint": {"GET": _lint},
    "/_sandbox/lint/mute": {"POST": _mute},
    "/_sandbox/lint/unmute": {"POST": _unmute},
}
LINT_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "/_sandbox/lint/mute": ("rule",),
    "/_sandbox/lint/unmute": ("rule",),
}
