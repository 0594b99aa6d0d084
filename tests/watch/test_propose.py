"""The patch that the watch proposes: a branch with skeletons, which the lint refuses until a person filled them in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from .conftest import ROOT, Watch


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def _document(shop: dict[str, Any]) -> dict[str, Any]:
    """Return the shop's document with an operation and a type that spec/ knows."""
    shop["paths"]["/payments/prepare"] = {
        "post": {
            "operationId": "preparePayment",
            "tags": ["payments.validation"],
            "parameters": [{"name": "merchant_uid", "in": "formData", "type": "string", "required": True}],
            "responses": {},
        }
    }
    shop["definitions"]["PreparedPaymentAnnotation"] = {"properties": {"amount": {"type": "number"}}}
    shop["definitions"]["PaymentAnnotation"] = {"properties": {"status": {"type": "string", "enum": ["paid"]}}}
    return shop


def test_a_branch_with_a_skeleton_for_all_that_is_new(watch: Watch, spec_copy: Path) -> None:
    root = spec_copy.parent
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "add", "--", "spec")
    _git(root, "commit", "--quiet", "--message", "spec")
    shop = _document(watch.shop)
    watch.run("--file", watch.write(shop), "--accept", "--dated", "2026-01-02")
    shop["paths"]["/shop/new"] = {
        "post": {
            "operationId": "made",
            "tags": ["shop.new"],
            "parameters": [
                {"name": "who", "in": "query", "type": "string", "maxLength": 7, "required": True},
                {"name": "kinds", "in": "formData", "type": "array", "items": {"type": "string"}},
            ],
            "responses": {},
        }
    }
    prepare = shop["paths"]["/payments/prepare"]["post"]
    prepare["parameters"].append({"name": "shop_code", "in": "formData", "type": "string"})
    shop["definitions"]["PaymentAnnotation"]["properties"]["fresh"] = {"type": "integer"}
    shop["definitions"]["PaymentAnnotation"]["properties"]["status"]["enum"].append("paused")
    report = watch.folder / "report.md"

    status, lines, errors = watch.run(
        "--file", watch.write(shop), "--spec", spec_copy, "--propose", "vendor", "--report", report
    )

    assert (status, errors) == (1, "")
    assert "proposed: 5 file(s) on the branch vendor" in lines
    assert _git(root, "status", "--porcelain", "--", "spec") == ""  # the tree that someone works in is left alone

    def proposed(file: str) -> Any:
        return yaml.safe_load(_git(root, "show", f"vendor:{file}"))

    assert proposed("spec/openapi.yaml")["paths"]["/shop/new"] == {"$ref": "paths/shop_new/shop_new.yaml"}
    made = proposed("spec/paths/shop_new/shop_new.yaml")["post"]
    assert made["x-vendor-operation-id"] == "made"
    assert made["parameters"] == [
        {
            "name": "who",
            "in": "query",
            "required": True,
            "x-name-ko": "TODO",
            "description": "TODO",
            "schema": {"type": "string", "maxLength": 7},
        }
    ]
    [media] = made["requestBody"]["content"].values()
    assert media["schema"]["properties"]["kinds"]["items"] == {"type": "string"}
    [media] = proposed("spec/paths/prepare/payments_prepare.yaml")["post"]["requestBody"]["content"].values()
    assert media["schema"]["properties"]["shop_code"] == {"type": "string", "x-name-ko": "TODO", "description": "TODO"}
    assert proposed("spec/schemas/Payment.yaml")["properties"]["fresh"]["type"] == ["integer", "null"]
    assert "paused: TODO" in _git(root, "diff", "main", "vendor", "--", "spec/schemas")
    assert "- [ ] `spec/schemas/Payment.yaml`" in report.read_text(encoding="utf-8")

    _git(root, "checkout", "--quiet", "vendor")
    command = [sys.executable, "-m", "scripts.lint_spec", "--spec", str(root / "spec")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "TODO" in done.stdout + done.stderr


def test_nothing_new_makes_no_branch(watch: Watch, spec_copy: Path) -> None:
    root = spec_copy.parent
    _git(root, "init", "--quiet", "--initial-branch=main")
    _git(root, "add", "--", "spec")
    _git(root, "commit", "--quiet", "--message", "spec")
    status, lines, _ = watch.run("--file", watch.write(watch.shop), "--spec", spec_copy, "--propose", "vendor")
    assert (status, lines[1:]) == (0, ["nothing to propose"])
    assert json.loads(watch.lock.read_text(encoding="utf-8"))["dated"] == "2026-01-02"
    assert _git(root, "branch", "--list", "vendor") == ""
