"""Which module each class stands in."""

from __future__ import annotations

from dataclasses import dataclass

from .models import ModelView
from .types.kinds import FieldType


@dataclass
class ModuleLayout:
    """Which module holds which class: that of the first tag that reaches it."""

    owner: dict[str, str]

    @classmethod
    def of(cls, models: dict[str, ModelView], reached: list[tuple[str, list[FieldType]]]) -> ModuleLayout:
        owner: dict[str, str] = {}

        def visit(kind: FieldType, tag: str) -> None:
            for name in sorted(kind.enums):
                owner.setdefault(name, tag)
            for name in sorted(kind.classes):
                if name in owner:
                    continue
                owner[name] = tag
                for field in models[name].fields:
                    visit(field.type, tag)

        for tag, kinds in reached:
            for kind in kinds:
                visit(kind, tag)
        return cls(owner)

    def models_of(self, tag: str, models: list[ModelView]) -> list[ModelView]:
        """This tag's models, each after those it holds."""
        mine = {model.name: model for model in models if self.owner[model.name] == tag}
        placed: dict[str, ModelView] = {}

        def place(model: ModelView, above: tuple[str, ...]) -> None:
            for name in sorted(model.classes):
                if name in mine and name not in placed and name not in above:
                    place(mine[name], (*above, name))
            placed.setdefault(model.name, model)

        for model in mine.values():
            place(model, (model.name,))
        return list(placed.values())
