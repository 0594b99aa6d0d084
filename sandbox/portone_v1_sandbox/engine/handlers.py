"""Imports of every module that registers handlers. Name a new module here."""

from __future__ import annotations

from ..certifications import handlers as certification_handlers
from ..certifications import window
from ..merchant import channels, codes, tiers, tokens
from ..naver import checkout, events, orders, points, returns, reviews
from ..payments import (
    balance,
    billing_keys,
    cancel,
    charges,
    convenience_store,
    escrow,
    inicis_escrow,
    lookup,
    prepare,
    search,
    virtual_accounts,
)
from ..pgs import benepia, kakao, kcp_quick, members, payco, paymentwall
from ..receipts import cash_receipts, sales_slips
from ..schedules import handlers as schedule_handlers
from ..schedules import listing

__all__ = [
    "balance",
    "benepia",
    "billing_keys",
    "cancel",
    "cash_receipts",
    "certification_handlers",
    "channels",
    "charges",
    "checkout",
    "codes",
    "convenience_store",
    "escrow",
    "events",
    "inicis_escrow",
    "kakao",
    "kcp_quick",
    "listing",
    "lookup",
    "members",
    "orders",
    "payco",
    "paymentwall",
    "points",
    "prepare",
    "returns",
    "reviews",
    "sales_slips",
    "schedule_handlers",
    "search",
    "tiers",
    "tokens",
    "virtual_accounts",
    "window",
]
