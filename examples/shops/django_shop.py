"""A shop in Django, in one file: `python -m examples.shops.django_shop 8000`.

With several workers, on PostgreSQL or SQLite (`SHOP_DATABASE=postgresql://user@host:5432/name`):

python -m examples.shops.django_shop     # creates the tables
gunicorn examples.shops.django_shop:application --workers 3
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]

address = urlsplit(os.environ.get("SHOP_DATABASE", ""))
settings.configure(
    SECRET_KEY=secrets.token_hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["portone_v1.contrib.django"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path.lstrip("/"),
            "USER": address.username,
            "PASSWORD": address.password,
            "HOST": address.hostname,
            "PORT": address.port,
        }
        if address.scheme == "postgresql"
        else {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": "django_shop.sqlite3",
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20},  # otherwise: "database is locked"
        }
    },
)
django.setup()

from django.core.management import call_command  # type: ignore[import-untyped]  # noqa: E402
from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]  # noqa: E402
from django.db import connection, models  # type: ignore[import-untyped]  # noqa: E402
from django.db.models import Q  # type: ignore[import-untyped]  # noqa: E402
from django.http import HttpRequest, JsonResponse  # type: ignore[import-untyped]  # noqa: E402
from django.shortcuts import get_object_or_404  # type: ignore[import-untyped]  # noqa: E402
from django.urls import path  # type: ignore[import-untyped]  # noqa: E402
from django.views.decorators.http import require_POST  # type: ignore[import-untyped]  # noqa: E402
from portone_v1 import (  # noqa: E402
    FULL,
    NotFoundError,
    OutcomeUnknownError,
    PortOneError,
    RefusedError,
    VerificationError,
)
from portone_v1.contrib.django import UnknownOrder, client, webhook, webhook_handler  # noqa: E402
from portone_v1.inbox import Paid, PaymentChanged, Refunded  # noqa: E402
from portone_v1.results import cancellable_amount  # noqa: E402

PRICES = {"coffee": 12000, "cup": 8000}
"""In KRW. A price never comes from the browser."""


class Order(models.Model):  # type: ignore[misc]
    merchant_uid = models.CharField(max_length=40, primary_key=True)
    amount = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    """waiting → paid → cancelled, never back: an earlier webhook may be processed later."""
    imp_uid = models.CharField(max_length=40, null=True)

    class Meta:
        app_label = "shop"
        db_table = "shop_orders"

    def __str__(self) -> str:
        return str(self.merchant_uid)

    def shown(self) -> JsonResponse:
        self.refresh_from_db()
        names = ("merchant_uid", "amount", "state", "imp_uid")
        return JsonResponse({name: getattr(self, name) for name in names})


def was_paid(merchant_uid: str, imp_uid: str) -> None:
    Order.objects.filter(pk=merchant_uid, state="waiting").update(state="paid", imp_uid=imp_uid)


def was_cancelled(merchant_uid: str, imp_uid: str) -> None:
    """Mark an order as cancelled, only by the payment that paid it: it may have had other attempts."""
    ours = Q(imp_uid=imp_uid) | Q(imp_uid=None)
    Order.objects.filter(ours, pk=merchant_uid).update(state="cancelled", imp_uid=imp_uid)


def telling_failures(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    @wraps(view)
    def wrapped(request: HttpRequest, **arguments: Any) -> JsonResponse:
        try:
            return view(request, **arguments)
        except RefusedError as error:
            return JsonResponse({"error": error.message or "refused"}, status=402)
        except (VerificationError, NotFoundError):
            return JsonResponse({"error": "the payment does not match the order"}, status=409)
        except OutcomeUnknownError:  # settle it: see the page on unknown outcomes
            return JsonResponse({"error": "the outcome is not known yet"}, status=503)
        except PortOneError:
            return JsonResponse({"error": "try again"}, status=503)

    return wrapped


@require_POST  # type: ignore[untyped-decorator]
@telling_failures
def order(request: HttpRequest) -> JsonResponse:
    """Create an order. The page passes it to `IMP.request_pay`; V1 stops the window if the amount differs."""
    made = Order.objects.create(merchant_uid=f"order-{secrets.token_hex(6)}", amount=PRICES[request.POST["item"]])
    client().prepare.create(merchant_uid=made.merchant_uid, amount=made.amount)
    return made.shown()


def show(_: HttpRequest, merchant_uid: str) -> JsonResponse:
    return get_object_or_404(Order, pk=merchant_uid).shown()


@require_POST  # type: ignore[untyped-decorator]
@telling_failures
def paid(request: HttpRequest, merchant_uid: str) -> JsonResponse:
    """Verify the payment that the browser reports. The buyer can send any `imp_uid`."""
    order = get_object_or_404(Order, pk=merchant_uid)
    client().payments.verify(request.POST["imp_uid"], merchant_uid=merchant_uid, amount=order.amount)
    was_paid(merchant_uid, request.POST["imp_uid"])
    return order.shown()


@webhook_handler("payment")
def payment_changed(change: PaymentChanged) -> None:
    """Handle a change of a payment.

    In a project, put this into `<app>/portone.py`, which Django imports at the start.
    """
    payment = change.payment
    order = Order.objects.filter(pk=payment.merchant_uid).first()
    if order is None:
        raise UnknownOrder
    if isinstance(change, Paid) and payment.amount == order.amount and payment.currency == "KRW":
        was_paid(order.merchant_uid, payment.imp_uid)
    elif isinstance(change, Refunded) and not cancellable_amount(payment):  # otherwise a partial refund
        was_cancelled(order.merchant_uid, payment.imp_uid)


@require_POST  # type: ignore[untyped-decorator]
@telling_failures
def cancel(_: HttpRequest, merchant_uid: str) -> JsonResponse:
    """Refund an order, for operators only: require your own login."""
    order = get_object_or_404(Order, pk=merchant_uid)
    if order.state != "paid":
        return JsonResponse({"error": "it is not paid"}, status=409)
    refund = client().payments.cancel_once(imp_uid=order.imp_uid, amount=FULL, reason="고객 요청")
    if refund.state == "refunded":
        was_cancelled(merchant_uid, order.imp_uid)
    return order.shown()


urlpatterns = [
    path("orders", order),
    path("orders/<merchant_uid>", show),
    path("orders/<merchant_uid>/paid", paid),
    path("orders/<merchant_uid>/cancel", cancel),
    path("portone/webhook", webhook),
]


application = get_wsgi_application()


def create_tables() -> None:
    """Create the tables. In a project, use migrations."""
    call_command("migrate", verbosity=0)
    if "shop_orders" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Order)


if __name__ == "__main__":
    create_tables()
    if len(sys.argv) > 1:
        call_command("runserver", f"127.0.0.1:{sys.argv[1]}", use_reloader=False)
