"""A pasted body becomes an item: every personal or shop value is invented anew in the same form, the shape stays."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

__all__ = ["Redactor", "as_item"]

# Values of V1 and of PGs, which are what an item is for.
KEPT: Final = frozenset(
    {
        *("status", "pay_method", "channel", "pg_provider", "emb_pg_provider", "currency", "customer_uid_usage"),
        *("card_code", "card_name", "card_quota", "card_type", "bank_code", "bank_name", "vbank_code", "vbank_name"),
        *("card_issuer_code", "card_issuer_name", "card_publisher_code", "card_publisher_name", "carrier"),
        *("code", "pg_type", "success", "error_code", "event", "schedule_status", "payment_status", "gender"),
    }
)
FIXED: Final = {
    "email": "buyer@example.com",
    "tel": "010-0000-0000",
    "phone": "01000000000",
    "addr": "주소",
    "postcode": "00000",
    "holder": "이름",
    "birthday": "1990-01-02",
}
PERSONS: Final = frozenset({"buyer_name", "customer_name", "depositor_name", "name_of_person"})
TIMES: Final = re.compile(r"(_at|_date|_from|_to|^started|^now|^inserted|^updated)$")
MONEY: Final = re.compile(r"amount$")
REASONS: Final = frozenset({"취소요청api", "관리자페이지취소", "[아임포트] 관리자페이지취소"})
STARS: Final = re.compile(r"\*{3,}")
DAY: Final = 24 * 60 * 60


class Redactor:
    """One run: the same value is invented the same way, so that ids still refer to each other."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)
        self._made: dict[str, str] = {}
        self._shift = self._random.randrange(30, 300) * DAY
        self._factor = self._random.choice((2, 3, 5, 7))
        self._names: set[str] = set()

    def body(self, node: Any) -> Any:
        """Redact a whole body. Names of persons in its fields are redacted in its sentences, too."""
        self._names.update(_names_in(node))
        return self.value(node)

    def value(self, node: Any, key: str = "") -> Any:
        """Redact a value. Empty ones (null, 0, '' and []), flags, V1's own values and texts stay as they are."""
        if isinstance(node, Mapping):
            return {name: self.value(inner, name) for name, inner in node.items()}
        if isinstance(node, list):
            return [self.value(inner, key) for inner in node]
        if node is None or isinstance(node, bool) or node in ("", 0) or key in KEPT:
            return node
        if isinstance(node, int | float):
            return self._number(node, key)
        return self._text(str(node), key)

    def _number(self, node: float, key: str) -> float:
        if TIMES.search(key) or (key == "birth"):
            return int(node) - self._shift
        return node * self._factor if MONEY.search(key) else node

    def _text(self, node: str, key: str) -> str:
        for part, fixed in FIXED.items():
            if key.endswith(part):
                return fixed
        if key in PERSONS:
            return "이름"
        for name in sorted(self._names, key=len, reverse=True):
            node = node.replace(name, "이름")
        if key in {"message", "error_msg"}:
            return re.sub(r"\d{5,}|[\w.+-]+@[\w.-]+", lambda found: self._made_up(found[0]), node)
        if key in {"reason", "cancel_reason", "fail_reason"}:
            return node if node in REASONS or key == "fail_reason" else "사유"
        if key == "custom_data":
            return "{}" if node.startswith("{") else "자료"
        if key == "name":
            return "상품"
        if node.startswith(("http://", "https://")):
            parts = urlsplit(node)
            kept = re.search(r"inicis|nicepay|kcp|danal|kakao|toss|settle|payco|portone|iamport", parts.hostname or "")
            host = parts.netloc if kept else "shop.example.com"
            return urlunsplit((parts.scheme, host, self._made_up(parts.path), self._made_up(parts.query), ""))
        return self._made_up(node)

    def _made_up(self, text: str) -> str:
        """Return a text of the same length and kinds of characters; masked parts stay masked."""
        if text not in self._made:
            head = re.match(r"imps?_|channel-key-|cancellation-", text)
            start = head.end() if head else 0
            self._made[text] = text[:start] + "".join(map(self._sign, text[start:]))
        return self._made[text]

    def _sign(self, sign: str) -> str:
        if sign.isdigit():
            return str(self._random.randrange(10))
        if "a" <= sign <= "z":
            return chr(self._random.randrange(26) + ord("a"))
        if "A" <= sign <= "Z":
            return chr(self._random.randrange(26) + ord("A"))
        return "가" if "가" <= sign <= "힣" else sign


def _names_in(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            yield from _names_in(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from _names_in(inner, key)
    elif isinstance(node, str) and (key in PERSONS or key.endswith("holder")) and len(node.strip()) > 1:
        yield node.strip()


def as_item(body: Any, *, name: str, observed: str, source: str, project: str, operation: str | None = None) -> Any:
    """Return an item as tests/corpus/README.md describes it. Raises ValueError if its kind is not clear."""
    if not isinstance(body, dict):
        raise ValueError("the body is no JSON object")  # noqa: TRY004 - what was pasted is wrong, not the call
    kind, guessed = _kind(body)
    if operation is None and guessed is None:
        raise ValueError("which operation answered this cannot be told from the body: name it")
    redacted = Redactor().body(body)
    payload = redacted.get("response") if kind in {"answer", "refusal"} else redacted
    payment = payload if isinstance(payload, dict) else {}
    more = {"content_type": "application/json"} if kind == "webhook" else {}
    return {
        "id": name,
        "kind": kind,
        "operation": operation or guessed,
        "status": 200 if kind == "answer" else None,
        "observed": observed,
        "source": source,
        "project": project,
        "grade": "captured",
        "pg_provider": payment.get("pg_provider"),
        "pay_method": payment.get("pay_method"),
        "body": redacted,
        **more,
        **({"unseen": ["status"]} if kind == "refusal" else {}),
    }


def _kind(body: Mapping[str, Any]) -> tuple[str, str | None]:
    if "response" in body and "code" in body:
        if body["code"] != 0:
            return "refusal", None
        payload = body["response"]
        payment = isinstance(payload, dict) and {"imp_uid", "merchant_uid", "amount", "status"} <= payload.keys()
        return "answer", "GET /payments/{imp_uid}" if payment else None
    # Where a window never opened, the newer engine names the order alone.
    if "success" in body or ("error_msg" in body and not body.keys().isdisjoint({"imp_uid", "merchant_uid"})):
        return "callback", "IMP.request_pay callback"
    if {"imp_uid", "status"} <= body.keys() or "event" in body:
        return "webhook", "webhook"
    raise ValueError("this is neither an answer nor a webhook nor what a page is told")
