"""본인인증: identity verifications as records, and their form in a response."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from typing import Any, Final, Literal

__all__ = ["CertificationRecord", "certification_to_wire"]

KOREA: Final = timezone(timedelta(hours=9))
UNIFIED: Final = "inicis_unified"
"""The PG that returns neither a phone number nor a DI."""


@dataclass(slots=True, kw_only=True, repr=False)
class CertificationRecord:
    """One verification. `certified_at` is 0 until the person completes it."""

    imp_uid: str
    pg_provider: str
    pg_id: str
    name: str
    birthday: str
    gender: Literal["male", "female"] | None = None
    foreigner: bool = False
    phone: str | None = None
    carrier: str | None = None
    merchant_uid: str | None = None
    origin: str | None = None
    certified_at: int = 0
    tier: str | None = None
    method: Literal["SMS", "APP"] | None = None
    """How the one-time code was to be sent; None if a window was used."""
    otp: str | None = None
    otp_until: int = 0

    @property
    def person(self) -> tuple[str, str, str | None]:
        return self.name, self.birthday, self.gender

    def __repr__(self) -> str:
        return f"<CertificationRecord {self.imp_uid}>"


def certification_to_wire(record: CertificationRecord) -> dict[str, Any]:
    """Return a Certification, in alphabetical order."""
    born = datetime.strptime(record.birthday, "%Y-%m-%d").replace(tzinfo=KOREA)
    shown: dict[str, Any] = {
        "birth": int(born.timestamp()),
        "birthday": record.birthday,
        "certified": bool(record.certified_at),
        "certified_at": record.certified_at,
        "foreigner": record.foreigner,
        "foreigner_v2": None,
        "gender": record.gender,
        "imp_uid": record.imp_uid,
        "merchant_uid": record.merchant_uid,
        "name": record.name,
        "origin": record.origin,
        "pg_provider": record.pg_provider,
        "pg_tid": f"{record.pg_id}{record.imp_uid.removeprefix('imp_')}",
        "unique_in_site": None if record.pg_provider == UNIFIED else _di(record),
        "unique_key": _ci(record),
    }
    if record.pg_provider != UNIFIED:
        shown |= {"carrier": record.carrier, "phone": record.phone}
    return dict(sorted(shown.items()))


def _ci(record: CertificationRecord) -> str:
    """Return the CI: 88 characters, the same for a person everywhere."""
    return b64encode(sha512(repr(record.person).encode()).digest()).decode()


def _di(record: CertificationRecord) -> str:
    """Return the DI: 64 characters, different for each merchant id."""
    return sha256(repr((record.pg_id, *record.person)).encode()).hexdigest()
