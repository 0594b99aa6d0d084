"""What the vendor's document calls a type, and what it is called here."""

from __future__ import annotations

from collections.abc import Mapping

from ..evidence import DROPPED, read_names
from ..steps import StepError
from .document import Document


def vendor_names(document: Document, payloads: Mapping[str, str]) -> dict[str, str]:
    """Vendor name → the class, or what a method returns where it is an envelope; empty where nothing stands for it.

    From the table of names in the folder of the specification. `payloads` says what is returned for which envelope.
    """
    names = read_names(document.folder) if document.folder else {}
    if stray := sorted({*names.values()} - document.schemas.keys() - {DROPPED}):
        raise StepError(f"spec/names.yaml: there is no schema {', '.join(stray)}")
    returned = {DROPPED: "", "Envelope": "RawResponse", **payloads}
    named = {vendor: returned.get(ours, ours) for vendor, ours in names.items() if vendor.isidentifier()}
    return {vendor: here for vendor, here in sorted(named.items()) if here != vendor}
