"""OpenTelemetry: spans and metrics of a client. Extra `portone-v1[otel]`.

    client = PortOne(on_event=OpenTelemetry())

| signal | name | kind, unit |
|---|---|---|
| span | `payments.cancel` | INTERNAL: a call with all its requests, a child of the span that is current |
| span | `POST /payments/cancel` | CLIENT: one request, a child of its call |
| metric | `portone_v1.client.call.duration` | histogram, s |
| metric | `http.client.request.duration` | histogram, s, as the HTTP conventions have it |
| metric | `portone_v1.client.unknown_outcomes` | counter: writes of which nobody knows yet whether they were executed |

Ids are on spans, never on metrics. `url.full` is left out although the conventions want it: it would contain
`customer_uid` and queries; `url.template` is there instead. An instrumented httpx or aiohttp below adds no second span.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import Token
from typing import Any, Final, TypeAlias

try:
    from opentelemetry import context, metrics, trace
    from opentelemetry.context import Context
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import Span, SpanKind, Status, StatusCode, TracerProvider
except ImportError:
    raise ImportError("portone_v1.contrib.otel needs OpenTelemetry: pip install portone-v1[otel]") from None

from .._version import __version__
from ..events import (
    CallEnded,
    CallRetried,
    CallStarted,
    Event,
    IntentBusy,
    IntentOpened,
    IntentSettled,
    RequestEnded,
    RequestStarted,
    TokenRenewed,
)

__all__ = ["OpenTelemetry"]

NAME: Final = "portone_v1"
CONVENTIONS: Final = "https://opentelemetry.io/schemas/1.37.0"
EDGES: Final = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 30.0, 60.0)

Attributes: TypeAlias = dict[str, str | int | float | bool]


class OpenTelemetry:
    """For `PortOne(on_event=…)` and `AsyncPortOne(on_event=…)`. One may serve any number of clients.

    Args:
        tracer_provider: default the global one, looked up when the first span begins.
        meter_provider: default the global one.
    """

    def __init__(
        self, tracer_provider: TracerProvider | None = None, meter_provider: MeterProvider | None = None
    ) -> None:
        self._tracer = trace.get_tracer(NAME, __version__, tracer_provider, CONVENTIONS)
        meter = metrics.get_meter(NAME, __version__, meter_provider, CONVENTIONS)
        self._calls = meter.create_histogram(
            "portone_v1.client.call.duration", "s", "Duration of a call with all its requests",
            explicit_bucket_boundaries_advisory=EDGES,
        )  # fmt: skip
        self._requests = meter.create_histogram(
            "http.client.request.duration", "s", "Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=EDGES,
        )  # fmt: skip
        self._unknown = meter.create_counter(
            "portone_v1.client.unknown_outcomes",
            "{call}",
            "Writes whose outcome was not known",
        )
        self._open: dict[tuple[str, str], tuple[Span, Token[Context]]] = {}

    def __call__(self, event: Event) -> None:
        """Take an event."""
        match event:
            case CallStarted():
                attributes = _given({**_ids(event), "portone_v1.tier": event.tier})
                attributes |= {"portone_v1.operation": event.operation, "portone_v1.request_id": event.request_id}
                self._begin(event.request_id, "call", event.operation, SpanKind.INTERNAL, attributes)
            case RequestStarted():
                attributes = _http(event)
                if event.attempt > 1:
                    attributes["http.request.resend_count"] = event.attempt - 1
                name = f"{event.method} {event.path}"
                self._begin(event.request_id, "request", name, SpanKind.CLIENT, attributes)
            case RequestEnded():
                failed = event.error or (str(event.status) if (event.status or 0) >= 400 else None)
                ended = _given({"http.response.status_code": event.status, "error.type": failed})
                self._requests.record(event.seconds, {**_http(event), **ended})
                self._end(event.request_id, "request", ended, failed)
            case CallEnded():
                self._call_ended(event)
            case CallRetried():
                self._note("portone_v1.retry", {"error.type": event.error, "portone_v1.pause": event.pause})
            case TokenRenewed():
                self._note("portone_v1.token_renewed", {"portone_v1.shared": event.shared})
            case IntentOpened():
                self._note("portone_v1.intent_opened", {"portone_v1.intent_id": event.intent_id, **_ids(event)})
            case IntentBusy():
                busy = {"portone_v1.intent_id": event.intent_id, "portone_v1.seconds": event.seconds, **_ids(event)}
                self._note("portone_v1.intent_busy", busy)
            case IntentSettled():
                settled = {
                    "portone_v1.intent_id": event.intent_id,
                    "portone_v1.outcome": event.outcome,
                    **_ids(event),
                }
                self._note("portone_v1.intent_settled", settled)

    def _call_ended(self, event: CallEnded) -> None:
        failed = _given({"error.type": event.error})
        self._calls.record(event.seconds, {"portone_v1.operation": event.operation, **failed})
        if event.error == "OutcomeUnknownError":
            self._unknown.add(1, {"portone_v1.operation": event.operation})
        attributes = _given({"portone_v1.code": event.code, "portone_v1.attempts": event.attempts, **failed})
        self._end(event.request_id, "call", attributes, event.error)

    def _begin(self, request_id: str, part: str, name: str, kind: SpanKind, attributes: Attributes) -> None:
        span = self._tracer.start_span(name, kind=kind, attributes=attributes)
        within = trace.set_span_in_context(span)
        if part == "request":
            within = _quiet(within)
        self._open[request_id, part] = span, context.attach(within)

    def _end(self, request_id: str, part: str, attributes: Attributes, failed: str | None) -> None:
        opened = self._open.pop((request_id, part), None)
        if opened is None:  # the hook was given to a client whose call was running
            return
        span, mark = opened
        context.detach(mark)
        span.set_attributes(attributes)
        if failed is not None:
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def _note(self, name: str, attributes: Mapping[str, Any]) -> None:
        """Add an event to the current span: that of the call, or of the caller."""
        trace.get_current_span().add_event(name, _given(attributes))


def _given(attributes: Mapping[str, Any]) -> Attributes:
    return {name: value for name, value in attributes.items() if value is not None}


def _ids(event: CallStarted | IntentOpened | IntentBusy | IntentSettled) -> dict[str, str | None]:
    return {"portone_v1.imp_uid": event.imp_uid, "portone_v1.merchant_uid": event.merchant_uid}


def _http(event: RequestStarted | RequestEnded) -> Attributes:
    return {
        "http.request.method": event.method,
        "url.template": event.path,
        "server.address": event.host,
        "server.port": event.port,
    }


def _quiet(within: Context) -> Context:
    """Return a context without a second span for the same request: its `url.full` would hold ids and queries."""
    key: str | None = getattr(context, "_SUPPRESS_HTTP_INSTRUMENTATION_KEY", None)
    return within if key is None else context.set_value(key, True, within)  # noqa: FBT003
