"""결제수단: how a buyer can pay."""

from __future__ import annotations

from typing import Final

from portone_v1_generated.enums.payments import PayMethod

__all__ = ["PAY_METHODS", "WALLETS"]

PAY_METHODS: Final = (
    *(method.value for method in PayMethod),
    *(
        "naverpay_card",
        "naverpay_point",
        "happymoney",
        "samsungpay",
        "naverpay_bridge",
        "ssgpay_bank",
        "tosspay_card",
        "tosspay_money",
        "alipay_plus",
    ),
    *("lgpay", "moneytree", "cvs", "paypay", "amazonpay", "rakutenpay", "merpay", "aupay", "dbarai"),
)
"""Payment methods of responses, then those of requests only."""
WALLETS: Final = frozenset({"samsung", "kakaopay", "naverpay", "payco", "tosspay", "ssgpay", "lpay", "applepay"})
