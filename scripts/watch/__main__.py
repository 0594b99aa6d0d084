"""Watch the vendor's document: what changed since the last review, and does spec/ still cover it?

Exit status: 0 nothing to decide, 1 something to decide, 2 an input that cannot be read.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from ..bundle import SPEC, bundle
from ..evidence import read_names
from ..steps import Parser, StepError
from .compare import compare
from .coverage import Coverage, cover, read_deviations
from .facts import Facts, dump_lock, empty, load_lock
from .places import Places
from .propose import propose
from .report import gap_line, line, markdown
from .source import fetch, parse, read_file, shown
from .vendor import read_vendor


def _named(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("it names the document, and is empty")
    return text


def _date(text: str) -> str:
    return dt.date.fromisoformat(text).isoformat()


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(
        prog="python -m scripts.watch",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--file", type=_named, help="a vendor document, Swagger 2.0 as JSON or YAML")
    source.add_argument("--url", type=_named, help="the same behind https (or http on this machine)")
    parser.add_argument("--lock", type=Path, help="the facts last reviewed (default: upstream.lock.json in --spec)")
    parser.add_argument("--spec", type=Path, default=SPEC, help="the folder with openapi.yaml (default: spec/)")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write a Markdown report for a pull request")
    parser.add_argument("--propose", metavar="BRANCH", help="make a branch with skeletons in spec/ of all that is new")
    parser.add_argument("--accept", action="store_true", help="after the review: make this document the lock")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    parser.add_argument("--dated", type=_date, default=today, help="the document's date, kept in the lock")
    parser.add_argument("--coverage", action="store_true", help="check that spec/ covers the document, or the lock")
    options = parser.parse_args(arguments)
    if not (options.file or options.url) and (not options.coverage or options.propose or options.accept):
        parser.error("--file or --url is needed; --coverage alone goes without them")
    return options


def _document(options: argparse.Namespace) -> Facts | None:
    if not (options.file or options.url):
        return None
    name = shown(options.url) if options.url else options.file
    document = parse(fetch(options.url) if options.url else read_file(Path(options.file)), name)
    try:
        return read_vendor(document)
    except StepError as error:
        raise StepError(f"{name}: {error}") from error


def _tell(coverage: Coverage) -> None:
    print(f"{coverage.differences} differences, {len(coverage.unexplained)} of them unexplained")
    for gap in coverage.unexplained:
        print(f"  {gap_line(gap, coverage)}")
    for problem in coverage.problems:
        print(f"  {problem}")


def _run(options: argparse.Namespace) -> int:
    path: Path = options.lock or options.spec / "upstream.lock.json"
    document = _document(options)
    lock = empty() | {"dated": "never"} if options.accept and not path.exists() else load_lock(path)
    names = read_names(options.spec)
    changes = compare(lock, document) if document is not None else []
    places = Places(options.spec, names)
    for change in changes:
        print(f"{line(change)}  [{places.hint(change)}]")
    if document is not None:
        print(f"{len(changes)} change(s) since the review of {lock.get('dated')}")
    proposed: list[str] = []
    if options.propose and document is not None:
        proposed = propose(options.spec.resolve().parent, options.propose, changes, document, names)
        print(
            f"proposed: {len(proposed)} file(s) on the branch {options.propose}" if proposed else "nothing to propose"
        )
    coverage = None
    if options.coverage:
        entries = read_deviations(options.spec / "deviations.yaml")
        coverage = cover(document or lock, bundle(options.spec), names, entries)
        _tell(coverage)
    if options.report is not None:
        known = {"dated": lock.get("dated"), "coverage": coverage, "branch": options.propose, "proposed": proposed}
        text = markdown(changes, places, **known)
        options.report.write_text(text, encoding="utf-8", newline="\n")
    if options.accept and document is not None:
        path.write_text(dump_lock(document, options.dated), encoding="utf-8", newline="\n")
        print(f"accepted: {path.name} holds the facts of this document now")
    undecided = bool(changes) and not options.accept
    return 1 if undecided or (coverage is not None and not coverage.complete) else 0


def main(arguments: list[str] | None = None) -> int:
    options = _arguments(arguments)
    try:
        return _run(options)
    except StepError as error:
        print(f"upstream: {error}", file=sys.stderr)
    except OSError as error:  # from any of the named files
        print(f"upstream: {error.filename}: {error.strerror}", file=sys.stderr)
    except Exception as error:  # a traceback would end with 1: something was found
        reason = " ".join(str(error).split()) or "no reason given"
        print(f"upstream: the document cannot be compared: {type(error).__name__}: {reason}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
