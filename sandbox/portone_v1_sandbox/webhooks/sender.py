"""Send one webhook over HTTP, within V1's time limits."""

from __future__ import annotations

import ssl
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from portone_v1_runtime.exact_json import dumps

from ..state.deliveries import Delivery
from ..wire.real_time import run
from ..wire.webhooks import WebhookAnswer, WebhookCall

if TYPE_CHECKING:
    from asyncio import Task

    from httpx import Response

__all__ = ["HttpSender", "SendingStopped", "webhook_call"]

CONNECT: Final = 10.0
READ: Final = 30.0
REDELIVERY: Final = 15.0
"""Seconds for a repeat or a resend in total."""
QUESTION: Final = 5.0
"""Seconds while a buyer waits. V1's limit is not known; this is the shorter one of the window's `confirm_url`."""


LEEWAY: Final = 5.0
"""Seconds to wait beyond the limit of a call, which the call itself observes."""
PATIENCE: Final = 0.5
BEGINNING: Final = 4096
KEPT: Final = frozenset({"content-type", "content-length", "date", "server", "location", "retry-after"})


class SendingStopped(Exception):
    """The sender was stopped before a response came; the delivery still waits."""


def webhook_call(delivery: Delivery) -> WebhookCall:
    """Return the HTTP request of a delivery."""
    notification = delivery.notification
    fields: dict[str, Any] = {} if notification.event is None else {"event": notification.event}
    fields |= {
        "imp_uid": notification.imp_uid,
        "merchant_uid": notification.merchant_uid,
        "status": notification.status,
    }
    if notification.cancellation_id is not None:
        fields["cancellation_id"] = notification.cancellation_id
    if notification.extra is not None:
        fields["extra"] = notification.extra
    as_json = delivery.content_type == "application/json"
    connect, read, total = _limits(delivery)
    return WebhookCall(
        url=delivery.url,
        content_type=delivery.content_type,
        body=(dumps(fields, ascii_only=True) if as_json else urlencode(fields)).encode("ascii"),
        connect_limit=connect,
        read_limit=read,
        total_limit=total,
    )


def _limits(delivery: Delivery) -> tuple[float, float, float]:
    if delivery.attempts or delivery.resent:
        return REDELIVERY, REDELIVERY, REDELIVERY
    if delivery.notification.awaits_answer:
        return QUESTION, QUESTION, QUESTION
    return CONNECT, READ, CONNECT + READ


class HttpSender:
    """Send with httpx: without redirects and proxies. Only the beginning of the response is read."""

    def __init__(self, shop: str = "portone-v1") -> None:
        self._shop = shop
        self._lock = Lock()
        self._tasks: set[Task[int]] = set()
        self._stopped = False

    def __call__(self, call: WebhookCall) -> int:
        from asyncio import get_running_loop  # Most sandboxes never send a webhook.

        try:
            get_running_loop()
        except RuntimeError:
            return self._run(call)
        return self._run_beside(call)

    def stop(self) -> None:
        """Abort running requests, and send nothing from now on."""
        with self._lock:
            self._stopped = True
            for task in self._tasks:
                task.get_loop().call_soon_threadsafe(task.cancel)

    def _run_beside(self, call: WebhookCall) -> int:
        # This thread already runs an event loop, so another thread is needed.
        outcome: list[int | BaseException] = []

        def run() -> None:
            try:
                outcome.append(self._run(call))
            except BaseException as error:  # Raised again in the waiting thread.
                outcome.append(error)

        thread = Thread(target=run, name="portone-sandbox-webhook", daemon=True)
        thread.start()
        thread.join(call.total_limit + LEEWAY)
        if not outcome:
            raise TimeoutError
        ended = outcome[0]
        if isinstance(ended, BaseException):
            raise ended
        return ended

    def _run(self, call: WebhookCall) -> int:
        from asyncio import CancelledError

        try:
            return run(self._within_limits(call))
        except CancelledError:
            raise SendingStopped from None

    async def _within_limits(self, call: WebhookCall) -> int:
        from asyncio import ensure_future, timeout

        task: Task[int] = ensure_future(_post(call, self._shop))
        with self._lock:
            if self._stopped:
                task.cancel()
            self._tasks.add(task)
        try:
            async with timeout(call.total_limit):
                return await task
        finally:
            with self._lock:
                self._tasks.discard(task)


async def _beginning(response: Response) -> bytes:
    """Return the part of the body that arrives at once: only the status counts, so there is no wait for the rest."""
    from asyncio import timeout

    import httpx

    parts: list[bytes] = []
    try:
        async with timeout(PATIENCE):
            async for part in response.aiter_bytes():
                parts.append(part)
                if sum(map(len, parts)) >= BEGINNING:
                    break
    except (TimeoutError, httpx.HTTPError):
        pass
    return b"".join(parts)[:BEGINNING]


async def _post(call: WebhookCall, shop: str) -> int:
    import httpx

    headers = {
        "Content-Type": call.content_type,
        "User-Agent": "portone-v1-sandbox",
        "X-Sandbox": shop,
        "Connection": "close",
    }
    limits = httpx.Timeout(call.read_limit, connect=call.connect_limit)
    # Loading the machine's certificates takes longer than a whole webhook without TLS.
    secure = call.url.startswith("https:")
    trust: Any = ssl.create_default_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        async with (
            httpx.AsyncClient(timeout=limits, verify=trust, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", call.url, content=call.body, headers=headers) as response,
        ):
            kept = tuple((name, value) for name, value in response.headers.items() if name in KEPT)
            return WebhookAnswer.of(response.status_code, kept, await _beginning(response))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ConnectionError(type(error).__name__) from None
