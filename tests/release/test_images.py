"""Every image that the project names is pinned by the digest of its index, and by one digest for each tag.

Dependabot proposes the digests that the tags have now.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from scripts.steps import ROOT
from scripts.yaml_files import nodes

PIN = "python:3.13-slim-bookworm@sha256:" + "a" * 64
PINNED: Final = re.compile(r"([\w./-]+:[\w.-]+)@(sha256:[0-9a-f]{64})")
FROM: Final = re.compile(r"(?m)^FROM (?:--\S+ )*(\S+)")
YAML: Final = (".gitlab-ci.yml", "examples/**/compose*.yaml", ".github/workflows/*.yml")
KEYS: Final = {"image", "IMAGE", "services", "container"}


def named(root: Path) -> Iterator[tuple[str, str]]:
    """Iterate over the places that name an image, with its name."""
    for path in [*root.rglob("Containerfile"), *root.rglob("Dockerfile")]:
        place = path.relative_to(root)
        if not any(part.startswith(".") for part in place.parts):
            stages = set(re.findall(r"(?i)\bAS (\S+)", text := path.read_text(encoding="utf-8")))
            yield from ((place.as_posix(), name) for name in FROM.findall(text) if name not in stages)
    for path in (path for pattern in YAML for path in root.glob(pattern)):
        yield from (
            (path.relative_to(root).as_posix(), name)
            for name in _images(yaml.safe_load(path.read_text(encoding="utf-8")))
        )


def _images(document: Any) -> Iterator[str]:
    for node in (one for one in nodes(document) if isinstance(one, dict)):
        for key in node.keys() & KEYS:
            found = node[key] if isinstance(node[key], list) else [node[key]]
            yield from (one for one in found if isinstance(one, str) and not one.startswith("$"))


def complaints(root: Path) -> list[str]:
    """Return a line for each image without a digest, or with several."""
    lines, found = set[str](), defaultdict[str, set[str]](set)
    for place, image in named(root):
        if pin := PINNED.fullmatch(image):
            found[pin[1]].add(pin[2])
        else:
            lines.add(f"{place}: {image} is not pinned: name:tag@sha256:…")
    return sorted(lines | {f"{name} is pinned to {len(pins)} digests" for name, pins in found.items() if len(pins) > 1})


def test_this_tree() -> None:
    places = {place for place, _ in named(ROOT)}
    assert {".gitlab-ci.yml", "sandbox/Containerfile", "examples/compose/compose.yaml"} <= places
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("Containerfile", "FROM python:3.13\n", "Containerfile: python:3.13 is not pinned"),
        ("sub/Dockerfile", f"FROM {PIN[:-1]}\n", "is not pinned"),
        (".gitlab-ci.yml", "job: {image: 'python:3.11'}\n", ".gitlab-ci.yml: python:3.11 is not pinned"),
        (".gitlab-ci.yml", "job: {services: ['postgres:16']}\n", "postgres:16 is not pinned"),
        (".gitlab-ci.yml", "job: {parallel: {matrix: [{IMAGE: ['python:3.12']}]}}\n", "python:3.12 is not pinned"),
        (".github/workflows/a.yml", "jobs: {a: {container: 'node:22'}}\n", "node:22 is not pinned"),
        ("examples/compose/compose.yaml", "services: {shop: {image: 'node:22'}}\n", "node:22 is not pinned"),
        ("Containerfile", f"FROM {PIN}\nFROM {PIN[:-1]}b\n", "is pinned to 2 digests"),
    ],
)
def test_what_is_refused(tmp_path: Path, file: str, text: str, line: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    [complaint] = complaints(tmp_path)
    assert line in complaint


def test_a_stage_and_a_variable_are_no_images(tmp_path: Path) -> None:
    (tmp_path / "Containerfile").write_text(f"FROM {PIN} AS build\nFROM build\n", encoding="utf-8")
    (tmp_path / ".gitlab-ci.yml").write_text("job: {image: $IMAGE}\n", encoding="utf-8")
    assert complaints(tmp_path) == []
