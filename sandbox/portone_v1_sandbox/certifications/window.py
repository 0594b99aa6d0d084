"""본인인증 창: the person in the verification window, and the one-time codes on their phone."""

from __future__ import annotations

from typing import Any, Final, Literal, cast

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..merchant.channels import choose_channel
from ..state.certifications import OPEN_CODES, CertificationRecord, certification_to_wire
from ..state.channels import Channel
from ..state.state import State
from .person import read_day, read_name, read_phone

__all__ = ["CERTIFY", "OPEN", "certify", "open_number", "open_numbers", "open_window"]

CARRIERS: Final = ("SKT", "KT", "LGT", "SKT_MVNO", "KT_MVNO", "LGT_MVNO")

CERTIFY: Final = control_operation(
    "certify",
    "/_sandbox/certifications",
    "Complete the verification window",
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
    parameter("imp_uid"),
)


OPEN: Final = control_operation(
    "open_certification",
    "/_sandbox/certifications/open",
    "Open the verification window",
    parameter("merchant_uid", max_length=40),
    parameter("channel_key", max_length=55),
    parameter("pg", max_length=80),
    parameter("origin"),
)


def open_window(call: Call) -> CertificationRecord:
    """Open the window: from now on V1 knows the verification, but no person yet. Observed."""
    channel = _channel(call)
    record = CertificationRecord(
        imp_uid=call.state.new_imp_uid("imp", call.now),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        name=None,
        birthday=None,
        merchant_uid=call.arguments.text("merchant_uid"),
        origin=call.arguments.text("origin"),
        tier=call.tier,
        tells_phone=channel.tells_phone,
    )
    call.state.keep_certification(record)
    return record


@handles_control(CERTIFY)
def certify(call: Call) -> dict[str, Any]:
    """Complete the window as a person, or leave it if `certified` is false."""
    arguments = call.arguments
    channel = _channel(call)
    phone = arguments.text("phone")
    finished = arguments.boolean("certified") or not arguments.given("certified")
    record = CertificationRecord(
        imp_uid=arguments.text("imp_uid") or call.state.new_imp_uid("imp", call.now),
        pg_provider=channel.pg_provider,
        pg_id=channel.pg_id,
        name=read_name(arguments.need_text("name")),
        birthday=read_day("birthday", arguments.need_text("birthday")),
        gender=cast("Literal['male', 'female'] | None", arguments.text("gender")),
        foreigner=arguments.boolean("foreigner"),
        phone=None if phone is None else read_phone(phone),
        carrier=arguments.text("carrier"),
        merchant_uid=arguments.text("merchant_uid"),
        origin=arguments.text("origin"),
        certified_at=call.now if finished else 0,
        tier=call.tier,
        tells_phone=channel.tells_phone,
    )
    call.state.keep_certification(record)
    return certification_to_wire(record)


def _channel(call: Call) -> Channel:
    return choose_channel(
        call.settings.channels,
        "certification",
        channel_key=call.arguments.text("channel_key"),
        pg=call.arguments.text("pg"),
    )


def open_number(state: State, now: int, imp_uid: str) -> str | None:
    """Return the code that was sent for a verification, None if there is none that is valid and not used yet."""
    record: CertificationRecord | None = state.certifications.get(imp_uid)
    if record is None or record.certified_at or record.otp_until < now:
        return None
    return record.otp


def open_numbers(state: State, now: int, latest: int | None = None) -> list[dict[str, Any]]:
    """Return the codes that were sent, are valid and not used yet."""
    codes = state.certifications.found(OPEN_CODES, since=now)
    return [
        {"imp_uid": record.imp_uid, "otp": record.otp, "until": record.otp_until}
        for record in (codes if latest is None else codes[-latest:])
    ]
