"""`PortOne` and `AsyncPortOne`: the client of REST API V1, in both flavours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeVar, Unpack

from portone_v1_generated._calls import Call, CallOptions, RawResponse

from ._engine import Engine
from ._safe.hanging import AsyncSafeAreas, SafeAreas
from ._settings import Settings, Timeout
from ._shells import AsyncShell, Shell
from ._tokens import AsyncTokenStore, TokenKeeper, TokenStore

if TYPE_CHECKING:
    from portone_v1_generated.models.channels import PgSetting

__all__ = ["AsyncPortOne", "PortOne"]

T = TypeVar("T")

DEFAULT_TIMEOUT: Final = Timeout()
DEFAULT_RETRIES: Final = 2
UNCHANGED: Final[Any] = object()


class _Client:
    """What the two flavours share: how they are built, copied and shown."""

    _shell_kind: ClassVar[Any]
    _shell: Any
    _engine: Engine
    _sender: Any

    def __init__(
        self,
        imp_key: str | None = None,
        imp_secret: str | None = None,
        *,
        base_url: str | None = None,
        tier: str | None = None,
        timeout: float | Timeout | None = DEFAULT_TIMEOUT,
        max_retries: int = DEFAULT_RETRIES,
        transport: Any = None,
        http_client: Any = None,
        ca_file: str | os.PathLike[str] | None = None,
        client_cert: str | tuple[str, str] | tuple[str, str, str] | None = None,
        proxy: str | None = None,
        token_store: TokenStore | AsyncTokenStore | None = None,
    ) -> None:
        settings = Settings(
            imp_key=imp_key,
            imp_secret=imp_secret,
            base_url=base_url,
            tier=tier,
            timeout=timeout,
            max_retries=max_retries,
            ca_file=ca_file,
            client_cert=client_cert,
            proxy=proxy,
        )
        self._shell = self._shell_kind(settings, transport, http_client, token_store)
        tokens = TokenKeeper(lambda: engine.fetch_token(), stored=token_store is not None)
        engine = Engine(settings, tokens)
        self._engine, self._sender = engine, self

    def with_options(
        self,
        *,
        tier: str | None = UNCHANGED,
        timeout: float | Timeout | None = UNCHANGED,
        max_retries: int = UNCHANGED,
        pg: str | PgSetting | None = UNCHANGED,
        pg_errors: bool = UNCHANGED,
    ) -> Self:
        """A copy with other defaults. It shares connections and token with this client, and costs nothing.

        Args:
            tier: 하위 상점 고유코드. Three characters; None is the agent itself.
            timeout: seconds for each step, or a `Timeout`; None waits for ever.
            max_retries: how often a call is repeated that only reads, or was certainly not executed.
            pg: a PG (`welcome`), or a channel of `channels.list`: calls are laid beside the vendor's lists for it,
                and a `PgRuleWarning` says what those do not like.
            pg_errors: raise `PgRuleError` instead, before anything is sent.
        """
        given = {"tier": tier, "timeout": timeout, "max_retries": max_retries, "pg": pg, "pg_errors": pg_errors}
        copy = object.__new__(type(self))
        copy._shell, copy._sender = self._shell, copy
        copy._engine = self._engine.with_options({name: v for name, v in given.items() if v is not UNCHANGED})
        return copy

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._engine.settings.base_url} tier={self._engine.tier}>"


class PortOne(_Client, SafeAreas):
    """PortOne REST API V1, synchronous; safe to share between threads.

    Args:
        imp_key: REST API 키; default `PORTONE_V1_KEY`.
        imp_secret: REST API Secret; default `PORTONE_V1_SECRET`. It belongs on a server only.
        base_url: default `PORTONE_V1_BASE_URL`, else `https://api.iamport.kr`; `https://static-api.iamport.kr`
            is the same at fixed addresses. Plain http is taken for this machine only.
        tier: 하위 상점 고유코드, for agencies; default `PORTONE_V1_TIER`.
        timeout: seconds for each step of a call, or a `Timeout`; default connect 10, read 60, write 30.
        max_retries: how often a call is repeated that only reads, or was certainly not executed; default 2.
        transport: an `httpx.BaseTransport` to use instead of the SDK's own. TLS is then its business.
        http_client: an `httpx.Client` to use instead. The SDK's token, checks and errors still hold.
        ca_file: certificates of authorities to trust instead of certifi's.
        client_cert: a certificate file, (file, key file) or (file, key file, password).
        proxy: URL of a proxy; default the environment's (`HTTPS_PROXY`, `NO_PROXY`).
        token_store: where several processes share the token.

    Raises:
        ConfigurationError: something of this is missing or wrong. Nothing was sent.
    """

    _shell_kind = Shell

    def send(self, call: Call[T], options: CallOptions) -> T:
        return self.send_raw(call, options).data

    def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        raw: RawResponse[T] = self._shell.run(self._engine.run(call, options))
        return raw

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Call an operation that the SDK does not know; the payload comes as it is.

        Token, envelope check, errors and retries are as ever: a GET is a read, everything else a write.
        """
        from ._custom import custom_call

        return self.send(custom_call(method, path, query, body), options)

    def close(self) -> None:
        """Close the connections that this client opened, for all its copies."""
        self._shell.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncPortOne(_Client, AsyncSafeAreas):
    """PortOne REST API V1, asynchronous; the same arguments as `PortOne`, the same methods to await."""

    _shell_kind = AsyncShell

    async def send(self, call: Call[T], options: CallOptions) -> T:
        return (await self.send_raw(call, options)).data

    async def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        raw: RawResponse[T] = await self._shell.run(self._engine.run(call, options))
        return raw

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **options: Unpack[CallOptions],
    ) -> Any:
        """Call an operation that the SDK does not know; see `PortOne.request`."""
        from ._custom import custom_call

        return await self.send(custom_call(method, path, query, body), options)

    async def aclose(self) -> None:
        """Close the connections that this client opened, for all its copies."""
        await self._shell.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
