"""Rules about the files under spec/: each thing is in the file that its name requires, and there is no other file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..bundle import SECTIONS
from ..codegen.document import listed
from .places import Spec

PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*")
BESIDE = re.compile(
    r"README\.md|upstream\.lock\.json|(openapi|deviations|names|claims|codes|questions|sources)\.yaml"
    r"|examples/[^/]+\.json|pg/[^/]+\.yaml"
)
"""Files that the bundle does not read."""


def files_have_their_place(spec: Spec) -> Iterator[str]:
    """Find files other than `paths/<tag>/<URL with _ for />.yaml`, `schemas/enums/Kind.yaml` and so on."""
    found = {path.relative_to(spec.folder).as_posix() for path in spec.folder.rglob("*") if path.is_file()}
    left = {name for name in found if not (name.startswith(".") or "/." in name or BESIDE.fullmatch(name))}
    files = listed(spec.folder)
    for operation in spec.operations:
        wanted = f"paths/{operation.tag}/{operation.path.strip('/').replace('/', '_')}.yaml"
        if files[operation.path] != wanted:
            yield f"{operation.path}: its file must be called {wanted}, not {files[operation.path]}"
    yield from (f"{name}: it must stand in a file of its own" for name in files if files[name] == "openapi.yaml")
    left -= {*files.values()}
    for section in SECTIONS:
        for name in spec.components(section):
            wanted = f"{section}/{_folder(spec, name) if section == 'schemas' else ''}{name}.yaml"
            if wanted not in left:
                yield f"{name}: its file must be called {wanted}"
            if not PASCAL.fullmatch(name):
                yield f"{name}: the name must be PascalCase"
            left.discard(wanted)
    yield from (f"{name}: nothing refers to it, or it stands in the wrong place" for name in left)


def _folder(spec: Spec, name: str) -> str:
    node = spec.schemas[name]
    if node.get("x-webhook"):
        return "webhooks/"
    if name.endswith("Envelope") and name != "Envelope":
        return "envelopes/"
    return "enums/" if {"enum", "x-open-enum"} & node.keys() else ""


def nothing_is_orphaned(spec: Spec) -> Iterator[str]:
    """Find components that nothing refers to, and tags that no operation has or that are declared twice."""
    yield from (f"components/{section}/{name}: nothing refers to it" for section, name in spec.unreferred())
    declared = [tag["name"] for tag in spec.tags]
    used = {operation.tag for operation in spec.operations}
    yield from (f"tag {name}: no operation has it" for name in declared if name not in used)
    yield from (f"tag {name}: it is declared twice" for name, count in Counter(declared).items() if count > 1)
