"""The findings about a shop: as JSON, for the page, and for an assertion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors.shops import ended, meant
from .detect import Seen, detect
from .payments import event_of
from .rules import RULES, Level

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.exchanges import Exchange

__all__ = ["Evidence", "Finding", "findings_of", "lint_to_wire", "require_known_rules"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One call as evidence."""

    number: int
    """Its place in the journal."""
    at: int
    call: str
    status: int
    imp_uid: str | None
    merchant_uid: str | None
    event: int | None = None
    """The event of the payment's timeline that shows it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake of the shop, with the calls as evidence."""

    rule: str
    evidence: tuple[Evidence, ...]

    @property
    def level(self) -> Level:
        return RULES[self.rule].level

    def __str__(self) -> str:
        rule = RULES[self.rule]
        calls = "\n".join(f"    {_line(each)}" for each in self.evidence)
        return f"{self.rule}: {rule.title}\n{calls}\n    why: {rule.why}\n    do: {rule.do}"


def findings_of(engine: Engine, *, muted: bool = False) -> list[Finding]:
    """Return the findings in the order of the rules; with `muted`, those of the muted rules instead."""
    with engine.transaction():
        engine.catch_up()
        with engine.transaction(read_only=True):
            found = detect(Seen(list(engine.journal), engine.state))
            return [
                Finding(rule, tuple(_evidence(engine, one) for one in each))
                for rule in RULES
                if (rule in engine.settings.muted_rules) is muted
                for each in found.get(rule, ())
            ]


def lint_to_wire(engine: Engine) -> dict[str, Any]:
    """Return the findings with the texts of their rules."""
    return {
        "findings": [_finding_to_wire(each) for each in findings_of(engine)],
        "muted": [
            RULES[rule]._asdict() | {"rule": rule, "times": times} for rule, times in _muted_times(engine).items()
        ],
        "rules": [*RULES],
    }


def _muted_times(engine: Engine) -> dict[str, int]:
    found = [each.rule for each in findings_of(engine, muted=True)]
    return {rule: found.count(rule) for rule in RULES if rule in engine.settings.muted_rules}


def _finding_to_wire(finding: Finding) -> dict[str, Any]:
    evidence = [_to_wire(one) for one in finding.evidence]
    return RULES[finding.rule]._asdict() | {"rule": finding.rule, "evidence": evidence}


def require_known_rules(names: Iterable[str]) -> None:
    """Raise ValueError for an unknown rule: a misspelt exception would have no effect."""
    for name in names:
        if name not in RULES:
            unknown = ended(f"no rule is called {name!r}{meant(name, RULES)}")
            raise ValueError(f"{unknown} Known: {', '.join(RULES)}")


def _evidence(engine: Engine, each: Exchange) -> Evidence:
    uids = [each.arguments.get(name) for name in ("imp_uid", "merchant_uid")]
    imp_uid, merchant_uid = (uid if isinstance(uid, str) else None for uid in uids)
    call = each.operation or "" if each.path.startswith("/_sandbox/") else f"{each.method} {each.path}"
    event = event_of(each, engine.evidence.of_payment(imp_uid or "", merchant_uid or ""))
    return Evidence(each.number, each.at, call, each.status, imp_uid, merchant_uid, None if event is None else event.id)


def _line(each: Evidence) -> str:
    about = ", ".join(text for text in (each.imp_uid, each.merchant_uid) if text)
    return f"#{each.number} {each.call} -> {each.status}{f' ({about})' if about else ''}"


def _to_wire(each: Evidence) -> dict[str, Any]:
    names = ("number", "at", "call", "status", "imp_uid", "merchant_uid", "event")
    return {name: getattr(each, name) for name in names}
