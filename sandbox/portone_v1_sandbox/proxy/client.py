"""One connection of a client: answer, pass on or refuse its requests."""

from __future__ import annotations

import asyncio
from typing import Final

import h11

from ..wire.hosts import is_accepted_host
from .conversation import Conversation
from .errors import Refused
from .names import is_of_vendor
from .pages import own_page
from .relay import relay, value_of, without_hops
from .setup import Setup
from .sockets import Stream, connect
from .targets import Target, Url, host_and_port, read_connect, read_url
from .tunnel import pass_bytes

__all__ = ["Client"]

IDLE: Final = 75.0
"""Seconds that a connection may stay open between two requests."""
PLAIN: Final = "text/plain; charset=utf-8"


class Client:
    """One connection of a client, from the first request to the last."""

    def __init__(self, setup: Setup, stream: Stream) -> None:
        self._setup = setup
        self._stream = stream
        self._spoken = Conversation(stream, h11.SERVER)
        peer = stream[1].get_extra_info("peername")
        self._local = peer is not None and setup.is_local(str(peer[0]))

    def close(self) -> None:
        self._spoken.writer.close()
        self._stream[1].close()

    def abort(self) -> None:
        """Close the connection at once, without the end of TLS."""
        self._spoken.writer.transport.abort()
        self._stream[1].transport.abort()

    async def turn_away(self) -> None:
        await self._refuse(Refused(503, "too many connections"))

    async def serve(self) -> None:
        """Answer until the client is done."""
        while True:
            try:
                request = await self._spoken.request(IDLE, self._setup.patience)
                if request is None or not await self._answer(request):
                    return
            except Refused as refused:
                await self._refuse(refused)
                return
            if not self._is_free():
                return

    async def _answer(self, request: h11.Request) -> bool:
        """Return whether another request may follow. Raises Refused."""
        target = request.target.decode("ascii")
        if request.method == b"CONNECT":
            return await self._connect(request, read_connect(target))
        if target.startswith("/") or target == "*":
            await self._serve_own_page(request, target)
            return False
        await self._pass_on(request, read_url(target))
        return True

    async def _connect(self, request: h11.Request, target: Target) -> bool:
        named = host_and_port(value_of(request, b"host"), target.port)
        if named is not None and is_of_vendor(named.host) and named.host != target.host:
            raise Refused(400, f"{target}: the Host header names another host")
        early = self._spoken.state.trailing_data[0]
        if self._setup.policy.is_answered(target):
            if early:
                raise Refused(400, f"{target}: TLS begins after the proxy's answer to CONNECT")
            await self._spoken.send(h11.Response(status_code=200, headers=[]))
            await self._answer_for(target)
            return False
        server = await self._reach(target)
        try:
            await self._spoken.send(h11.Response(status_code=200, headers=[]))
            await pass_bytes(self._stream, server, target, early)
        except Refused as refused:
            self._setup.on_refusal(refused.message)
        finally:
            server[1].close()
        return False

    async def _answer_for(self, target: Target) -> None:
        reader, writer = self._stream
        await writer.start_tls(self._setup.tls, ssl_handshake_timeout=self._setup.patience)
        self._spoken = Conversation((reader, writer), h11.SERVER)
        while True:
            request = await self._spoken.request(IDLE, self._setup.patience)
            if request is None:
                return
            path = request.target.decode("ascii")
            if path.startswith(("http://", "https://")):
                raise Refused(400, f"{target}: a request to a server has a path, not a URL")
            await self._ask_sandbox(request, target, path)
            if not self._is_free():
                return

    async def _pass_on(self, request: h11.Request, url: Url) -> None:
        """Answer or pass on a request for a whole URL: some clients send https URLs so, instead of CONNECT.

        Only the vendor's https URLs are answered; others need CONNECT.
        """
        if is_of_vendor(url.target.host) and url.scheme != "https":
            raise Refused(403, f"{url.target}: V1 is never called over plain http; nothing was sent")
        if self._setup.policy.is_answered(url.target):
            await self._ask_sandbox(request, url.target, url.path)
            return
        if url.scheme == "https":
            raise Refused(400, f"{url.target}: https goes through CONNECT")
        _require_host(request, url.target)
        shown = url.target.host if url.target.port == 80 else str(url.target)
        headers = _readdressed(request, shown)
        await relay(self._spoken, request, url.path, headers, lambda: self._reach(url.target))

    async def _ask_sandbox(self, request: h11.Request, target: Target, path: str) -> None:
        _require_host(request, target)
        sandbox = self._setup.sandbox
        headers = _readdressed(request, str(sandbox))
        own = (f"https://{target.host}".encode(), f"http://{sandbox}".encode())
        headers = [(name, own[1] if name == b"origin" and value == own[0] else value) for name, value in headers]
        await relay(self._spoken, request, path, headers, self._reach_sandbox)

    async def _reach_sandbox(self) -> Stream:
        sandbox = self._setup.sandbox
        try:
            return await asyncio.open_connection(sandbox.host, sandbox.port)
        except OSError:
            raise Refused(503, f"no sandbox answers on http://{sandbox}: start portone-v1-sandbox") from None

    async def _reach(self, target: Target) -> Stream:
        policy = self._setup.policy
        policy.check_host(target, local=self._local)
        return await connect(target, lambda address: policy.check_address(target, address, local=self._local))

    async def _serve_own_page(self, request: h11.Request, path: str) -> None:
        host = value_of(request, b"host")
        if not is_accepted_host(host, self._setup.host, self._setup.allowed_hosts):
            raise Refused(403, "the Host header is neither loopback nor the proxy's --host")
        if request.method not in (b"GET", b"HEAD"):
            raise Refused(405, "the proxy's own pages can only be read")
        # A device reads the address under which it reached the proxy.
        found = own_page(path.partition("?")[0], f"http://{host}", self._setup.certificate)
        if found is None:
            raise Refused(404, "the proxy has /, /proxy.pac, /ca.crt and /ca.pem")
        await self._spoken.answer(200, *found, head=request.method == b"HEAD")

    async def _refuse(self, refused: Refused) -> None:
        self._setup.on_refusal(refused.message)
        state = self._spoken.state
        if state.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = f"portone-v1-sandbox proxy: {refused.message}\n".encode()
            await self._spoken.answer(refused.status, PLAIN, body)

    def _is_free(self) -> bool:
        state = self._spoken.state
        if state.our_state is not h11.DONE or state.their_state is not h11.DONE:
            return False
        state.start_next_cycle()
        return True


def _require_host(request: h11.Request, target: Target) -> None:
    """Refuse a request whose Host header names another host than its target. Raises Refused."""
    named = host_and_port(value_of(request, b"host"), target.port)
    if named != target:
        raise Refused(421, f"{target}: the Host header names another host")


def _readdressed(request: h11.Request, host: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in without_hops(request.headers) if name != b"host"]
    return [(b"host", host.encode("ascii")), *kept]
