"""Spans and metrics, as an in-memory collector receives them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from opentelemetry import trace
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from portone_v1 import AsyncPortOne
from portone_v1.contrib.otel import OpenTelemetry
from portone_v1.intents import MemoryStore
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.overlay.harness import Answer, Flavour, ScriptedV1, refused


class Collector(NamedTuple):
    hook: OpenTelemetry
    tracers: TracerProvider
    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order in which they began."""
        return sorted(self.exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def points(self) -> dict[str, list[dict[str, Any]]]:
        data = self.reader.get_metrics_data()
        body = json.loads(data.to_json()) if data is not None else {"resource_metrics": []}
        scopes = [scope for resource in body["resource_metrics"] for scope in resource["scope_metrics"]]
        return {
            metric["name"]: [point["attributes"] for point in metric["data"]["data_points"]]
            for scope in scopes
            for metric in scope["metrics"]
        }


@pytest.fixture
def collector() -> Iterator[Collector]:
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers, meters = TracerProvider(), MeterProvider([reader])
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    yield Collector(OpenTelemetry(tracers, meters), tracers, exporter, reader)
    tracers.shutdown()
    meters.shutdown()


def named(spans: list[ReadableSpan]) -> list[tuple[str, SpanKind]]:
    return [(span.name, span.kind) for span in spans]


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return {name: value for name, value in (span.attributes or {}).items() if name != "portone_v1.request_id"}


def test_a_call_is_a_child_of_the_current_span_and_a_request_of_its_call(
    flavour: Flavour, v1: ScriptedV1, collector: Collector
) -> None:
    client = flavour.client(v1, on_event=collector.hook, tier="ABC")
    with collector.tracers.get_tracer("shop").start_as_current_span("checkout"):
        client.call(lambda c: c.payments.get("imp_1"))
    spans = collector.spans
    assert named(spans) == [
        ("checkout", SpanKind.INTERNAL),
        ("payments.get", SpanKind.INTERNAL),
        ("auth.get_token", SpanKind.INTERNAL),
        ("POST /users/getToken", SpanKind.CLIENT),
        ("GET /payments/{imp_uid}", SpanKind.CLIENT),
    ]
    checkout, call, token, ask, request = spans
    parents = [None if span.parent is None else span.parent.span_id for span in spans]
    at = [span.context.span_id for span in (checkout, call, token) if span.context is not None]
    assert parents == [None, at[0], at[1], at[2], at[1]]
    assert len({span.context.trace_id for span in spans if span.context is not None}) == 1
    assert attributes(call) == {
        "portone_v1.operation": "payments.get",
        "portone_v1.imp_uid": "imp_1",
        "portone_v1.tier": "ABC",
        "portone_v1.code": 0,
        "portone_v1.attempts": 1,
    }
    assert attributes(request) == {
        "http.request.method": "GET",
        "url.template": "/payments/{imp_uid}",
        "server.address": "api.iamport.kr",
        "server.port": 443,
        "http.response.status_code": 200,
    }
    assert [event.name for event in call.events] == ["portone_v1.token_renewed"]
    assert ask.name == "POST /users/getToken"
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_a_retry_is_a_request_of_its_own(flavour: Flavour, v1: ScriptedV1, collector: Collector) -> None:
    v1.play(Answer(503, b""))
    flavour.client(v1, on_event=collector.hook).call(lambda c: c.payments.get("imp_1"))
    first, second = [span for span in collector.spans if span.name == "GET /payments/{imp_uid}"]
    assert (attributes(first)["error.type"], first.status.status_code) == ("503", StatusCode.ERROR)
    assert "http.request.resend_count" not in attributes(first)
    assert (attributes(second)["http.request.resend_count"], second.status.status_code) == (1, StatusCode.UNSET)
    (call,) = [span for span in collector.spans if span.name == "payments.get"]
    assert (attributes(call)["portone_v1.attempts"], call.status.status_code) == (2, StatusCode.UNSET)


def test_metrics_are_named_by_the_operation_and_hold_no_id(
    flavour: Flavour, v1: ScriptedV1, collector: Collector
) -> None:
    v1.play(refused(), httpx.ReadTimeout(""))
    client = flavour.client(v1, on_event=collector.hook)
    for imp_uid in ("imp_1", "imp_2"):
        client.failure(lambda c, one=imp_uid: c.payments.cancel(imp_uid=one, amount=100))
    points = collector.points()
    assert points["portone_v1.client.unknown_outcomes"] == [{"portone_v1.operation": "payments.cancel"}]
    calls = points["portone_v1.client.call.duration"]
    assert {"portone_v1.operation": "payments.cancel", "error.type": "RefusedError"} in calls
    requests = points["http.client.request.duration"]
    assert {point.get("error.type") for point in requests} == {None, "NoAnswer"}
    assert "imp_1" not in json.dumps(points)


def test_a_charge_tells_its_intent_and_nothing_personal(flavour: Flavour, collector: Collector) -> None:
    sandbox = Sandbox()
    card = TEST_CARDS["ordinary"].number
    keys = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
    client = flavour.client(sandbox.transport(), on_event=collector.hook, intents=MemoryStore(), **keys)
    client.call(
        lambda c: c.billing_keys.issue(
            "cu-secret", card_number=card, expiry="2031-03", birth="880101", customer_name="홍길동"
        )
    )
    tracer = collector.tracers.get_tracer("shop")
    charge = {"customer_uid": "cu-secret", "merchant_uid": "order-1", "amount": 9900, "name": "정기"}

    def dunned(c: Any) -> Any:
        with tracer.start_as_current_span("dunning"):
            return c.subscribe.again_once(**charge, buyer_name="홍길동")

    async def dunned_async(c: Any) -> Any:
        with tracer.start_as_current_span("dunning"):
            return await c.subscribe.again_once(**charge, buyer_name="홍길동")

    client.call(dunned if flavour.name == "sync" else dunned_async)
    client.call(lambda c: c.billing_keys.get("cu-secret"))
    (dunning,) = [span for span in collector.spans if span.name == "dunning"]
    assert [event.name for event in dunning.events] == ["portone_v1.intent_opened", "portone_v1.intent_settled"]
    settled = dict(dunning.events[1].attributes or {})
    assert (settled["portone_v1.outcome"], settled["portone_v1.merchant_uid"]) == ("paid", "order-1")
    exported = "\n".join([*(span.to_json() for span in collector.spans), json.dumps(collector.points())])
    for secret in (card, card.replace("-", ""), "880101", "홍길동", "cu-secret", "sandbox_key", "sandbox_secret"):
        assert secret not in exported


def test_calls_at_once_keep_their_traces_apart(collector: Collector) -> None:
    sandbox = Sandbox()
    ids = [sandbox.pay(merchant_uid=f"order-{n}", amount=1000).imp_uid for n in range(8)]
    tracer = collector.tracers.get_tracer("shop")

    async def one(client: AsyncPortOne, imp_uid: str) -> None:
        with tracer.start_as_current_span(f"shop {imp_uid}"):
            await client.payments.get(imp_uid)

    async def all_of_them() -> None:
        async with sandbox.async_client(on_event=collector.hook) as client:
            await asyncio.gather(*(one(client, imp_uid) for imp_uid in ids))

    asyncio.run(all_of_them())
    parents = {span.context.span_id: span.name for span in collector.spans if span.context is not None}
    calls = [span for span in collector.spans if span.name == "payments.get"]
    assert len(calls) == 8
    for call in calls:
        assert call.parent is not None
        assert parents[call.parent.span_id] == f"shop {attributes(call)['portone_v1.imp_uid']}"
    assert collector.hook._open == {}


def test_pages_that_are_fetched_ahead_belong_to_the_callers_trace(collector: Collector) -> None:
    sandbox = Sandbox()
    for number in range(3):
        sandbox.pay(merchant_uid=f"order-{number}", amount=1000)
    client = sandbox.client(on_event=collector.hook)
    with collector.tracers.get_tracer("shop").start_as_current_span("report"):
        assert len(client.payments.iter_search("paid", from_=sandbox.clock.now() - 60, limit=1).list()) == 3
    (report,) = [span for span in collector.spans if span.name == "report"]
    assert report.context is not None
    traces = {span.context.trace_id for span in collector.spans if span.context is not None}
    assert traces == {report.context.trace_id}


def test_an_instrumented_httpx_adds_no_span_with_the_billing_key(collector: Collector) -> None:
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=collector.tracers)
    try:
        sandbox = Sandbox()
        with httpx.Client(transport=sandbox.transport()) as http:
            client = sandbox.client(transport=None, http_client=http, on_event=collector.hook)
            client.payments.get(sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid)
            with pytest.raises(Exception, match="refused"):
                client.billing_keys.get("cu-secret")
    finally:
        instrumentor.uninstrument()
    assert "url.full" not in "".join(span.to_json() for span in collector.spans)
    assert "cu-secret" not in "".join(span.to_json() for span in collector.spans)


def test_without_a_sdk_nothing_is_recorded_and_nothing_fails(flavour: Flavour, v1: ScriptedV1) -> None:
    assert flavour.client(v1, on_event=OpenTelemetry()).call(lambda c: c.payments.get("imp_1")).imp_uid == "imp_1"
