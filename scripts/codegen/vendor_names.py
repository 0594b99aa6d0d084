"""What the vendor's document calls a type, and what it is called here."""

from __future__ import annotations

from ..steps import StepError
from ..watch.places import DROPPED, read_names
from .document import Document, Node
from .types.resolve import without_null

ENVELOPE = "Envelope"


def vendor_names(document: Document) -> dict[str, str]:
    """Vendor name → the class, or what a method returns where it is an envelope; empty where nothing stands for it.

    From the table of names in the folder of the specification.
    """
    names = read_names(document.folder) if document.folder else {}
    named = {vendor: _here(document, ours) for vendor, ours in names.items() if vendor.isidentifier()}
    return {vendor: here for vendor, here in sorted(named.items()) if here != vendor}


def _here(document: Document, ours: str) -> str:
    if ours == DROPPED:
        return ""
    if ours == ENVELOPE:
        return "RawResponse"
    if ours not in document.schemas:
        raise StepError(f"spec/names.yaml: there is no schema {ours}")
    return _payload(document, document.fields(document.schemas[ours])["response"]) if ours.endswith(ENVELOPE) else ours


def _payload(document: Document, node: Node) -> str:
    """The class behind an envelope's `response`."""
    name = document.component(node)
    if name is not None:
        return name
    if node.get("type") == "array" or "items" in node:
        return f"BulkList[{_payload(document, node['items'])}]"
    branches = without_null(node)
    if branches == [node]:
        return "dict"
    found = [_payload(document, branch) for branch in branches]
    return " | ".join(dict.fromkeys(one for one in found if not one.startswith("BulkList") or len(found) == 1))
