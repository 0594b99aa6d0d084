"""Payments and other models as tables: `to_pandas`, `to_polars`. Extras `portone-v1[pandas]` and `portone-v1[polars]`.

    frame = client.payments.iter_search("paid", from_=since).to_pandas()
    frame = to_pandas(payments, columns=["imp_uid", "amount", "paid_at"])

Pages, lists of many ids and iterators have both as methods; these functions take any list of models.
"""

from __future__ import annotations

from portone_v1_runtime.models.frames import to_pandas, to_polars

__all__ = ["to_pandas", "to_polars"]
