"""본인인증: identity verifications as records, and their form in a response."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from hashlib import sha256, sha512
from typing import Any, Final, Literal

from portone_v1 import pg_profiles

from .tables.grouped_table import GroupedTable, Groups
from .tables.lock import StateLock

__all__ = ["OPEN_CODES", "CertificationRecord", "CertificationTable", "certification_table", "certification_to_wire"]

KOREA: Final = timezone(timedelta(hours=9))


@dataclass(slots=True, kw_only=True, repr=False)
class CertificationRecord:
    """One verification. `certified_at` is 0 until the person completes it."""

    imp_uid: str
    pg_provider: str
    pg_id: str
    name: str | None
    birthday: str | None
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
    tells_phone: bool = True
    """Whether the carriers have agreed that the merchant learns the number."""

    @property
    def person(self) -> tuple[str | None, str | None, str | None]:
        return self.name, self.birthday, self.gender

    def __repr__(self) -> str:
        return f"<CertificationRecord {self.imp_uid}>"


CertificationTable = GroupedTable[str, CertificationRecord]
OPEN_CODES: Final = "open"
"""Group of the verifications whose one-time code was not used, sorted by the end of its validity."""


def certification_table(lock: StateLock | None = None) -> CertificationTable:
    """Return a table that finds certifications by verified telephone, and those with an open code."""
    return GroupedTable(_groups, lock)


def _groups(record: CertificationRecord) -> Groups:
    if record.certified_at:
        return {("verified", record.phone): (record.certified_at, 0)}
    return {} if record.otp is None else {OPEN_CODES: (record.otp_until, 0)}


def certification_to_wire(record: CertificationRecord) -> dict[str, Any]:
    """Return a Certification, in alphabetical order. One that was opened and left has no personal data, as observed."""
    if not record.certified_at:
        record = replace(record, name=None, birthday=None, gender=None, phone=None, carrier=None)
    absent = _absent(record.pg_provider)
    shown: dict[str, Any] = {
        "birth": _midnight(record.birthday),
        "birthday": record.birthday,
        "certified": bool(record.certified_at),
        "certified_at": record.certified_at,
        "foreigner": record.foreigner,
        "foreigner_v2": record.foreigner if record.certified_at and absent.get("foreigner_v2") == "present" else None,
        "gender": record.gender,
        "imp_uid": record.imp_uid,
        "merchant_uid": record.merchant_uid,
        "name": record.name,
        "origin": record.origin,
        "pg_provider": record.pg_provider,
        "pg_tid": f"{record.pg_id}{record.imp_uid.removeprefix('imp_')}" if record.certified_at else None,
        "unique_in_site": _di(record) if record.certified_at and absent.get("unique_in_site") is None else None,
        "unique_key": _ci(record) if record.certified_at else None,
    }
    # Observed: danal leaves both keys out unless the carriers have agreed.
    if record.tells_phone:
        shown["phone"] = record.phone
        if absent.get("carrier") != "missing":
            shown["carrier"] = record.carrier
    return dict(sorted(shown.items()))


def _absent(pg_provider: str) -> Mapping[str, str]:
    """Return the fields that this PG leaves out (`null`, `missing`), or sends where others do not (`present`)."""
    profile = pg_profiles.find(pg_provider)
    return (profile.value("record.certification") if profile is not None else None) or {}


def _midnight(birthday: str | None) -> int:
    if birthday is None:
        return 0
    return int(datetime.strptime(birthday, "%Y-%m-%d").replace(tzinfo=KOREA).timestamp())


def _ci(record: CertificationRecord) -> str:
    """Return the CI: 88 characters, the same for a person everywhere."""
    return b64encode(sha512(repr(record.person).encode()).digest()).decode()


def _di(record: CertificationRecord) -> str:
    """Return the DI: 64 characters, different for each merchant id."""
    return sha256(repr((record.pg_id, *record.person)).encode()).hexdigest()
