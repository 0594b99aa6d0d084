"""Write PG profiles, code tables and claims below generated/, as JSON that is read when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..evidence import load


def write_data(spec: Path, package: Path) -> None:
    """`data/pg/<pg>.json`, `codes.json` and `claims.json` beside it, where `spec` has something to say."""
    evidence = load(spec)
    for name, profile in evidence.profiles.items():
        _write(package / "data" / "pg" / f"{name}.json", {key: profile[key] for key in profile if key != "unknown"})
    if evidence.codes:
        _write(package / "data" / "codes.json", evidence.codes)
    if evidence.claims:
        rows = [
            {key: claim[key] for key in ("id", "says", "where", "grade")}
            | {"projects": evidence.independent(claim.get("sources", ()))}
            | {key: claim[key] for key in ("question",) if key in claim}
            for claim in evidence.claims
        ]
        _write(package / "data" / "claims.json", rows)


def _write(path: Path, node: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(node, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
