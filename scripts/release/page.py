"""The page that the rehearsal is written down in, with what a team has to know around it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

HEADER: Final = """\
# A release, rehearsed

`make release-check` compares this tree with the last release, the newest `v…` tag, in three ways: griffe compares the
names and signatures that users can reach; the specifications of both (`generated/openapi.json`) say which bounds,
closed sets, rules between arguments, repetitions and masks are different; and what the release was tested with, its
typing tests and the examples of its specification, is run against this tree.

| what changed | asks for |
|---|---|
| something is gone, renamed, must now be given, takes less, or means something else where it is left out | major |
| a bound, a form, a closed set or a rule refuses what was sent; a write is repeated; a mask is gone | major |
| something is new, takes more, need not be given any more | minor |
| nothing of that | patch |

What users write and what they read differ: a wider answer breaks who reads it, a narrower argument who gives it.
Before 1.0.0 a major change asks for a minor version, with a warning. `make release-check WRITE=1` raises the
version of all three distributions, makes the changelog's section of what was found and of the files of `changes/`, and
regenerates; versions, changelog, `STAMP.json` and tag must agree, or nothing is built.

What follows is written by `make rehearsal`, which carries it out in a copy of the tree: an index of its own runs on
this machine, and nothing else is asked. Digests, ports, paths, times and the number of operations are replaced. A test
carries it out again and compares every line, so this page is never stale.
"""
FOOTER: Final = """
## Taking it from your index, and from nowhere else

Whoever registers `portone-v1` with a higher version on a public index must not be asked. With uv, the index is named
and *explicit*: it serves this package and no other, and this package comes from it and from nowhere else.

```toml
[[tool.uv.index]]
name = "internal"
url = "https://packages.example.com/simple/"
publish-url = "https://packages.example.com/legacy/"
explicit = true

[tool.uv.sources]
portone-v1 = { index = "internal" }
```

With pip, give one index alone, `--index-url`, which mirrors what is public; never `--extra-index-url`, which takes the
higher version from wherever it is. Lock with hashes (`uv pip compile --generate-hashes`, `pip install
--require-hashes`): a file of another origin is then refused whatever its version says.
"""


def page(lines: Sequence[str]) -> str:
    return "\n".join([HEADER.rstrip(), *lines, FOOTER])


def write_page(path: Path, lines: Sequence[str]) -> None:
    """All at once: a test that compares the page meanwhile once read it without its last steps."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(page(lines), encoding="utf-8", newline="\n")
    beside.replace(path)
