"""The error catalogue and what the sandbox says of itself."""

from __future__ import annotations

import ast
from collections import defaultdict
from itertools import pairwise
from textwrap import dedent
from typing import Final

from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS
from portone_v1_sandbox.control.router import CONTROLS
from portone_v1_sandbox.dispatch.handlers import HANDLERS
from portone_v1_sandbox.engine import handlers as handlers  # which registers every handler

from .bundle import document, examples, resolve
from .links import areas, target
from .markup import code_block, table
from .reference import class_part
from .source import ROOT, read_module

__all__ = [
    "cards",
    "channels",
    "controls",
    "coverage",
    "error_classes",
    "imitated",
    "messages",
    "refusals",
    "webhook_bodies",
]

ERRORS: Final = "overlay/portone_v1/errors.py"
SANDBOX: Final = ROOT / "overlay" / "portone_v1" / "sandbox"
CONTROL_REMARKS: Final = {
    "POST /_sandbox/reset": "forgets everything; `sandbox.reset()`",
    "POST /_sandbox/expire-tokens": "the token that is out is good for nothing from now on; `sandbox.expire_tokens()`",
    "GET /_sandbox/clock": "the time that it takes it for; `sandbox.clock.now()`",
    "POST /_sandbox/clock": '`{"advance": seconds}` moves the clock; `sandbox.clock.advance(days=…)`',
    "GET /_sandbox/ledger": "every movement of money; `sandbox.ledger`",
    "GET /_sandbox/journal": "every request with its answer, secrets masked; `sandbox.journal`",
    "POST /_sandbox/payments": "plays the buyer: `merchant_uid`, `amount`, `pay_method`, "
    "`status` (`ready`, `paid`, `failed`), `channel_key`, `sandbox`, …; `sandbox.pay(…)`",
}


def error_classes(page: str) -> str:
    """Each class with its docstring; first the tree of them, as the module shows it."""
    module = read_module(ERRORS)
    tree = next(part for part in module.docstring.split("\n\n") if "├" in part)
    shared = next(one for one in module.classes if one.name == "_CallError")
    fields = [[f"`{value}`", told] for value, told in _fields()]
    ids = ", ".join(f"`{one.name}`" for one in shared.functions if "property" in one.decorators)
    parts = [
        code_block(dedent(tree), "text"),
        "Every error of a call has these fields, and the ids that the call named in ",
    ]
    parts[-1] += f"{ids}:\n"
    parts.append(table(["field", "meaning"], fields))
    parts += [class_part(one, page, level=3) for one in module.classes if not one.name.startswith("_")]
    return "\n".join(parts)


def _fields() -> list[tuple[str, str]]:
    """The attributes of an error, from where they are set."""
    tree = ast.parse((ROOT / ERRORS).read_text(encoding="utf-8"))
    starts = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "__init__"]
    found: list[tuple[str, str]] = []
    for child, after in (pair for start in starts for pair in pairwise(start.body)):
        told = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else None
        if isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Attribute) and isinstance(told, str):
            found.append((child.targets[0].attr, told))
    return found


def messages(page: str) -> str:
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
        [f"{status}", f"{code}", said, ", ".join(f"[`{name}`]({target(name, page)})" for name in names)]
        for (status, code, said), names in sorted(seen.items())
    ]
    return table(["HTTP", "`code`", "message", "of"], rows)


def webhook_bodies(_page: str) -> str:
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
        parts.append(table(["field", "이름", "meaning"], rows))
    return "\n".join(parts)


def imitated(page: str) -> str:
    """Area by area: what the sandbox answers, and what it answers with 501."""
    rows: list[list[str]] = []
    for area in areas():
        here = [one for one in OPERATIONS.values() if one.area == area.name]
        done = [one.name for one in here if one.id in HANDLERS]
        missing = [one.name for one in here if one.id not in HANDLERS]
        link = f"[`{area.name}`]({target(f'{area.name}.{here[0].name}', page)})".replace(f"#{here[0].name}", "")
        rows.append([link, area.korean, f"{len(done)}/{len(here)}", _names(done), _names(missing)])
    return table(["area", "이름", "", "imitated", "501"], rows)


def _names(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def coverage(_page: str) -> str:
    return f"The sandbox imitates **{len(HANDLERS)} of the {len(OPERATIONS)}** operations.\n"


def cards(_page: str) -> str:
    rows = [[f"`{name}`", f"`{card.number}`", card.summary, card.reason or ""] for name, card in TEST_CARDS.items()]
    return table(["name", "number", "what happens", "what the PG says"], rows)


def channels(_page: str) -> str:
    rows = [
        [f"`{one.channel_key}`", f"`{one.pg_provider}`", f"`{one.type}`", "test" if one.sandbox else "live"]
        for one in DEFAULT_CHANNELS
    ]
    return table(["channel_key", "PG", "type", "mode"], rows)


def controls(_page: str) -> str:
    """The calls under /_sandbox/ with what they do."""
    rows: list[list[str]] = []
    for path, methods in sorted(CONTROLS.items()):
        for method, action in methods.items():
            call = f"{method} {path}"
            told = (action.__doc__ or "").split("\n")[0]
            rows.append([f"`{call}`", CONTROL_REMARKS.get(call, told)])
    return table(["call", "does"], rows)


def refusals(_page: str) -> str:
    """Every refusal of the sandbox with what its words and codes rest on."""
    modules = [read_module(str(path.relative_to(ROOT))) for path in sorted(SANDBOX.glob("_refusals*.py"))]
    rows = [
        [f"`{one.name}`", one.docstring.summary or "Assumed, in the manner of the others."]
        for module in modules
        for one in module.functions
    ]
    return table(["refusal", "evidence"], rows)
