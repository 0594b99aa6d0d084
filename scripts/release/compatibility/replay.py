"""Test this tree with code of users of the last release, as far as it is known.

Its typing tests and examples stand for their code: mypy checks them. The examples of its specification stand for
requests and answers of V1: each is sent through this tree's client.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from ...steps import StepError, run
from .changes import Change, broken
from .offers import asked


def replay(last: Path, root: Path, version: str) -> Iterator[Change]:
    """Iterate over the changes that the replay finds. `last` is the release's tree, `root` this one."""
    yield from _typed(last, root, version)
    if (last / "spec" / "examples").is_dir():
        yield from _called(last, root, version)


def _typed(last: Path, root: Path, version: str) -> Iterator[Change]:
    """Find type errors that the release's own tree does not have."""
    cases = [path for path in (last / "tests" / "typing").glob("*.py") if path.stem.startswith("cases")]
    cases += [path for path in (last / "examples").glob("*.py") if path.stem != "__init__"]
    errors = _complaints(cases, root, version) if cases else set()
    for place, message in sorted(errors - _complaints(cases, last, version)) if errors else ():
        yield broken(f"code of {version} no longer type-checks ({place}): {message}")


def _complaints(cases: list[Path], tree: Path, version: str) -> set[tuple[str, str]]:
    """Return mypy's errors. An ignore that is no longer needed is not one: more is allowed now, nothing was removed."""
    done = run(sys.executable, "-m", "mypy", "--no-warn-unused-ignores", "--no-pretty", *sorted(cases), cwd=tree)
    if done.returncode not in {0, 1}:
        raise StepError(f"mypy over the typing tests of {version}: {done.stdout}{done.stderr}")
    lines = [line.partition(": error: ") for line in done.stdout.splitlines() if ": error: " in line]
    return {(Path(place).name, message) for place, _, message in lines}


def _called(last: Path, root: Path, version: str) -> Iterator[Change]:
    """Find examples that end in another way than they did with the release."""
    before, after = _endings(last, last, version), _endings(last, root, version)
    for key in sorted(before.keys() & after.keys()):
        if before[key] != after[key]:
            operation, example = key
            yield broken(f"`{operation}`: the example `{example}` of {version} {after[key]}; before, it {before[key]}")


def _endings(last: Path, tree: Path, version: str) -> dict[tuple[str, str], str]:
    lines = asked(tree, f"the examples of {version} cannot be sent", "replay_calls.py", last).splitlines()
    return {(operation, example): how for operation, example, how in map(json.loads, lines)}
