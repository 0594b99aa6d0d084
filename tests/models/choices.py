"""Every free choice of one story, by name and turn. Some may be fixed, which is how a story is made shorter."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Name: TypeAlias = tuple[str, int]


class Choices:
    def __init__(self, seed: str, fixed: Mapping[Name, Any] | None = None) -> None:
        self._random, self._fixed = random.Random(seed), dict(fixed or {})
        self.made: dict[Name, tuple[Any, Sequence[Any]]] = {}
        self._turns: dict[str, int] = {}

    def draw(self, name: str, options: Sequence[T]) -> T:
        """Choose one. The first option is the simplest."""
        turn = self._turns[name] = self._turns.get(name, -1) + 1
        value: T = self._random.choice(options)
        if (name, turn) in self._fixed:
            value = self._fixed[name, turn]
        self.made[name, turn] = (value, options)
        return value
