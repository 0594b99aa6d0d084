"""Tables inside the pages: error texts, webhook bodies, and what the sandbox supports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from inspect import getmembers, isclass, isfunction
from pathlib import Path
from pkgutil import iter_modules
from textwrap import dedent
from typing import Final

import portone_v1_sandbox.errors as sandbox_errors
import yaml
from portone_v1 import errors, results
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS
from portone_v1_sandbox.control.routes import CONTROLS
from portone_v1_sandbox.dispatch.handlers import HANDLERS
from portone_v1_sandbox.engine import handlers as handlers  # which registers every handler

from .bundle import ROOT, document, examples, resolve
from .markup import bullets, code_block, operation_link, table
from .migrations import CLIENTS, migration_table
from .reference import areas
from .writes import writes

ERRORS_KO: Final = Path(__file__).parent / "errors.ko.yaml"
CONTROL_REMARKS: Final = yaml.safe_load(Path(__file__).with_name("controls.yaml").read_text(encoding="utf-8"))
BARE: Final = """    options:
      members: false
      show_root_heading: false
      show_root_toc_entry: false
"""
ASSUMED: Final = "Assumed, in the manner of the others."


def error_classes(_head: Sequence[str], *, in_korean: bool = False) -> str:
    """The tree of the errors, then each class with an anchor of its own."""
    tree = next(part for part in (errors.__doc__ or "").split("\n\n") if "├" in part)
    texts = yaml.safe_load(ERRORS_KO.read_text(encoding="utf-8"))
    parts = [code_block(dedent(tree), "text")]
    for name in errors.__all__:
        path = f"portone_v1.errors.{name}"
        korean = f"{texts[name]}\n\n" if in_korean else ""
        parts.append(f"### {name} {{ #{name.lower()} }}\n\n[](){{ #{path} }}\n\n{korean}::: {path}\n{BARE}")
    return "\n".join(parts)


def result_classes(_head: Sequence[str]) -> str:
    """Each class and function of `portone_v1.results`."""
    shown = [name for name in results.__all__ if isfunction(getattr(results, name)) or isclass(getattr(results, name))]
    options = "\n    options:\n      heading_level: 3\n      members: false\n"
    return "\n".join(f"::: portone_v1.results.{name}{options}" for name in shown)


def messages(head: Sequence[str]) -> str:
    """The refusals that the specification's examples show: what V1 says, and which operations say it."""
    seen: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for identity, info in OPERATIONS.items():
        for _, _, _, status, answer in examples(identity):
            if answer["code"] != 0:
                name = f"{info.area}.{info.name}"
                key = (status, answer["code"], answer.get("message") or "")
                if name not in seen[key]:
                    seen[key].append(name)
    rows = [
        [f"{status}", f"{code}", message, ", ".join(operation_link(name) for name in names)]
        for (status, code, message), names in sorted(seen.items())
    ]
    return table(head, rows)


def webhook_bodies(head: Sequence[str]) -> str:
    """What V1 sends to the merchant: each call with the fields of its body."""
    parts: list[str] = []
    for item in document().get("webhooks", {}).values():
        call = item["post"]
        schema = resolve(resolve(call["requestBody"])["content"]["application/json"]["schema"])
        rows = [
            [f"`{name}`", field.get("x-name-ko", ""), field.get("description", "")]
            for name, field in ((name, resolve(node)) for name, node in schema["properties"].items())
        ]
        parts.append(f"### {call['summary']}\n\n**{call['x-name-ko']}.** {call['description']}\n")
        parts.append(table(head, rows))
    return "\n".join(parts)


def imitated(head: Sequence[str]) -> str:
    """Area by area: what the sandbox answers, and what it answers with 501."""
    rows: list[list[str]] = []
    for area in areas():
        here = [one for one in OPERATIONS.values() if one.area == area.name]
        if not here:
            continue
        done = [one.name for one in here if one.id in HANDLERS]
        missing = [one.name for one in here if one.id not in HANDLERS]
        link = f"[`{area.name}`][portone_v1.PortOne.{area.name}]"
        rows.append([link, area.korean, f"{len(done)}/{len(here)}", _names(done), _names(missing)])
    return table(head, rows)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def cards(head: Sequence[str]) -> str:
    rows = [[f"`{name}`", f"`{card.number}`", card.summary, card.reason or ""] for name, card in TEST_CARDS.items()]
    return table(head, rows)


def channels(head: Sequence[str]) -> str:
    rows = [
        [f"`{one.channel_key}`", f"`{one.pg_provider}`", f"`{one.type}`", "test" if one.sandbox else "live"]
        for one in DEFAULT_CHANNELS
    ]
    return table(head, rows)


def controls(head: Sequence[str]) -> str:
    """The calls under /_sandbox/ with what they do."""
    rows: list[list[str]] = []
    for path, methods in sorted(CONTROLS.items()):
        for method, action in methods.items():
            call = f"{method} {path}"
            summary = (action.__doc__ or "").split("\n")[0]
            rows.append([f"`{call}`", CONTROL_REMARKS.get(call, summary)])
    return table(head, rows)


def refusals(head: Sequence[str]) -> str:
    """Every refusal of the sandbox with the evidence for its words and codes."""
    rows: list[list[str]] = []
    for module in iter_modules(sandbox_errors.__path__, f"{sandbox_errors.__name__}."):
        for name, function in getmembers(import_module(module.name), isfunction):
            is_refusal = function.__annotations__.get("return") != "str"
            if function.__module__ == module.name and is_refusal and not name.startswith("_"):
                rows.append([f"`{name}`", (function.__doc__ or ASSUMED).split("\n")[0]])
    return table(head, rows)


def decisions(_head: Sequence[str]) -> str:
    """Every page of decisions/ by its title."""
    found = sorted(page for page in (ROOT / "docs" / "decisions").glob("*.md") if page.name != "index.md")
    titles = (page.read_text(encoding="utf-8").partition("# ")[2].partition("\n")[0] for page in found)
    return bullets(f"[{title}]({page.name})" for page, title in zip(found, titles, strict=True))


PIECES: Final[dict[str, Callable[[Sequence[str]], str]]] = {
    "channels": channels,
    "controls": controls,
    "decisions": decisions,
    "errors": error_classes,
    "errors ko": partial(error_classes, in_korean=True),
    "handled": lambda _head: f"{len(HANDLERS)}",
    "imitated": imitated,
    **{
        f"migration {one} {language}": partial(migration_table, one, language)
        for one in CLIENTS
        for language in ("en", "ko")
    },
    "messages": messages,
    "operations": lambda _head: f"{len(OPERATIONS)}",
    "refusals": refusals,
    "results": result_classes,
    "test-cards": cards,
    "webhook-bodies": webhook_bodies,
    "writes": writes,
    "writes ko": partial(writes, language="ko"),
}
"""By the name in a page's mark; each gets the words of its table's head."""
