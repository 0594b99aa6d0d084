"""Refusals by area: each function returns the `Refusal` to raise, with its HTTP status, `code` and message.

Messages and codes marked *observed* were received from V1 by its callers; *documented* is stated by the vendor; the
rest is assumed, in the style of the others. The guide shows what follows the first sentence of a docstring as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["AlreadyPaid", "Refusal"]

PORTONE = 1
"""`code` of refusals by PortOne itself. Observed, not guaranteed."""
PG = -1
"""`code` of refusals by the PG or by authentication. Observed, not guaranteed."""


class Refusal(Exception):
    """A refusal as V1 sends it: HTTP `status`, `code` and `message` of the response."""

    def __init__(self, status: int, code: int, message: str, *, error: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.error = error
        """The PG's own error, where V1 passes it on unchanged."""


# Requests and routes.


def body_too_large() -> Refusal:
    return Refusal(413, PG, "요청 본문이 너무 큽니다.")


def malformed_body() -> Refusal:
    return Refusal(400, PORTONE, "요청 본문을 해석할 수 없습니다.")


def unknown_route() -> Refusal:
    return Refusal(404, PG, "존재하지 않는 API입니다.")


def wrong_method() -> Refusal:
    return Refusal(405, PG, "허용되지 않는 HTTP method입니다.")


def not_imitated(what: str) -> Refusal:
    return Refusal(501, PG, f"Not implemented by the sandbox: {what}.")


def broke_down(where: str) -> Refusal:
    return Refusal(500, PG, f"Internal sandbox error ({where}).")


def being_processed() -> Refusal:
    return Refusal(400, PORTONE, "이미 처리중인 요청이 있습니다.")


# Tokens and the Tier header.


def wrong_key_pair() -> Refusal:
    """Refuse an API key and secret that do not belong together. Observed."""
    return Refusal(401, PG, "인증에 실패하였습니다. API키와 secret을 확인하세요.")


def unauthorized() -> Refusal:
    """Refuse a request without a valid token. Observed."""
    return Refusal(401, PG, "Unauthorized")


def bad_tier() -> Refusal:
    return Refusal(400, PORTONE, "Tier 값이 올바르지 않습니다.")


# Arguments.


def missing(names: Iterable[str]) -> Refusal:
    """Refuse a request that lacks these arguments. Observed for the key pair."""
    return Refusal(400, PORTONE, f"{', '.join(names)} 파라메터가 누락되었습니다.")


def missing_either(names: Iterable[str]) -> Refusal:
    return Refusal(400, PORTONE, f"{', '.join(names)} 중 하나는 필수입니다.")


def wrong_value(name: str) -> Refusal:
    return Refusal(400, PORTONE, f"{name} 값이 올바르지 않습니다.")


def too_long(name: str, most: int) -> Refusal:
    return Refusal(400, PORTONE, f"{name} 값은 {most}자를 넘을 수 없습니다.")


def too_many(name: str, most: int) -> Refusal:
    return Refusal(400, PORTONE, f"{name} 값은 {most}개를 넘을 수 없습니다.")


def fraction_of_won(name: str, currency: str) -> Refusal:
    return Refusal(400, PORTONE, f"{currency} 통화의 {name} 값은 소수점을 가질 수 없습니다.")


def parts_above_amount() -> Refusal:
    return Refusal(400, PORTONE, "tax_free와 vat_amount의 합이 amount보다 클 수 없습니다.")


def unsupported_status() -> Refusal:
    """Refuse to list payments of a status that V1 does not have. Observed."""
    return Refusal(400, PORTONE, "지원되지 않는 상태값입니다.")


def window_too_long() -> Refusal:
    return Refusal(400, PORTONE, "조회 기간은 최대 90일입니다.")


def no_such_page() -> Refusal:
    return Refusal(400, PORTONE, "조회할 수 있는 페이지 범위를 벗어났습니다.")


def unknown_channel_key() -> Refusal:
    return Refusal(400, PORTONE, "channel_key에 해당하는 채널을 찾을 수 없습니다.")


# Payments.


def no_such_payment() -> Refusal:
    """Refuse a payment that does not exist. Observed, the code included."""
    return Refusal(404, PG, "존재하지 않는 결제정보입니다.")


def balance_not_offered() -> Refusal:
    """Refuse the balance of a payment that has none. The words are observed, the status is documented."""
    return Refusal(
        405,
        PORTONE,
        "(현재는 PAYCO, KCP만 지원됩니다) 결제건에 대한 금액상세정보가 확인되지 않습니다. "
        "결제 상태가 paid 또는 cancelled가 아닌 경우 확인되지 않습니다.",
    )


class AlreadyPaid(Refusal):
    """An order number that was paid before; the payment window words it in its own way."""


def already_paid() -> AlreadyPaid:
    """Refuse to charge an order number that was paid before. Observed with `again` and `onetime`."""
    words = "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)"
    return AlreadyPaid(200, PORTONE, words)


def nothing_to_cancel() -> Refusal:
    """Refuse to refund a payment that does not exist. Observed."""
    return Refusal(200, PORTONE, "취소할 결제건이 존재하지 않습니다.")


def already_cancelled() -> Refusal:
    """Refuse to refund a payment that is fully refunded. Observed."""
    return Refusal(200, PORTONE, "이미 전액취소된 주문입니다.")


def not_paid_yet() -> Refusal:
    return Refusal(200, PORTONE, "결제가 완료되지 않은 주문은 취소할 수 없습니다.")


def nothing_deposited() -> Refusal:
    """Refuse to refund a virtual account without a deposit. The message is documented."""
    return Refusal(200, PORTONE, "요청하신 건에 대해 입금된 내역이 없습니다")


def checksum_differs() -> Refusal:
    """Refuse a refund whose checksum is not the balance. It is documented that nothing is refunded."""
    return Refusal(200, PORTONE, "취소 가능 잔액이 checksum과 다릅니다.")


def cancel_too_much() -> Refusal:
    """Refuse a refund above the balance. Observed with KakaoPay; the text in brackets is the PG's."""
    return Refusal(200, PG, "결제취소에 실패하였습니다.(requested cancel amount is bigger than cancelable amount)")


def refund_account_missing(names: Iterable[str]) -> Refusal:
    """Refuse a refund that names no account. It is documented that these arguments are required."""
    return Refusal(200, PORTONE, f"가상계좌 환불에 필요한 정보가 누락되었습니다({', '.join(names)}).")


# Cards and billing keys.


def no_api_channel() -> Refusal:
    """Refuse a charge for which the merchant has no API channel. Observed."""
    return Refusal(200, PORTONE, "비인증결제모듈 사용정보를 찾을 수 없습니다.")


def no_payment_channel() -> Refusal:
    return Refusal(200, PORTONE, "결제창에 사용할 수 있는 채널을 찾을 수 없습니다.")


def invalid_card_number() -> Refusal:
    """Refuse an invalid card number. Observed."""
    return Refusal(200, PG, "유효하지않은 카드번호를 입력하셨습니다.")


def number_not_issued() -> Refusal:
    """Refuse to issue a billing key for an invalid card number. Observed."""
    return card_not_issued("[F112]유효하지않은 카드번호를 입력하셨습니다. (card_bin 없음)")


def number_refused() -> Refusal:
    """Refuse to charge an invalid card number. Both halves are observed, though not together."""
    return card_refused("[F112]유효하지않은 카드번호를 입력하셨습니다. (card_bin 없음)")


def card_not_issued(reason: str) -> Refusal:
    """Refuse to issue a billing key for a card. Observed up to the PG's reason."""
    return Refusal(200, PG, f"카드정보 인증 및 빌키 발급에 실패하였습니다. {reason}")


def card_refused(reason: str) -> Refusal:
    """Refuse to charge a card. Observed up to the PG's reason."""
    return Refusal(200, PG, f"카드정보 인증에 실패하였습니다. {reason}")


def charge_refused(reason: str) -> Refusal:
    return Refusal(200, PG, f"결제승인에 실패하였습니다. {reason}")


def instalments_too_small() -> Refusal:
    """Refuse instalments for a small amount. The minimum of 50,000 won is documented."""
    return Refusal(200, PG, "할부결제는 50,000원 이상부터 가능합니다.")


def no_such_billing_key(customer_uid: str, status: int) -> Refusal:
    """Refuse a billing key that does not exist. Observed with HTTP 200, documented with HTTP 404."""
    return Refusal(status, PORTONE, f"요청하신 customer_uid({customer_uid})로 등록된 정보를 찾을 수 없습니다.")


def no_such_billing_keys() -> Refusal:
    return Refusal(404, PORTONE, "요청하신 customer_uid로 등록된 정보를 찾을 수 없습니다.")


def unknown_customer() -> Refusal:
    """Refuse to charge an unknown billing key. Observed: `code` 1 in each suite that also looks for the sentence."""
    return Refusal(200, PORTONE, "등록되지 않은 구매자입니다.")


# Prepared amounts.


def already_prepared() -> Refusal:
    """Refuse to register a second amount for an order number. Observed."""
    return Refusal(200, PORTONE, "결제정보 사전등록에 실패하였습니다(이미 등록된 merchant_uid입니다).")


def not_prepared() -> Refusal:
    """Refuse an order number without a prepared amount. The message is observed, the status documented for PUT."""
    return Refusal(404, PORTONE, "사전등록된 결제정보가 존재하지 않습니다.")


def prepared_differently() -> Refusal:
    """Refuse a window whose amount is not the prepared one. It is documented that the window is stopped."""
    return Refusal(200, PORTONE, "사전등록된 결제정보와 결제요청 정보가 일치하지 않습니다.")


# Standard codes.


def no_such_card_code() -> Refusal:
    return Refusal(404, PORTONE, "해당 코드의 카드사가 없습니다.")


def no_such_bank_code() -> Refusal:
    return Refusal(404, PORTONE, "해당 코드의 은행이 없습니다.")
