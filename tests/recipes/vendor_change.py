"""CONTRIBUTING's "Take over a change of the vendor's document": the skeletons of the watch, filled in, are a spec."""

from __future__ import annotations

import copy as copying
import json
import re
import subprocess
from typing import Any

from ruamel.yaml import YAML

from scripts.evidence import read_names
from scripts.watch.compare import Difference, compare
from scripts.watch.facts import Facts, dump_lock, load_lock
from scripts.watch.propose import propose

from .add_operation import CHECKS, Copy

__all__ = ["OPERATIONS", "take_over"]

BRANCH = "vendor"
URL = "/payments/{imp_uid}/refund-account"
OPERATIONS = ("payments_get_refund_account", "payments_set_refund_account")
PATH_FILE = "spec/paths/payments/payments_{imp_uid}_refund-account.yaml"
PATH = {"in": "path", "type": "string", "required": True}
NEW_OPERATIONS: dict[str, Any] = {
    f"GET {URL}": {
        "id": "getRefundAccount",
        "tags": ["payments"],
        "consumes": [],
        "statuses": {"200": "RefundAccountResponse", "401": "", "404": ""},
        "parameters": {"imp_uid": PATH, "with_holder": {"in": "query", "type": "boolean"}},
    },
    f"POST {URL}": {
        "id": "setRefundAccount",
        "tags": ["payments"],
        "consumes": ["application/json"],
        "statuses": {"200": "RefundAccountResponse", "401": "", "404": ""},
        "parameters": {
            "imp_uid": PATH,
            "bank": {"in": "formData", "type": "string", "required": True, "values": ["004", "088"]},
            "account": {"in": "formData", "type": "string", "required": True, "bounds": {"maxLength": "20"}},
            "marks": {"in": "formData", "type": "array of string"},
            "owner": {"in": "formData", "type": "RefundAccountOwner"},
        },
    },
}
NEW_TYPES: dict[str, Any] = {
    "RefundAccountResponse": {
        "extends": ["ResponseAnnotation"],
        "fields": {"response": {"type": "RefundAccountAnnotation"}},
    },
    "RefundAccountAnnotation": {
        "fields": {
            "bank": {"type": "string"},
            "kind": {"type": "string", "values": ["company", "person"]},
            "registered_at": {"type": "integer"},
        }
    },
    "RefundAccountOwner": {"fields": {"title": {"type": "string"}}},
}
# Which entry of spec/deviations.yaml explains what a repaired skeleton differs in.
EXPLAINED_BY = {
    "bound": "bounds-as-numbers",
    "null-added": "answers-nullable",
    "format-added": "times-and-urls",
}
GAP = re.compile(r"^  (\S+) \[(\S+)\]: .*\[of this kind in spec/deviations\.yaml: (.+)\]$", re.MULTILINE)


def _changed(lock: Facts) -> Facts:
    """Return the vendor's document as it could be tomorrow."""
    facts = copying.deepcopy(lock)
    facts["operations"] |= NEW_OPERATIONS
    facts["definitions"] |= NEW_TYPES
    facts["operations"]["POST /payments/cancel"]["parameters"]["memo"] = {"in": "formData", "type": "string"}
    facts["operations"]["GET /payments/status/{payment_status}"]["parameters"]["payment_status"]["values"].append(
        "held"
    )
    facts["definitions"]["PaymentAnnotation"]["fields"]["refund_bank"] = {
        "type": "string",
        "bounds": {"maxLength": "8"},
    }
    return facts


def _git(copy: Copy, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", *who, *arguments], cwd=copy.root, check=True, capture_output=True)


def _fill(copy: Copy) -> None:
    """Step 2: what a person says in the place of each TODO, and what the lint asks for by name."""
    texts = (
        ("_TODO_", "_"),
        ("x-name-ko: TODO", "x-name-ko: 환불계좌"),
        ("summary: TODO", "summary: Look up or set the account to refund to"),
        (": TODO", ": Something about the account to refund to."),
    )
    for path in (copy.root / "spec").rglob("*"):
        if path.suffix in {".yaml", ".md"} and "TODO" in (text := path.read_text(encoding="utf-8")):
            for old, new in texts:
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
    time = "  registered_at:\n"
    copy.replace("spec/schemas/RefundAccount.yaml", time, f"{time}    format: int64\n    x-unix-time: true\n")
    account = "            account:\n"
    copy.replace(PATH_FILE, account, f"{account}              x-sensitive: true\n")
    copy.replace("spec/schemas/RefundAccountOwner.yaml", "type: object\n", "type: object\nx-request: true\n")
    for name in OPERATIONS:
        request: dict[str, Any] = {"path": {"imp_uid": "imp_100000000001"}}
        if "_set_" in name:
            request["body"] = {"bank": "004", "account": "00000000000000"}
        for case, status, payload in (("ok", 200, {"bank": "004"}), ("not_found", 404, None)):
            body = {"code": 0 if payload else 1, "message": None, "response": payload}
            example = {"summary": f"An account: {case}", "request": request, "answer": {"status": status, "body": body}}
            copy.write(f"spec/examples/{name}.{case}.json", json.dumps(example, indent=2) + "\n")


def _explain(copy: Copy, gaps: str) -> None:
    """Step 3: a pointer into the entry that explains others of its kind, which the check has named."""
    yaml = YAML()
    path = copy.root / "spec" / "deviations.yaml"
    entries = yaml.load(path.read_text(encoding="utf-8"))
    for pointer, kind, named in GAP.findall(gaps):
        entry = next(each for each in entries if each["id"] == EXPLAINED_BY[kind])
        assert entry["id"] in named.split(", "), f"{pointer} [{kind}]: {entry['id']} is not among {named}"
        entry["pointers"].append(pointer)
    with path.open("w", encoding="utf-8") as target:
        yaml.dump(entries, target)


def take_over(copy: Copy) -> tuple[str, list[Difference]]:
    """Carry out steps 1 to 3; return what the lint says about the unchanged skeletons, and the changes."""
    lock = load_lock(copy.root / "spec" / "upstream.lock.json")
    changed = _changed(lock)
    changes = compare(lock, changed)
    _git(copy, "init", "--quiet", "--initial-branch=main")
    _git(copy, "add", "--all")
    _git(copy, "commit", "--quiet", "--message", "the copy")
    propose(copy.root, BRANCH, changes, changed, read_names(copy.root / "spec"))
    _git(copy, "checkout", "--quiet", BRANCH)
    left = copy.complaint("-m", "scripts.lint_spec")
    _fill(copy)
    copy.check(CHECKS[:3])
    copy.write("spec/upstream.lock.json", dump_lock(changed, "2026-12-01"))
    _explain(copy, copy.complaint("-m", "scripts.watch", "--coverage"))
    copy.check(CHECKS)
    return left, changes
