"""The vendor's types and operations: their names here, and the places in spec/ where a change of one is made."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Final

from ..codegen.document import listed
from ..evidence import DROPPED
from ..yaml_files import beside, read_yaml
from .compare import Difference

HINTS: Final[dict[str, str]] = beside(__file__)


class Places:
    def __init__(self, spec: Path, names: dict[str, str]) -> None:
        self.paths = {path: f"spec/{file}" for path, file in listed(spec).items() if path.startswith("/")}
        self.schemas = {path.stem: f"spec/{path.relative_to(spec)}" for path in sorted(spec.glob("schemas/**/*.yaml"))}
        self.spec, self.names = spec, names

    def operation_file(self, key: str) -> str | None:
        return self.paths.get(key.partition(" ")[2])

    def schema_file(self, definition: str) -> str | None:
        return self.schemas.get(self.names.get(definition, definition))

    def tag_of(self, path: str) -> str | None:
        """Return the folder of the known path that shares most of its first segments with this one."""
        shared = {known: posixpath.commonpath((known, f"/{path.strip('/')}")) for known in self.paths}
        nearest = max(shared, key=lambda known: len(shared[known]), default="")
        return self.paths[nearest].split("/")[2] if len(shared.get(nearest, "")) > 1 else None

    def shared_parameters(self) -> dict[tuple[str, str], str]:
        """Return how a file in spec/paths/ refers to a parameter with a file of its own, by (place, name)."""
        found: dict[tuple[str, str], str] = {}
        for file in sorted((self.spec / "parameters").glob("*.yaml")):
            node = read_yaml(file, file.name)
            found[node["in"], node["name"]] = f"../../parameters/{file.name}"
        return found

    def hint(self, difference: Difference) -> str:
        kind, place = difference.kind, difference.place
        name, path = kind.partition("-")[0], place.partition(" ")[2].strip("/").replace("/", "_")
        operation = re.match(r"[A-Z]+ /", place) is not None and place not in self.names
        file = self.operation_file(place) if operation else self.schema_file(place)
        match kind:
            case "operation-added" if file:
                key = "operation-added to a path"
            case "required-added" if operation:
                key = "required-added to an argument"
            case _ if self.names.get(place) == DROPPED and kind not in HINTS:
                key = "dropped"
            case _:
                key = "document" if place == "document" else next(one for one in (kind, name, "other") if one in HINTS)
        return HINTS[key].format(file=file or ("it" if kind == "definition-missing" else "spec/"), path=path)
