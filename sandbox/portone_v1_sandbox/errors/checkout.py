"""Refusals of the payment window. Grades as in `base`."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__ = [
    "StoppedByPg",
    "another_site",
    "no_such_window",
    "not_from_here",
    "not_registered",
    "stays_as_it_is",
    "stopped_by_pg",
    "window_is_closed",
    "wrong_address",
    "wrong_type",
]


class StoppedByPg(Refusal):
    """A window that the PG's side of V1 stops before it opens."""


def stopped_by_pg(message: str) -> StoppedByPg:
    """Stop a window with a sentence of the PG. The profile of the PG has it, where it is known."""
    return StoppedByPg(400, PORTONE, message)


def stays_as_it_is(pg: str, status: str) -> Refusal:
    """Refuse a late approval. A rule of the sandbox: it invents no approvals that the PG is not known for."""
    return Refusal(400, PORTONE, f"A payment of {pg} that reads {status} is final.")


def window_is_closed() -> Refusal:
    return Refusal(200, PORTONE, "이미 종료된 결제창입니다.")


def not_registered() -> Refusal:
    """Refuse an unknown PG if `strict`. Merchants report the sentence, but not when V1 sends it."""
    return Refusal(400, PORTONE, "등록된 PG 설정 정보가 없습니다.")


def no_such_window() -> Refusal:
    return Refusal(404, PORTONE, "존재하지 않는 결제창입니다.")


def wrong_type() -> Refusal:
    """Stop a window whose arguments have wrong types. Documented since 2024-03-15, the sentence is assumed."""
    return Refusal(400, PORTONE, "amount 값은 숫자, merchant_uid 값은 문자열이어야 합니다.")


def wrong_address(name: str) -> Refusal:
    return Refusal(400, PORTONE, f"{name} 값은 http(s) 주소여야 합니다.")


def not_from_here(name: str) -> Refusal:
    """Refuse a URL of another machine. A rule of the sandbox, unless remote webhooks are allowed."""
    return Refusal(400, PORTONE, f"{name} must be a loopback URL.")


def another_site() -> Refusal:
    """Refuse the page of another site. A rule of the sandbox: such a page must not act for the buyer."""
    return Refusal(403, PG, "Only allowed from the sandbox's own page.")
