"""포트원 V1 in a FastAPI application: client, webhook and worker.

portone = PortOneV1(AsyncSqlInboxStore(engine))
app = FastAPI(lifespan=portone.lifespan)
app.include_router(portone.router, prefix="/portone")       # /portone/webhook, /portone/{tier}/webhook
Client = Annotated[AsyncPortOne, Depends(portone.client)]

@portone.on_payment
async def payment_changed(change: PaymentChanged, work: AsyncWork) -> None: ...
"""

from __future__ import annotations

from functools import cached_property

try:
    from fastapi import APIRouter
except ImportError:
    raise ImportError("portone_v1.contrib.fastapi needs FastAPI: pip install fastapi") from None

from . import starlette

__all__ = ["PortOneV1"]


class PortOneV1(starlette.PortOneV1):
    """`portone_v1.contrib.starlette.PortOneV1` with a router. Its arguments are the same."""

    @cached_property
    def router(self) -> APIRouter:
        """Return the webhook routes, for `include_router`. They are not part of your OpenAPI document."""
        return APIRouter(routes=[*self.routes])
