"""`make generate` warm, and its cost for an operation when the specification is ten times larger.

`python -m benchmarks.generating COPIES` builds once from the bundle with so many copies of everything in it.
"""

from __future__ import annotations

import copy
import gc
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from scripts import generate
from scripts.bundle import SPEC, bundle

from .environments import BENCH, ROOT, child_environment

__all__ = ["build", "main", "times", "warm"]

TEN = 10


def enlarged(raw: dict[str, Any], copies: int) -> dict[str, Any]:
    """Return the document with `copies` of each tag, path and schema; a copy shares no name with another."""
    large = copy.deepcopy(raw)
    schemas = raw["components"]["schemas"]
    for number in range(2, copies + 1):
        text = json.dumps({"paths": raw["paths"], "schemas": schemas, "tags": raw["tags"]})
        text = re.sub(r'("#/components/schemas/(?!Envelope")\w+)"', rf'\g<1>N{number}"', text)
        part = json.loads(text)
        for path, item in part["paths"].items():
            for operation in item.values():
                if isinstance(operation, dict):
                    _rename(operation, number, schemas)
            large["paths"][f"/copy{number}{path}"] = item
        for name, schema in part["schemas"].items():
            if name == "Envelope":  # the generator knows it by this name
                continue
            _rename_classes(schema, number, schemas)
            large["components"]["schemas"][f"{name}N{number}"] = schema
        large["tags"] += [{**tag, "name": f"{tag['name']}{number}"} for tag in part["tags"]]
    return large


def _rename(operation: dict[str, Any], number: int, schemas: dict[str, Any]) -> None:
    tag = operation["tags"][0]
    operation["tags"] = [f"{tag}{number}"]
    operation["operationId"] = f"{tag}{number}_{operation['operationId'].removeprefix(f'{tag}_')}"
    _rename_classes(operation, number, schemas)


def _rename_classes(node: Any, number: int, schemas: dict[str, Any]) -> None:
    """Rename the classes in `x-discriminate-by-fields`, which names them without a reference."""
    if isinstance(node, dict):
        if marks := node.get("x-discriminate-by-fields"):
            node["x-discriminate-by-fields"] = {
                f"{name}N{number}" if name in schemas else name: v for name, v in marks.items()
            }
        for value in node.values():
            _rename_classes(value, number, schemas)
    elif isinstance(node, list):
        for value in node:
            _rename_classes(value, number, schemas)


def build(copies: int) -> tuple[float, int]:
    """Return the CPU seconds from the bundle to the formatted package, and the number of operations."""
    raw = enlarged(bundle(SPEC), copies)
    vars(generate)["bundle"] = lambda _: raw
    vars(generate)["lint"] = lambda *_: []  # the house rules ask for files that the copies do not have
    with tempfile.TemporaryDirectory() as folder:
        began = _cpu()
        generate.build(Path(folder) / "generated")
        seconds = _cpu() - began
        stamp = json.loads((Path(folder) / "generated" / "STAMP.json").read_text(encoding="utf-8"))
    return seconds, stamp["operations"]


def _cpu() -> float:
    """Return the CPU seconds of this process and of the formatter that it starts."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def times(copies: int) -> tuple[float, int]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.generating", str(copies)],
        cwd=ROOT,
        env=child_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    seconds, operations = json.loads(done.stdout)
    return seconds, operations


def warm() -> float:
    """Return the wall seconds of `make generate` into a folder that already has the result."""
    target = BENCH / "generated"
    command = [sys.executable, "-m", "scripts.generate", "--output", str(target)]
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=child_environment(), check=True, capture_output=True)
    return time.perf_counter() - began


def main(copies: int) -> None:
    gc.disable()  # as `make generate` does
    print(json.dumps(build(copies)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
