"""Write generated/ from spec/ and templates/, and overlay/portone_v1/_sync/ from its asynchronous source.

Everything is made and checked in a new folder; only a complete and correct result replaces the old one. With `--check`
nothing is replaced, and any difference is a failure.
"""

from __future__ import annotations

import gc
import hashlib
import json
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from .bundle import SPEC, bundle, dump
from .codegen.document import Document
from .codegen.project import PACKAGE, generate
from .codegen.tool import PINNED, check_pins
from .lint.examples import examples_validate
from .lint.places import Spec
from .lint_spec import lint
from .plain import older, plain
from .release.distributions import version_of
from .steps import ROOT, Options, StepError, Table, run, step
from .sync_copy import stale_copies, write_copies

TEMPLATES = ROOT / "templates"
GENERATED = ROOT / "generated"
SHOWN = 40


def build(target: Path, spec: Path = SPEC, templates: Path = TEMPLATES) -> None:
    """Make all of generated/ below `target`, or raise."""
    check_pins()
    raw = bundle(spec)
    document = Spec(raw, spec.resolve())
    _stop_at(lint(document), document)
    generate(document, templates, target)
    _stop_at(sorted({*examples_validate(document)}), document)
    _check_methods(document, target / PACKAGE)
    simple = plain(raw)
    written = {f"{PACKAGE}/data/{name}": node for name, node in document.evidence.as_data().items()}
    written |= {"openapi": raw, "openapi-plain": simple, "openapi-3.0": older(simple)}
    written["STAMP"] = {
        "made_by": "make generate",
        "release": version_of(ROOT),
        "spec_version": raw["info"]["version"],
        "operations": len(document.operations),
        "bundle_sha256": hashlib.sha256(dump(raw).encode()).hexdigest(),
        "tools": PINNED,
    }
    for name, node in written.items():
        path = target / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump(node), encoding="utf-8", newline="\n")


def _stop_at(problems: list[str], document: Spec) -> None:
    if problems:
        more = f" (and {len(problems) - 1} more: make lint)" if len(problems) > 1 else ""
        raise StepError(f"{document.located(problems[0])}{more}")


def _check_methods(document: Document, package: Path) -> None:
    """Check that every operation has its method in both flavours, so that no template has left one out."""
    written = {path.stem: path.read_text(encoding="utf-8") for path in (package / "api").glob("*.py")}
    for operation in document.operations:
        method = operation.id.removeprefix(f"{operation.tag}_")
        if not all(f"\n    {flavour}def {method}" in written.get(operation.tag, "") for flavour in ("", "async ")):
            raise StepError(f"{operation.id}: the templates wrote no method for it in both flavours")


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def changes(new: Path, old: Path) -> dict[str, str]:
    """Return the differing files of two trees, each with the kind of difference."""
    fresh, present = _files(new), _files(old)
    differing = sorted(name for name in fresh.keys() | present.keys() if fresh.get(name) != present.get(name))
    return {
        name: "missing" if name not in present else "stale" if name not in fresh else "differs" for name in differing
    }


def _swap(new: Path, old: Path, changed: dict[str, str]) -> None:
    """Replace the old tree by the new one, and touch only what changed."""
    for name, how in changed.items():
        target = old / name
        if how == "stale":
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        shutil.copyfile(new / name, beside)
        beside.replace(target)


def _run(options: Options) -> None:
    output, spec = options.output, options.spec
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "generated"
        try:
            copies = stale_copies() if output == GENERATED else {}
            build(new, spec, options.templates)
        except StepError as error:
            kept = "" if options.check else f"\n{output.name}/ stays as it was"
            raise StepError(f"{error}{kept}") from error
        changed = changes(new, output)
        if options.check and (changed or copies):
            changed |= {path.relative_to(ROOT).as_posix(): "stale" for path in sorted(copies)}
            lines = [f"{how:7}  {name}" for name, how in changed.items()]
            for name in [name for name, how in changed.items() if how == "differs"][:1]:
                difference = run("git", "diff", "--no-index", output / name, new / name).stdout
                lines += difference.splitlines()[4:SHOWN]
            print(*lines, sep="\n", file=sys.stderr)
            raise StepError(f"{len(changed)} files differ: make generate")
        _swap(new, output, changed)
        write_copies(copies)
    if options.check:
        print(f"drift: {output.name}/ is what {spec.name}/ gives")
        return
    count = json.loads((output / "STAMP.json").read_text(encoding="utf-8"))["operations"]
    outcome = f"{len(changed) + len(copies)} files changed" if changed or copies else "nothing drifted"
    print(f"generate: {count} operations from {spec.name}/, {outcome}")


OPTIONS: Final[Table] = {
    "--spec": {"type": Path, "default": SPEC, "help": "the folder with openapi.yaml (default: spec/)"},
    "--templates": {"type": Path, "default": TEMPLATES, "help": "default: templates/"},
    "--output": {"type": Path, "default": GENERATED, "help": "default: generated/"},
    "--check": {"action": "store_true", "help": "write nothing, and fail where the output is something else"},
}
main = partial(step, "scripts.generate", (__doc__ or "").split("\n")[0], OPTIONS, _run)


if __name__ == "__main__":
    gc.disable()  # all parsed objects live until the end; this saves 0.5 of 2.3 seconds
    sys.exit(main())
