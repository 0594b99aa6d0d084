"""CONTRIBUTING's "Rename" and "Remove an operation", in a copy to which the recipe before has added one."""

from __future__ import annotations

import re

from .add_operation import CHECKS, DEVIATION, HANDLER, NAME, PATH_FILE, ROOT, URL, Copy

__all__ = ["NEW_NAME", "remove", "rename"]

NEW_NAME = "codes_find_card_logo"
SANDBOX = "sandbox/portone_v1_sandbox/merchant/codes.py"


def rename(copy: Copy) -> str:
    """Carry out steps 1 to 4; return what `make coverage` says about the old names left half-way through step 2."""
    copy.replace(PATH_FILE, NAME, NEW_NAME)
    for example in (copy.root / "spec/examples").glob(f"{NAME}.*.json"):
        example.rename(example.with_name(example.name.replace(NAME, NEW_NAME)))
    left = copy.complaint("-m", "scripts.watch", "--coverage")
    copy.replace("spec/deviations.yaml", NAME, NEW_NAME)
    copy.replace(SANDBOX, NAME, NEW_NAME)
    copy.check(CHECKS)
    return left


def remove(copy: Copy) -> str:
    """Carry out steps 1 to 5 for the renamed operation; return what lint and coverage name after step 1."""
    (copy.root / PATH_FILE).unlink()
    listed = copy.read("spec/openapi.yaml")
    copy.write("spec/openapi.yaml", re.sub(rf"  {re.escape(URL)}:\n.*\n", "", listed))
    for example in (copy.root / "spec/examples").glob(f"{NEW_NAME}.*.json"):
        example.unlink()
    left = copy.complaint("-m", "scripts.lint_spec") + copy.complaint("-m", "scripts.watch", "--coverage")
    for schema in ("CardLogo", "envelopes/CardLogoEnvelope"):
        (copy.root / f"spec/schemas/{schema}.yaml").unlink()
    copy.replace("spec/deviations.yaml", DEVIATION.replace(NAME, NEW_NAME), "")
    copy.replace(SANDBOX, HANDLER.replace(NAME, NEW_NAME), "")
    copy.check(CHECKS)
    assert copy.read(SANDBOX).rstrip() == (ROOT / SANDBOX).read_text(encoding="utf-8").rstrip()
    return left
