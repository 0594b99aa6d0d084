"""Everything that says which release this is must say the same."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path

from .building import version_of
from .changelog import ChangelogError, head
from .source import Module

__all__ = ["VERSION_FILE", "disagreements", "package_version"]

VERSION_FILE = "overlay/portone_v1/_version.py"


def package_version(text: str) -> str:
    """`__version__`, read and not imported."""
    module = Module("_version", "")
    module.read(ast.parse(text).body)
    node = module.definitions["__version__"][0]
    assert isinstance(node, ast.Assign)  # noqa: S101
    version: str = ast.literal_eval(node.value)
    return version


def disagreements(root: Path, tag: str | None = None) -> list[str]:
    """A line for each that says something else than pyproject.toml, or that was made from something else."""
    version = version_of(root)
    told = {VERSION_FILE: package_version((root / VERSION_FILE).read_text(encoding="utf-8"))}
    lines: list[str] = []
    try:
        told["CHANGELOG.md"] = head((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    except ChangelogError as error:
        lines.append(str(error))
    generated = root / "generated"
    stamp = json.loads((generated / "STAMP.json").read_text(encoding="utf-8"))
    told["generated/STAMP.json"] = stamp["release"]
    if tag is not None:
        told["the git tag"] = tag.removeprefix("v")
    lines += [
        f"{place} says {other}, pyproject.toml says {version}" for place, other in told.items() if other != version
    ]
    bundle = (generated / "openapi.json").read_bytes()
    if hashlib.sha256(bundle).hexdigest() != stamp["bundle_sha256"]:
        lines.append("generated/STAMP.json was made from another generated/openapi.json: make generate")
    if json.loads(bundle)["info"]["version"] != stamp["spec_version"]:
        lines.append("generated/STAMP.json follows another date of the vendor's document: make generate")
    return lines
