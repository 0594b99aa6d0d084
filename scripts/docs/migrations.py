"""The migration tables in `clients/`: each method of another client with its replacement here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

CLIENTS: Final = ("iamport-rest-client", "async-iamport", "iamporter", "node", "java", "php")


@dataclass(frozen=True)
class Row:
    old: str
    new: tuple[str, ...]
    """`area.method`, the safest first; none where there is nothing of the kind."""
    remarks: dict[str, str]


@cache
def read_rows(client: str) -> tuple[Row, ...]:
    lines = (Path(__file__).parent / "clients" / f"{client}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_row(line) for line in lines if line and not line.startswith("#"))


def _row(line: str) -> Row:
    call, *remarks = [part.strip() for part in line.split(" | ")]
    old, _, new = call.partition(" =")
    english, korean = [*remarks, "", ""][:2]
    return Row(old.strip(), tuple(new.strip().split(", ")) if new.strip() else (), {"en": english, "ko": korean})
