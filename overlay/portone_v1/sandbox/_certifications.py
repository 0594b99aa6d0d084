"""본인인증: who a person is, by a window or by a number sent to the telephone."""

from __future__ import annotations

import re
import secrets
from datetime import date
from typing import Any, Final, Literal, cast

from ._certification_records import CertificationRecord, certification_on_wire
from ._channels import Channel, choose_channel
from ._plays import parameter, play
from ._refusals import missing, no_payment_channel, unknown_channel_key, wrong_value
from ._refusals_certifications import (
    already_certified,
    method_not_offered,
    no_otp_asked,
    no_such_certification,
    otp_expired,
    otp_not_offered,
    person_unknown_to_carrier,
    wrong_otp,
)
from ._registry import Answer, Call, Evidence, handles
from ._staged import staged
from ._supported import pgs_of

__all__ = ["CERTIFY", "certify", "open_numbers"]

CARRIERS: Final = ("SKT", "KT", "LGT", "SKT_MVNO", "KT_MVNO", "LGT_MVNO")
NUMBER_LIVES: Final = 3 * 60
"""Seconds; assumed, the usual time in Korea."""

CERTIFY: Final = play(
    "certify",
    "/_sandbox/certifications",
    "Play the person in the verification window",
    parameter("name", required=True, max_length=50, sensitive=True),
    parameter("birthday", required=True, sensitive=True),
    parameter("gender", "choice", values=("male", "female"), sensitive=True),
    parameter("phone", sensitive=True),
    parameter("carrier", "choice", values=CARRIERS, sensitive=True),
    parameter("foreigner", "boolean", sensitive=True),
    parameter("merchant_uid", max_length=40),
    parameter("channel_key", max_length=55),
    parameter("pg", max_length=80),
    parameter("origin"),
    parameter("certified", "boolean"),
)


@handles(
    "certifications_get",
    Evidence(
        documented="404 for what is unknown or erased; the unified INICIS window gives no telephone and no DI",
        observed="the words of the refusal; `birth` in the answer",
        assumed="404 also for a verification that nobody finished; telephone and carrier are shown for other PGs",
    ),
)
def get(call: Call) -> Answer:
    return Answer(certification_on_wire(_finished(call)))


@handles(
    "certifications_delete",
    Evidence(documented="erases for good, then 404", assumed="the answer still carries what was erased"),
)
def delete(call: Call) -> Answer:
    record = _finished(call)
    del call.state.certifications[record.imp_uid]
    return Answer(certification_on_wire(record))


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
    if method == "APP" and channel.pg_provider != "kcp_v2":
        raise method_not_offered()
    digit = arguments.need_text("gender_digit")
    if not re.fullmatch(r"[1-8]", digit):
        raise wrong_value("gender_digit")
    record = CertificationRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        name=_name(call),
        birthday=_birthday(arguments.need_text("birth"), digit),
        gender="male" if int(digit) % 2 else "female",
        foreigner=int(digit) >= 5,
        phone=_phone(arguments.need_text("phone")),
        carrier=arguments.need_text("carrier") + ("_MVNO" if arguments.boolean("is_mvno") else ""),
        merchant_uid=arguments.text("merchant_uid"),
        tier=call.tier,
        method=method,
        otp=None if method == "APP" else f"{secrets.randbelow(10**6):06d}",
        otp_until=call.now + NUMBER_LIVES,
    )
    if any(known.person != record.person for known in _verified_with(call, record.phone)):
        raise person_unknown_to_carrier()
    return Answer({"imp_uid": _keep(call, record).imp_uid})


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
    return Answer(certification_on_wire(record))


@staged(CERTIFY)
def certify(call: Call) -> dict[str, Any]:
    """The person goes through the window, or leaves it when `certified` is false."""
    arguments = call.arguments
    channel = choose_channel(
        call.settings.channels,
        "certification",
        channel_key=arguments.text("channel_key"),
        pg=arguments.text("pg"),
    )
    birthday = arguments.need_text("birthday")
    _date(birthday, "birthday")
    phone = arguments.text("phone")
    finished = arguments.boolean("certified") or not arguments.given("certified")
    record = CertificationRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        name=_name(call),
        birthday=birthday,
        gender=cast("Literal['male', 'female'] | None", arguments.text("gender")),
        foreigner=arguments.boolean("foreigner"),
        phone=None if phone is None else _phone(phone),
        carrier=arguments.text("carrier"),
        merchant_uid=arguments.text("merchant_uid"),
        origin=arguments.text("origin"),
        certified_at=call.now if finished else 0,
        tier=call.tier,
    )
    return certification_on_wire(_keep(call, record))


def open_numbers(call: Call) -> list[dict[str, Any]]:
    """The numbers that were sent and not used yet, as the telephones show them."""
    return [
        {"imp_uid": record.imp_uid, "otp": record.otp, "until": record.otp_until}
        for record in call.state.certifications.values()
        if record.otp is not None and not record.certified_at and record.otp_until >= call.now
    ]


def _find(call: Call) -> CertificationRecord | None:
    record = call.state.certifications.get(call.arguments.need_text("imp_uid"))
    return record if record is not None and record.tier == call.tier else None


def _finished(call: Call) -> CertificationRecord:
    record = _find(call)
    if record is None or not record.certified_at:
        raise no_such_certification()
    return record


def _verified_with(call: Call, phone: str | None) -> list[CertificationRecord]:
    return [r for r in call.state.certifications.values() if r.certified_at and r.phone == phone]


def _keep(call: Call, record: CertificationRecord) -> CertificationRecord:
    call.state.next_serial()
    call.state.certifications[record.imp_uid] = record
    return record


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


def _name(call: Call) -> str:
    name = call.arguments.need_text("name").strip()
    if not name:
        raise wrong_value("name")
    return name


def _phone(text: str) -> str:
    digits = re.sub(r"[^0-9]", "", text)
    if not re.fullmatch(r"01[0-9]{8,9}", digits):
        raise wrong_value("phone")
    return digits


def _birthday(birth: str, gender_digit: str) -> str:
    """YYMMDD and the century that the digit stands for."""
    if not re.fullmatch(r"[0-9]{6}", birth):
        raise wrong_value("birth")
    century = "19" if gender_digit in "1256" else "20"
    day = f"{century}{birth[:2]}-{birth[2:4]}-{birth[4:]}"
    _date(day, "birth")
    return day


def _date(text: str, name: str) -> None:
    try:
        if date.fromisoformat(text).isoformat() != text:
            raise wrong_value(name)
    except ValueError:
        raise wrong_value(name) from None
