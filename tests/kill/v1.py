"""A V1 in a process of its own: no lock on a record, the PG first and the books later, a ledger of what was done.

Its clock runs faster than the wall's, so that five minutes of silence pass within the test.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import unquote, urlsplit

RATE = 60.0
"""So many seconds of V1 pass in one real second."""
AT_THE_PG = 0.25
"""Real seconds, at most, before the PG has executed, and as many before V1 answers."""


class Books:
    def __init__(self, seed: int) -> None:
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.payments: dict[str, dict[str, Any]] = {}
        self.ledger: list[tuple[str, str, int]] = []
        self.started = time.time()

    def now(self) -> float:
        return self.started + (time.time() - self.started) * RATE

    def charge(self, body: dict[str, Any]) -> dict[str, Any] | str:
        payment = {
            "imp_uid": f"imps_{len(self.payments) + 1:012d}",
            "merchant_uid": body["merchant_uid"],
            "customer_uid": body.get("customer_uid"),
            "amount": body["amount"],
            "currency": "KRW",
            "channel": "api",
            "pay_method": "card",
            "pg_provider": "nice",
            "status": "paid",
            "cancel_amount": 0,
            "cancel_history": [],
            "started_at": int(self.now()),
            "paid_at": int(self.now()),
            "custom_data": body.get("custom_data"),
        }
        self.payments[str(payment["imp_uid"])] = payment
        self.ledger.append(("charge", body["merchant_uid"], body["amount"]))
        return payment

    def act(self, path: str) -> Callable[[dict[str, Any]], dict[str, Any] | str]:
        """Return the function of a write."""
        if path.endswith("/retry"):
            late = {"merchant_uid": unquote(path.split("/")[-2]), "amount": 10_000, "customer_uid": "card-A"}
            return lambda body: self.charge({**body, **late})
        acts = {"again": self.charge, "onetime": self.charge, "vbanks": self.account, "cancel": self.cancel}
        return acts[path.rpartition("/")[2]]

    def account(self, body: dict[str, Any]) -> dict[str, Any] | str:
        payment = {
            "imp_uid": f"imps_{len(self.payments) + 1:012d}",
            "merchant_uid": body["merchant_uid"],
            "amount": body["amount"],
            "currency": "KRW",
            "channel": "api",
            "pay_method": "vbank",
            "pg_provider": "nice",
            "status": "ready",
            "cancel_amount": 0,
            "cancel_history": [],
            "started_at": int(self.now()),
            "vbank_date": body["vbank_due"],
        }
        self.payments[str(payment["imp_uid"])] = payment
        self.ledger.append(("account", body["merchant_uid"], body["amount"]))
        return payment

    def cancel(self, body: dict[str, Any]) -> dict[str, Any] | str:
        payment = self.payments[body["imp_uid"]]
        if body.get("checksum") not in (None, payment["amount"] - payment["cancel_amount"]):
            return "취소 가능 잔액이 일치하지 않습니다."
        reason = body.get("reason") or "취소요청api"
        entry = {"amount": body["amount"], "cancelled_at": int(self.now()), "reason": reason}
        entry["cancellation_id"] = f"C{len(self.ledger):019d}"
        payment["cancel_amount"] += body["amount"]
        payment["status"] = "cancelled"
        payment["cancel_history"].append(entry)
        why = reason.partition(" #")[0]
        self.ledger.append(("refund", f"{payment['merchant_uid']} {why}", body["amount"]))
        return payment


def handler(books: Books) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # it holds a body back until the head before it is acknowledged: 40 ms

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            pass

        def answer(self, payload: Any, message: str | None = None, status: int = 200) -> None:
            code = 0 if message is None else 1
            body = json.dumps({"code": code, "message": message, "response": payload}).encode()
            try:
                self.send_response_only(status)
                self.send_header("Date", formatdate(books.now(), usegmt=True))
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # the caller was killed

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            with books.lock:
                if path == "/_ledger":
                    return self.answer(list(books.ledger))
                named = unquote(path.split("/")[3 if path.startswith("/payments/findAll/") else 2])
                if not path.startswith("/payments/findAll/"):
                    payment = books.payments.get(named)
                    found: Any = payment
                else:
                    of_order = [each for each in books.payments.values() if each["merchant_uid"] == named][::-1]
                    found = {"total": len(of_order), "previous": 0, "next": 0, "list": of_order} if of_order else None
                if found is None:
                    return self.answer(None, "존재하지 않는 결제정보입니다.", 404)
                return self.answer(found)

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
            if self.path == "/users/getToken":
                now = int(books.now())
                return self.answer({"access_token": "t" * 40, "now": now, "expired_at": now + 86_400})
            with books.lock:
                fate = books.random.random()
                before, after = books.random.uniform(0, AT_THE_PG), books.random.uniform(0, AT_THE_PG)
            if fate < 0.05:  # lost before it is executed
                self.close_connection = True
                return None
            time.sleep(before)
            with books.lock:
                done = books.act(self.path)(body)
                done = json.loads(json.dumps(done))
            time.sleep(after)
            if fate < 0.1:  # executed, and the answer is lost
                self.close_connection = True
                return None
            return self.answer(None, done) if isinstance(done, str) else self.answer(done)

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore the error: the caller was killed."""


def serve(seed: int, ready: Connection) -> None:
    server = Server(("127.0.0.1", 0), handler(Books(seed)))
    ready.send(server.server_port)
    server.serve_forever()
