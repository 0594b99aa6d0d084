"""Styles of the report, for screens (light and dark) and paper."""

from __future__ import annotations

from typing import Final

__all__ = ["STYLES"]

STYLES: Final = """
:root{color-scheme:light dark;--page:#f5f6f8;--sheet:#fff;--ink:#1b2430;--soft:#67727f;--line:#e3e7ec;
--sales:#2563c9;--refunds:#e07a3f;--bad:#c62f3a;--good:#1d7f4e;
--c0:#2563c9;--c1:#e07a3f;--c2:#2a9d8f;--c3:#8e5bd0;--c4:#c9a227;--c5:#d1477f;--c6:#5b7083;--c7:#a9b3bd}
@media(prefers-color-scheme:dark){:root{--page:#11151a;--sheet:#1a2027;--ink:#e7ebf0;--soft:#98a3af;--line:#2c343d;
--sales:#5f97f0;--refunds:#ee9560;--bad:#f0707a;--good:#55bd88;
--c0:#5f97f0;--c1:#ee9560;--c2:#52bfb1;--c3:#b08ae4;--c4:#dfbf55;--c5:#e67ba6;--c6:#8ba0b3;--c7:#5d6873}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,"Apple SD Gothic Neo","Malgun Gothic",
"Noto Sans KR","Noto Sans CJK KR",NanumGothic,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px}
header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;margin-bottom:16px}
h1{font-size:26px;margin:0;letter-spacing:-.01em}h2{font-size:17px;margin:0 0 10px}h3{font-size:14px;margin:0 0 4px}
small{font-weight:400;color:var(--soft);font-size:.78em}header p,footer,.none{color:var(--soft);margin:0}
section,.card{background:var(--sheet);border:1px solid var(--line);border-radius:10px}
section{padding:18px 20px;margin-top:14px;overflow-x:auto}
.cards{display:grid;grid-template-columns:1.25fr 1.25fr 1.25fr 1fr 1fr;gap:12px}
.card{padding:12px 16px;border-top:3px solid var(--line)}.card h2{font-size:13px;margin:0}
.card b{display:block;font-size:23px;line-height:1.35;font-variant-numeric:tabular-nums;letter-spacing:-.02em}
.card span{color:var(--soft);font-size:12px}
.card.sales{border-top-color:var(--sales)}.card.refunds{border-top-color:var(--refunds)}
.card.bad{border-top-color:var(--bad)}.card.bad b{color:var(--bad)}
.card.good{border-top-color:var(--good)}.card.good b{color:var(--good)}
.others{margin:8px 0 0;padding:0;list-style:none;color:var(--soft)}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin:0 0 8px;color:var(--soft);font-size:12.5px}
.legend i{display:inline-block;width:11px;height:11px;border-radius:2px;margin-right:5px;background:var(--k)}
svg{display:block;width:100%;height:auto}
.halves{display:grid;grid-template-columns:1fr 1fr;gap:32px}
.tick{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums}.mid{text-anchor:middle}.end{text-anchor:end}
.reason{fill:var(--ink);font-size:13px}.grid{stroke:var(--line)}.zero{stroke:var(--soft)}
rect{fill:var(--k)}.sales{--k:var(--sales)}.refunds{--k:var(--refunds)}
.c0{--k:var(--c0)}.c1{--k:var(--c1)}.c2{--k:var(--c2)}.c3{--k:var(--c3)}
.c4{--k:var(--c4)}.c5{--k:var(--c5)}.c6{--k:var(--c6)}.c7{--k:var(--c7)}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12px}
th,td{padding:7px 10px 7px 0;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
th:nth-child(4),th:nth-child(5),.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td b{font-weight:600}.paid_not_in_shop,.amount_differs{color:var(--bad)}
footer{margin-top:16px;font-size:12px}
@media(max-width:760px){.cards{grid-template-columns:1fr 1fr}.halves{grid-template-columns:1fr}h1{font-size:22px}}
@media print{body{background:#fff}section,.card{break-inside:avoid}}
"""
