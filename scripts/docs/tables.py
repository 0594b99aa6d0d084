"""Tables inside the pages that need more than a template.

Refusals of V1 and the sandbox, errors, all writes, and the replacement of each method of another client.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pkgutil import iter_modules
from textwrap import dedent
from typing import Any, Final, Literal

import portone_v1_sandbox.errors as sandbox_errors
from portone_v1 import errors, results
from portone_v1.intents.writes import ROWS
from portone_v1_generated.operations import OPERATIONS

from ..yaml_files import beside
from .markup import code_words, operation_link, table
from .reference import examples

ERRORS_KO: Final[dict[str, str]] = beside(__file__, "errors.ko.yaml")
REMARKS: Final[dict[str, str]] = beside(__file__, "controls.yaml")
WRITES: Final[dict[str, Any]] = beside(__file__, "writes.yaml")
ASSUMED: Final = "Assumed, in the manner of the others."
NOT_OF_V1: Final = "A rule of the sandbox."
"""Evidence of control calls, which V1 does not have."""


def error_tree() -> str:
    return dedent(next(part for part in (errors.__doc__ or "").split("\n\n") if "├" in part)).rstrip()


def shown_results() -> list[str]:
    """Return the name of each class and function of `portone_v1.results`."""
    return [name for name in results.__all__ if isfunction(one := getattr(results, name)) or isclass(one)]


def messages() -> Iterator[list[str]]:
    """Iterate over the refusals in the specification's examples, with the operations that respond so."""
    seen = defaultdict[tuple[int, int, str], dict[str, None]](dict)
    for identity, info in OPERATIONS.items():
        for _, _, _, status, answer in examples(identity):
            if answer["code"] != 0:
                seen[status, answer["code"], answer.get("message") or ""][f"{info.area}.{info.name}"] = None
    for (status, code, message), names in sorted(seen.items()):
        yield [f"{status}", f"{code}", message, ", ".join(map(operation_link, names))]


def refusals() -> Iterator[list[str]]:
    """Iterate over every refusal of the sandbox, with the evidence for its words and codes."""
    for module in iter_modules(sandbox_errors.__path__, f"{sandbox_errors.__name__}."):
        for name, function in getmembers(import_module(module.name), isfunction):
            is_refusal = function.__annotations__.get("return") != "str"
            if function.__module__ == module.name and is_refusal and not name.startswith("_"):
                _refused, _, evidence = (function.__doc__ or "").split("\n")[0].partition(". ")
                own = module.name.endswith((".control", ".shops"))
                yield [f"`{name}`", evidence or (NOT_OF_V1 if own else ASSUMED)]


def writes(language: Literal["en", "ko"] = "en") -> str:
    """Return the client's table of writes, in which equal rows are one.

    It says what is read after silence, what proves that a write was executed, and whether it may be repeated. Only the
    words are in writes.yaml, and a write without them stops the build.
    """
    place = 0 if language == "en" else 1
    proofs = {operation: row["words"] for row in WRITES["proofs"] for operation in row["operations"]} | WRITES["groups"]
    together: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for operation, row in ROWS.items():
        proof = proofs[row.shown_by if row.shown_by in WRITES["groups"] else operation]
        repeat = WRITES["repeats"]["product orders" if row.shown_by == "product orders" else row.repeat]
        together[WRITES["reads"][row.shown_by], proof[place], repeat[place]].append(operation)
    return table(WRITES["heads"][language], [(code_words(written), *cells) for cells, written in together.items()])


def migration(client: str) -> list[dict[str, Any]]:
    """Return each method of another client: `old` and `new`, and the differences in English and Korean."""
    return [{"en": "", "ko": ""} | row for row in beside(__file__, f"clients/{client}.yaml")]
