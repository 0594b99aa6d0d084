# The source of both flavours: `make generate` writes _sync/charges.py from it.
"""`client.subscribe.again_once` and `onetime_once`: the charges of the generated area, made at most once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portone_v1_generated.api.subscribe import AsyncSubscribeApi
from portone_v1_generated.enums.subscribe import CashReceiptType, ProductType
from portone_v1_generated.models.subscribe import SubscribePaymentExtra
from portone_v1_runtime.unset import UNSET, Unset

if TYPE_CHECKING:
    from ..results import Charge
    from .client import AsyncPortOne

__all__ = ["AsyncChargesOnce"]


class AsyncChargesOnce(AsyncSubscribeApi):
    __doc__ = AsyncSubscribeApi.__doc__

    def __init__(self, client: AsyncPortOne) -> None:
        super().__init__(client)
        self._client = client

    async def again_once(
        self,
        *,
        customer_uid: str,
        merchant_uid: str,
        amount: int | Decimal,
        currency: str | Unset | None = UNSET,
        tax_free: int | Decimal | Unset | None = UNSET,
        vat_amount: int | Decimal | Unset | None = UNSET,
        vat: int | Decimal | Unset | None = UNSET,
        name: str | Unset | None = UNSET,
        buyer_name: str | Unset | None = UNSET,
        buyer_email: str | Unset | None = UNSET,
        buyer_tel: str | Unset | None = UNSET,
        buyer_addr: str | Unset | None = UNSET,
        buyer_postcode: str | Unset | None = UNSET,
        card_quota: int | Unset | None = UNSET,
        interest_free_by_merchant: bool | Unset | None = UNSET,
        use_card_point: bool | Unset | None = UNSET,
        custom_data: str | Unset | None = UNSET,
        notice_url: str | Unset | None = UNSET,
        browser_ip: str | Unset | None = UNSET,
        product_type: ProductType | str | Unset | None = UNSET,
        product_count: int | Unset | None = UNSET,
        cash_receipt_type: CashReceiptType | str | Unset | None = UNSET,
        bypass: str | Mapping[str, Any] | Unset | None = UNSET,
        extra: SubscribePaymentExtra | Mapping[str, Any] | Unset | None = UNSET,
        promotion_id: str | Unset | None = UNSET,
        channel_key: str | Unset | None = UNSET,
        key: str | None = None,
        deadline: float = 25.0,
        tier: str | None = None,
    ) -> Charge:
        """비 인증 결제(빌링키), 한 번만: Charge a stored billing key at most once, and return what became of it.

        `POST /subscribe/payments/again`

        Charges the card behind `customer_uid` without the buyer.
        The order's `merchant_uid` is the key. An order that is paid already is not charged again, and where no response
        comes, the order is read back instead of charging again. V1 knows no key of a single call: of two calls at the
        same time for one order at most one is paid, but a failed attempt may be reported to both.

        Args:
            merchant_uid: 고객사 주문번호. The order; charged once, however often this is called.
            amount: 결제금액. What it costs, VAT included, in the currency's unit (whole won for KRW).

        The other arguments are those of `again`.

        Returns:
            Charge: look at its `state`. `PaidCharge.already_paid` is true where this call charged nothing.

        Raises:
            NotSentError: nothing was charged; call again.
            VerificationError: the order is paid with another amount; nothing more was charged.
            OutcomeUnknownError: the buyer may have been charged; `client.settle(error)` finds out.
        """
        from .charging import charge_with

        return await charge_with(
            self._client,
            "subscribe.again",
            lambda api, data: api.again(
                customer_uid=customer_uid,
                merchant_uid=merchant_uid,
                amount=amount,
                currency=currency,
                tax_free=tax_free,
                vat_amount=vat_amount,
                vat=vat,
                name=name,
                buyer_name=buyer_name,
                buyer_email=buyer_email,
                buyer_tel=buyer_tel,
                buyer_addr=buyer_addr,
                buyer_postcode=buyer_postcode,
                card_quota=card_quota,
                interest_free_by_merchant=interest_free_by_merchant,
                use_card_point=use_card_point,
                notice_url=notice_url,
                browser_ip=browser_ip,
                product_type=product_type,
                product_count=product_count,
                cash_receipt_type=cash_receipt_type,
                bypass=bypass,
                extra=extra,
                promotion_id=promotion_id,
                channel_key=channel_key,
                custom_data=data,
            ),
            merchant_uid=merchant_uid,
            amount=amount,
            currency=currency,
            customer_uid=customer_uid,
            channel_key=channel_key,
            custom_data=custom_data,
            key=key,
            deadline=deadline,
            tier=tier,
        )

    async def onetime_once(
        self,
        *,
        merchant_uid: str,
        amount: int | Decimal,
        card_number: str,
        expiry: str,
        currency: str | Unset | None = UNSET,
        tax_free: int | Decimal | Unset | None = UNSET,
        vat_amount: int | Decimal | Unset | None = UNSET,
        vat: int | Decimal | Unset | None = UNSET,
        birth: str | Unset | None = UNSET,
        pwd_2digit: str | Unset | None = UNSET,
        cvc: str | Unset | None = UNSET,
        customer_uid: str | Unset | None = UNSET,
        pg: str | Unset | None = UNSET,
        channel_group_id: str | Unset | None = UNSET,
        name: str | Unset | None = UNSET,
        buyer_name: str | Unset | None = UNSET,
        buyer_email: str | Unset | None = UNSET,
        buyer_tel: str | Unset | None = UNSET,
        buyer_addr: str | Unset | None = UNSET,
        buyer_postcode: str | Unset | None = UNSET,
        card_quota: int | Unset | None = UNSET,
        interest_free_by_merchant: bool | Unset | None = UNSET,
        use_card_point: bool | Unset | None = UNSET,
        custom_data: str | Unset | None = UNSET,
        notice_url: str | Unset | None = UNSET,
        browser_ip: str | Unset | None = UNSET,
        secure_3d_charge_id: str | Unset | None = UNSET,
        secure_3d_token: str | Unset | None = UNSET,
        product_type: ProductType | str | Unset | None = UNSET,
        promotion_id: str | Unset | None = UNSET,
        bypass: str | Mapping[str, Any] | Unset | None = UNSET,
        key: str | None = None,
        deadline: float = 25.0,
        tier: str | None = None,
    ) -> Charge:
        """비 인증 결제(일회성), 한 번만: Charge a card by its number at most once, and return what became of it.

        `POST /subscribe/payments/onetime`

        Charges the card without the buyer taking part; the PG has to have allowed this in the contract.
        The order's `merchant_uid` is the key. An order that is paid already is not charged again, and where no response
        comes, the order is read back instead of charging again. V1 knows no key of a single call: of two calls at the
        same time for one order at most one is paid, but a failed attempt may be reported to both.

        Args:
            merchant_uid: 고객사 주문번호. The order; charged once, however often this is called.
            amount: 결제금액. What it costs, VAT included, in the currency's unit (whole won for KRW).

        The other arguments are those of `onetime`.

        Returns:
            Charge: look at its `state`. `PaidCharge.already_paid` is true where this call charged nothing.

        Raises:
            NotSentError: nothing was charged; call again.
            VerificationError: the order is paid with another amount; nothing more was charged.
            OutcomeUnknownError: the buyer may have been charged; `client.settle(error)` finds out.
        """
        from .charging import charge_with

        return await charge_with(
            self._client,
            "subscribe.onetime",
            lambda api, data: api.onetime(
                merchant_uid=merchant_uid,
                amount=amount,
                card_number=card_number,
                expiry=expiry,
                currency=currency,
                tax_free=tax_free,
                vat_amount=vat_amount,
                vat=vat,
                birth=birth,
                pwd_2digit=pwd_2digit,
                cvc=cvc,
                customer_uid=customer_uid,
                pg=pg,
                channel_group_id=channel_group_id,
                name=name,
                buyer_name=buyer_name,
                buyer_email=buyer_email,
                buyer_tel=buyer_tel,
                buyer_addr=buyer_addr,
                buyer_postcode=buyer_postcode,
                card_quota=card_quota,
                interest_free_by_merchant=interest_free_by_merchant,
                use_card_point=use_card_point,
                notice_url=notice_url,
                browser_ip=browser_ip,
                secure_3d_charge_id=secure_3d_charge_id,
                secure_3d_token=secure_3d_token,
                product_type=product_type,
                promotion_id=promotion_id,
                bypass=bypass,
                custom_data=data,
            ),
            merchant_uid=merchant_uid,
            amount=amount,
            currency=currency,
            customer_uid=customer_uid,
            channel_key=channel_group_id,
            custom_data=custom_data,
            key=key,
            deadline=deadline,
            tier=tier,
        )
