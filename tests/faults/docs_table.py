"""The table of the campaign in docs/reliability.md and docs/ko/reliability.md, from a run's counts.

python -m tests.faults.docs_table COUNTS.json SEED
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

__all__ = ["write_tables"]

Counts = Mapping[str, Any]
ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (
    (ROOT / "docs/reliability.md", 0, "one run, seed {}", ("16 threads", "200 tasks", "200 tasks over aiohttp")),
    (
        ROOT / "docs/ko/reliability.md",
        1,
        "한 번의 실행, 시드 {}",
        ("스레드 16개", "태스크 200개", "aiohttp 태스크 200개"),
    ),
)
READMES: Final = (ROOT / "README.md", ROOT / "README.ko.md")
TABLE: Final = re.compile(r"(<!-- make faults -->\n)(.*?)\n<!-- end -->", re.DOTALL)


def _met(*kinds: str) -> Callable[[Counts], str]:
    return lambda counts: " / ".join(f"{counts['exchanges'].get(kind, 0):,}" for kind in kinds)


def _of(section: str, *names: str) -> Callable[[Counts], str]:
    return lambda counts: " / ".join(f"{counts[section].get(name, 0):,}" for name in names)


def _faults(counts: Counts) -> str:
    return f"{sum(number for kind, number in counts['exchanges'].items() if kind != 'none'):,}"


def _broken(*names: str) -> Callable[[Counts], str]:
    return lambda counts: f"**{sum(counts['broken'].get(name, 0) for name in names):,}**"


def _searched(language: int) -> Callable[[Counts], str]:
    def text(counts: Counts) -> str:
        found, searched = counts["broken"].get("nothing secret to be seen", 0), f"{counts['searched']:,}"
        return f"{searched}개 중 {found}" if language else f"{found} of {searched}"

    return text


ROWS: Final[Sequence[tuple[str, str, Callable[[Counts], str]]]] = (
    ("orders", "주문", lambda counts: f"{counts['orders']:,}"),
    ("charges and cancels", "결제와 취소", lambda counts: f"{sum(counts['operations'].values()):,}"),
    ("exchanges with the server", "서버와의 통신", lambda counts: f"{sum(counts['exchanges'].values()):,}"),
    ("of these met by a fault", "그중 장애가 주입된 통신", _faults),
    ("… dropped before / after execution", "… 실행 전 / 실행 후 단절", _met("dropped before", "dropped after")),
    (
        "… held up before V1's check / between its check and its booking",
        "… V1의 확인 전 / 확인과 기록 사이에 지연",
        _met("executed late", "booked late"),
    ),
    (
        "… answer cut short / sent twice / an HTML page",
        "… 응답 잘림 / 두 번 전송 / HTML 페이지",
        lambda counts: " / ".join(
            f"{sum(counts['exchanges'].get(kind, 0) for kind in kinds):,}"
            for kinds in (("cut short",), ("answered twice",), ("page before", "page after"))
        ),
    ),
    (
        "… 500, 502, 503, before / after execution, and 429 before it",
        "… 500, 502, 503, 실행 전 / 실행 후 (429는 실행 전만)",
        _met("error before", "error after"),
    ),
    (
        "… refunded by an operator meanwhile / declined first and approved late",
        "… 그사이 운영자가 취소 / 실패 뒤 늦은 승인",
        _met("another operator", "under review"),
    ),
    ("orders whose reads are behind", "조회가 늦은 주문", _of("habits", "reads behind")),
    (
        "orders where V1 queues / refuses / races",
        "V1이 대기 / 거절 / 경합하는 주문",
        _of("habits", "V1 queues", "V1 refuses", "V1 races"),
    ),
    (
        "orders with a second worker / a killed worker / another card",
        "두 번째 작업자 / 강제 종료된 작업자 / 다른 카드가 있는 주문",
        _of("habits", "second worker", "worker killed", "other card"),
    ),
    (
        "outcomes unknown at first, then settled",
        "처음에 알 수 없었으나 확인된 결과",
        _of("outcomes", "left to settle"),
    ),
    ("**orders charged twice**", "**이중 결제된 주문**", _broken("charged at most once")),
    (
        "**refunds beyond what was asked**",
        "**요청액을 넘는 취소**",
        _broken("refunded at most what was paid", "refunded at most what was asked"),
    ),
    (
        "**outcomes that the ledger contradicts**",
        "**원장과 다른 결과**",
        _broken("charges are as told", "refunds are as told", "verified only what was ordered"),
    ),
    (
        "**unknown after `settle`**",
        "**`settle` 뒤에도 알 수 없는 결과**",
        _broken("nothing stays unknown after settle"),
    ),
)
SEARCHED: Final = (
    "texts searched for keys, card numbers and personal data: found",
    "키, 카드번호, 개인정보를 찾은 문구 수",
)


def write_tables(seed: int, reports: Sequence[Counts]) -> None:
    for page, language, title, flavours in PAGES:
        rows: list[list[str]] = [[title.format(seed), *flavours], ["---", *["---:"] * len(flavours)]]
        names = [row[:2][language] for row in ROWS]
        rows += [[name, *(row[2](report) for report in reports)] for name, row in zip(names, ROWS, strict=True)]
        rows.append([SEARCHED[language], *(_searched(language)(report) for report in reports)])
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        table = table.replace(" --- |", "---|").replace(" ---: |", "---:|")
        text = page.read_text("utf-8")
        first, last = TABLE.search(text).span(2)  # type: ignore[union-attr]
        page.write_text(f"{text[:first]}{table}{text[last:]}", "utf-8")
    for page in READMES:
        text = page.read_text("utf-8")
        text = re.sub(r"(aiohttp[^\n]*\n?[^\n]*(?:seed|시드) )\d+", rf"\g<1>{seed}", text, count=1)
        orders = f"{reports[0]['orders']:,}"
        page.write_text(re.sub(r"[\d,]+( orders each|건씩 세 번)", rf"{orders}\g<1>", text, count=1), "utf-8")


if __name__ == "__main__":
    write_tables(int(sys.argv[2]), json.loads(Path(sys.argv[1]).read_text("utf-8")))
