"""Words that a Korean shop developer types for what the pages call by the API's names.

The search indexes the text of a page. Under each heading with one of these terms, the words follow where only the
index sees them.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["SYNONYMS", "add_search_words"]

SYNONYMS: Final = {
    r"결제취소|결제 취소|취소와 환불|환불|cancel|refund": (
        "환불하기 환불 취소하기 결제취소 결제 취소하기 부분환불 전액환불 돈 돌려주기"
    ),
    r"정기결제|구독|subscri|빌링": "구독 구독결제 자동결제 월정기 정기결제 반복결제 빌링 카드등록 빌링키",
    r"카드 변경|카드변경": "카드 바꾸기 카드 교체 결제수단 변경 카드변경",
    r"요금제|일할": "플랜 변경 업그레이드 다운그레이드 일할계산 프로레이션 요금제 변경",
    r"미납|재결제|연체": "더닝 결제 실패 재시도 한도초과 잔액부족 연체 미납",
    r"가상계좌|vbank": "무통장입금 무통장 입금대기 가상계좌",
    r"웹훅|webhook": "노티 알림 콜백 노티피케이션 결제 통보 웹훅",
    r"대사|reconcile|정산": "정산 매출 맞추기 대사 장부 누락 결제 찾기",
    r"결제 검증|결제 후 검증|verify": "위변조 금액검증 결제 확인 사후검증",
    r"사전등록|사전 등록|prepare": "사전검증 금액 고정 사전등록",
    r"조회|look": "결제내역 결제조회 목록 검색",
    r"본인인증|certification": "본인확인 휴대폰 인증 통합인증 본인인증",
    r"현금영수증|receipt": "소득공제 지출증빙 현금영수증",
    r"오류|에러|error": "에러 예외 익셉션 오류코드 실패",
    r"샌드박스|sandbox": "테스트 서버 모의 결제 가짜 서버 목 mock 샌드박스",
    r"로그|logging|디버깅": "로깅 디버그 디버깅 로그 남기기 logging",
    r"pandas|데이터": "데이터프레임 판다스 엑셀 CSV DataFrame pandas",
    r"토큰|token": "액세스 토큰 인증토큰 access_token getToken",
    r"응답을 받지 못|결과 미확인|unknown": "타임아웃 응답 없음 이중결제 중복결제 중복 결제 방지",
    r"하위 상점|agenc|tier": "티어 에이전시 대행사 하위상점",
}
HEADING: Final = re.compile(r"(?m)^(#{1,2} .*)$")


def add_search_words(markdown: str) -> str:
    """The page with the words below its headings, hidden from readers. Code blocks stay as they are."""
    parts = re.split(r"(?ms)^(```.*?^```$)", markdown)
    return "".join(part if part.startswith("```") else HEADING.sub(_with_words, part) for part in parts)


def _with_words(heading: re.Match[str]) -> str:
    words = [more for term, more in SYNONYMS.items() if re.search(term, heading[1], re.IGNORECASE)]
    return f'{heading[1]}\n\n<p class="search-words" hidden>{" ".join(words)}</p>\n' if words else heading[1]
