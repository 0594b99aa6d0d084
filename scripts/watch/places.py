"""Where in spec/ a change of the vendor's document has to be answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from .facts import UnreadableError
from .names import DROPPED

if TYPE_CHECKING:
    from pathlib import Path

    from .compare import Difference


class Places:
    def __init__(self, spec: Path, names: dict[str, str]) -> None:
        try:
            root = yaml.load((spec / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
            self.paths = {path: f"spec/{item['$ref']}" for path, item in root["paths"].items()}
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise UnreadableError(f"{spec / 'openapi.yaml'}: {' '.join(str(error).split())}") from error
        self.schemas = {path.stem: f"spec/{path.relative_to(spec)}" for path in sorted(spec.glob("schemas/**/*.yaml"))}
        self.names = names

    def operation_file(self, key: str) -> str | None:
        return self.paths.get(key.partition(" ")[2])

    def schema_file(self, definition: str) -> str | None:
        return self.schemas.get(self.names.get(definition, definition))

    def hint(self, difference: Difference) -> str:
        kind, place = difference.kind, difference.place
        if place == "document":
            return "see spec/openapi.yaml"
        operation = re.match(r"[A-Z]+ /", place) is not None and place not in self.names
        file = self.operation_file(place) if operation else self.schema_file(place)
        if kind == "operation-added":
            path = place.partition(" ")[2].strip("/").replace("/", "_")
            return (
                f"add it to {file}" if file else f"write spec/paths/<tag>/{path}.yaml and list it in spec/openapi.yaml"
            )
        if kind == "operation-missing":
            return f"keep it, `deprecated` with `x-history`, in {file}, and explain it in spec/deviations.yaml"
        if kind == "definition-added":
            return "write it below spec/schemas/ and add it to the name table in spec/README.md"
        if kind == "definition-missing":
            return f"look for who still refers to {file or 'it'}, and take it out of the name table in spec/README.md"
        if self.names.get(place) == DROPPED:
            return "we dropped this type; see spec/deviations.yaml"
        if kind.startswith("text"):
            return f"read what it says now: a rule in it belongs into {file or 'spec/'}, in words of our own"
        if kind.startswith(("spelling", "ghost")):
            return "nothing to touch but the entry in spec/deviations.yaml"
        where = file or "spec/"
        if kind == "required-added" and operation:
            return f"keep it optional for older callers in {where}, and explain it in spec/deviations.yaml"
        return f"touch {where}"
