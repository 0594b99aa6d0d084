"""Every image that the project names is pinned by the digest of its index, and by one digest for each tag.

Dependabot proposes the digests that the tags have now.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..steps import ROOT, Options, StepError, step
from ..yaml_files import load_yaml, nodes

PINNED: Final = re.compile(r"([\w./-]+:[\w.-]+)@(sha256:[0-9a-f]{64})")
FROM: Final = re.compile(r"(?m)^FROM (?:--\S+ )*(\S+)")
YAML: Final = (".gitlab-ci.yml", "examples/**/compose*.yaml", ".github/workflows/*.yml")
KEYS: Final = {"image", "IMAGE", "services", "container"}


def named(root: Path) -> Iterator[tuple[str, str]]:
    """Where an image is named, and as what."""
    for path in [*root.rglob("Containerfile"), *root.rglob("Dockerfile")]:
        place = path.relative_to(root)
        if not any(part.startswith(".") for part in place.parts):
            stages = set(re.findall(r"(?i)\bAS (\S+)", text := path.read_text(encoding="utf-8")))
            yield from ((place.as_posix(), name) for name in FROM.findall(text) if name not in stages)
    for path in (path for pattern in YAML for path in root.glob(pattern)):
        yield from ((path.relative_to(root).as_posix(), name) for name in _images(load_yaml(path)))


def _images(document: Any) -> Iterator[str]:
    for node in (one for one in nodes(document) if isinstance(one, dict)):
        for key in node.keys() & KEYS:
            found = node[key] if isinstance(node[key], list) else [node[key]]
            yield from (one for one in found if isinstance(one, str) and not one.startswith("$"))


def complaints(root: Path) -> list[str]:
    """A line for each image without a digest, or with several."""
    lines, found = set[str](), defaultdict[str, set[str]](set)
    for place, image in named(root):
        if pin := PINNED.fullmatch(image):
            found[pin[1]].add(pin[2])
        else:
            lines.add(f"{place}: {image} is not pinned: name:tag@sha256:…")
    return sorted(lines | {f"{name} is pinned to {len(pins)} digests" for name, pins in found.items() if len(pins) > 1})


def _run(options: Options) -> None:
    if lines := complaints(options.root):
        raise StepError("\n".join(lines))


main = partial(step, "scripts.ci images", __doc__, {"--root": {"type": Path, "default": ROOT}}, _run)
