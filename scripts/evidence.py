"""What spec/ knows beside the API description: PG profiles, code tables, claims, and who vouches for them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from .yaml_files import load_yaml

GRADES: Final = ("captured", "vendor", "third-party", "inferred", "assumed")
"""Best first."""
ITEM_GRADES: Final = {
    "captured": "captured",
    "vendor-doc": "vendor",
    "vendor-code": "vendor",
    "third-party-code": "third-party",
    "inferred": "inferred",
}
"""Of items of the corpus."""


@dataclass(frozen=True)
class Evidence:
    folder: Path
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)
    claims: list[dict[str, Any]] = field(default_factory=list)
    questions: list[dict[str, Any]] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)
    projects: dict[str, list[str]] = field(default_factory=dict)

    @staticmethod
    def key(source: str) -> str:
        """`W:kakaopay.mdx` → `W`; `SCH#/payments` and `SCH x-…` → `SCH`."""
        head = source.split(":", 1)[0] if ":" in source.split("#", 1)[0] else source.split("#", 1)[0]
        return head.split("@", 1)[0].split(" ", 1)[0]

    @cached_property
    def _joined(self) -> dict[str, str]:
        return {source: project for project, sources in self.projects.items() for source in sources}

    def project(self, source: str) -> str:
        """Who stands behind a source."""
        item = self.item(source)
        if item is not None:
            source = str(item["project"]).replace("code-index-", "TP:")
        if source in self._joined:
            return self._joined[source]
        who = str(self.keys.get(self.key(source), {}).get("project", "each"))
        return source if who == "each" else who

    def item(self, source: str) -> dict[str, Any] | None:
        """The item of the corpus that a source names."""
        if self.key(source) != "corpus":
            return None
        path = self.folder.parent / "tests" / "corpus" / "items" / f"{source.partition(':')[2]}.json"
        return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None

    def bears(self, source: str) -> str:
        """The highest grade that a source can give."""
        item = self.item(source)
        if item is not None:
            return ITEM_GRADES[item["grade"]]
        return str(self.keys[self.key(source)]["grade"])

    def independent(self, sources: Iterable[str]) -> int:
        """How many projects vouch, however many files they have."""
        return len({self.project(source) for source in sources})


def load(folder: Path) -> Evidence:
    """Read what is there; another specification may have none of it."""
    sources = load_yaml(folder / "sources.yaml") or {}
    return Evidence(
        folder,
        profiles={path.stem: load_yaml(path) for path in sorted((folder / "pg").glob("*.yaml"))},
        codes=load_yaml(folder / "codes.yaml") or {},
        claims=load_yaml(folder / "claims.yaml") or [],
        questions=load_yaml(folder / "questions.yaml") or [],
        keys=sources.get("keys", {}),
        projects=sources.get("projects", {}),
    )
