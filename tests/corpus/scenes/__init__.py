"""Each item played in the sandbox, and how what it answers differs from what V1 was seen to answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.corpus.reading import Difference

from .answers import answer
from .refusals import refusal
from .windows import callback, redirect, request_pay

__all__ = ["differences"]

SCENES: Final[dict[str, Callable[[dict[str, Any]], Iterator[str]]]] = {
    "answer": answer,
    "callback": callback,
    "redirect": redirect,
    "refusal": refusal,
    "request_pay": request_pay,
}


def differences(item: dict[str, Any]) -> Iterator[Difference]:
    """Find the differences of an item. Webhooks are left out: other tests check the sandbox's with the parser."""
    scene = SCENES.get(item["kind"])
    for text in dict.fromkeys(scene(item)) if scene else ():
        yield Difference(item["kind"], item["id"], text)
