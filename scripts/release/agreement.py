"""Everything that says which release this is must say the same."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from .changelog import ChangelogError, head
from .distributions import version_of, versions


def disagreements(root: Path, tag: str | None = None) -> list[str]:
    """A line for each that says something else than pyproject.toml, or that was made from something else."""
    version = version_of(root)
    told = list(versions(root))
    lines: list[str] = []
    try:
        told.append(("CHANGELOG.md", head((root / "CHANGELOG.md").read_text(encoding="utf-8"))))
    except ChangelogError as error:
        lines.append(str(error))
    generated = root / "generated"
    stamp = json.loads((generated / "STAMP.json").read_text(encoding="utf-8"))
    told.append(("generated/STAMP.json", stamp["release"]))
    if tag is not None:
        told.append(("the git tag", tag.removeprefix("v")))
    lines += [
        f"{place} says {other}, pyproject.toml says {version}"
        for place, other in dict.fromkeys(told)
        if other != version
    ]
    bundle = (generated / "openapi.json").read_bytes()
    if hashlib.sha256(bundle).hexdigest() != stamp["bundle_sha256"]:
        lines.append("generated/STAMP.json was made from another generated/openapi.json: make generate")
    if json.loads(bundle)["info"]["version"] != stamp["spec_version"]:
        lines.append("generated/STAMP.json follows another date of the vendor's document: make generate")
    return lines
