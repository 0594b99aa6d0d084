"""A server on a real socket that keeps the bytes of every request as they came."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Final, NamedTuple, Self

__all__ = ["RESET", "RawRequest", "RawServer", "http_answer", "payment_answer"]

RESET: Final = b"reset"
"""What follows it in an answer is not sent: the connection is torn down instead."""


class RawRequest(NamedTuple):
    target: str
    """As it stood in the request line."""
    head: bytes
    body: bytes
    connection: int


def http_answer(body: bytes, status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def payment_answer(request: RawRequest) -> bytes:
    """Return V1's token, or a payment."""
    if request.target == "/users/getToken":
        response = {"access_token": "token-1", "now": 0, "expired_at": 1800}
    else:
        response = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 1000, "status": "paid"}
    return http_answer(json.dumps({"code": 0, "message": None, "response": response}).encode())


class RawServer:
    """Answers with what `respond` gives, in one piece or in several, each sent when it is there; None breaks the
    connection off without a word.
    """

    def __init__(
        self,
        respond: Callable[[RawRequest], bytes | Iterable[bytes] | None] = payment_answer,
        *,
        context: ssl.SSLContext | None = None,
        name: str = "127.0.0.1",
        cork: bool = False,
    ) -> None:
        self._respond = respond
        self._context = context
        self._name = name
        self._cork = cork
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._open: socket.socket | None = None
        self.requests: list[RawRequest] = []
        self.connections = 0
        self.refusals: list[str] = []
        """Why handshakes failed."""
        self.sessions: list[tuple[str, str]] = []
        """Protocol and suite of each completed handshake."""
        self.hellos: list[bytes] = []

    @property
    def url(self) -> str:
        scheme = "http" if self._context is None else "https"
        return f"{scheme}://{self._name}:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def push(self, data: bytes) -> None:
        """Send data over the last connection without a request."""
        assert self._open is not None
        self._open.sendall(data)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            number = self.connections
            self._start(lambda connection=connection, number=number: self._serve(connection, number))  # type: ignore[misc]

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self._context is not None:
                self.hellos.append(connection.recv(4096, socket.MSG_PEEK))
                try:
                    connection = self._context.wrap_socket(connection, server_side=True)
                except OSError as error:
                    self.refusals.append(str(error))
                    return
                assert isinstance(connection, ssl.SSLSocket)
                cipher = connection.cipher()
                assert cipher is not None
                self.sessions.append((str(connection.version()), cipher[0]))
            connection.settimeout(0.05)
            self._open = connection
            while (request := self._read(connection, number)) is not None:
                self.requests.append(request)
                answer = self._respond(request)
                if answer is None:
                    return
                pieces, sent = [answer] if isinstance(answer, bytes) else answer, b""
                if self._cork:  # several records of TLS, and one segment
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                for piece in pieces:
                    if piece is RESET:
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    connection.sendall(piece)
                    sent += piece[:1024]
                    if self._stopping.is_set():
                        return
                if self._cork:
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
                if b"close" in sent.partition(b"\r\n\r\n")[0]:
                    return
        except OSError as error:
            self.refusals.append(str(error))
        finally:
            connection.close()

    def _read(self, connection: socket.socket, number: int) -> RawRequest | None:
        data = b""
        while True:
            head, end, rest = data.partition(b"\r\n\r\n")
            if end:
                lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
                length = int(lengths[0].partition(b":")[2]) if lengths else 0
                if len(rest) >= length:
                    target = head.split(b" ", 2)[1].decode("ascii")
                    return RawRequest(target, head, rest, number)
            try:
                received = connection.recv(65536)
            except TimeoutError:
                if self._stopping.is_set():
                    return None
                continue
            if not received:
                return None
            data += received
