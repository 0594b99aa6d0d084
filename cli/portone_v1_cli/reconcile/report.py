"""Write the report of a reconciliation: one HTML file that works offline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from html import escape
from itertools import islice
from pathlib import Path
from typing import Final

from attrs import frozen
from portone_v1_runtime.decode import KST

from ..export.writers import replacing
from ..formatting import text_of
from .charts import decline_plot, legend, sales_plot, series_of
from .differences import KINDS, Difference, Differences
from .statistics import Decline, Sales
from .styles import STYLES

__all__ = ["Findings", "write_report"]

EXCLUDED: Final = "테스트 결제 제외 · test payments excluded"
MOST_ROWS: Final = 1_000
LEGEND: Final = (
    '<p class="legend"><span><i class="sales"></i>결제 charges</span>'
    '<span><i class="refunds"></i>취소 refunds</span></p>'
)


@frozen
class Findings:
    """Contents of a report. `until` is exclusive."""

    since: datetime
    until: datetime
    orders: int
    sales: Sales
    differences: Differences
    declines: Sequence[Decline]


def write_report(path: Path, findings: Findings) -> None:
    """Write the report, or nothing if that fails."""
    with replacing(path) as beside:
        beside.write_text(_page(findings), encoding="utf-8")


def _page(findings: Findings) -> str:
    last = findings.until - timedelta(seconds=1)
    currency = findings.sales.main_currency()
    days = findings.sales.by_day(findings.since.date(), last.date(), currency)
    stretch = f"{findings.since:%Y-%m-%d} – {last:%Y-%m-%d}"
    body = [
        f"<header><h1>대사 보고서 <small>Reconciliation</small></h1><p>{stretch} KST</p></header>",
        _cards(findings, currency),
        _section("일별 결제와 취소", "Daily charges and refunds", [
            LEGEND, sales_plot(days, currency),
        ]),
        _declines(findings.declines),
        _differences(findings.differences),
        f"<footer>portone-v1 · {datetime.now(KST):%Y-%m-%d %H:%M} KST · {EXCLUDED}</footer>",
    ]  # fmt: skip
    return (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>대사 {stretch}</title><style>{STYLES}</style></head><body><main>{''.join(body)}</main></body></html>\n"
    )


def _cards(findings: Findings, currency: str) -> str:
    sums, counts = findings.sales.totals(), findings.sales.counts
    main = sums.get(currency, {"charge": Decimal(0), "refund": Decimal(0)})
    differences = len(findings.differences)
    state = "bad" if differences else "good"
    cards = [
        ("결제", "charges", f"{main['charge']:,f}", f"{counts['charge']:,}건", "sales"),
        ("취소", "refunds", f"{main['refund']:,f}", f"{counts['refund']:,}건", "refunds"),
        ("순매출", "net sales", f"{main['charge'] - main['refund']:,f}", currency, ""),
        (
            "승인 거절",
            "declined",
            f"{sum(decline.number for decline in findings.declines):,}",
            "건(결제 시도) attempts",
            "",
        ),
        (
            "불일치",
            "differences",
            f"{differences:,}",
            f"주문 {findings.orders:,}건 중",
            state,
        ),
    ]
    html = "".join(
        f'<div class="card {kind}"><h2>{korean} <small>{english}</small></h2><b>{number}</b><span>{note}</span></div>'
        for korean, english, number, note, kind in cards
    )
    others = "".join(
        f"<li>{escape(name)}: {amounts['charge']:,f} − {amounts['refund']:,f}</li>"
        for name, amounts in sums.items()
        if name != currency
    )
    return f'<div class="cards">{html}</div>' + (f'<ul class="others">{others}</ul>' if others else "")


def _section(korean: str, english: str, parts: Sequence[str]) -> str:
    return f"<section><h2>{korean} <small>{english}</small></h2>{''.join(parts)}</section>"


def _declines(declines: Sequence[Decline]) -> str:
    if not declines:
        return _section("승인 거절 사유", "Decline reasons", ["<p class='none'>없음 · none</p>"])
    halves = "".join(
        f"<div><h3>{title}</h3>{legend(series_of(declines, by))}{decline_plot(declines, by, title)}</div>"
        for by, title in (("methods", "결제수단별 by payment method"), ("pgs", "PG별 by PG"))
    )
    return _section("승인 거절 사유", "Decline reasons", [f'<div class="halves">{halves}</div>'])


def _differences(differences: Differences) -> str:
    if not differences:
        return _section("불일치", "Differences", ["<p class='none'>모두 일치 · all match</p>"])
    rows = "".join(_row(difference) for difference in islice(differences, MOST_ROWS))
    left = len(differences) - MOST_ROWS
    more = f"<p>{left:,}건은 CSV(--csv)에 있습니다 · {left:,} more rows in the CSV (--csv)</p>" if left > 0 else ""
    head = "<tr><th></th><th>주문 order</th><th>imp_uid</th><th>주문 파일 shop</th><th>포트원 V1</th><th></th></tr>"
    return _section("불일치", "Differences", [f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>{more}"])


def _row(difference: Difference) -> str:
    korean, _, english = KINDS[difference.kind].partition(" · ")
    shop, v1 = ("—" if amount is None else f"{amount:,f}" for amount in (difference.shop, difference.v1))
    return (
        f'<tr><td><b class="{difference.kind}">{korean}</b> <small>{english}</small></td>'
        f"<td>{escape(text_of(difference.merchant_uid))}</td><td>{escape(difference.imp_uid)}</td>"
        f'<td class="number">{shop}</td><td class="number">{v1}</td><td>{escape(difference.currency)}</td></tr>'
    )
