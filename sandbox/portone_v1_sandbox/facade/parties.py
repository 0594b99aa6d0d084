"""What people and other companies do outside of the API, from Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, Unpack

from ..certifications.window import CERTIFY, open_numbers
from ..dispatch.control_handlers import STAGED
from ..errors.certifications import no_otp_asked
from ..naver.checkout import ORDER
from ..naver.events import EVENT, REVIEW
from ..payments.inicis_escrow import INICIS_EVENT
from ..pgs.members import AUTOPAY_KEY, BENEPIA_MEMBER, KCP_MEMBER, PIN_CHECK

if TYPE_CHECKING:
    from portone_v1_generated.models.certifications import Certification
    from portone_v1_generated.models.naver import NaverProductOrder, NaverReview
    from portone_v1_generated.operations import OperationInfo

    from ..engine.engine import Engine

__all__ = ["InicisEvent", "NaverEvent", "NaverProduct", "PeoplePlays", "PersonDetails"]

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
    """What a verification may tell beside the name and the birthday."""

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


class PeoplePlays:
    """The part of `Sandbox` that plays people, Naver, INICIS, KCP and Benepia. A `tier` plays for a sub-merchant."""

    _engine: Engine

    def certify(
        self, *, name: str, birthday: str, tier: str | None = None, **details: Unpack[PersonDetails]
    ) -> Certification:
        """A person goes through the identity verification window; `birthday` is YYYY-MM-DD."""
        from portone_v1_generated.models.certifications import Certification

        return Certification.from_dict(self._stage(CERTIFY, tier, {"name": name, "birthday": birthday, **details}))

    def otp(self, imp_uid: str) -> str:
        """The number on the person's telephone. Raises Refusal where none was sent, or it is good no more."""
        with self._engine.transaction():
            numbers = open_numbers(self._engine.state, self._engine.clock.now())
        for number in numbers:
            if number["imp_uid"] == imp_uid:
                return str(number["otp"])
        raise no_otp_asked()

    def order_at_naver(
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
        """A buyer orders and pays by order-type Naver Pay. Answers the payment's imp_uid and the product orders."""
        from portone_v1_generated.models.naver import NaverProductOrder

        fields = {
            "merchant_uid": merchant_uid,
            "products": [dict(product) for product in products],
            "buyer_name": buyer_name,
            "buyer_tel": buyer_tel,
            "buyer_addr": buyer_addr,
            "buyer_postcode": buyer_postcode,
            "shipping_memo": shipping_memo,
        }
        made = self._stage(ORDER, tier, fields)
        orders = [NaverProductOrder.from_dict(order) for order in made["product_orders"]]
        return str(made["payment"]["imp_uid"]), orders

    def at_naver(self, product_order_id: str, event: NaverEvent, *, tier: str | None = None) -> NaverProductOrder:
        """Something happens to a product order: it is delivered, or the buyer claims. Raises Refusal out of turn."""
        from portone_v1_generated.models.naver import NaverProductOrder

        fields = {"product_order_id": product_order_id, "event": event}
        return NaverProductOrder.from_dict(self._stage(EVENT, tier, fields))

    def at_inicis(
        self, imp_uid: str, event: InicisEvent, *, denied_reason: str | None = None, tier: str | None = None
    ) -> str:
        """Something happens to an escrow payment whose shipment is registered. Answers its new `escrow_status`.

        V1 shows it nowhere, and tells it where `webhook_escrow` is switched on. Raises Refusal out of turn.
        """
        fields = {"imp_uid": imp_uid, "event": event, "denied_reason": denied_reason}
        return str(self._stage(INICIS_EVENT, tier, fields)["escrow_status"])

    def review_at_naver(
        self,
        product_order_id: str,
        *,
        score: str,
        title: str,
        content: str | None = None,
        review_type: Literal["general", "premium"] = "general",
        tier: str | None = None,
    ) -> NaverReview:
        """A buyer writes a review."""
        from portone_v1_generated.models.naver import NaverReview

        fields = {
            "product_order_id": product_order_id,
            "score": score,
            "title": title,
            "content": content,
            "review_type": review_type,
        }
        return NaverReview.from_dict(self._stage(REVIEW, tier, fields))

    def join_kcp_quick(
        self, member_id: str, *, money: int | Decimal = 0, fido: bool = False, tier: str | None = None
    ) -> dict[str, Any]:
        """A buyer joins KCP Quick and puts prepaid money in. Answers what `kcp_quick.delete_member` asks for."""
        return dict(self._stage(KCP_MEMBER, tier, {"member_id": member_id, "money": money, "fido": fido}))

    def check_kcp_pin(self, member_id: str, *, tier: str | None = None) -> str:
        """A member types the PIN. Answers the imp_uid that one `kcp_quick.pay_with_money` needs."""
        return str(self._stage(PIN_CHECK, tier, {"member_id": member_id})["imp_uid"])

    def allow_kcp_autopay(self, customer_uid: str, *, card_number: str | None = None, tier: str | None = None) -> None:
        """A member lets the shop charge a card: a billing key of KCP Quick, with an autopay key behind it."""
        self._stage(AUTOPAY_KEY, tier, {"customer_uid": customer_uid, "card_number": card_number})

    def give_benepia_points(self, user: str, password: str, point: int) -> None:
        """A buyer has that many welfare points at Benepia, and this login."""
        self._stage(BENEPIA_MEMBER, None, {"benepia_user": user, "benepia_password": password, "point": point})

    def _stage(self, operation: OperationInfo, tier: str | None, fields: Mapping[str, Any]) -> Any:
        _, act = STAGED[operation.path]
        with self._engine.transaction():
            self._engine.catch_up()
            return act(self._engine.call(operation, {"body": fields}, tier))
