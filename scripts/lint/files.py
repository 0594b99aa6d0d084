"""Rules about the files under spec/: their names, and that each of them is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..yaml_files import load_yaml
from .places import Spec

PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
AT_THE_TOP = {
    *("openapi.yaml", "README.md", "deviations.yaml", "names.yaml", "upstream.lock.json"),
    *("claims.yaml", "codes.yaml", "questions.yaml", "sources.yaml"),
}
NAMED_FOLDERS = {"schemas": "schemas", "parameters": "parameters", "responses": "responses"}


def path_file_names(spec: Spec) -> Iterator[str]:
    """The file of a path is `paths/<tag>/<URL with _ for />.yaml`."""
    for url, item in load_yaml(spec.folder / "openapi.yaml").get("paths", {}).items():
        reference = item.get("$ref") if isinstance(item, dict) else None
        if not isinstance(reference, str):
            yield f"{url}: its operations must stand in a file under paths/"
            continue
        tags = {
            str(tag) for operation in spec.operations if operation.path == url for tag in operation.node.get("tags", [])
        }
        tag = min(tags, default="")
        wanted = f"paths/{tag}/{url.strip('/').replace('/', '_')}.yaml"
        if len(tags) > 1:
            yield f"{url}: the operations of one file must have one tag, not {' and '.join(sorted(tags))}"
        elif reference != wanted:
            yield f"{url}: its file must be called {wanted}, not {reference}"


def schema_files(spec: Spec) -> Iterator[str]:
    """PascalCase names, each kind of schema in its folder, no object with fields inside another."""
    for path in _files(spec.folder):
        if path.parts[0] in NAMED_FOLDERS and not PASCAL.fullmatch(path.stem):
            yield f"{path.as_posix()}: the name must be PascalCase"
        if path.parts[0] == "schemas" and (node := spec.schemas.get(path.stem)):
            folder = "enums" if {"enum", "x-open-enum"} & node.keys() else ""
            if path.stem.endswith("Envelope") and path.stem != "Envelope":
                folder = "envelopes"
            if node.get("x-webhook"):
                folder = "webhooks"
            if path.parts[1:-1] != ((folder,) if folder else ()):
                yield f"{path.as_posix()}: it belongs in {'/'.join(filter(None, ('schemas', folder)))}/"
    for place in spec.places:
        inside = place.is_schema and place.role not in {"component", "body"} and not place.in_envelope
        if inside and place.node.get("properties"):
            yield f"{place.where}: an object with fields must have a file of its own in schemas/"


def _files(folder: Path) -> list[Path]:
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if not any(part.startswith(".") for part in path.parts)]


def nothing_is_orphaned(spec: Spec) -> Iterator[str]:
    """No component that nobody refers to, no file that the bundle leaves out."""
    yield from (f"components/{section}/{name}: nothing refers to it" for section, name in spec.unreferred())
    yield from _left_out(spec)


def _left_out(spec: Spec) -> Iterator[str]:
    root = load_yaml(spec.folder / "openapi.yaml")
    items = [*root.get("paths", {}).values(), *root.get("webhooks", {}).values()]
    used = {item["$ref"] for item in items if "$ref" in item}
    first: dict[tuple[str, str], Path] = {}
    for path in _files(spec.folder):
        name, folder = path.as_posix(), path.parts[0]
        own = {"examples": ".json", "pg": ".yaml"}.get(folder)
        if name in AT_THE_TOP or (own == path.suffix and len(path.parts) == 2):
            continue
        if folder in {"paths", "webhooks"} and path.suffix == ".yaml":
            if name not in used:
                yield f"{name}: openapi.yaml does not refer to it"
        elif folder in NAMED_FOLDERS and path.suffix == ".yaml":
            if path.stem not in spec.components(folder):
                yield f"{name}: nothing refers to it"
            if (other := first.setdefault((folder, path.stem), path)) != path:
                yield f"{name}: {other.as_posix()} has the same name"
        else:
            yield f"{name}: there is no place for this file here"
