"""네이버페이 구매평: buyers' reviews."""

from __future__ import annotations

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import unknown_channel_key, wrong_value
from ..errors.naver import no_naver_channel
from ..merchant.pg_support import pgs_of
from ..state.naver import review_to_wire

__all__: list[str] = []


@handles(
    "naver_list_reviews",
    Evidence(
        documented="naverco only, both kinds apart, 400 for bad times", assumed="both times inclusive, newest first"
    ),
)
def list_reviews(call: Call) -> Answer:
    arguments, state = call.arguments, call.state
    since, until = arguments.integer("from") or 0, arguments.integer("to") or 0
    if since > until:
        raise wrong_value("from")
    _require_channel(call)
    found = [
        review_to_wire(review, state.product_orders[review.product_order_id])
        for review in reversed(state.reviews.found((call.tier, arguments.text("review_type")), since, until + 1))
    ]
    return Answer(found)


def _require_channel(call: Call) -> None:
    key = call.arguments.text("channel_key")
    channels = [c for c in call.settings.channels if key in (None, "", c.channel_key)]
    if key and not channels:
        raise unknown_channel_key()
    if all(channel.pg_provider not in pgs_of(call.operation.id) for channel in channels):
        raise no_naver_channel()
