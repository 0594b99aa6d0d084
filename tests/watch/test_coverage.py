"""spec/ covers everything of the vendor's document, or says in deviations.yaml why not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.bundle import bundle
from scripts.codegen.document import METHODS
from scripts.evidence import DROPPED, read_names
from scripts.watch.__main__ import main
from scripts.watch.bundled import read_bundle
from scripts.watch.facts import load_lock

from .conftest import ROOT

SPEC = ROOT / "spec"
LOCK = SPEC / "upstream.lock.json"


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str]:
    status = main(["--coverage", *map(str, arguments)])
    return status, capsys.readouterr().out


def test_everything_is_covered_or_explained(capsys: pytest.CaptureFixture[str]) -> None:
    status, output = run(capsys)

    assert status == 0, output
    assert output.splitlines()[-1].endswith(" 0 of them unexplained")


def test_the_vendor_document_is_the_one_last_reviewed(
    capsys: pytest.CaptureFixture[str], vendor_document: Path
) -> None:
    status, output = run(capsys, "--file", vendor_document)

    assert status == 0, output
    assert output.startswith("0 change(s) since the review of 2026-07-27\n")


def test_accepting_the_vendor_document_gives_the_committed_lock(vendor_document: Path, tmp_path: Path) -> None:
    lock = tmp_path / "lock.json"

    assert main(["--file", str(vendor_document), "--lock", str(lock), "--accept", "--dated", "2026-07-27"]) == 0
    assert lock.read_bytes() == LOCK.read_bytes()


def test_a_body_of_other_files_and_a_parameter_of_the_path_are_read_as_the_operations_own() -> None:
    raw = bundle(SPEC)
    before = read_bundle(raw)["operations"]
    media = raw["paths"]["/vbanks"]["post"]["requestBody"]["content"]["application/json"]
    raw["components"]["schemas"]["Whole"] = media["schema"]
    media["schema"] = {"allOf": [{"$ref": "#/components/schemas/Whole"}]}
    shared = raw["paths"]["/payments/{imp_uid}"]["parameters"]
    shared.append({"name": "imp_uid", "in": "path", "schema": {"type": "integer"}})
    assert read_bundle(raw)["operations"] == before


def test_the_lock_has_the_whole_document() -> None:
    lock = load_lock(LOCK)
    ours = json.loads((ROOT / "generated" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    offered = {
        f"{method.upper()} {path}"
        for path, item in ours.items()
        for method, operation in item.items()
        if method in METHODS and "x-history" not in operation
    }

    assert lock["operations"].keys() <= offered  # what only we have is explained: `make coverage`
    assert all(operation["statuses"] for operation in lock["operations"].values())
    assert not re.search(r"[가-힣<>&]", LOCK.read_text(encoding="utf-8"))
    longest = max(re.findall(r'"([^"\\]*)"', LOCK.read_text(encoding="utf-8")), key=lambda text: text.count(" "))
    assert longest.count(" ") <= 2  # names and values, no sentence


def forget_operation(lock: dict[str, Any]) -> None:
    lock["operations"]["POST /new"] = {**lock["operations"]["GET /banks"], "id": "new"}


def forget_parameter(lock: dict[str, Any]) -> None:
    lock["operations"]["GET /banks"]["parameters"]["page"] = {"in": "query", "type": "integer"}


def require_parameter(lock: dict[str, Any]) -> None:
    lock["operations"]["POST /payments/cancel"]["parameters"]["amount"]["required"] = True


def change_type(lock: dict[str, Any]) -> None:
    lock["definitions"]["PaymentAnnotation"]["fields"]["amount"]["type"] = "string"


def forget_field(lock: dict[str, Any]) -> None:
    lock["definitions"]["PaymentAnnotation"]["fields"]["new_field"] = {"type": "string"}


def forget_value(lock: dict[str, Any]) -> None:
    lock["operations"]["GET /payments/status/{payment_status}"]["parameters"]["payment_status"]["values"].append("new")


def forget_status(lock: dict[str, Any]) -> None:
    lock["operations"]["GET /banks"]["statuses"]["418"] = ""


def forget_pg(lock: dict[str, Any]) -> None:
    lock["operations"]["POST /vbanks"]["pg"]["supported"].append("newpg")


def forget_definition(lock: dict[str, Any]) -> None:
    lock["definitions"]["NewAnnotation"] = {"fields": {"id": {"type": "string"}}}


def change_bound(lock: dict[str, Any]) -> None:
    lock["definitions"]["PaymentAnnotation"]["fields"]["vbank_num"]["bounds"] = {"minimum": 3}


UNCOVERED: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (forget_operation, "POST /new [operation-missing]"),
    (forget_parameter, "codes_list_banks.page [parameter-missing]"),
    (require_parameter, "payments_cancel.amount [required-missing]"),
    (change_type, "Payment.amount [type]"),
    (forget_field, "Payment.new_field [field-missing]"),
    (forget_value, "payments_search.payment_status [value-missing]"),
    (forget_status, "codes_list_banks.418 [status-missing]"),
    (forget_pg, "vbanks_issue [pg-missing]"),
    (forget_definition, "NewAnnotation [definition-missing]"),
    (change_bound, "Payment.vbank_num [bound-missing]"),
]


@pytest.mark.parametrize(("change", "expected"), UNCOVERED, ids=[each[0].__name__ for each in UNCOVERED])
def test_what_spec_does_not_cover_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Any]], None], expected: str
) -> None:
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    change(lock)
    path = tmp_path / "lock.json"
    path.write_text(json.dumps(lock), encoding="utf-8")

    status, output = run(capsys, "--lock", path)

    assert status == 1
    assert f"\n  {expected}: " in output


def edit(spec: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = spec / "deviations.yaml"
    entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    change(entries)
    path.write_text(yaml.dump(entries, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")


def named(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["id"] == name)


def test_a_difference_without_its_entry_is_named(spec_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(spec_copy, lambda entries: entries.remove(named(entries, "certification-birth")))

    status, output = run(capsys, "--spec", spec_copy)

    assert status == 1
    expected = "Certification.birth [field-added]: CertificationAnnotation birth: field only in ours (integer)"
    found = re.search(
        rf"^  {re.escape(expected)}  \[of this kind in spec/deviations\.yaml: (.+)\]$", output, re.MULTILINE
    )
    assert found is not None
    entries = yaml.load((spec_copy / "deviations.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    assert all("field-added" in named(entries, name)["kinds"] for name in found[1].split(", "))


def test_a_pointer_that_explains_nothing_is_named(spec_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(spec_copy, lambda entries: named(entries, "certification-birth")["pointers"].append("Certification.age"))

    status, output = run(capsys, "--spec", spec_copy)

    assert status == 1
    assert output.endswith("  certification-birth: Certification.age explains no difference of kind field-added\n")


def test_an_entry_explains_only_its_kinds(spec_copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(spec_copy, lambda entries: named(entries, "certification-birth").update(kinds=["field-missing"]))

    status, output = run(capsys, "--spec", spec_copy)

    assert status == 1
    assert "  certification-birth: there is no difference of kind field-missing at all\n" not in output
    assert "Certification.birth [field-added]" in output
    assert "certification-birth: Certification.birth explains no difference of kind field-missing" in output


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda entry: entry.pop("why"), "an entry has exactly the keys"),
        (lambda entry: entry.update(more="x"), "an entry has exactly the keys"),
        (lambda entry: entry.update(why="  "), "`why` is a text that is not empty"),
        (lambda entry: entry.update(evidence=3), "`evidence` is a text that is not empty"),
        (lambda entry: entry.update(pointers=[]), "`pointers` is a list of strings that is not empty"),
        (lambda entry: entry.update(pointers="Tier"), "`pointers` is a list of strings that is not empty"),
        (lambda entry: entry.update(kinds=["colour"]), "there is no kind of difference called colour"),
        (lambda entry: entry.update(kinds=["type", "type"]), "one of its `kinds` stands twice"),
        (lambda entry: entry.update(id="Not A Slug"), "`id` is a short slug"),
        (lambda entry: entry.update(id="tier-header"), "tier-header stands twice"),
    ],
)
def test_a_malformed_entry(
    spec_copy: Path, capsys: pytest.CaptureFixture[str], change: Callable[[dict[str, Any]], object], expected: str
) -> None:
    edit(spec_copy, lambda entries: change(named(entries, "certification-birth")))

    assert main(["--coverage", "--spec", str(spec_copy)]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("upstream: deviations.yaml: ")
    assert expected in errors
    assert errors.count("\n") == 1


def test_the_name_table_is_complete() -> None:
    lock, names, document = load_lock(LOCK), read_names(SPEC), bundle(SPEC)

    assert set(names) == set(lock["definitions"])
    schemas = set(document["components"]["schemas"])
    assert set(names.values()) - {DROPPED} <= schemas
    dropped = [name for name, ours in names.items() if ours == DROPPED and " " not in name]
    assert len(dropped) == 7
    table = (SPEC / "names.yaml").read_text(encoding="utf-8")
    for name in dropped:
        assert f"\n{name}: dropped  # " in table, f"{name}: no reason"


def test_a_name_of_a_type_that_is_gone_is_a_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    del lock["definitions"]["UserControllerAnnotation"]
    path = tmp_path / "lock.json"
    path.write_text(json.dumps(lock), encoding="utf-8")

    status, output = run(capsys, "--lock", path)

    assert status == 1
    assert output.endswith("  names.yaml: the vendor has no type UserControllerAnnotation\n")


def test_each_operation_of_the_vendor_is_named_where_it_is_answered() -> None:
    lock, document = load_lock(LOCK), bundle(SPEC)
    named = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and (vendor := operation.get("x-vendor-operation-id")) is not None:
                named[f"{method.upper()} {path}"] = None if "deprecated" in operation else vendor

    withdrawn = {key for key, vendor in named.items() if vendor is None}
    assert {key: lock["operations"].get(key, {}).get("id") for key in named} == named
    assert lock["operations"].keys() == named.keys() - withdrawn
