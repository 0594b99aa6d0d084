"""`reconcile`: V1 beside the shop's own orders."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from pathlib import Path
from shutil import which
from threading import Thread
from typing import Any

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_sandbox import Sandbox

from .conftest import Ended, Run
from .network import Network
from .shop import Shop

JUNE = ("--from", "2026-06-01", "--to", "2026-06-30")


@pytest.fixture
def shop() -> Shop:
    return Shop(a_day=6)


@pytest.fixture
def sandbox(shop: Shop) -> Sandbox:
    return shop.sandbox


def reconcile(run: Run, orders: Path, *more: Any) -> Ended:
    return run("reconcile", "--orders", orders, *JUNE, *more)


def test_books_that_agree(run: Run, shop: Shop, tmp_path: Path) -> None:
    ended = reconcile(run, shop.write_orders(tmp_path / "orders.csv"))
    assert ended.code == ExitCode.SUCCESS
    assert ended.out == ""
    assert f"all {len(shop.orders):,} orders match" in ended.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_each_kind_of_difference(run: Run, shop: Shop, tmp_path: Path, encoding: str) -> None:
    whole = [order for order in shop.orders if not order["refunded"]]
    refunded = next(order for order in shop.orders if order["refunded"])
    shop.spoil()
    ended = reconcile(run, shop.write_orders(tmp_path / "orders.csv", encoding), "-o", "json")
    assert ended.code == ExitCode.REFUSED
    found = {row["difference"]: row for row in json.loads(ended.out)}
    assert {kind: (row["merchant_uid"], row["shop"], row["v1"]) for kind, row in found.items()} == {
        "paid_not_in_shop": (whole[5]["merchant_uid"], None, whole[5]["amount"]),
        "in_shop_not_paid": ("202606-90001", 24500, None),
        "amount_differs": (whole[11]["merchant_uid"], whole[11]["amount"], whole[11]["amount"] - 1000),
        "refund_differs": (refunded["merchant_uid"], 0, found["refund_differs"]["v1"]),
    }


def test_the_three_forms_and_the_file_say_the_same(run: Run, shop: Shop, tmp_path: Path) -> None:
    shop.spoil()
    orders, out = shop.write_orders(tmp_path / "orders.csv"), tmp_path / "differences.csv"
    table = reconcile(run, orders)
    text = reconcile(run, orders, "-o", "csv", "--csv", out).out
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 4
    assert out.read_text(encoding="utf-8-sig") == text
    assert all(row["merchant_uid"] in table.out for row in rows)


def test_a_refund_of_an_older_payment_is_no_missing_charge(
    run: Run, tmp_path: Path, sandbox: Sandbox, shop: Shop
) -> None:
    late = [order for order in shop.orders if order["refunded"]]
    path = shop.write_orders(tmp_path / "orders.csv")
    ended = run("reconcile", "--orders", path, "--from", "2026-06-15", "--to", "2026-06-30", "-o", "json")
    kinds = {row["difference"] for row in json.loads(ended.out)}
    assert late
    assert kinds == {"in_shop_not_paid"}  # the orders of the first half, which the file holds too


def test_without_a_column_of_refunds_they_are_not_compared(run: Run, shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    lines = [f"{order['merchant_uid']},{order['amount']:,}".replace(",", ',"', 1) + '"' for order in shop.orders]
    path.write_text("주문번호,결제금액\n" + "\n".join(lines), encoding="cp949")
    ended = reconcile(run, path)
    assert ended.code == ExitCode.SUCCESS
    assert "refunds were not compared" in ended.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "missing column merchant_uid"),
        ("merchant_uid,sum\na,1", "missing column amount"),
        ("merchant_uid,amount\na,1\n\na,2", "line 4: duplicate merchant_uid a"),
        ("merchant_uid,amount\na,", "line 2: amount"),
        ("merchant_uid,amount\n,5", "line 2: merchant_uid is missing"),
        (
            "merchant_uid,amount\na,-1\nb,-2",
            "line 2: amount must not be negative: -1; line 3: amount must not be negative: -2",
        ),
        ("merchant_uid,amount\na,1,234", "line 2"),
        ('merchant_uid,amount,memo\na,1,"it\nb,2,\nc,3,\n', "line 2: unexpected end of data"),
        ('merchant_uid,amount,memo\na,1,"two\nlines"\n\nb,x,\n', "line 5: amount"),
        ("merchant_uid,amount,amount\na,1,2", "more than one column amount"),
    ],
)
def test_a_wrong_file_is_one_line(run: Run, tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text)
    ended = reconcile(run, path, "--html", tmp_path / "report.html")
    assert ended.code == ExitCode.USAGE
    assert expected in ended.err
    assert len(ended.err.splitlines()) == 1
    assert not (tmp_path / "report.html").exists()


def test_all_wrong_rows_are_named_at_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("merchant_uid,amount\na,1\na,2\n,3\nb,five\nc,4\n")
    ended = reconcile(run, path, "-o", "json")
    error = json.loads(ended.err)["error"]
    assert ended.code == ExitCode.USAGE
    assert [row.partition(":")[0] for row in error["rows"]] == ["line 3", "line 4", "line 5"]
    line = reconcile(run, path).err
    assert "3개 행이 올바르지 않습니다" in line
    assert "line 5" in line
    assert len(line.splitlines()) == 1


def test_orders_from_a_pipe(run: Run, shop: Shop, tmp_path: Path) -> None:
    text = shop.write_orders(tmp_path / "orders.csv").read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(text,))
    writer.start()
    ended = reconcile(run, pipe)
    writer.join()
    assert (ended.code, f"all {len(shop.orders):,} orders match" in ended.err) == (ExitCode.SUCCESS, True)


def test_more_differences_than_a_table_holds(run: Run, tmp_path: Path) -> None:
    path, out = tmp_path / "orders.csv", tmp_path / "differences.csv"
    path.write_text("merchant_uid,amount\n" + "".join(f"none-{number:04d},100\n" for number in range(1_234)))
    command = ("reconcile", "--orders", path, "--from", "2025-01-01", "--to", "2025-01-02")
    table = run(*command, "--csv", out)
    assert (table.code, table.out.count("none-")) == (ExitCode.REFUSED, 1_000)
    assert "234 more rows" in table.err
    assert out.read_text(encoding="utf-8-sig") == run(*command, "-o", "csv").out
    rows = json.loads(run(*command, "-o", "json").out)
    assert [row["merchant_uid"] for row in rows] == [f"none-{number:04d}" for number in range(1_234)]


def test_a_file_that_is_no_text(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(b"\xff\xfe\x00\x81")
    assert reconcile(run, path).code == ExitCode.USAGE


def test_the_report_loads_nothing_and_names_nobody(run: Run, shop: Shop, tmp_path: Path) -> None:
    shop.spoil()
    html = tmp_path / "report.html"
    reconcile(run, shop.write_orders(tmp_path / "orders.csv"), "--html", html)
    page = html.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|url\(|<script|<link|<img|@import", page)
    for expected in ("일별 결제와 취소", "승인 거절 사유", "한도초과", "kakaopay", "tosspayments", "202606-90001"):
        assert expected in page
    assert page.count('class="sales"') > 20
    assert "홍길동" not in page
    assert "010-0000-0000" not in page


def test_what_a_buyer_or_a_file_wrote_is_text_in_the_report(run: Run, shop: Shop, tmp_path: Path) -> None:
    shop.orders.append({"merchant_uid": "<script>alert(1)</script>", "amount": 5, "refunded": 0})
    html = tmp_path / "report.html"
    reconcile(run, shop.write_orders(tmp_path / "orders.csv"), "--html", html)
    page = html.read_text(encoding="utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("option", ["--csv", "--html"])
def test_a_place_where_no_file_can_appear_is_refused_before_the_first_request(
    run: Run, shop: Shop, network: Network, tmp_path: Path, option: str
) -> None:
    orders = shop.write_orders(tmp_path / "orders.csv")
    for place in (tmp_path, tmp_path / "none" / "x"):
        ended = reconcile(run, orders, option, place)
        assert ended.code == ExitCode.USAGE
        assert len(ended.err.splitlines()) == 1
        assert f"choose another {option}" in ended.err
    assert network.number == 0
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


def test_a_stretch_without_anything(run: Run, tmp_path: Path) -> None:
    path, html = tmp_path / "orders.csv", tmp_path / "report.html"
    path.write_text("merchant_uid,amount,refunded\n")
    ended = run("reconcile", "--orders", path, "--from", "2025-01-01", "--to", "2025-01-01", "--html", html)
    assert ended.code == ExitCode.SUCCESS
    assert "모두 일치" in html.read_text(encoding="utf-8")


def test_a_browser_draws_the_report_without_a_network(run: Run, shop: Shop, tmp_path: Path) -> None:
    if which("chromium") is None and "PORTONE_V1_CI" not in os.environ:
        pytest.skip("needs chromium")
    html = tmp_path / "report.html"
    reconcile(run, shop.write_orders(tmp_path / "orders.csv"), "--html", html)
    drawn = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
         f"--user-data-dir={tmp_path / 'browser'}", "--dump-dom", html.as_uri()],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    assert drawn.count("<svg") == 3
