"""A page whose console blocks are carried out: what each `$ command` says is written below it.

A command that must fail begins with `!`. One in a comment, `<!-- $ command -->`, is carried out and not shown. What
differs from machine to machine is replaced, so that the page is the same wherever it is written.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from scripts.steps import StepError

STEP: Final = re.compile(r"(?ms)^```console\n\$ (?P<shown>[^\n]*)\n.*?^```$|^<!-- \$ (?P<hidden>.*?)\s*-->$")
# Digests, ports and durations are another run's; what is tested is that the rest is the same.
PASSING: Final = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:8000"),
    (re.compile(r"\b\d+(\.\d+)?m?s\b"), "<time>"),
    (re.compile(r"\b\d+ operations\b"), "<n> operations"),
    (re.compile(r"(?m)^make: \*\*\* .*\n| +$"), ""),
)


class UnexpectedError(StepError):
    """A step ended otherwise than it should."""


def carry_out(page: str, cwd: Path, environment: Mapping[str, str], hidden: Mapping[str, str]) -> str:
    """Return the page with the present output of its commands; values of `hidden` replace its keys."""

    def step(found: re.Match[str]) -> str:
        command = found["shown"] or found["hidden"]
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", command], cwd=cwd, env=dict(environment), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        output = done.stdout
        for what, name in hidden.items():
            output = output.replace(what, name)
        for pattern, name in PASSING:
            output = pattern.sub(name, output)
        if done.returncode:
            raise UnexpectedError(f"$ {command}\nexit status {done.returncode}, not 0\n{output}")
        return f"```console\n$ {command}\n{output}```" if found["shown"] else found[0]

    return STEP.sub(step, page)


def write_page(path: Path, text: str) -> None:
    """Write the page in one step: a test that compared it meanwhile once read it without its last steps."""
    beside = path.with_suffix(".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
