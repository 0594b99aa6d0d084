"""One token for several processes, kept in Redis. Needs the extra `portone-v1[redis]`.

    client = PortOne(imp_key, imp_secret, token_store=RedisTokenStore("redis://…", imp_key=imp_key))

If Redis is down, full or slow, a call waits at most a fraction of a second, and Redis is not used for a while. Access
to this Redis is access to refunds: the token is valid for half an hour. Protect it like the API key and secret.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final

from portone_v1_runtime.secret import conceal, reveal

from .._http.settings import DEFAULT_BASE_URL
from ..errors import ConfigurationError

try:
    from redis import Redis, ResponseError
    from redis.asyncio import Redis as AsyncRedis
    from redis.asyncio.retry import Retry as AsyncRetry
    from redis.backoff import NoBackoff
    from redis.retry import Retry
except ImportError:
    raise ImportError("portone_v1.contrib.redis needs redis: pip install 'portone-v1[redis]'") from None

__all__ = ["AsyncRedisTokenStore", "RedisTokenStore"]

log: logging.Logger = logging.getLogger("portone_v1.redis")

LONGEST: Final = 1024
"""Bytes of a token at most: any other value of the key is not fetched whole."""


class _Store:
    """A token under a key of its own for each key pair and each V1.

    Args:
        url: `redis://`, `rediss://` or `unix://`, with user, password and database as Redis writes them.
        imp_key: the client's own; default `PORTONE_V1_KEY`. Only a hash of it becomes part of the name.
        base_url: the client's own; default `PORTONE_V1_BASE_URL`, else PortOne's.
        timeout: seconds for each step of an exchange with Redis.
        pause: seconds for which Redis is not used after a failure.
        now: the clock that measures them.

    Raises:
        ConfigurationError: one of these is missing or wrong.
    """

    def __init__(
        self,
        url: str,
        *,
        imp_key: str | None = None,
        base_url: str | None = None,
        timeout: float = 0.3,
        pause: float = 10.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        url, pair = conceal(url), conceal(imp_key or os.environ.get("PORTONE_V1_KEY"))  # the URL may hold a password
        imp_key = None
        if not pair:
            raise ConfigurationError("imp_key is required: pass imp_key= or set PORTONE_V1_KEY")
        if timeout <= 0 or pause < 0:
            raise ConfigurationError("timeout and pause must be numbers of seconds greater than 0")
        if not _is_usable(url):
            raise ConfigurationError("url must start with redis://, rediss:// or unix://")
        v1 = (base_url or os.environ.get("PORTONE_V1_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
        self.key: str = f"portone_v1:token:{sha256(f'{v1} {reveal(pair)}'.encode()).hexdigest()[:32]}"
        """The key of the token."""
        self._url: str = reveal(url)
        self._timeout = timeout
        self._longest = timeout * 2
        self._pause = pause
        self._now = now
        self._left_alone_until = float("-inf")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {getattr(self, 'key', '')}>"  # a traceback may show it half built

    # Connections are not kept: a token is read every half an hour, and an idle connection may not survive that.
    def _options(self, retry: object) -> dict[str, Any]:
        seconds = self._timeout
        return {"socket_timeout": seconds, "socket_connect_timeout": seconds, "retry": retry, "protocol": 2}

    @property
    def _resting(self) -> bool:
        return self._now() < self._left_alone_until

    @contextmanager
    def _watched(self) -> Generator[None]:
        """Let no failure of Redis stop a call, and let the next calls not wait for it again."""
        begun = self._now()
        try:
            yield
        except ResponseError as error:  # at once: wrong data under the key, which `save` replaces, or a full Redis
            log.warning("Redis rejected the request (%s); continuing with the in-memory token", type(error).__name__)
        except Exception as error:
            self._rest(type(error).__name__)
        else:
            if self._now() - begun > self._longest:
                self._rest("slow")

    def _rest(self, why: str) -> None:
        self._left_alone_until = self._now() + self._pause
        log.warning("Redis failed (%s); not used for %.0f seconds", why, self._pause)


def _is_usable(url: object) -> bool:
    """Return whether redis accepts the URL. No exception gets out with the URL in its text or its frames."""
    try:
        Redis.from_url(reveal(url)).close()  # pyright: ignore[reportUnknownMemberType]
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _read(found: Any) -> tuple[str, float] | None:
    """Return the value of the key if it could be a token of this store: those expire."""
    value, milliseconds = found
    text = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    return (text, milliseconds / 1000) if 0 < len(text) < LONGEST and milliseconds > 0 else None


class RedisTokenStore(_Store):
    __doc__ = f"`TokenStore` in Redis, for `PortOne`. {_Store.__doc__}"

    def load(self) -> tuple[str, float] | None:
        found = None
        if not self._resting:
            with self._watched(), self._connect() as client, client.pipeline(transaction=False) as both:
                both.getrange(self.key, 0, LONGEST - 1)
                both.pttl(self.key)
                found = _read(both.execute())
        return found

    def save(self, token: str, seconds: float) -> None:
        if seconds >= 0.001 and not self._resting:
            with self._watched(), self._connect() as client:
                client.set(self.key, token, px=int(seconds * 1000))

    def _connect(self) -> Any:
        connect: Any = Redis.from_url  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return connect(self._url, **self._options(Retry(NoBackoff(), 0)))


class AsyncRedisTokenStore(_Store):
    __doc__ = f"`AsyncTokenStore` in Redis, for `AsyncPortOne`. {_Store.__doc__}"

    async def load(self) -> tuple[str, float] | None:
        found = None
        if not self._resting:
            with self._watched():
                async with (
                    asyncio.timeout(self._longest),
                    self._connect() as client,
                    client.pipeline(transaction=False) as both,
                ):
                    both.getrange(self.key, 0, LONGEST - 1)
                    both.pttl(self.key)
                    found = _read(await both.execute())
        return found

    async def save(self, token: str, seconds: float) -> None:
        if seconds >= 0.001 and not self._resting:
            with self._watched():
                async with asyncio.timeout(self._longest), self._connect() as client:
                    await client.set(self.key, token, px=int(seconds * 1000))

    def _connect(self) -> Any:
        connect: Any = AsyncRedis.from_url  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return connect(self._url, **self._options(AsyncRetry(NoBackoff(), 0)))
