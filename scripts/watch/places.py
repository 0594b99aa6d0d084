"""The vendor's types and operations: what they are called here, and where in spec/ a change of one is answered."""

from __future__ import annotations

import re
from itertools import count, dropwhile, takewhile
from pathlib import Path
from typing import Final

import yaml

from ..steps import StepError
from ..yaml_files import beside, load_yaml
from .compare import Difference

DROPPED = "dropped"
HINTS: Final[dict[str, str]] = beside(__file__)
CELL = re.compile(r"`([^`]+)`")


def read_names(readme: Path, heading: str = "### Types") -> dict[str, str]:
    """Vendor name -> our name, or `dropped`, from the table under `heading`."""
    _, found, rest = readme.read_text(encoding="utf-8").partition(f"\n{heading}\n")
    if not found:
        raise StepError(f"{readme}: there is no section {heading!r} with the name table")
    names: dict[str, str] = {}
    for line in re.split(r"\n#{1,3} ", rest)[0].splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) < 2 or not (vendor := CELL.fullmatch(cells[0])):
            continue
        ours = CELL.fullmatch(cells[1])
        if ours is None and cells[1] != DROPPED:
            raise StepError(f"{readme}: {vendor[1]}: our name stands in backquotes, or the cell says {DROPPED}")
        if vendor[1] in names:
            raise StepError(f"{readme}: {vendor[1]} stands twice in the name table")
        names[vendor[1]] = ours[1] if ours else DROPPED
    return names


def add_row(readme: Path, heading: str, cells: tuple[str, ...]) -> None:
    """Put a row into the table under `heading`, before the first one that sorts after it."""
    before, found, rest = readme.read_text(encoding="utf-8").partition(f"\n{heading}\n")
    if not found:
        raise StepError(f"{readme}: there is no section {heading!r} with a name table")
    lines = rest.split("\n")
    rows = list(takewhile(lambda at: lines[at].startswith("|"), dropwhile(lambda at: lines[at][:1] != "|", count())))
    row = f"| {' | '.join(cells)} |".replace("|  |", "| |")
    later = (at for at in rows[2:] if lines[at].replace("`", "").lower() > row.replace("`", "").lower())
    lines.insert(next(later, rows[-1] + 1), row)
    readme.write_text(before + found + "\n".join(lines), encoding="utf-8", newline="\n")


class Places:
    def __init__(self, spec: Path, names: dict[str, str]) -> None:
        try:
            root = yaml.load((spec / "openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
            self.paths = {path: f"spec/{item['$ref']}" for path, item in root["paths"].items()}
        except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
            raise StepError(f"{spec / 'openapi.yaml'}: {' '.join(str(error).split())}") from error
        self.schemas = {path.stem: f"spec/{path.relative_to(spec)}" for path in sorted(spec.glob("schemas/**/*.yaml"))}
        self.spec, self.names = spec, names

    def operation_file(self, key: str) -> str | None:
        return self.paths.get(key.partition(" ")[2])

    def schema_file(self, definition: str) -> str | None:
        return self.schemas.get(self.names.get(definition, definition))

    def tag_of(self, path: str) -> str | None:
        """The folder of the known path that has most segments in common with this one, from the first on."""

        def common(known: str) -> int:
            pairs = zip(known.strip("/").split("/"), path.strip("/").split("/"), strict=False)
            return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))

        nearest = max(self.paths, key=common, default="")
        return self.paths[nearest].split("/")[2] if nearest and common(nearest) else None

    def shared_parameters(self) -> dict[tuple[str, str], str]:
        """(place, name) -> how a file below spec/paths/ refers to a parameter that has a file of its own."""
        found: dict[tuple[str, str], str] = {}
        for file in sorted((self.spec / "parameters").glob("*.yaml")):
            node = load_yaml(file)
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
