"""Words that were replaced by the field's own do not come back.

Each line of OLD is an identifier that once stood in the project, with its replacement. Case matters. Histories may name
them: the changelog, decisions, and what reads files of earlier versions.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OLD = {
    "WireRequest": "HttpRequest", "recast": "convert_error", "NEVER_LEFT": "NOT_SENT_ERRORS",
    "MAY_HAVE_ARRIVED": "MAYBE_SENT_ERRORS", "QUOTING": "MESSAGES_WITH_DATA", "_Sole": "_SingleResponseStream",
    "HASTE": "WEBHOOK_TIMEOUT", "hasty": "with_webhook_timeouts", "BrokenOff": "IncompleteResponse",
    "Incoming": "WebhookRequest", "MAKERS": "DATACLASS_DECORATORS", "SPOKEN": "DUNDERS",
    "AsyncShell": "AsyncSession", "async_later": "a plain method", "SafeAreas": "ClientAreas",
    "BY_HAND": "MANUAL_REFUND_PGS", "BUYERS_OWN": "BUYER_CHANNELS", "given_up_at": "abandoned_at",
    "walk_attempts": "iter_attempts", "x-walk": "x-pagination", "x-tell-apart": "x-discriminate-by-fields",
    "x-chunk": "x-batch", "x-bulk": "x-report-missing", "keep_for_later": "defer", "many_of": "list_of",
    "given_names": "provided", "null_apart": "handles_none_itself", "later_if": "defer_if",
    "check_unseen": "check_redacted", "MoneyPlays": "facade/payments", "PeoplePlays": "facade/parties",
    "Plumbing": "facade/lifecycle", "STAGED": "CONTROL_HANDLERS", "_hold_up": "_delay", "_hang_up": "_disconnect",
    "put_question": "enqueue_confirmation", "address_notices": "enqueue_deliveries", "Mailbag": "Outbox",
    "await_charge": "schedule_charge", "_lively": "_restore", "_spoilt": "_faulty_response", "SPOIL": "INJECT_FAULT",
    "misused": "usage_error", "shake_hands": "tls_handshake",
}  # fmt: skip
SUFFIXES = {".html", ".jinja", ".js", ".md", ".py", ".toml", ".yaml"}
PHRASES = (
    "was not let in", "was found wrong", "met a failing server", "got no answer", "has an unknown outcome",
    "found another payment than the one ordered", "no connection came about", "취소했습니다 ·",
    "laid beside", "lay beside", "came about", "must be said", "say FULL", "say --yes",
    "could not be asked", "mend the request", "nobody really pays",
)  # fmt: skip
"""Texts that an operator or a developer could read the wrong way, and turns of phrase that no technical writer uses."""
AREAS = ("overlay/", "sandbox/", "cli/", "benchmarks/", "templates/", "scripts/", "examples/", "docs/", "README")
"""Where the following are not used either."""
IN_AREAS = re.compile(r"\b(can not|whoever|gave back|takes it for|mended)\b")
PACKAGES = (
    "overlay/", "sandbox/", "cli/", "benchmarks/", "examples/", "docs/", "scripts/", "templates/", "spec/", "README",
    "CONTRIBUTING",
)  # fmt: skip
"""Where the following are neither prose nor names."""
IN_PACKAGES = re.compile(
    r"\b(told|said|laid|([Gg]ive[sn]?|gave) back|hand(s|ed)? over|[Ss]omebody|[Aa]nybody|[Ee]verybody|of ours)\b"
)
TESTS = ("tests/", "cli/tests/")
IN_TESTS = re.compile(
    r"\b(laid|([Gg]ive[sn]?|gave) back|hand(s|ed)? over|([Ss]ome|[Aa]ny|[Ee]very)body|of ours|can not|takes it for"
    r"|mended)\b"
)
"""What the sentences of tests do without. They may report what a shop was told."""
NOT_IN_NAMES = "([Tt]old|said|laid|mended|(some|any|every)body)"
IN_NAMES = re.compile(rf"(^|_){NOT_IN_NAMES}(_|$)")
"""What no name has in it, in a test or elsewhere."""
MAY_BE_IN_NAMES = re.compile(rf"(?<![^\W_]){NOT_IN_NAMES}(?![^\W_])")
"""A text without this has no such name: to take apart all of them takes seconds."""
HISTORY = ("CHANGELOG.md", "docs/glossary.md",
           "docs/decisions/", "docs/rehearsal.md", "docs/ci-rehearsal.md",
           "sandbox/portone_v1_sandbox/storage/migrations", "tests/sandbox/data/",
           "tests/house/", "spec/upstream.lock.json")  # fmt: skip


@cache
def files() -> tuple[tuple[str, str], ...]:
    """Return names and texts."""
    return tuple(_files())


def _files() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if not name.startswith(HISTORY) and Path(name).suffix in SUFFIXES:
            path = ROOT / name
            if path.is_file():
                yield name, path.read_text(encoding="utf-8")


def test_no_replaced_word_comes_back() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("needs the repository's list of files")
    word = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, OLD))})(?![\w-])")
    found = {f"{name}: {hit}, now {OLD[hit]}" for name, text in files() for hit in word.findall(text)}
    found |= {f"{name}: {phrase!r}" for name, text in files() for phrase in PHRASES if phrase in text}
    found |= {f"{name}: {hit}" for name, text in files() if name.startswith(AREAS) for hit in IN_AREAS.findall(text)}
    found |= {
        f"{name}: {hit[0]}" for name, text in files() if name.startswith(PACKAGES) for hit in IN_PACKAGES.finditer(text)
    }
    found |= {
        f"{name}: {hit[0]}" for name, text in files() if name.startswith(TESTS) for hit in IN_TESTS.finditer(text)
    }
    assert not found, "\n".join(sorted(found))


def test_no_name_has_a_replaced_word() -> None:
    found = {
        f"{name}: {each}"
        for name, text in files()
        if name.startswith((*TESTS, *PACKAGES)) and name.endswith(".py") and MAY_BE_IN_NAMES.search(text)
        for each in names_in(text)
        if IN_NAMES.search(each)
    }
    assert not found, "\n".join(sorted(found))


def names_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(each) | ast.Attribute(attr=each) | ast.arg(each) | ast.keyword(arg=str(each)):
                yield each
            case ast.FunctionDef(each) | ast.AsyncFunctionDef(each) | ast.ClassDef(each):
                yield each


def test_the_list_finds_what_it_names() -> None:
    word = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, OLD))})(?![\w-])")
    assert [word.findall(f"x = {old}(1)") for old in OLD] == [[old] for old in OLD]
    names = names_in("def test_it_is_told(said):\n    shop.told, sold = said, f(laid=1)")
    assert [each for each in names if IN_NAMES.search(each)] == ["test_it_is_told", "said", "told", "said", "laid"]
    assert [bool(MAY_BE_IN_NAMES.search(f"{before}{each}{after}")) for before, each, after in AROUND] == [True] * 3 + [
        False
    ]


AROUND = [("x.", "said", "()"), ("is_", "told", "_now"), ("", "anybody", ":"), ("un", "said", "")]
"""As part of a name's text, and not as a part of a word."""
