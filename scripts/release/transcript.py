"""A shell session that is run and written down, without what differs from machine to machine."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# Digests, ports and durations are another run's; what is tested is that the rest is the same.
PASSING: Final = (
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "127.0.0.1:8000"),
    (re.compile(r"\b\d+(\.\d+)?m?s\b"), "<time>"),
    (re.compile(r"\b\d+ operations\b"), "<n> operations"),
)


class UnexpectedError(Exception):
    """A step ended otherwise than it should."""


class Transcript:
    """What was typed and what was answered."""

    def __init__(self, cwd: Path, environment: Mapping[str, str], hidden: Mapping[str, str]) -> None:
        self._cwd = cwd
        self._environment = dict(environment)
        self._hidden = dict(hidden)
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        """A paragraph between the steps."""
        self.lines += ["", text, ""]

    def step(
        self,
        shown: str,
        command: list[str],
        *,
        expect: int = 0,
        environment: Mapping[str, str] | None = None,
        keep: str = "",
    ) -> str:
        """One command; `keep` is a pattern of the lines that are worth keeping. Its whole output comes back."""
        done = subprocess.run(
            command,
            cwd=self._cwd,
            env=self._environment | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        said = self._normal(done.stdout)
        kept = [line.rstrip() for line in said.splitlines() if re.search(keep, line)]
        self.lines += ["```console", f"$ {shown}", *kept, "```"]
        if done.returncode != expect:
            told = "\n".join(self.lines)
            raise UnexpectedError(f"{told}\n\n$ {shown}\nexit status {done.returncode}, not {expect}\n{said}")
        return done.stdout

    def _normal(self, text: str) -> str:
        for what, name in self._hidden.items():
            text = text.replace(what, name)
        for pattern, name in PASSING:
            text = pattern.sub(name, text)
        return text

    @property
    def steps(self) -> list[str]:
        return [line for line in self.lines if line.startswith("$ ")]
