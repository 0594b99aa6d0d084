"""Every fault that a rule must find, with the line that it must be found with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from scripts.lint.places import Spec
from tests.spec.trees import Tree

__all__ = ["CASES", "Rule", "Spoil", "bad"]

Rule = Callable[[Spec], Iterator[str]]
Spoil = Callable[[Tree], None]

CASES: list[Any] = []


def bad(rule: Rule, line: str) -> Callable[[Spoil], Spoil]:
    """Register a change that this rule must answer with this line."""

    def note(spoil: Spoil) -> Spoil:
        CASES.append(pytest.param(rule, line, spoil, id=f"{rule.__name__}-{spoil.__name__.strip('_')}"))
        return spoil

    return note
