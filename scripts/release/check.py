"""Say what changed for users since the last release, which version that makes, and whether everything agrees on it.

The last release is the newest `v…` tag. Names and signatures are compared by griffe, behaviour by the specification of
both, and what the release was tested with is run against this tree.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from packaging.version import Version

from ..steps import ROOT, Options, Table, complain, step
from .baseline import Release, last_release, tag_here
from .changelog import drop_section, fragments, releases, unreadable_fragments, write_section
from .compatibility.behaviour import compare_behaviour, read_behaviour, roles
from .compatibility.changes import LEVELS, Change, Level, following, highest, released
from .compatibility.compare import compare
from .compatibility.offers import compare_offers, read_offers
from .compatibility.replay import replay
from .compatibility.surface import read
from .distributions import disagreements, raise_version, version_of


def _changes(root: Path, last: Release) -> list[Change]:
    with tempfile.TemporaryDirectory() as folder:
        before = last.checkout(Path(folder).resolve())
        bundles = [tree / "generated" / "openapi.json" for tree in (before, root)]
        found = compare(read(before), read(root), roles(*bundles))
        found += compare_behaviour(*map(read_behaviour, bundles))
        found += compare_offers(read_offers(before), read_offers(root))
        found += replay(before, root, str(last.version))
    return sorted(set(found), key=lambda change: (-LEVELS.index(change.level), change))


def _tell(last: Release, changes: list[Change], level: Level, proposed: Version) -> None:
    print(f"release-check: {level} since {last.version}, the next version is {proposed}")
    for change in changes:
        print(f"  {change.level:5}  {change.heading.lower()}: {change.text}")
    if not changes:
        print("  patch  nothing that users can name or call is different")
    if level == "major" and not last.version.major:
        print("warning: this breaks users. Before 1.0.0 that asks for a minor version only")


def _step(current: Version, last: Version, proposed: Version, level: Level) -> list[str]:
    """Return a complaint if the version was raised too little. One that was not raised is still in development."""
    if current < last:
        return [f"pyproject.toml says {current}, and {last} is released already"]
    if last < current < proposed:
        return [f"{current} is too small a step from {last}: the changes are {level}, at least {proposed}"]
    return []


def _without_tag(root: Path) -> list[str]:
    earlier = releases((root / "CHANGELOG.md").read_text(encoding="utf-8"))[1:]
    if earlier:
        return [f"CHANGELOG.md knows {earlier[0]}, and there is no tag v{earlier[0]} here: git fetch --tags"]
    print("release-check: the first release, there is nothing to compare it with")
    return []


def _write(root: Path, version: Version, changes: list[Change]) -> None:
    """Write version, changelog and STAMP together."""
    write_section(root, version, changes)
    raise_version(root, str(version))
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "scripts.generate"], cwd=root, check=True)
    print(f"release-check: all three distributions, CHANGELOG.md and generated/ say {version} now")


def _problems(root: Path, *, write: bool) -> list[str]:
    if lines := unreadable_fragments(root):
        return lines
    tag = tag_here(root)
    last = last_release(root, tag)
    if last is None and write and (first := released(version_of(root))) is not None and any(fragments(root)):
        drop_section(root, first)
        _write(root, first, [])
    if last is None:
        return _without_tag(root) + disagreements(root, tag)
    changes = _changes(root, last)
    level = highest(changes)
    proposed = following(last.version, level)
    current = released(version_of(root)) or last.version
    _tell(last, changes, level, proposed)
    if write:
        current = max(current, proposed)
        _write(root, current, changes)
    return _step(current, last.version, proposed, level) + disagreements(root, tag)


def _run(options: Options) -> int:
    problems = _problems(options.root.resolve(), write=options.write)
    complain("release-check", *problems)
    if not problems:
        print(f"release-check: everything says {version_of(options.root)}")
    return 1 if problems else 0


OPTIONS: Final[Table] = {
    "--write": {"action": "store_true", "help": "raise the version and write its section of the changelog"},
    "--root": {"type": Path, "default": ROOT, "help": "default: this tree"},
}
main = partial(step, "scripts.release.check", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
