"""The migration tables in `clients/`: each method of another client with its replacement here."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from ..yaml_files import beside

CLIENTS: Final = ("iamport-rest-client", "async-iamport", "iamporter", "node", "java", "php")


@cache
def read_rows(client: str) -> list[dict[str, Any]]:
    """`old` and `new`, and what differs, in English and Korean."""
    rows: list[dict[str, Any]] = beside(__file__, f"clients/{client}.yaml")
    return [{"en": "", "ko": ""} | row for row in rows]
