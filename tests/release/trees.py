"""A small package with everything that a surface has, to be changed in one place at a time."""

from __future__ import annotations

from pathlib import Path

__all__ = ["FILES", "write"]

FILES = {
    "pyproject.toml": """
[project]
name = "portone-v1"
version = "0.1.0"
[project.optional-dependencies]
sandbox = ["portone-v1-sandbox==0.1.0"]
""",
    "sandbox/pyproject.toml": """
[project]
name = "portone-v1-sandbox"
version = "0.1.0"
dependencies = ["portone-v1==0.1.0"]
""",
    "cli/pyproject.toml": """
[project]
name = "portone-v1-cli"
version = "0.1.0"
dependencies = ["portone-v1==0.1.0"]
""",
    "overlay/portone_v1_runtime/__init__.py": "",
    "overlay/portone_v1_runtime/operation.py": """
from typing import TypedDict
class CallOptions(TypedDict, total=False):
    timeout: float | None
""",
    "generated/portone_v1_generated/__init__.py": "",
    "generated/portone_v1_generated/api/__init__.py": "",
    "generated/portone_v1_generated/api/payments.py": """
from typing import Unpack
from portone_v1_runtime.operation import CallOptions
class PaymentsApi:
    def get(
        self, imp_uid: str, *, amount: int | Decimal = 0, mode: str = "a", **options: Unpack[CallOptions]
    ) -> Payment:
        ...

    def register(self, order: Order, hint: str | None = None, level: int = 1) -> Receipt | None:
        ...


class AsyncPaymentsApi:
    async def get(
        self, imp_uid: str, *, amount: int | Decimal = 0, mode: str = "a", **options: Unpack[CallOptions]
    ) -> Payment:
        ...

    async def register(self, order: Order, hint: str | None = None, level: int = 1) -> Receipt | None:
        ...
""",
    "generated/portone_v1_generated/models/__init__.py": """
from .payments import Order, Payment, Receipt
__all__ = ["Order", "Payment", "Receipt"]
""",
    "generated/portone_v1_generated/models/payments.py": '''
from attrs import define
@define(kw_only=True)
class Payment:
    """A payment."""

    imp_uid: str
    status: PaymentStatus | str
    paid_at: datetime | None = None
    _hidden: ClassVar[frozenset[str]] = frozenset()


@define(kw_only=True)
class Order:
    merchant_uid: str
    name: str | None = None


@define(kw_only=True)
class Receipt:
    url: str | None = None
''',
    "generated/portone_v1_generated/enums/__init__.py": """
from .payments import PaymentStatus
__all__ = ["PaymentStatus"]
""",
    "generated/portone_v1_generated/enums/payments.py": """
from enum import StrEnum
class PaymentStatus(StrEnum):
    PAID = "paid"
    FAILED = "failed"
""",
    "overlay/portone_v1/__init__.py": """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from ._settings import Timeout
    from .client import AsyncPortOne, PortOne
__all__ = ["AsyncPortOne", "PortOne", "Timeout"]
""",
    "overlay/portone_v1/_version.py": '__version__ = "0.1.0"\n',
    "overlay/portone_v1/_settings.py": """
from attrs import frozen
@frozen
class Timeout:
    connect: float = 10
    read: float = 60
""",
    "overlay/portone_v1/_safe.py": """
from attrs import frozen
from portone_v1_generated.api.payments import AsyncPaymentsApi, PaymentsApi

@frozen
class Charge:
    paid: bool
    payment: Payment | None

class Payments(PaymentsApi):
    def __init__(self, client: Any) -> None:
        self._client = client
    def charge(self, *, customer_uid: str, amount: int | Decimal) -> Charge: ...

class AsyncPayments(AsyncPaymentsApi):
    async def charge(self, *, customer_uid: str, amount: int | Decimal) -> Charge: ...
""",
    "overlay/portone_v1/results.py": """
from ._safe import Charge
__all__ = ["Charge"]
""",
    "overlay/portone_v1/client.py": """
from functools import cached_property
from ._safe import AsyncPayments, Payments
__all__ = ["AsyncPortOne", "PortOne"]

class _Client:
    def __init__(self, imp_key: str | None = None, *, timeout: float = 60) -> None: ...

class PortOne(_Client):
    @cached_property
    def payments(self) -> Payments: ...
    def close(self) -> None: ...

class AsyncPortOne(_Client):
    @cached_property
    def payments(self) -> AsyncPayments: ...
    async def aclose(self) -> None: ...
""",
    "overlay/portone_v1/models.py": """
import portone_v1_generated.models as _generated
__all__ = _generated.__all__
""",
    "overlay/portone_v1/enums.py": """
import portone_v1_generated.enums as _generated
__all__ = _generated.__all__
""",
    "overlay/portone_v1/errors.py": """
__all__ = ["ApiError", "PortOneError", "RefusedError"]
class PortOneError(Exception): ...
class ApiError(PortOneError):
    status: int
class RefusedError(ApiError): ...
""",
    "overlay/portone_v1/webhooks.py": """
from typing import overload
__all__ = ["ADDRESSES", "parse"]
ADDRESSES: tuple[str, ...] = ()
@overload
def parse(body: bytes) -> dict[str, Any]: ...
@overload
def parse(body: str, content_type: str) -> dict[str, Any]: ...
def parse(body: Any, content_type: Any = None) -> Any: ...
""",
}


def write(root: Path, files: dict[str, str] = FILES) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
