"""The caller's own transport or client: used, not owned, and no way around the SDK's checks."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
from portone_v1 import ConfigurationError, NotSentError, OutcomeUnknownError, RefusedError

from tests.overlay.harness import Answer, AsyncFlavour, Flavour, Recorded, ScriptedV1, SyncFlavour, payment, refused
from tests.overlay.raw_server import RawServer

SECRET = "inicis-secret-key"


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def test_a_transport_is_used_and_not_closed(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    assert client.call(read).imp_uid == "imp_1"
    client.close()
    assert v1.closed == 0
    assert client.call(read).imp_uid == "imp_1"


def test_an_http_client_is_used_and_not_closed(flavour: Flavour, v1: ScriptedV1) -> None:
    http_client = flavour.http_client(transport=v1)
    client = flavour.client(http_client=http_client)
    assert client.call(read).imp_uid == "imp_1"
    client.close()
    assert not http_client.is_closed
    assert v1.closed == 0
    assert client.call(read).imp_uid == "imp_1"


def test_what_an_http_client_would_add_does_not_matter(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = Answer(200, payment().body, {"set-cookie": "session=1"})
    http_client = flavour.http_client(
        transport=v1,
        auth=("user", "password"),
        cookies={"a": "b"},
        headers={"authorization": "Bearer other", "x-mine": "1"},
        params={"a": "b"},
        base_url="https://elsewhere.example.com",
        follow_redirects=True,
        timeout=1,
    )
    client = flavour.client(http_client=http_client, timeout=9)
    client.call(read)
    client.call(read)
    for request in v1.calls:
        assert request.target == "/payments/imp_1"
        assert request.headers["host"] == "api.iamport.kr"
        assert request.token == "Bearer token-1"
        assert "cookie" not in request.headers
        assert request.timeout["read"] == 9


def test_a_redirect_is_never_followed(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.default = Answer(307, b"", {"location": "https://elsewhere.example.com/payments/cancel"})
    http_client = flavour.http_client(transport=v1, follow_redirects=True)
    error = flavour.client(http_client=http_client).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))
    assert type(error) is OutcomeUnknownError
    assert error.status == 307
    assert len(v1.calls) == 1


@pytest.mark.parametrize("way", ["transport", "http_client"])
def test_errors_and_renewal_hold(flavour: Flavour, v1: ScriptedV1, way: str) -> None:
    given: Any = v1 if way == "transport" else flavour.http_client(transport=v1)
    client = flavour.client(**{way: given})
    v1.play(refused(status=401), payment(), refused(), httpx.ReadTimeout(""), httpx.ConnectError(""))
    assert client.call(read).imp_uid == "imp_1"
    assert type(client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))) is RefusedError
    assert type(client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))) is OutcomeUnknownError
    v1.default = httpx.ConnectError("")
    assert type(client.failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))) is NotSentError


def test_the_wrong_kind_is_refused(flavour: Flavour) -> None:
    other: Flavour = AsyncFlavour() if isinstance(flavour, SyncFlavour) else SyncFlavour()
    wrong_transport: Any = httpx.HTTPTransport() if other.name == "sync" else httpx.AsyncHTTPTransport()
    for given in (wrong_transport, object(), "https://api.iamport.kr", flavour.kind):
        with pytest.raises(
            ConfigurationError, match=f"^transport must be an httpx.{flavour.transport_kind.__name__}\n"
        ):
            flavour.client(transport=given)
    for given in (other.http_client(), object(), flavour.http_client_kind):
        with pytest.raises(
            ConfigurationError, match=f"^http_client must be an httpx.{flavour.http_client_kind.__name__}\n"
        ):
            flavour.client(http_client=given)
    other.finish()


class Foreign(ScriptedV1):
    """As httpx_aiohttp's transport looks from here."""


Foreign.__module__ = "httpx_aiohttp.transport"


class Derived(Foreign):
    pass


@pytest.mark.parametrize("way", ["transport", "http_client", "mounted"])
@pytest.mark.parametrize("kind", [Foreign, Derived])
def test_a_way_out_that_repeats_writes_is_refused(flavour: Flavour, way: str, kind: type[ScriptedV1]) -> None:
    given: Any = {"transport": kind()}
    if way == "http_client":
        given = {"http_client": flavour.http_client(**given)}
    elif way == "mounted":
        given = {"http_client": flavour.http_client(mounts={"https://": kind()})}
    with pytest.raises(
        ConfigurationError, match=r"^httpx_aiohttp can send a write twice: use portone_v1\.contrib\.aiohttp\n"
    ) as caught:
        flavour.client(**given)
    assert "\n" not in str(caught.value)


def of_aiohttp(name: str) -> Exception:
    error: Exception = type(name, (Exception,), {"__module__": "aiohttp.client_exceptions"})()
    return error


@pytest.mark.parametrize("name", ["ServerDisconnectedError", "ClientOSError", "ClientConnectorError"])
def test_what_stands_for_an_error_of_aiohttp_proves_nothing(flavour: Flavour, v1: ScriptedV1, name: str) -> None:
    """httpx_aiohttp calls a connection that broke after the request ConnectTimeout; and aiohttp has perhaps sent it
    before, over a kept connection, where the one that it tried next was refused.
    """
    for failure in (httpx.ConnectTimeout(""), httpx.ConnectError("")):
        failure.__cause__ = of_aiohttp(name)
        v1.play(failure)
        error = flavour.client(v1).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))
        assert type(error) is OutcomeUnknownError
    assert len(v1.calls) == 2


def test_one_way_out_only(flavour: Flavour, v1: ScriptedV1) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        flavour.client(v1, http_client=flavour.http_client(transport=v1))


@pytest.mark.parametrize("option", ["proxy", "ca_file", "client_cert"])
@pytest.mark.parametrize("way", ["transport", "http_client"])
def test_settings_of_the_transport_belong_to_its_owner(flavour: Flavour, v1: ScriptedV1, way: str, option: str) -> None:
    given: Any = v1 if way == "transport" else flavour.http_client(transport=v1)
    value = "http://proxy.example.com:3128" if option == "proxy" else __file__
    with pytest.raises(ConfigurationError, match="on the transport or http_client that you pass"):
        flavour.client(**{way: given, option: value})


def test_the_log_of_an_http_client_shows_no_key(
    flavour: Flavour, v1: ScriptedV1, caplog: pytest.LogCaptureFixture
) -> None:
    client = flavour.client(http_client=flavour.http_client(transport=v1))
    with caplog.at_level(logging.DEBUG):
        client.call(lambda c: c.vbanks.revoke("imp_1", pg_api_key="inicis-secret-key"))
    assert v1.calls[0].query == [("pg_api_key", "inicis-secret-key")]
    messages = [record.getMessage() for record in caplog.records if record.name == "httpx"]
    assert any("https://api.iamport.kr/vbanks/imp_1" in line for line in messages)
    assert "inicis-secret-key" not in caplog.text
    assert not any("inicis-secret-key" in repr(record.__dict__) for record in caplog.records)


def test_a_context_manager_closes(flavour: Flavour) -> None:
    with RawServer() as server:
        client = flavour.client(base_url=server.url)

        def use_sync() -> None:
            with client.raw as entered:
                assert entered is client.raw
                read(entered)
            read(client.raw)

        async def use() -> None:
            async with client.raw as entered:
                assert entered is client.raw
                await read(entered)
            await read(client.raw)

        flavour.run(use_sync if isinstance(flavour, SyncFlavour) else use)
        client.close()
    assert server.connections == 2


def test_an_answer_that_quotes_the_exchange_is_not_shown(flavour: Flavour, v1: ScriptedV1) -> None:
    """Errors of the protocol layer hold bytes of it, and those of a client's hooks the URL."""
    request = httpx.Request("DELETE", f"https://api.iamport.kr/vbanks/imp_1?pg_api_key={SECRET}")
    for failure in (
        httpx.RemoteProtocolError(f"illegal status line: bytearray(b'{SECRET}')"),
        httpx.LocalProtocolError(f"Illegal header value b'Bearer {SECRET}'"),
        httpx.DecodingError(SECRET),
        httpx.HTTPStatusError(
            f"500 for url https://…?pg_api_key={SECRET}", request=request, response=httpx.Response(500)
        ),
    ):
        v1.play(failure)
        error = flavour.client(v1).failure(lambda c: c.vbanks.revoke("imp_1", pg_api_key=SECRET))
        assert type(error) is OutcomeUnknownError
        assert SECRET not in "".join(traceback.format_exception(error))
        assert type(failure).__name__ in str(error)


class Broken(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that fails like a connection that was never made: a transport of the caller's may do that."""

    def __iter__(self) -> Iterator[bytes]:
        yield b'{"code":0,'
        raise httpx.ConnectError("")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'{"code":0,'
        raise httpx.ConnectError("")


class BreakingV1(ScriptedV1):
    def _answer(self, recorded: Recorded) -> httpx.Response:
        if recorded.path == "/users/getToken":
            return super()._answer(recorded)
        return httpx.Response(200, stream=Broken())


def test_what_fails_after_its_status_was_sent(flavour: Flavour) -> None:
    v1 = BreakingV1()
    error = flavour.client(v1).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))
    assert (type(error), error.status) == (OutcomeUnknownError, 200)
    assert len(v1.calls) == 1


@pytest.mark.parametrize("kind", [ValueError, TypeError, KeyError, RuntimeError])
def test_a_transport_that_breaks_in_a_way_of_its_own(flavour: Flavour, v1: ScriptedV1, kind: type[Exception]) -> None:
    """The request may have left before it broke."""
    v1.play(kind(SECRET))
    error = flavour.client(v1).failure(lambda c: c.payments.cancel(imp_uid="imp_1", amount=5))
    assert type(error) is OutcomeUnknownError
    assert kind.__name__ in str(error)
    assert SECRET not in str(error)
