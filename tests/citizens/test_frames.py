"""Tables: the types come from the model, and personal data stays out unless it is asked for."""

from __future__ import annotations

import asyncio
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from portone_v1.frames import to_pandas, to_polars
from portone_v1.models import PagedPayment, Payment
from portone_v1_runtime.payload import BulkList
from portone_v1_sandbox import Sandbox

from tests.citizens.conftest import PERSONAL, WIRE

if TYPE_CHECKING:  # by a worker that has none of these tests they are not needed
    import pandas as pd

USD = {**WIRE, "imp_uid": "imp_2", "amount": 0.1, "currency": "USD", "paid_at": 0, "card_type": None}
CHOSEN = ("imp_uid", "amount", "paid_at", "status", "sandbox", "card_type")


def test_the_types_of_pandas(payment: Payment) -> None:
    frame = to_pandas([payment])
    assert {name: str(frame[name].dtype) for name in CHOSEN} == {
        "imp_uid": "string",
        "amount": "Int64",
        "paid_at": "datetime64[us, Asia/Seoul]",
        "status": "category",
        "sandbox": "boolean",
        "card_type": "category",
    }
    assert frame["paid_at"][0].isoformat() == "2027-01-15T17:00:00+09:00"
    assert frame["pay_method"][0] == "moon_dust"
    assert frame["merchant_uid"][0] == WIRE["merchant_uid"]
    assert "4242424242424242" not in frame["name"][0]
    assert frame.groupby(frame["paid_at"].dt.date)["amount"].sum().to_list() == [12000]


def test_what_cannot_be_read_is_in_the_table_as_it_came(payment: Payment) -> None:
    odd = {"amount": "many", "sandbox": "perhaps", "card_quota": "x", "paid_at": "soon", "status": {"a": 1}}
    rows = [payment, Payment.from_dict({**WIRE, **odd})]
    for frame in (to_pandas(rows), to_polars(rows)):
        assert str(frame["amount"][1]) == "many"
        assert str(frame["sandbox"][1]) == "perhaps"
        assert str(frame["card_quota"][1]) == "x"
        assert len(frame) == 2


def test_the_types_of_polars(payment: Payment) -> None:
    import polars as pl

    frame = to_polars([payment])
    assert {name: frame.schema[name] for name in CHOSEN} == {
        "imp_uid": pl.String(),
        "amount": pl.Int64(),
        "paid_at": pl.Datetime("us", "Asia/Seoul"),
        "status": pl.String(),
        "sandbox": pl.Boolean(),
        "card_type": pl.Int64(),
    }
    assert frame["paid_at"][0].isoformat() == "2027-01-15T17:00:00+09:00"


def test_an_empty_month_has_the_types_of_a_full_one() -> None:
    full = [Payment.from_dict({**WIRE, "pay_method": "card"})]
    assert to_pandas([], Payment).dtypes.equals(to_pandas(full).dtypes)
    assert to_polars([], Payment).schema == to_polars(full).schema
    for convert in (to_pandas, to_polars):
        with pytest.raises(ValueError, match="name the model"):
            convert([])
        with pytest.raises(TypeError, match="models are expected, not dict"):
            convert([{"imp_uid": "imp_1"}])


def test_amounts_stay_exact() -> None:
    import polars as pl

    rows = [Payment.from_dict(WIRE), Payment.from_dict(USD)]
    assert to_pandas(rows)["amount"].to_list() == [Decimal(12000), Decimal("0.1")]
    frame = to_polars(rows)
    assert (frame.schema["amount"], frame["amount"].sum()) == (pl.Decimal(38, 4), Decimal("12000.1"))
    assert to_pandas(rows[:1], money="decimal")["amount"].to_list() == [Decimal(12000)]
    assert to_polars(rows[:1], money="decimal").schema["amount"] == pl.Decimal(38, 4)
    assert to_polars([], Payment, money="decimal").schema["amount"] == pl.Decimal(38, 4)
    small, large = (Payment.from_dict({**USD, "amount": Decimal(text)}) for text in ("0.123456", "9" * 36))
    assert to_polars([*rows, small])["amount"].to_list()[1:] == [Decimal("0.1"), Decimal("0.123456")]
    assert to_polars([large, small])["amount"].to_list() == ["9" * 36, "0.123456"]  # no type of polars holds both


def test_personal_data_comes_by_name_only(payment: Payment) -> None:
    for frame in (to_pandas([payment]), to_polars([payment])):
        assert not {*PERSONAL} & {*frame.columns}
    assert not [value for value in [*PERSONAL.values(), "someone"] if value in to_pandas([payment]).to_csv()]
    chosen = ["buyer_name", "imp_uid"]
    assert [*to_pandas([payment], columns=chosen).columns] == chosen == to_polars([payment], columns=chosen).columns
    assert {*PERSONAL} <= {*to_pandas([payment], personal=True).columns} & {
        *to_polars([payment], personal=True).columns
    }
    with pytest.raises(ValueError, match="no field of one value called cancel_history, nothing"):
        to_pandas([payment], columns=["imp_uid", "cancel_history", "nothing"])


def test_what_no_column_can_hold_stops_no_report() -> None:
    odd = Payment.from_dict({"imp_uid": "imp_1", "paid_at": 1_800_000_000_000_000, "card_quota": 10**30, "status": 7})
    assert to_pandas([odd])["paid_at"].isna().to_list() == [True]
    assert to_pandas([odd])["card_quota"].to_list() == [10**30]
    assert to_polars([odd])["card_quota"].to_list() == [str(10**30)]
    late = Payment.from_dict({"imp_uid": "imp_1", "paid_at": 32_000_000_000})  # the year 2984
    assert to_pandas([late])["paid_at"][0].year == to_polars([late])["paid_at"][0].year == 2984


@pytest.mark.parametrize("name", ["name", "status", "imp_uid", "amount", "card_quota", "escrow"])
def test_half_of_an_emoji_stops_no_report(name: str) -> None:
    odd = Payment.from_dict({"imp_uid": "imp_1", name: "커피 \ud83d"})
    assert to_polars([odd], personal=True)[name].to_list() == ["커피 \ufffd"]
    assert len(to_pandas([odd], personal=True)) == 1


@pytest.mark.parametrize("amount", ["1e-50", "1e-400", "0e400"])
def test_an_amount_with_more_places_than_a_column_holds(amount: str) -> None:
    odd = Payment.from_dict({"imp_uid": "imp_1", "amount": Decimal(amount), "card_quota": Decimal("0e400")})
    assert len(to_polars([odd], money="decimal")) == len(to_pandas([odd], money="decimal")) == 1
    assert to_polars([odd])["card_quota"].to_list() == [0]


def test_pages_lists_and_iterators_of_both_flavours() -> None:
    sandbox = Sandbox()
    ids = [sandbox.pay(merchant_uid=f"order-{n}", amount=1000 + n).imp_uid for n in range(3)]
    client = sandbox.client()
    since = client.payments.get(ids[0]).paid_at
    assert since is not None
    page = client.payments.search("paid")
    every = client.payments.iter_search("paid", from_=since)
    many = client.payments.get_many(imp_uid=ids)
    for source in (page, every, many):
        pandas_frame, polars_frame = source.to_pandas(), source.to_polars(columns=["amount"])
        assert sorted(pandas_frame["amount"]) == [1000, 1001, 1002] == sorted(polars_frame["amount"])
    nothing = client.payments.iter_attempts("order-that-is-not").to_pandas()
    assert (len(nothing), str(nothing["amount"].dtype)) == (0, "Int64")
    assert BulkList[Payment]().model is None
    assert many.model is Payment

    async def asynchronous() -> pd.DataFrame:
        async with sandbox.async_client() as shop:
            return await shop.payments.iter_search("paid", from_=since).to_pandas()

    assert sorted(asyncio.run(asynchronous())["amount"]) == [1000, 1001, 1002]
    assert len(PagedPayment.from_dict({"list": []}).to_pandas()) == 0


@pytest.mark.parametrize(("convert", "module"), [(to_pandas, "pandas"), (to_polars, "polars")])
def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, convert: Any, module: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=rf"pip install portone-v1\[{module}\]"):
        convert([], Payment)
