"""Measure the sandbox over its socket: `python -m benchmarks.sandbox_load [--db] [--payments 5000]`.

One connection, raw bytes, 32 requests in flight. The CPU time of the server's process per payment is printed, too: on a
machine that does other things it is the number to compare.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAIR = b"imp_key=sandbox_key&imp_secret=sandbox_secret"
FORM = "merchant_uid=order-{}&amount=1000&card_number=4242424242424242&expiry=2099-12"
DEPTH = 32
TICKS = os.sysconf("SC_CLK_TCK")


def request(path: str, body: bytes, token: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Authorization: {token}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Connection:
    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")

    def send(self, sent: bytes) -> None:
        self._socket.sendall(sent)

    def answer(self) -> bytes:
        status, length = self._file.readline(), 0
        while line := self._file.readline().strip().lower():
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        body = self._file.read(length)
        if b" 200 " not in status:
            raise RuntimeError(f"{status!r} {body[:300]!r}")
        return body


def measure(process: int, port: int, payments: int, parts: int) -> None:
    connection = Connection(port)
    connection.send(request("/users/getToken", PAIR))
    token = connection.answer().decode().partition('"access_token":"')[2].partition('"')[0]
    number = 0
    for _ in range(parts):
        began, spent = time.perf_counter(), cpu(process)
        for _ in range(payments // parts // DEPTH):
            orders = range(number, number + DEPTH)
            path = "/subscribe/payments/onetime"
            connection.send(b"".join(request(path, FORM.format(one).encode(), token) for one in orders))
            number += DEPTH
            for _ in orders:
                connection.answer()
        count = payments // parts // DEPTH * DEPTH
        took, cost = time.perf_counter() - began, cpu(process) - spent
        print(f"{number:>9} payments: {count / took:7.0f}/s, {cost / count * 1e6:6.0f} us of CPU each "
              f"({count / cost:6.0f}/s on one core)", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", action="store_true", help="keep the state in a file")
    parser.add_argument("--payments", type=int, default=9600)
    parser.add_argument("--parts", type=int, default=3, help="how often to tell the rate")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = ["--db", f"{folder}/shop.sqlite3"] if options.db else []
        command = [sys.executable, "-m", "portone_v1_sandbox", "--port", "0", *file]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                port = int(process.stdout.readline().split()[4].rstrip(",").rpartition(":")[2])
                measure(process.pid, port, options.payments, options.parts)
            finally:
                process.kill()


if __name__ == "__main__":
    main()
