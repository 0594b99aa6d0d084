"""The shortest story that still breaks a promise."""

from __future__ import annotations

from typing import Any

from tests.models.choices import Name
from tests.models.promises import broken
from tests.models.stories import Cell, Story, play

__all__ = ["shortest"]


def shortest(cell: Cell, seed: object, promise: str) -> Story:
    """Make one choice after the other the simplest one, as long as the same promise stays broken."""
    fixed: dict[Name, Any] = {}
    story = play(cell, seed)
    progress = True
    while progress:
        progress = False
        for name, (value, options) in list(story.choices.made.items()):
            if name in fixed or value == options[0]:
                continue
            shorter = play(cell, seed, {**fixed, name: options[0]})
            if promise in broken(shorter):
                fixed[name], story, progress = options[0], shorter, True
    return story
