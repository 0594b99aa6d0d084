"""Fail where generated/ is not what spec/ and templates/ give, or a synchronous copy not what its source gives."""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from pathlib import Path

from .bundle import SPEC, BundleError
from .codegen.errors import GenerateError
from .generate import GENERATED, ROOT, TEMPLATES, build, changes
from .sync_copy import SyncCopyError, stale_copies

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


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.drift", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--spec", type=Path, default=SPEC, help="the folder with openapi.yaml (default: spec/)")
    parser.add_argument("--templates", type=Path, default=TEMPLATES, help="default: templates/")
    parser.add_argument("--generated", type=Path, default=GENERATED, help="what to compare with (default: generated/)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "generated"
        try:
            build(new, options.spec, options.templates)
            copies = stale_copies() if options.generated == GENERATED else []
        except (BundleError, GenerateError, SyncCopyError) as error:
            print(f"drift: {error}", file=sys.stderr)
            return 1
        lines = changes(new, options.generated)
        lines += [f"stale    {path.relative_to(ROOT).as_posix()}" for path in copies]
        differing = [line.split(maxsplit=1)[1] for line in lines if line.startswith("differs")]
        shown = _difference(new, options.generated, differing[0]) if differing else []
    if not lines:
        print(f"drift: {options.generated.name}/ is what {options.spec.name}/ gives")
        return 0
    print(*lines, *shown, sep="\n", file=sys.stderr)
    print(f"drift: {len(lines)} files differ: make generate", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
