"""Compare what no import names: commands with their options, the sandbox's control calls, and requirements."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from ...steps import clean, run
from ..distributions import DISTRIBUTIONS, folders, project
from .changes import Change, added, altered, removed
from .rules import changes, compare_facets

Offers = dict[str, dict[str, dict[str, Any]]]
"""Parts of each command, call or distribution, with facts about each by the keys of `RULES`."""
PYTHONS: Final = [f"3.{minor}" for minor in range(8, 40)]


def read_offers(root: Path) -> Offers:
    found = {f"pip install {one.name}": _installed(project(root, one.folder)) for one in DISTRIBUTIONS}
    if not all((root / place / name).is_dir() for one in DISTRIBUTIONS for name, place in one.packages.items()):
        return found
    called: Offers = json.loads(asked(root, f"the commands of {root.name} cannot be read", "offered.py"))
    return found | called


def asked(tree: Path, failure: str, script: str, *arguments: Path) -> str:
    """Return what a script beside this module prints about a tree, in a process that imports the tree's packages."""
    program = Path(__file__).with_name(script)
    done = run(sys.executable, program, *arguments, *folders(tree), failure=failure, cwd=tree, env=clean())
    return done.stdout


def _installed(table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    extras = table.get("optional-dependencies", {})
    wanted = SpecifierSet(table.get("requires-python", ""))
    found: dict[str, dict[str, Any]] = {"Python": {"python": [one for one in PYTHONS if f"{one}.99" in wanted]}}
    found |= {f"[{extra}]": {} for extra in extras} | {name: {} for name in table.get("scripts", {})}
    for extra, lines in {"": table.get("dependencies", []), **extras}.items():
        for one in map(Requirement, lines):
            if one.name not in {each.name for each in DISTRIBUTIONS}:  # their version is always the same
                found[f"{one.name} of [{extra}]" if extra else one.name] = {"asks": str(one.specifier)}
    return found


def compare_offers(old: Offers, new: Offers) -> list[Change]:
    found = [removed(f"`{name}`") for name in old.keys() - new.keys()]
    found += [added(f"`{name}`") for name in new.keys() - old.keys()]
    for name in old.keys() & new.keys():
        before, after = old[name], new[name]
        for part in before.keys() - after.keys():
            # A removed dependency takes away nothing that was promised.
            found.append((altered if "asks" in before[part] else removed)(f"`{name}`: `{part}`"))
        for part in after.keys() - before.keys():
            if after[part].get("required"):
                found += changes("required", f"`{name}`: `{part}`", None, new=True)
            else:
                found.append(added(f"`{name}`: `{part}`"))
        for part in before.keys() & after.keys():
            found += compare_facets(f"`{name}`: `{part}`", before[part], after[part])
    return found
