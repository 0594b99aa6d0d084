"""Admin page that shows a payment as read from V1 and refunds it."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms  # type: ignore[import-untyped]
from django.contrib import messages  # type: ignore[import-untyped]
from django.core.exceptions import PermissionDenied  # type: ignore[import-untyped]
from django.http import HttpResponse, HttpResponseRedirect  # type: ignore[import-untyped]
from django.template.response import TemplateResponse  # type: ignore[import-untyped]

from ..._decisions.amounts import cancellable_amount
from ...errors import InProgressError, NotFoundError, OutcomeUnknownError, PortOneError, RefusedError
from ...intents import new_key
from . import _settings
from ._handlers import HANDLERS
from ._inbox import inbox

__all__ = ["RefundForm", "money", "payment_page"]

PERMISSION = "portone_v1.change_storedintent"


class RefundForm(forms.Form):  # type: ignore[misc]
    """Confirm a refund, which cannot be undone, by typing the order number."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    """Made when the page is shown: a double click, a reload or a second try is the same refund."""
    amount = forms.DecimalField(label="취소 금액", min_value=Decimal("0.01"), max_digits=18, decimal_places=2)
    reason = forms.CharField(label="사유", max_length=100)
    confirm = forms.CharField(label="주문번호 확인", help_text="위에 표시된 주문번호를 그대로 입력하세요.")

    def __init__(self, *values: Any, merchant_uid: str, paid: Decimal, currency: str, **named: Any) -> None:
        super().__init__(*values, **named)
        self._merchant_uid, self._paid, self._currency = merchant_uid, paid, currency
        self.fields["amount"].label = f"취소 금액({currency})"

    def clean_confirm(self) -> str:
        typed = str(self.cleaned_data["confirm"]).strip()
        if typed != self._merchant_uid:
            raise forms.ValidationError("주문번호가 다릅니다. 결제를 취소하지 않았습니다.")
        return typed

    def clean_amount(self) -> Decimal:
        amount = cast("Decimal", self.cleaned_data["amount"])
        # Not the refundable balance: if the first try of this key succeeded, the same key must still find its outcome.
        if amount > self._paid:
            paid = money(self._paid, self._currency)
            raise forms.ValidationError(f"결제 금액 {paid}보다 많습니다. 결제를 취소하지 않았습니다.")
        return amount


def payment_page(request: Any, context: dict[str, Any], imp_uid: str, tier: str | None = None) -> HttpResponse:
    """Show a payment; on POST, refund it once for the key of the form."""
    client = _settings.client(tier)
    try:
        payment = client.payments.get(imp_uid, include_sandbox=True)
    except NotFoundError:
        return TemplateResponse(request, "portone_v1/payment.html", {**context, "imp_uid": imp_uid}, status=404)
    left, currency = cancellable_amount(payment), payment.currency or "KRW"
    paid = payment.amount or Decimal(0)
    given: dict[str, Any] = {"merchant_uid": payment.merchant_uid, "paid": paid, "currency": currency}
    allowed = request.user.has_perm(PERMISSION)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        form = RefundForm(request.POST, **given)
        if form.is_valid():
            if refund(request, client, imp_uid, currency, form.cleaned_data):
                tell_the_shop(request, imp_uid, tier)
            return HttpResponseRedirect(request.get_full_path())
    else:
        form = RefundForm(initial={"key": new_key(), "amount": _plain(left)}, **given)
    amounts = (paid, payment.cancel_amount or Decimal(0), left)
    amount, cancelled, refundable = (money(each, currency) for each in amounts)
    shown: dict[str, Any] = {"payment": payment, "left": left, "imp_uid": imp_uid}
    shown |= {"amount": amount, "cancelled": cancelled, "refundable": refundable}
    shown["form"] = form if allowed and left else None
    if request.method == "POST":
        shown["form"] = form
    return TemplateResponse(request, "portone_v1/payment.html", {**context, **shown})


def money(amount: Decimal, currency: str) -> str:
    """Return `58,000 KRW` or `10.50 USD`."""
    return f"{_plain(amount):,f} {currency}"


def _plain(amount: Decimal) -> Decimal:
    """Return the amount as the form should show it: `normalize` would turn 58,000 into `5.8E+4`."""
    return amount.quantize(Decimal(1)) if amount == amount.to_integral_value() else amount


def tell_the_shop(request: Any, imp_uid: str, tier: str | None) -> None:
    """Have the shop's handler process the refund now: V1 sends no webhook for it."""
    if "payment" in HANDLERS and inbox().replay([imp_uid], tier=tier)[imp_uid] != "done":
        messages.warning(request, "주문에는 아직 반영되지 않았습니다. portone_drain이 다시 처리합니다.")


def refund(request: Any, client: Any, imp_uid: str, currency: str, data: dict[str, Any]) -> bool:
    """Refund once, and show the outcome as one sentence. Return True if the refund was made."""
    amount: Decimal = data["amount"]
    of = f"결제 {imp_uid}: {money(amount, currency)}"  # the admin capitalizes the first letter of a message
    refused = "취소가 거절되어 취소되지 않았습니다. 포트원/PG 응답:"
    try:
        done = client.payments.cancel_once(imp_uid=imp_uid, amount=amount, key=data["key"], reason=data["reason"])
    except RefusedError as error:
        messages.error(request, f"{of} {refused} {error.message or '없음'}")
    except OutcomeUnknownError:
        messages.warning(
            request,
            f"{of} 취소 결과를 아직 알 수 없습니다. 취소되었을 수 있습니다. "
            "다시 취소하지 말고 portone_settle의 결과를 기다리세요.",
        )
    except InProgressError:
        messages.warning(
            request,
            f"{of} 취소 요청은 보내지 않았습니다. 이 결제의 앞선 요청이 확정되지 않았고, 이미 실행되었을 수 있습니다. "
            "portone_settle의 결과를 기다리세요.",
        )
    except PortOneError as error:
        messages.error(request, f"{of} 취소 요청을 보내지 않았습니다. 취소되지 않았습니다: {type(error).__name__}")
    except ValueError:  # more than the refundable balance, or a fraction of a won: refused before anything is sent
        why = f"취소 가능 금액보다 많거나 {currency}에 없는 단위의 금액입니다."
        messages.error(request, f"{of} 취소 요청을 보내지 않았습니다. {why}")
    else:
        if done.state == "refunded":
            messages.success(request, f"{of} 취소되었습니다.")
            return True
        if done.state == "accepted":
            messages.warning(request, f"{of} 취소가 접수되었습니다. PG사가 나중에 지급하거나 거절합니다.")
        else:
            messages.error(request, f"{of} {refused} {done.reason or '없음'}")
    return False
