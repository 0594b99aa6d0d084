"""Rehearse two releases from end to end in a copy of this tree, with an index of its own on this machine.

docs/rehearsal.md is what is carried out and where it is written down: a patch mends a text, a major release adds a
field and raises a bound. At the end a fresh environment installs both.
"""

from __future__ import annotations

import secrets
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from scripts.release.distributions import raise_version, version_of
from scripts.steps import ROOT, Options, clean, fresh, step, tool
from tests.release.loopback import serve
from tests.release.machine import copy_tree
from tests.release.transcript import carry_out, write_page
from tests.release.wheels import runtime_wheels

PAGE: Final = ROOT / "docs" / "rehearsal.md"
FIRST: Final = "1.0.0"
WHO = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
       for what, value in (("NAME", "홍길동"), ("EMAIL", "gildong@example.com"))}  # fmt: skip
# The tools of this tree serve the copy: nothing is installed anew for it.
MAKE: Final = """\
#!/bin/sh
exec env -u MAKEFLAGS -u MAKELEVEL "{make}" --no-print-directory VENV="{venv}" --old-file="{venv}/.ready" "$@"
"""


def rehearse(root: Path, folder: Path) -> str:
    """Return the page written anew, from the field to the reader. Raises if a step ends otherwise than it should."""
    clone, packages, programs = folder / "portone-v1", folder / "index", folder / "bin"
    for made in (clone, packages, programs):
        made.mkdir()
    copy_tree(root, clone)
    if (root / ".mypy_cache").is_dir():  # the type checker's memory
        shutil.copytree(root / ".mypy_cache", clone / ".mypy_cache")
    runtime_wheels(packages)
    (programs / "make").write_text(MAKE.format(make=shutil.which("make"), venv=sys.prefix), encoding="utf-8")
    (programs / "make").chmod(0o755)
    (programs / "uv").symlink_to(tool("uv"))
    places = [str(fresh(folder / "venv", Path(sys.executable)).parent), str(programs)]
    environment = clean(UV_CACHE_DIR=str(folder / "cache"), VIRTUAL_ENV=str(folder / "venv"), **WHO)
    environment["PATH"] = ":".join([*places, environment["PATH"]])
    _start(clone)
    with serve(packages, "release", secrets.token_urlsafe(24)) as index:
        environment |= index.publishing | index.reading | {"UV_DEFAULT_INDEX": f"internal={index.simple}"}
        shown = {str(folder.resolve()): "/tmp/rehearsal", str(folder): "/tmp/rehearsal"}
        return carry_out(PAGE.read_text(encoding="utf-8"), clone, environment, shown)


def _start(clone: Path) -> None:
    """Pretend that this tree is 1.0.0: the page must not depend on its version, or on what waits in changes/."""
    changelog = clone / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace(f"\n## {version_of(clone)}\n", f"\n## {FIRST}\n", 1), encoding="utf-8")
    raise_version(clone, FIRST)
    for waiting in (clone / "changes").glob("*.*.md"):
        waiting.unlink()


def _run(options: Options) -> None:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        page = rehearse(ROOT, Path(folder).resolve())
    print(page)
    if options.write:
        write_page(PAGE, page)


OPTIONS: Final = {"--write": {"action": "store_true", "help": "write it down in docs/rehearsal.md"}}
main = partial(step, "tests.release.rehearsal", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
