"""Prepared amounts, sub-merchants, tokens that end, codes and channels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from portone_v1 import AuthenticationError, NotFoundError, RefusedError
from portone_v1_sandbox import Refusal

from tests.flows.shop import Shop


def test_a_prepared_amount_binds_the_payment_window(shop: Shop) -> None:
    assert shop.call(lambda c: c.prepare.create(merchant_uid="order-1", amount=12000)).amount == Decimal(12000)
    assert shop.call(lambda c: c.prepare.get("order-1")).amount == Decimal(12000)
    twice = shop.failure(lambda c: c.prepare.create(merchant_uid="order-1", amount=1))
    assert (type(twice), twice.code) == (RefusedError, 1)
    with pytest.raises(Refusal):
        shop.sandbox.pay(merchant_uid="order-1", amount=100)
    assert shop.money() == []
    assert shop.call(lambda c: c.prepare.update(merchant_uid="order-1", amount=15000)).amount == Decimal(15000)
    paid = shop.sandbox.pay(merchant_uid="order-1", amount=15000)
    assert shop.call(lambda c: c.payments.get(paid.imp_uid)).amount == Decimal(15000)
    assert type(shop.failure(lambda c: c.prepare.get("order-2"))) is NotFoundError


def test_a_sub_merchant_has_its_own_payments(shop: Shop) -> None:
    sub = shop.client.with_options(tier="AB1")
    paid = sub.call(shop.charge("order-1"))
    assert sub.call(lambda c: c.payments.get(paid.imp_uid)).imp_uid == paid.imp_uid
    assert shop.call(lambda c: c.payments.get(paid.imp_uid, tier="AB1")).imp_uid == paid.imp_uid
    assert type(shop.failure(lambda c: c.payments.get(paid.imp_uid))) is NotFoundError
    assert type(sub.failure(lambda c: c.payments.get(paid.imp_uid, tier=None))) is NotFoundError
    tokens = [exchange for exchange in shop.sandbox.journal if exchange.path == "/users/getToken"]
    assert len(tokens) == 1


def test_a_token_that_ended_is_renewed_in_the_middle_of_the_day(shop: Shop) -> None:
    paid = shop.call(shop.charge("order-1"))
    shop.sandbox.faults.expire_tokens()
    shop.call(lambda c: c.payments.cancel(imp_uid=paid.imp_uid, amount=5000))
    shop.sandbox.clock.advance(hours=2)
    shop.call(lambda c: c.payments.cancel(imp_uid=paid.imp_uid, amount=7000))
    assert shop.money() == [("charge", 12000), ("refund", 5000), ("refund", 7000)]


def test_two_clients_share_the_one_token_of_a_key_pair(shop: Shop) -> None:
    other = shop.another()
    shop.call(shop.charge("order-1"))
    other.call(shop.charge("order-2"))
    shop.call(shop.charge("order-3"))
    assert [exchange.status for exchange in shop.sandbox.journal if exchange.status == 401] == []


def test_a_key_pair_that_is_not_let_in(shop: Shop) -> None:
    raw = type(shop.client.raw)
    stranger = shop.flavour.client(**{**shop._way, "imp_key": "sandbox_key", "imp_secret": "wrong_secret"})
    assert type(stranger.raw) is raw
    error = stranger.failure(shop.charge("order-1"))
    assert (type(error), error.status, error.code) == (AuthenticationError, 401, -1)
    assert error.message == "인증에 실패하였습니다. API키와 secret을 확인하세요."
    assert "wrong_secret" not in f"{error!r}{error.args}"
    assert shop.money() == []


def test_many_calls_at_once_are_all_kept(shop: Shop) -> None:
    from itertools import count

    numbers = count()
    answers = shop.client.at_once(lambda c: shop.charge(f"order-{next(numbers)}")(c), 16)
    assert {str(answer.status) for answer in answers} == {"paid"}
    assert len({answer.imp_uid for answer in answers}) == 16
    assert shop.call(lambda c: c.payments.search("paid")).total == 16


def test_codes_keep_their_zeros(shop: Shop) -> None:
    banks = {bank.code: bank.name for bank in shop.call(lambda c: c.codes.list_banks())}
    assert "004" in banks
    assert all(len(code) == 3 for code in banks)
    assert shop.call(lambda c: c.codes.get_bank("004")).name == banks["004"]
    assert type(shop.failure(lambda c: c.codes.get_card("999"))) is NotFoundError


def test_channels(shop: Shop) -> None:
    channels = shop.call(lambda c: c.channels.list())
    assert channels
    assert {channel.sandbox for channel in channels} == {True, False}
