"""The knowledge in spec/ beside the API description: PG profiles, code tables, claims, and their sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from .steps import StepError
from .yaml_files import misfits, read_yaml

FORMS: Final = Path(__file__).with_suffix(".yaml")
"""The shape of these files that code relies on. scripts/lint/evidence.yaml checks their values."""

GRADES: Final = ("captured", "vendor", "third-party", "inferred", "assumed")
"""Grades, the best first."""
ITEM_GRADES: Final = {
    "captured": "captured",
    "vendor-doc": "vendor",
    "vendor-code": "vendor",
    "third-party-code": "third-party",
    "inferred": "inferred",
}
"""Grade of a corpus item → grade."""
DROPPED: Final = "dropped"


@dataclass(frozen=True)
class Evidence:
    folder: Path
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)
    claims: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    sources: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.sources.get("keys", {})
        return found

    @staticmethod
    def key(source: str) -> str:
        """Return the key of a source: `W:kakaopay.mdx` → `W`; `SCH#/payments` and `SCH x-…` → `SCH`."""
        return re.split("[:#@ ]", source, maxsplit=1)[0]

    @cached_property
    def _joined(self) -> dict[str, str]:
        return {source: project for project, sources in self.sources.get("projects", {}).items() for source in sources}

    def project(self, source: str) -> str:
        """Return the project behind a source."""
        item = self.item(source)
        if item is not None:
            source = str(item["project"]).replace("code-index-", "TP:")
        if source in self._joined:
            return self._joined[source]
        who = str(self.keys.get(self.key(source), {}).get("project", "each"))
        return source if who == "each" else who

    def item(self, source: str) -> dict[str, Any] | None:
        """Return the item of the corpus that a source names."""
        if self.key(source) != "corpus":
            return None
        path = self.folder.parent / "tests" / "corpus" / "items" / f"{source.partition(':')[2]}.json"
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def bears(self, source: str) -> str:
        """Return the highest grade that a source can support."""
        item = self.item(source)
        if item is not None:
            return ITEM_GRADES[item["grade"]]
        return str(self.keys[self.key(source)]["grade"])

    def independent(self, sources: Iterable[str]) -> int:
        """Return how many projects support a statement, however many files each of them has."""
        return len({self.project(source) for source in sources})

    def as_data(self) -> dict[str, Any]:
        """Return the data of generated/ that is read on demand, by names below `data/`."""
        found: dict[str, Any] = {
            f"pg/{name}": {key: profile[key] for key in profile if key != "unknown"}
            for name, profile in self.profiles.items()
        }
        rows = [
            {key: claim[key] for key in ("id", "says", "where", "grade")}
            | {"projects": self.independent(claim.get("sources", ()))}
            | {key: claim[key] for key in ("question",) if key in claim}
            for claim in self.claims
        ]
        return found | {name: node for name, node in (("codes", self.codes), ("claims", rows)) if node}


def load(folder: Path) -> Evidence:
    """Read the evidence of a specification, which may have none."""
    names = ("sources", "codes", "claims", "questions")
    found: dict[str, Any] = {one: _read(path) for one in names if (path := folder / f"{one}.yaml").exists()}
    found["profiles"] = {path.stem: _read(path) for path in sorted((folder / "pg").glob("*.yaml"))}
    for (part, *way), fault in misfits(FORMS, found):
        file = f"pg/{way.pop(0)}.yaml" if part == "profiles" and way else f"{part}.yaml"
        raise StepError(f"spec/{file}: {'.'.join(map(str, way)) or 'it is not right'}: {fault}")
    return Evidence(folder, **found)


def _read(path: Path) -> Any:
    return read_yaml(path, f"spec/{'pg/' if path.parent.name == 'pg' else ''}{path.name}")


def leaves(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Iterate over each statement within a profile, with its place."""
    if isinstance(node, dict) and "value" in node:
        yield where, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{where}.{key}" if where else str(key))


def read_names(spec: Path) -> dict[str, str]:
    """Return our name, or `dropped`, by the vendor's name. Without a table there are no other names."""
    path = spec / "names.yaml"
    names: dict[str, str] = _read(path) if path.exists() else {}
    return names
