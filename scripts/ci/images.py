"""Every image that the project names is pinned by the digest of its index, and by one digest for each tag.

`--renew` asks the registry for the digest that each tag has now, and says which are older.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import httpx
import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
REGISTRY: Final = "https://registry-1.docker.io"
TOKENS: Final = "https://auth.docker.io/token?service=registry.docker.io&scope=repository:{name}:pull"
INDEXES: Final = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json"
PINNED: Final = re.compile(r"(?P<name>[\w./-]+):(?P<tag>[\w.-]+)@(?P<digest>sha256:[0-9a-f]{64})")
FROM: Final = re.compile(r"(?m)^FROM (?:--\S+ )*(\S+)")


def named(root: Path) -> Iterator[tuple[str, str]]:
    """Where an image is named, and as what."""
    for path in [*root.rglob("Containerfile"), *root.rglob("Dockerfile")]:
        if not any(part.startswith(".") for part in path.relative_to(root).parts):
            stages = set(re.findall(r"(?i)\bAS (\S+)", text := path.read_text(encoding="utf-8")))
            yield from ((_place(path, root), name) for name in FROM.findall(text) if name not in stages)
    for path in [root / ".gitlab-ci.yml", *root.glob("examples/**/compose*.yaml")]:
        if path.is_file():
            yield from (
                (_place(path, root), name) for name in _images(yaml.safe_load(path.read_text(encoding="utf-8")))
            )
    for path in root.glob(".github/workflows/*.yml"):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from ((_place(path, root), name) for name in _images(document, ("image", "container")))


def _place(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _images(node: Any, keys: tuple[str, ...] = ("image", "IMAGE", "services")) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in cast("dict[str, Any]", node).items():
            for one in cast("list[object]", value) if isinstance(value, list) else [value]:
                if key in keys and isinstance(one, str):
                    yield one
            yield from _images(value, keys)
    elif isinstance(node, list):
        for one in cast("list[object]", node):
            yield from _images(one, keys)


def complaints(root: Path) -> list[str]:
    found: dict[tuple[str, str], set[str]] = {}
    lines: list[str] = []
    for place, image in named(root):
        if image.startswith("$"):  # a variable, whose values are looked at where they stand
            continue
        pin = PINNED.fullmatch(image)
        if pin is None:
            lines.append(f"{place}: {image} is not pinned: name:tag@sha256:…")
        else:
            found.setdefault((pin["name"], pin["tag"]), set()).add(pin["digest"])
    lines += [f"{name}:{tag} is pinned to {len(pins)} digests" for (name, tag), pins in found.items() if len(pins) > 1]
    return sorted(set(lines))


def newest(name: str, tag: str, http: httpx.Client, registry: str = REGISTRY, tokens: str = TOKENS) -> str:
    """The digest of the index that the tag stands for now."""
    repository = name if "/" in name else f"library/{name}"
    token = http.get(tokens.format(name=repository)).raise_for_status().json()["token"]
    headers = {"Authorization": f"Bearer {token}", "Accept": INDEXES}
    answer = http.head(f"{registry}/v2/{repository}/manifests/{tag}", headers=headers).raise_for_status()
    return str(answer.headers["Docker-Content-Digest"])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.ci images", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--renew", action="store_true", help="ask the registry which pins are older than their tags")
    options = parser.parse_args(arguments)
    lines = complaints(options.root)
    if options.renew and not lines:
        pins = {image for _, image in named(options.root) if not image.startswith("$")}
        with httpx.Client(timeout=30) as http:
            for pin in filter(None, map(PINNED.fullmatch, sorted(pins))):
                now = newest(pin["name"], pin["tag"], http)
                if now != pin["digest"]:
                    lines.append(f"{pin['name']}:{pin['tag']}@{now} is newer than the pinned {pin['digest']}")
    for line in lines:
        print(f"images: {line}", file=sys.stderr)
    return 1 if lines else 0
