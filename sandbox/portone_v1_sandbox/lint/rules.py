"""The rules: what each finds, why it matters for money, and what to do, in English and in Korean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

__all__ = ["RULES", "Level", "Rule"]

Level = Literal["error", "advice"]


class Rule(NamedTuple):
    level: Level
    title: str
    why: str
    do: str
    title_ko: str
    why_ko: str
    do_ko: str


RULES: Final[Mapping[str, Rule]] = {
    "never-read-back": Rule(
        "error",
        "Your server responded 200 to a webhook and never read the payment",
        "Anyone can send a webhook. A forged one makes the shop deliver goods that nobody paid for.",
        "On every webhook read GET /payments/{imp_uid} and compare status, amount and order before "
        "you deliver anything.",
        "웹훅에 200으로 응답했지만 결제를 다시 조회하지 않았습니다",
        "웹훅은 누구나 보낼 수 있습니다. 위조된 웹훅이면 결제되지 않은 주문을 출고하게 됩니다.",
        "웹훅을 받을 때마다 GET /payments/{imp_uid}로 상태, 금액, 주문번호를 확인한 뒤에 처리하세요.",
    ),
    "browser-word": Rule(
        "error",
        "A payment was confirmed by the browser's result alone",
        "The callback and the redirect come from the buyer's device, where the buyer can change "
        "everything, including `success` and the amount.",
        "Send the imp_uid to your server, read the payment there, and compare status, amount and order.",
        "브라우저가 전한 결과만 믿은 결제입니다",
        "콜백과 리다이렉트는 구매자의 기기에서 오므로 `success`와 금액까지 바꿀 수 있습니다.",
        "imp_uid를 서버로 보내 결제를 조회하고 상태, 금액, 주문번호를 비교하세요.",
    ),
    "cancel-without-checksum": Rule(
        "error",
        "A refund was sent without checksum",
        "If two processes refund at once, or one repeats after a lost response, each refund is "
        "executed: the money is paid out twice.",
        "Send `checksum`, the refundable balance that you expect: V1 refuses the refund if the balance has changed.",
        "checksum 없이 취소했습니다",
        "두 프로세스가 동시에 취소하거나 응답을 받지 못해 다시 보내면 돈이 두 번 나갑니다.",
        "취소 가능 금액을 `checksum`으로 보내세요. 그사이 금액이 달라졌으면 V1이 취소를 거절합니다.",
    ),
    "token-per-call": Rule(
        "advice",
        "A token was issued for every call",
        "Each call needs a second request, so calls are slower and may be limited when sales are high.",
        "Keep the token until it is refused or about to expire; all processes with one API key get the same token.",
        "호출할 때마다 토큰을 새로 발급받았습니다",
        "호출할 때마다 요청이 하나 더 필요해 느려지고, 주문이 몰리면 요청이 제한될 수 있습니다.",
        "만료되거나 거절될 때까지 토큰을 재사용하세요. 같은 API 키를 쓰는 프로세스는 모두 같은 토큰을 받습니다.",
    ),
    "amount-from-page": Rule(
        "error",
        "The amount of an order came from the page alone",
        "The page is on the buyer's machine: a buyer who changes the amount to 100 pays 100, and "
        "V1 has nothing to compare with.",
        "Register the amount with POST /payments/prepare before the window opens; V1 stops the "
        "window if the amount differs.",
        "주문 금액을 페이지에서만 가져왔습니다",
        "페이지는 구매자의 기기에서 실행됩니다. 금액을 100원으로 바꾸면 100원만 결제되고 V1은 비교할 금액이 없습니다.",
        "결제창을 열기 전에 POST /payments/prepare로 금액을 등록하세요. 금액이 다르면 V1이 결제창을 중단합니다.",
    ),
    "prepared-late": Rule(
        "error",
        "The order was prepared after its window had opened",
        "Until then V1 compares nothing, and a buyer who pays at once has an order that the shop does not know.",
        "Store the order and prepare its amount first, then open the window.",
        "결제창을 연 뒤에 주문을 사전등록했습니다",
        "그때까지 V1은 금액을 비교하지 않으며, 구매자가 먼저 결제하면 상점에 없는 주문이 결제됩니다.",
        "주문을 저장하고 금액을 사전등록한 다음 결제창을 여세요.",
    ),
    "webhook-late": Rule(
        "error",
        "Your server responded to a webhook late, or not at all",
        "V1 stops waiting, and by default it does not send again: the order stays unpaid though the buyer has paid.",
        "Store the webhook, respond with 200, and process it afterwards.",
        "웹훅 응답이 늦거나 없었습니다",
        "V1은 기다리다 포기하고 기본 설정에서는 다시 보내지 않습니다. 돈은 들어왔는데 주문은 미결제로 남습니다.",
        "웹훅을 저장하고 바로 200으로 응답한 뒤 처리하세요.",
    ),
    "webhook-lost": Rule(
        "error",
        "Your server responded 200 to a webhook although reading the payment failed",
        "V1 treats a 200 as delivered and never sends the webhook again. If it was not stored "
        "before the 200, it is lost.",
        "Respond with 500 if the read failed, or store the webhook first and read until it succeeds.",
        "결제를 조회하지 못했는데도 웹훅에 200으로 응답했습니다",
        "V1은 200을 받으면 완료로 보고 다시 보내지 않습니다. 저장하지 않은 웹훅은 그대로 사라집니다.",
        "조회에 실패하면 500으로 응답하거나, 웹훅을 먼저 저장하고 조회가 성공할 때까지 다시 시도하세요.",
    ),
    "unknown-channel": Rule(
        "error",
        "A page or a call used a PG or a channel that this merchant does not have",
        "The default channel is used instead: another PG settles the money, under another contract and fee.",
        "Write the pg or channelKey of the console into the page or the call, or register the channel in the sandbox.",
        "등록되지 않은 pg 또는 channelKey를 사용했습니다",
        "기본 채널이 대신 쓰여 다른 PG사와 다른 계약, 다른 수수료로 정산됩니다.",
        "관리자콘솔의 pg 또는 channelKey를 페이지나 호출에 쓰거나, 샌드박스에 채널을 등록하세요.",
    ),
}
