"""People and companies outside of the API: the person behind a verification, Naver Pay, INICIS, KCP Quick, Benepia.

A `tier` acts for a sub-merchant. Every method raises Refusal for impossible values, and for events that cannot follow
the current state.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, Unpack

from ..certifications.window import CERTIFY, open_number
from ..errors.certifications import no_otp_asked
from ..naver.checkout import ORDER
from ..naver.events import EVENT, REVIEW
from ..payments.inicis_escrow import INICIS_EVENT
from ..pgs.members import AUTOPAY_KEY, BENEPIA_MEMBER, KCP_MEMBER, PIN_CHECK
from .calls import call_control

if TYPE_CHECKING:
    from portone_v1_generated.models.certifications import Certification
    from portone_v1_generated.models.naver import NaverProductOrder, NaverReview

    from ..engine.engine import Engine

__all__ = [
    "Benepia",
    "Identity",
    "Inicis",
    "InicisEvent",
    "KcpQuick",
    "Naver",
    "NaverEvent",
    "NaverProduct",
    "PersonDetails",
]

NaverEvent = Literal[
    "delivered",
    "purchase_decided",
    "cancel_requested",
    "return_requested",
    "return_collected",
    "exchange_requested",
    "claim_withdrawn",
]
InicisEvent = Literal[
    "purchase_confirmed",
    "purchase_confirmed_automatically",
    "purchase_confirmed_by_force",
    "purchase_denied",
    "denial_accepted",
]


class NaverProduct(TypedDict):
    """One kind of product in a Naver Pay order."""

    product_id: str
    product_name: str
    product_amount: int | Decimal
    delivery_amount: NotRequired[int | Decimal]
    quantity: NotRequired[int]
    product_option_id: NotRequired[str]
    product_option_name: NotRequired[str]
    individual_code: NotRequired[str]


class PersonDetails(TypedDict, total=False):
    """Optional data of an identity verification."""

    gender: Literal["male", "female"]
    phone: str
    carrier: Literal["SKT", "KT", "LGT", "SKT_MVNO", "KT_MVNO", "LGT_MVNO"]
    foreigner: bool
    merchant_uid: str
    channel_key: str
    pg: str
    origin: str
    certified: bool
    """False for a person who leaves the window."""


class Identity:
    """본인인증: the person who verifies their identity."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def verify(
        self, *, name: str, birthday: str, tier: str | None = None, **details: Unpack[PersonDetails]
    ) -> Certification:
        """Complete the identity verification window as this person. `birthday` is YYYY-MM-DD."""
        from portone_v1_generated.models.certifications import Certification

        made = call_control(self._engine, CERTIFY, tier, name=name, birthday=birthday, **details)
        return Certification.from_dict(made)

    def otp(self, imp_uid: str) -> str:
        """Return the one-time code on the person's phone. Raises Refusal if no code was sent or it has expired."""
        with self._engine.transaction(read_only=True):
            number = open_number(self._engine.state, self._engine.clock.now(), imp_uid)
        if number is None:
            raise no_otp_asked()
        return number


class Naver:
    """네이버페이 주문형: the buyer of an order-type Naver Pay payment, and Naver itself."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def order(
        self,
        merchant_uid: str,
        products: Iterable[NaverProduct],
        *,
        buyer_name: str | None = None,
        buyer_tel: str | None = None,
        buyer_addr: str | None = None,
        buyer_postcode: str | None = None,
        shipping_memo: str | None = None,
        tier: str | None = None,
    ) -> tuple[str, list[NaverProductOrder]]:
        """Order and pay as the buyer. Return the payment's imp_uid and the product orders."""
        from portone_v1_generated.models.naver import NaverProductOrder

        made = call_control(
            self._engine,
            ORDER,
            tier,
            merchant_uid=merchant_uid,
            products=[dict(product) for product in products],
            buyer_name=buyer_name,
            buyer_tel=buyer_tel,
            buyer_addr=buyer_addr,
            buyer_postcode=buyer_postcode,
            shipping_memo=shipping_memo,
        )
        orders = [NaverProductOrder.from_dict(order) for order in made["product_orders"]]
        return str(made["payment"]["imp_uid"]), orders

    def event(self, product_order_id: str, event: NaverEvent, *, tier: str | None = None) -> NaverProductOrder:
        """Deliver a product order, or act for the buyer who claims. Return the order as it is afterwards."""
        from portone_v1_generated.models.naver import NaverProductOrder

        changed = call_control(self._engine, EVENT, tier, product_order_id=product_order_id, event=event)
        return NaverProductOrder.from_dict(changed)

    def review(
        self,
        product_order_id: str,
        *,
        score: str,
        title: str,
        content: str | None = None,
        review_type: Literal["general", "premium"] = "general",
        tier: str | None = None,
    ) -> NaverReview:
        """Write a review as the buyer."""
        from portone_v1_generated.models.naver import NaverReview

        written = call_control(
            self._engine,
            REVIEW,
            tier,
            product_order_id=product_order_id,
            score=score,
            title=title,
            content=content,
            review_type=review_type,
        )
        return NaverReview.from_dict(written)


class Inicis:
    """KG이니시스: escrow payments whose shipment is registered."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def event(
        self, imp_uid: str, event: InicisEvent, *, denied_reason: str | None = None, tier: str | None = None
    ) -> str:
        """Confirm or deny the purchase as the buyer, or act as INICIS. Return the new `escrow_status`.

        V1 shows this status nowhere; it sends a webhook about it where `webhook_escrow` is switched on.
        """
        fields = {"imp_uid": imp_uid, "event": event, "denied_reason": denied_reason}
        return str(call_control(self._engine, INICIS_EVENT, tier, **fields)["escrow_status"])


class KcpQuick:
    """KCP 퀵페이: its members."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def join(
        self, member_id: str, *, money: int | Decimal = 0, fido: bool = False, tier: str | None = None
    ) -> dict[str, Any]:
        """Join as a buyer with prepaid money. Return the arguments that `kcp_quick.delete_member` needs."""
        return dict(call_control(self._engine, KCP_MEMBER, tier, member_id=member_id, money=money, fido=fido))

    def verify_pin(self, member_id: str, *, tier: str | None = None) -> str:
        """Enter the PIN as a member. Return the imp_uid that one `kcp_quick.pay_with_money` needs."""
        return str(call_control(self._engine, PIN_CHECK, tier, member_id=member_id)["imp_uid"])

    def allow_autopay(self, customer_uid: str, *, card_number: str | None = None, tier: str | None = None) -> None:
        """Let the shop charge a member's card: issue a billing key that is backed by an autopay key."""
        call_control(self._engine, AUTOPAY_KEY, tier, customer_uid=customer_uid, card_number=card_number)


class Benepia:
    """베네피아: buyers with welfare points."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def grant_points(self, user: str, password: str, point: int) -> None:
        """Give a buyer this login and this many points."""
        call_control(self._engine, BENEPIA_MEMBER, None, benepia_user=user, benepia_password=password, point=point)
