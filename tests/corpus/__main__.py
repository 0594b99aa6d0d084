"""The corpus of observed answers: what is in it, where the sandbox differs, and why.

python -m tests.corpus [--add FILE --source TEXT --project NAME [--operation "POST /vbanks"] [--observed 2026-11]]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from .lossless import losses
from .reading import ITEMS, faults_of, personal, read_items
from .redact import as_item
from .register import Accepted, read_register, sort_out
from .reports import is_report, items_of
from .scenes import differences


def report() -> int:
    items = read_items()
    counts = Counter(item["kind"] for item in items)
    projects = len({item["project"] for item in items})
    print(f"{len(items)} items ({', '.join(f'{n} {kind}' for kind, n in counts.items())}) of {projects} projects")
    wrong = [f"{item['id']}: {fault}" for item in items for fault in faults_of(item)]
    wrong += [f"{loss.item}: {loss.text}" for item in items for loss in losses(item)]
    print(f"\n{len(wrong)} that are lost or have no form")
    print(*wrong, sep="\n")
    found = [difference for item in items for difference in differences(item)]
    explained, unexplained, left_over = sort_out(found, read_register())
    by_reason: dict[Accepted, list[str]] = defaultdict(list)
    for difference, reason in explained:
        by_reason[reason].append(difference.item)
    print(f"\n{len(explained)} differences of the sandbox that stay, for {len(by_reason)} reasons")
    for reason, names in by_reason.items():
        print(f"- {reason.area}: {reason.shown} [{len(names)}: {', '.join(dict.fromkeys(names))}]\n  {reason.why}")
    print(f"\n{len(unexplained)} differences without a reason")
    print(*(f"- {difference.item}: {difference.text}" for difference in unexplained), sep="\n")
    print(*(f"- nothing needs the reason {entry.area}: {entry.shown} any more" for entry in left_over), sep="\n")
    return 1 if wrong or unexplained or left_over else 0


def add(options: argparse.Namespace, folder: Path = ITEMS) -> int:
    path: Path = options.add
    about = {"observed": options.observed, "source": options.source or "", "project": options.project or ""}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if is_report(document):
            return _keep(path, [*items_of(document, name=path.stem, **about)], folder)
        item = as_item(
            document,
            name=path.stem,
            **about,
            operation=options.operation,
        )
    except (OSError, ValueError) as error:
        print(f"corpus: {path.name}: {error}", file=sys.stderr)
        return 1
    return _keep(path, [item], folder)


def _keep(path: Path, items: list[dict[str, Any]], folder: Path) -> int:
    """Store all answers or none: if one looks personal, the others of the report are not trusted either."""
    problems = [] if items else ["nothing in it can become an item"]
    for item in items:
        missing = [name for name in ("source", "project") if not item[name]]
        problems += [f"name the {name}: an observation without one is none" for name in missing]
        problems += [*personal(item)] or [*faults_of(item)]
        if (folder / f"{item['id']}.json").exists():
            problems.append(f"there is an item of this name: {item['id']}")
    if problems:
        lines = dict.fromkeys(f"corpus: {path.name}: {problem}" for problem in problems)
        print(*lines, sep="\n", file=sys.stderr)
        return 1
    for item in items:
        target = folder / f"{item['id']}.json"
        target.write_text(json.dumps(item, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print(f"corpus: {target.name} is redacted and added")
    print(f"look it over before it is committed, and delete {path.name}")
    return 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--add", type=Path, help="a pasted body, as JSON; the name of the file becomes the item's id")
    parser.add_argument("--source", help="where it was seen")
    parser.add_argument("--project", help="the independent project behind it")
    parser.add_argument("--operation", help='"POST /payments/cancel"; guessed for payments, webhooks and callbacks')
    parser.add_argument("--observed", default="unknown", help="when V1 sent it: YYYY-MM, YYYY or unknown")
    options = parser.parse_args(arguments)
    return add(options) if options.add else report()


if __name__ == "__main__":
    sys.exit(main())
