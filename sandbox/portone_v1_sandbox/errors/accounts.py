"""Refusals of virtual accounts, convenience-store payments and refunds in progress. Grades as in `base`."""

from __future__ import annotations

from .base import PG, PORTONE, Refusal

__all__ = [
    "account_not_issued",
    "already_collected",
    "amount_differs",
    "deadline_has_passed",
    "escrow_not_offered",
    "no_such_account_holder",
    "not_collectable",
    "not_waiting_for_deposit",
    "nothing_pending",
    "number_taken",
    "pg_not_offered",
    "refund_under_way",
    "shop_does_not_collect",
]


def pg_not_offered() -> Refusal:
    """Refuse a PG that lacks this service. That it depends on the PG is documented, the status is assumed."""
    return Refusal(400, PORTONE, "지원되지 않는 PG사입니다.")


def escrow_not_offered() -> Refusal:
    """Refuse the shipment of a payment whose PG has no escrow here. The words are observed."""
    return Refusal(400, PORTONE, "현재 지원되지 않는 PG사입니다.")


def deadline_has_passed(name: str) -> Refusal:
    return Refusal(400, PORTONE, f"{name} 값은 현재시각 이후여야 합니다.")


def account_not_issued(reason: str) -> Refusal:
    """Refuse to issue a virtual account. Texts of PGs in brackets are observed elsewhere."""
    return Refusal(200, PG, f"가상계좌 발급에 실패하였습니다.({reason})")


def not_waiting_for_deposit() -> Refusal:
    """Refuse a virtual account that waits for no deposit. The status is documented."""
    return Refusal(400, PORTONE, "입금대기 상태의 가상계좌가 아닙니다.")


def no_such_account_holder() -> Refusal:
    """Refuse an account number that has no holder. The status is documented."""
    return Refusal(404, PG, "계좌정보 조회에 실패하였습니다.")


def number_taken() -> Refusal:
    return Refusal(200, PG, "이미 사용 중인 번호입니다.")


def already_collected() -> Refusal:
    return Refusal(200, PORTONE, "이미 수납된 결제건입니다.")


def not_collectable() -> Refusal:
    return Refusal(400, PORTONE, "수납대기 상태의 결제건이 아닙니다.")


def shop_does_not_collect(status: int | None, reason: str | None) -> Refusal:
    """Refuse to collect at the store. Documented: any status but 200 from `confirm_url` stops the payment."""
    if status:
        return Refusal(200, PG, f"confirm_url이 HTTP {status}로 응답하여 수납할 수 없습니다.")
    why = "" if reason is None else f"({reason})"
    return Refusal(200, PG, f"confirm_url에서 응답을 받지 못하여 수납할 수 없습니다.{why}")


def amount_differs() -> Refusal:
    """Refuse a deposit of another amount. This is the bank's response to the depositor."""
    return Refusal(200, PG, "입금하실 금액과 일치하지 않아 은행에서 입금이 거절되었습니다.")


def refund_under_way() -> Refusal:
    return Refusal(200, PORTONE, "이미 취소가 진행 중인 결제건입니다.")


def nothing_pending() -> Refusal:
    return Refusal(404, PORTONE, "대기 중인 취소 내역이 존재하지 않습니다.")
