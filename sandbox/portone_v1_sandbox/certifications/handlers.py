"""본인인증: identity verification by a window or by a one-time code."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Final, Literal, cast

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import missing, no_payment_channel, unknown_channel_key, wrong_value
from ..errors.certifications import (
    already_certified,
    method_not_offered,
    no_otp_asked,
    no_such_certification,
    otp_expired,
    otp_not_offered,
    person_unknown_to_carrier,
    wrong_otp,
)
from ..merchant.channels import choose_channel
from ..merchant.pg_support import pgs_of
from ..merchant.window_rules import profiled
from ..state.certifications import CertificationRecord, certification_to_wire
from ..state.channels import Channel
from .person import read_birth, read_name, read_phone

__all__: list[str] = []

NUMBER_LIVES: Final = 3 * 60
"""Seconds; assumed, as usual in Korea."""


@handles(
    "certifications_get",
    Evidence(
        documented="404 for what is unknown or erased; the unified INICIS window gives no DI",
        observed="words and code of the refusal; `birth`; one that was opened and left; the keys that danal and the "
        "unified window leave out",
    ),
)
def get(call: Call) -> Answer:
    return Answer(certification_to_wire(_known(call)))


@handles(
    "certifications_delete",
    Evidence(documented="erases for good, then 404", assumed="the answer still carries what was erased"),
)
def delete(call: Call) -> Answer:
    record = _known(call)
    del call.state.certifications[record.imp_uid]
    return Answer(certification_to_wire(record))


@handles(
    "certifications_request_otp",
    Evidence(
        documented="danal and kcp_v2 only, `APP` for kcp_v2 only, 400 where data do not match the carrier's",
        assumed="the carrier knows a telephone by the person that was verified with it first; words and codes",
    ),
)
def request_otp(call: Call) -> Answer:
    arguments = call.arguments
    channel = _otp_channel(call)
    method = cast("Literal['SMS', 'APP']", arguments.text("verification_method") or "SMS")
    if method == "APP" and not profiled(channel.pg_provider, "identity.by_app"):
        raise method_not_offered()
    digit = arguments.need_text("gender_digit")
    if not re.fullmatch(r"[1-8]", digit):
        raise wrong_value("gender_digit")
    record = CertificationRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        name=read_name(arguments.need_text("name")),
        birthday=read_birth(arguments.need_text("birth"), digit),
        gender="male" if int(digit) % 2 else "female",
        foreigner=int(digit) >= 5,
        phone=read_phone(arguments.need_text("phone")),
        carrier=arguments.need_text("carrier") + ("_MVNO" if arguments.boolean("is_mvno") else ""),
        merchant_uid=arguments.text("merchant_uid"),
        tier=call.tier,
        tells_phone=channel.tells_phone,
        method=method,
        otp=None if method == "APP" else f"{secrets.randbelow(10**6):06d}",
        otp_until=call.now + NUMBER_LIVES,
    )
    if any(known.person != record.person for known in _verified_with(call, record.phone)):
        raise person_unknown_to_carrier()
    call.state.keep_certification(record)
    return Answer({"imp_uid": record.imp_uid})


@handles(
    "certifications_confirm_otp",
    Evidence(
        documented="404 for no open request, 400 without a number or once confirmed, no number for kcp_v2's `APP`",
        assumed="400 for a wrong number and for one older than three minutes; no limit to the tries",
    ),
)
def confirm_otp(call: Call) -> Answer:
    record = _find(call)
    if record is None or record.method is None:
        raise no_otp_asked()
    if record.certified_at:
        raise already_certified()
    given = call.arguments.text("otp")
    if record.method == "SMS" and not given:
        raise missing(["otp"])
    if call.now > record.otp_until:
        raise otp_expired()
    if record.method == "SMS" and not secrets.compare_digest(str(given).encode(), str(record.otp).encode()):
        raise wrong_otp()
    record.certified_at = call.now
    return Answer(certification_to_wire(record))


def _find(call: Call) -> CertificationRecord | None:
    record = call.state.certifications.get(call.arguments.need_text("imp_uid"))
    return record if record is not None and record.tier == call.tier else None


def _known(call: Call) -> CertificationRecord:
    record = _find(call)
    if record is None:
        raise no_such_certification()
    return record


def _verified_with(call: Call, phone: str | None) -> Sequence[CertificationRecord]:
    return call.state.certifications.found(("verified", phone))


def _otp_channel(call: Call) -> Channel:
    listed = pgs_of(call.operation.id)
    channels = [channel for channel in call.settings.channels if channel.type == "certification"]
    key, pg = call.arguments.text("channel_key"), call.arguments.text("pg")
    if key:
        chosen = next((channel for channel in channels if channel.channel_key == key), None)
        if chosen is None:
            raise unknown_channel_key()
    else:
        offered = [channel for channel in channels if channel.pg_provider in listed]
        if not offered:
            raise no_payment_channel()
        chosen = choose_channel(offered, "certification", pg=pg)
    if chosen.pg_provider not in listed:
        raise otp_not_offered()
    return chosen
