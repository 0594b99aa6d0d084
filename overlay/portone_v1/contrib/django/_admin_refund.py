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
from ...errors import NotFoundError, OutcomeUnknownError, PortOneError, RefusedError
from ...intents import new_key
from . import _settings

__all__ = ["RefundForm", "payment_page"]

PERMISSION = "portone_v1.change_storedintent"


class RefundForm(forms.Form):  # type: ignore[misc]
    """Confirm a refund, which cannot be undone, by typing the order number."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=64)
    """Made when the page is shown: a double click, a reload or a second try is the same refund."""
    amount = forms.DecimalField(label="취소 금액", min_value=Decimal("0.01"), max_digits=18, decimal_places=2)
    reason = forms.CharField(label="사유", max_length=100)
    confirm = forms.CharField(label="주문번호 확인", help_text="위에 표시된 주문번호를 그대로 입력하세요.")

    def __init__(self, *values: Any, merchant_uid: str, left: Decimal, **named: Any) -> None:
        super().__init__(*values, **named)
        self._merchant_uid, self._left = merchant_uid, left

    def clean_confirm(self) -> str:
        typed = str(self.cleaned_data["confirm"]).strip()
        if typed != self._merchant_uid:
            raise forms.ValidationError("주문번호가 다릅니다. 취소하지 않았습니다.")
        return typed

    def clean_amount(self) -> Decimal:
        amount = cast("Decimal", self.cleaned_data["amount"])
        if amount > self._left:
            raise forms.ValidationError(f"취소할 수 있는 금액은 {self._left}입니다. 취소하지 않았습니다.")
        return amount


def payment_page(request: Any, context: dict[str, Any], imp_uid: str, tier: str | None = None) -> HttpResponse:
    """Show a payment; on POST, refund it once for the key of the form."""
    client = _settings.client(tier)
    try:
        payment = client.payments.get(imp_uid, include_sandbox=True)
    except NotFoundError:
        return TemplateResponse(request, "portone_v1/payment.html", {**context, "imp_uid": imp_uid}, status=404)
    left = cancellable_amount(payment)
    given: dict[str, Any] = {"merchant_uid": payment.merchant_uid, "left": left}
    allowed = request.user.has_perm(PERMISSION)
    if request.method == "POST":
        if not allowed:
            raise PermissionDenied
        # The key's first try may have succeeded: then nothing is left, and the same key must still find its outcome.
        bound: dict[str, Any] = {**given, "left": payment.amount or left}
        form = RefundForm(request.POST, **bound)
        if form.is_valid():
            refund(request, client, imp_uid, form.cleaned_data)
            return HttpResponseRedirect(request.get_full_path())
    else:
        form = RefundForm(initial={"key": new_key(), "amount": left.normalize()}, **given)
    shown = {"payment": payment, "left": left, "imp_uid": imp_uid, "form": form if allowed and left else None}
    if request.method == "POST":
        shown["form"] = form
    return TemplateResponse(request, "portone_v1/payment.html", {**context, **shown})


def refund(request: Any, client: Any, imp_uid: str, data: dict[str, Any]) -> None:
    """Refund once, and return the outcome as one sentence."""
    amount: Decimal = data["amount"]
    try:
        done = client.payments.cancel_once(imp_uid=imp_uid, amount=amount, key=data["key"], reason=data["reason"])
    except RefusedError as error:
        messages.error(request, f"취소되지 않았습니다. PG 응답: {error.message or '없음'}")
    except OutcomeUnknownError:
        messages.warning(
            request, "취소됐는지 아직 알 수 없습니다. 다시 취소하지 말고 portone_settle의 결과를 기다리세요."
        )
    except PortOneError as error:
        messages.error(request, f"취소하지 않았습니다. 취소 요청을 보내지 못했습니다: {type(error).__name__}")
    except ValueError:  # a fraction of a won: the client refuses it before anything is sent
        messages.error(request, f"취소하지 않았습니다. {amount}은(는) 이 통화로 취소할 수 없는 금액입니다.")
    else:
        if done.state == "refunded":
            messages.success(request, f"{imp_uid}: {amount} 취소됐습니다.")
        elif done.state == "accepted":
            messages.warning(request, f"{imp_uid}: {amount} 취소가 접수됐습니다. PG가 나중에 처리합니다.")
        else:
            messages.error(request, f"{imp_uid}: 취소되지 않았습니다 ({done.state}).")
