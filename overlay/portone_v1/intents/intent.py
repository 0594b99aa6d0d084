"""An intent: the record of one write, made before it is sent and completed with its outcome."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, cast

from attrs import field, fields_dict, frozen

from ..errors import IntentStoreError

__all__ = ["EARLIER", "EXECUTED", "GIVEN_BACK", "PART_OF", "Intent", "State", "is_any_open", "shop_fingerprint"]

VERSION: Final = 1
PART_OF: Final = "part_of"
"""In `before`, if a call names several records: the id of its first intent, in the intents of the other records."""
EARLIER: Final = "earlier"
"""In `before` of a plain write: attempts that the journal knows of, so that none of them is taken for this one."""
GIVEN_BACK: Final = "given_back"
"""In `before` of a plain refund: the amount that the journal knows to be refunded by then."""
State = Literal["open", "watch", "closed"]
EXECUTED: Final = frozenset({"paid", "charge_refunded", "refunded", "accepted", "done"})
"""Outcomes that consume a key: money moved, or the write took effect."""


class _UnreadableIntentError(IntentStoreError, ValueError):
    """What is stored is no intent, or one of a newer version: no argument of the caller's is wrong."""


def shop_fingerprint(imp_key: str, base_url: str, tier: str | None) -> str:
    """Return a digest that names the shop. It leaves out the secret, so that rotating it keeps the journal valid."""
    text = "\x1f".join(("portone-v1/shop", imp_key, base_url.rstrip("/").lower(), tier or ""))
    return hashlib.sha256(text.encode()).hexdigest()[:24]


@frozen(kw_only=True, slots=False)  # so that `changed` only copies a dict: three are made for each write
class Intent:
    """저널 기록: one write, as the journal keeps it. No card number, name, account or other personal data is in it."""

    id: str
    shop: str
    """A digest of API key, host and tier."""
    tier: str | None = None
    operation: str
    """`subscribe.again`, `payments.cancel`, …"""
    resource: str
    """What the write changes: `order:<merchant_uid>`, `payment:<imp_uid>`. At most one open intent each."""
    resource_seq: int
    key: str
    """The idempotency key. At most one open intent each, and at most one executed."""
    key_seq: int
    # `dict[str, Any]` as a factory tries in vain to set `__orig_class__`, which costs as much as six dicts
    arguments: Mapping[str, Any] = field(factory=dict, hash=False)  # pyright: ignore[reportUnknownVariableType]
    """The arguments that identify the request: ids, amount, currency, channel."""
    before: Mapping[str, Any] = field(factory=dict, hash=False)  # pyright: ignore[reportUnknownVariableType]
    """What V1 showed before the write."""
    mark: str = ""
    """Text sent with the write, to distinguish its trace from others'. Empty if none could be sent."""
    sent_at: float = 0.0
    """UNIX seconds by V1's clock."""
    lease_until: float = 0.0
    """UNIX seconds by the store's clock: until then its call may be running."""
    lease: float = 0.0
    """The most seconds for which its call may run from its beginning; 0 if that is not known."""
    state: State = "open"
    """`open`: not decided. `watch`: decided, to be audited. `closed`."""
    outcome: str = ""
    result: Mapping[str, Any] = field(factory=dict, hash=False)  # pyright: ignore[reportUnknownVariableType]
    rev: int = 0

    @property
    def executed(self) -> bool:
        return self.outcome in EXECUTED

    def to_json(self) -> str:
        """Return the stored form: JSON with a version, in ASCII, because a column in latin1 would keep `?` for `주`."""
        return json.dumps({"version": VERSION, **self.__dict__}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Intent:
        """Read the stored form. Unknown fields are ignored.

        Raises:
            IntentStoreError: it is no intent, or was written by a newer version. It is a ValueError too.
        """
        try:
            read: object = json.loads(text)
        except ValueError:
            raise _UnreadableIntentError("the journal holds what is not an intent") from None
        document = cast("dict[str, Any]", read) if isinstance(read, dict) else {}
        if not isinstance(document.get("version"), int):
            raise _UnreadableIntentError("the journal holds what is not an intent")
        if document["version"] > VERSION:
            newer = f"intent format {document['version']} is newer than this version ({VERSION}): upgrade"
            raise _UnreadableIntentError(newer)
        known = fields_dict(cls)
        try:
            return cls(**{name: value for name, value in document.items() if name in known})
        except TypeError:  # a field is missing
            raise _UnreadableIntentError("the journal holds what is not an intent") from None

    def changed(self, **changes: Any) -> Intent:
        fields = self.__dict__.copy()  # at a quarter of the cost of filling another dict
        fields.update(changes)
        if len(fields) > len(_NAMES):
            raise TypeError(f"an intent has no {', '.join(sorted(changes.keys() - _NAMES))}")
        new = object.__new__(Intent)
        object.__setattr__(new, "__dict__", fields)
        return new


_NAMES: Final = frozenset(fields_dict(Intent))


def is_any_open(intents: Iterable[Intent | None]) -> bool:
    for intent in intents:  # noqa: SIM110 - run by each call: a generator takes longer than two looks
        if intent is not None and intent.state == "open":
            return True
    return False
