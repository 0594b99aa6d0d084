"""Report a call while it runs: events for `on_event`, log records with fields, lines of `PORTONE_V1_LOG`.

Everything reported is built from an allow list of ids, numbers and names. Nothing here can change what a call does.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from portone_v1_runtime.operation import Call, RawResponse

from .._http.messages import HttpFailure, HttpRequest, HttpResponse
from ..errors import ConfigurationError, PortOneError

if TYPE_CHECKING:
    from ..events import Event
    from ..intents.intent import Intent
    from .console import Console

__all__ = ["CallWatch", "Observation", "check_hook"]

log = logging.getLogger("portone_v1")

_reporting: ContextVar[bool] = ContextVar("portone_v1_reporting", default=False)
"""Set while a hook runs: if the hook calls the client, that call is not reported, or it would never end."""

CO_COROUTINE: Final = 0x80


def check_hook(name: str, hook: object) -> None:
    """Raise ConfigurationError for a hook that cannot be called, or that would have to be awaited."""
    if hook is not None and not callable(hook):
        raise ConfigurationError(f"{name} must be callable")
    code = getattr(hook, "__code__", None)
    if code is not None and code.co_flags & CO_COROUTINE:
        raise ConfigurationError(f"{name} must be a plain function: what it returns is not awaited")


class Observation:
    """Reports the calls of one client and its copies to the hook, the logger and the console."""

    def __init__(self, hook: Callable[[Event], object] | None, base_url: str, monotonic: Callable[[], float]) -> None:
        check_hook("on_event", hook)
        self._hook = hook
        self._failed = False
        self.monotonic = monotonic
        parts = urlsplit(base_url)
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self.console: Console | None = None
        if wanted := os.environ.get("PORTONE_V1_LOG"):
            from .console import console

            self.console = console(wanted)

    @property
    def listening(self) -> bool:
        return self._hook is not None

    def call(self, call: Call[Any], tier: str | None) -> CallWatch:
        return CallWatch(self, call, tier)

    def report(self, name: str, **facts: Any) -> None:
        """Call the hook with an event. An error that the hook raises is logged and goes no further."""
        if self._hook is None or _reporting.get():
            return
        from .. import events

        event: Event = getattr(events, name)(**facts)
        mark = _reporting.set(True)
        try:
            self._hook(event)
        except Exception as error:
            self._note_failure(error)
        finally:
            _reporting.reset(mark)

    def token_renewed(self, seconds: float, *, shared: bool) -> None:
        self.report("TokenRenewed", seconds=seconds, shared=shared)

    def intent_opened(self, intent: Intent) -> None:
        if self._hook is not None:
            self.report("IntentOpened", **_about(intent))

    def intent_busy(self, intent: Intent, seconds: float) -> None:
        if self._hook is not None:
            self.report("IntentBusy", **_about(intent), seconds=seconds)

    def intent_settled(self, intent: Intent) -> None:
        if self._hook is not None:
            self.report("IntentSettled", **_about(intent), outcome=intent.outcome, executed=intent.executed)

    def _note_failure(self, error: Exception) -> None:
        """Log the first failure of the hook, by its place alone: the exception may hold the frames of the call."""
        if self._failed:
            return
        self._failed = True
        place, where = error.__traceback__, ""
        while place is not None:
            where = f" at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
            place = place.tb_next
        log.warning("on_event raised %s%s; calls go on, and later failures are not logged", type(error).__name__, where)


def _about(intent: Intent) -> dict[str, Any]:
    named = {name: intent.arguments.get(name) or intent.result.get(name) for name in ("imp_uid", "merchant_uid")}
    ids = {name: value if isinstance(value, str) else None for name, value in named.items()}
    return {"intent_id": intent.id, "operation": intent.operation, "tier": intent.tier, **ids}


class CallWatch:
    """One call, from its start to its end."""

    __slots__ = ("_attempt", "_began", "_call", "_ids", "_observation", "_sent", "_status", "_tier", "request_id")

    def __init__(self, observation: Observation, call: Call[Any], tier: str | None) -> None:
        self._observation, self._call, self._tier = observation, call, tier
        self.request_id = os.urandom(8).hex()
        self._attempt = 0
        self._status: int | None = None
        self._ids: dict[str, str | None] | None = None
        self._began = self._sent = observation.monotonic()
        if observation.listening:
            observation.report("CallStarted", **self._facts(), safe=call.operation.safe)

    def _facts(self) -> dict[str, Any]:
        if self._ids is None:
            named = self._call.ids()
            self._ids = {"imp_uid": named.get("imp_uid"), "merchant_uid": named.get("merchant_uid")}
        name = self._call.operation.name
        return {"request_id": self.request_id, "operation": name, "tier": self._tier, **self._ids}

    def _fields(self, **facts: Any) -> dict[str, Any]:
        """Return the fields for `extra=` of a log record."""
        return {f"portone_{name}": value for name, value in {**self._facts(), **facts}.items()}

    def _request_facts(self) -> dict[str, Any]:
        operation, observation = self._call.operation, self._observation
        path = operation.path
        if operation.id == "request":  # the caller's own path, ids filled in
            path = f"/{path.split('/')[1]}/…"
        return {**self._facts(), "attempt": self._attempt, "method": operation.method, "path": path,
                "host": observation.host, "port": observation.port}  # fmt: skip

    def sending(self, request: HttpRequest) -> None:
        self._attempt += 1
        self._status = None
        observation = self._observation
        self._sent = observation.monotonic()
        if observation.listening:
            observation.report("RequestStarted", **self._request_facts())
        if observation.console is not None:
            observation.console.request(self.request_id, self._attempt, self._call, request)

    def received(self, response: HttpResponse) -> None:
        observation = self._observation
        seconds, self._status = observation.monotonic() - self._sent, response.status
        if observation.listening:
            observation.report(
                "RequestEnded", **self._request_facts(), seconds=seconds, status=response.status, error=None
            )
        if log.isEnabledFor(logging.DEBUG):
            name = self._call.operation.name
            fields = self._fields(status=response.status, duration=seconds, attempt=self._attempt)
            log.debug("%s: HTTP %d in %.0f ms", name, response.status, seconds * 1000, extra=fields)
        if observation.console is not None:
            observation.console.response(self.request_id, self._attempt, response, seconds)

    def broken(self, failure: BaseException) -> None:
        """Report that the request ended without an answer."""
        observation = self._observation
        seconds, kind = observation.monotonic() - self._sent, type(failure).__name__
        self._status = getattr(failure, "status", None)
        if observation.listening:
            observation.report(
                "RequestEnded", **self._request_facts(), seconds=seconds, status=self._status, error=kind
            )
        if log.isEnabledFor(logging.DEBUG):
            fields = self._fields(status=self._status, duration=seconds, attempt=self._attempt, error=kind)
            text = f"{kind}: {failure}" if isinstance(failure, HttpFailure) else kind
            log.debug("%s: %s in %.0f ms", self._call.operation.name, text, seconds * 1000, extra=fields)
        if observation.console is not None:
            observation.console.broken(self.request_id, self._attempt, kind, seconds)

    def token_refused(self) -> None:
        self._retry(401, "AuthenticationError", 0.0)

    def retrying(self, error: PortOneError, pause: float) -> None:
        self._retry(getattr(error, "status", None), type(error).__name__, pause)

    def _retry(self, status: int | None, kind: str, pause: float) -> None:
        observation = self._observation
        if observation.listening:
            facts = {**self._facts(), "attempt": self._attempt, "status": status, "error": kind, "pause": pause}
            observation.report("CallRetried", **facts)
        if log.isEnabledFor(logging.INFO):
            fields = self._fields(status=status, attempt=self._attempt, error=kind, pause=pause)
            log.info("%s: %s; retrying in %.1f s", self._call.operation.name, kind, pause, extra=fields)

    def returned(self, answer: RawResponse[Any]) -> None:
        self._end(answer.status, answer.code, None)

    def raised(self, error: BaseException) -> None:
        kind = type(error).__name__
        if isinstance(error, PortOneError):
            error.request_id = self.request_id
        self._end(getattr(error, "status", None), getattr(error, "code", None), kind)

    def _end(self, status: int | None, code: int | None, error: str | None) -> None:
        observation = self._observation
        seconds = observation.monotonic() - self._began
        if observation.listening:
            ended = {"attempts": self._attempt, "seconds": seconds, "status": status, "code": code, "error": error}
            observation.report("CallEnded", **self._facts(), **ended)
        if error is not None and log.isEnabledFor(logging.INFO):
            fields = self._fields(status=status, code=code, duration=seconds, attempt=self._attempt, error=error)
            name = self._call.operation.name
            log.info("%s: %s after %.0f ms", name, error, seconds * 1000, extra=fields)
        if observation.console is not None:
            observation.console.ended(self.request_id, self._call, self._attempt, error, seconds)
