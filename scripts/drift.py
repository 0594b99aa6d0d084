"""Fail where generated/ is not what spec/ and templates/ give, or a synchronous copy not what its source gives."""

from __future__ import annotations

import difflib
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from .generate import GENERATED, SOURCES, build, changes
from .steps import ROOT, Options, StepError, Table, step
from .sync_copy import stale_copies

SHOWN = 40


def _difference(new: Path, old: Path, name: str) -> list[str]:
    """The first lines of what generating would change in one file."""
    before, after = (folder / name for folder in (old, new))
    lines = difflib.unified_diff(
        before.read_text(encoding="utf-8").splitlines(),
        after.read_text(encoding="utf-8").splitlines(),
        f"{name} (as it is)",
        f"{name} (as spec/ and templates/ give it)",
        n=2,
        lineterm="",
    )
    found = list(lines)
    return found if len(found) <= SHOWN else [*found[:SHOWN], f"… {len(found) - SHOWN} more lines"]


def _run(options: Options) -> None:
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "generated"
        build(new, options.spec, options.templates)
        lines = changes(new, options.generated)
        if options.generated == GENERATED:
            lines += [f"stale    {path.relative_to(ROOT).as_posix()}" for path in stale_copies()]
        differing = [line.split(maxsplit=1)[1] for line in lines if line.startswith("differs")]
        shown = _difference(new, options.generated, differing[0]) if differing else []
    if lines:
        print(*lines, *shown, sep="\n", file=sys.stderr)
        raise StepError(f"{len(lines)} files differ: make generate")
    print(f"drift: {options.generated.name}/ is what {options.spec.name}/ gives")


COMPARED: Final = {"type": Path, "default": GENERATED, "help": "what to compare with (default: generated/)"}
OPTIONS: Final[Table] = {**SOURCES, "--generated": COMPARED}
main = partial(step, "scripts.drift", (__doc__ or "").split("\n")[0], OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
