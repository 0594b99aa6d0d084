"""One way to read many payments: `python -m benchmarks.bulk.way NAME URL OUT` writes what it cost as JSON.

The peers read days of 1,000 a page, as a caller without an SDK would write it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks import payload
from benchmarks.bulk.server import SPAN, START
from benchmarks.process import peak, pin_to_first

__all__ = ["main"]

DAY = 86_400
KEYS = {"imp_key": "bench_key", "imp_secret": "bench_secret"}
Run = Callable[[], int]


def _pages(url: str) -> Iterator[bytes]:
    pool = import_module("urllib3").PoolManager()
    for first in range(START, START + SPAN, DAY):
        page = 1
        while page:
            query = f"limit=1000&page={page}&from={first}&to={first + DAY - 1}&sorting=started"
            body = pool.request("GET", f"{url}/payments/status/paid?{query}").data
            yield body
            page = page + 1 if b'"next": 0' not in body[:200] else 0


def _client(url: str) -> Any:
    return import_module("portone_v1").PortOne(**KEYS, base_url=url)


def _orjson(url: str, out: str) -> Run:  # noqa: ARG001
    loads = import_module("orjson").loads
    return lambda: sum(len(loads(body)["response"]["list"]) for body in _pages(url))


def _iterate(url: str, out: str) -> Run:  # noqa: ARG001
    client = _client(url)
    _warm(client)
    found = client.payments.iter_search("paid", from_=START, to=START + SPAN - 1, limit=1000)
    return lambda: sum(1 for _ in found)


def _reconcile(url: str, out: str) -> Run:  # noqa: ARG001
    """Look at every movement and drop it, as a comparison does."""
    client = _client(url)
    _warm(client)
    found = client.payments.iter_reconcile(START, START + SPAN)
    return lambda: sum(movement.amount > 0 for movement in found)


def _books(url: str, out: str) -> Run:
    """Run the command with an order of the shop for each payment, in no order, all of which match."""
    orders = Path(out).with_suffix(".csv")
    count = int(os.environ["BENCH_COUNT"])
    amount = json.loads(payload.one())["response"]["amount"]
    step = 7_919  # a prime: every number once
    with orders.open("w") as file:
        file.write("merchant_uid,amount\n")
        file.writelines(f"order-{number * step % count:012d},{amount}\n" for number in range(count))
    return _command(url, "reconcile", "--orders", str(orders))


def _warm(client: Any) -> None:
    client.payments.search("paid", from_=START, to=START + 10, limit=1).items  # noqa: B018


def _export(url: str, out: str) -> Run:
    return _command(url, "export", "payments", "--status", "paid", "--out", out, "--force")


def _command(url: str, *arguments: str) -> Run:
    os.environ.update(PORTONE_V1_KEY="bench_key", PORTONE_V1_SECRET="bench_secret", PORTONE_V1_BASE_URL=url)
    main = import_module("portone_v1_cli.__main__").main
    zone = import_module("portone_v1_runtime.decode").KST
    first, last = (f"{datetime.fromtimestamp(moment, zone):%Y-%m-%d}" for moment in (START, START + SPAN - 1))

    def run() -> int:
        sys.argv = ["portone-v1", *arguments, "--from", first, "--to", last]
        try:
            code = main()
        except SystemExit as end:
            code = end.code
        if code:
            raise RuntimeError(f"the command ended with {code}")
        return int(os.environ["BENCH_COUNT"])

    return run


def _columns(url: str, out: str) -> Run:
    """Decode pages with msgspec, keep columns, write them with pyarrow; without resuming or a check for duplicates."""
    msgspec, arrow = import_module("msgspec"), import_module("pyarrow")
    parquet = import_module("pyarrow.parquet")
    struct: Any = import_module("portone_v1_generated.strict.payments").StrictPayment
    page = msgspec.defstruct(
        "Page", [("list", list.__class_getitem__(struct)), ("total", int), ("next", int), ("previous", int)]
    )
    decoder = msgspec.json.Decoder(msgspec.defstruct("Envelope", [("code", int), ("response", page)]))
    kinds: dict[str, Any] = {
        **dict.fromkeys(("amount", "cancel_amount"), arrow.decimal128(20, 3)),
        **dict.fromkeys(
            ("vbank_date", "vbank_issued_at", "started_at", "paid_at", "failed_at", "cancelled_at"),
            arrow.timestamp("s", tz="Asia/Seoul"),
        ),
        **dict.fromkeys(("card_quota", "card_type"), arrow.int64()),
        **dict.fromkeys(("sandbox", "escrow", "cash_receipt_issued"), arrow.bool_()),
    }
    nested = {"cancel_history", "deposit_history", "promotion", "extension", "cancel_receipt_urls"}
    names = struct.__struct_fields__
    schema = arrow.schema([(name, kinds.get(name, arrow.string())) for name in names])

    def column(name: str, kept: list[Any]) -> Any:
        values = [getattr(one, name) for one in kept]
        if arrow.types.is_decimal(kind := schema.field(name).type):
            values = [None if v is None else Decimal(v) if type(v) is int else Decimal(repr(v)) for v in values]
        elif arrow.types.is_timestamp(kind):
            values = [v or None for v in values]
        elif name in nested:
            values = [json.dumps(v, ensure_ascii=False) if v else None for v in values]
        return arrow.array(values, kind)

    def run() -> int:
        kept: list[Any] = []
        count = 0
        with parquet.ParquetWriter(out, schema) as writer:

            def flush() -> None:
                columns = [column(name, kept) for name in names]
                writer.write_table(arrow.Table.from_arrays(columns, schema=schema))
                kept.clear()

            for body in _pages(url):
                items = decoder.decode(body).response.list
                count += len(items)
                kept.extend(items)
                if len(kept) >= 20_000:
                    flush()
            flush()
        return count

    return run


WAYS: dict[str, Callable[[str, str], Run]] = {
    "orjson": _orjson,
    "iterate": _iterate,
    "reconcile": _reconcile,
    "books": _books,
    "export": _export,
    "columns": _columns,
}


def main(name: str, url: str, out: str) -> None:
    pin_to_first()
    run = WAYS[name](url, out)
    before, wall, cpu = peak(), time.perf_counter(), time.process_time()
    count = run()
    cost = time.process_time() - cpu
    answer = {"count": count, "cpu": cost, "wall": time.perf_counter() - wall, "over": peak() - before}
    print(f"\n{json.dumps(answer)}", flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:4])
