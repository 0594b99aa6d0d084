"""카카오페이 주문내역: a discontinued service."""

from __future__ import annotations

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.pgs import service_ended

__all__: list[str] = []


@handles(
    "kakao_list_orders",
    Evidence(documented="KakaoPay gave the service up in 2022", assumed="how the refusal looks"),
)
def list_orders(_call: Call) -> Answer:
    raise service_ended()
