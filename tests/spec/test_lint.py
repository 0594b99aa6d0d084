"""Each house rule finds the faults that it is there for (tests/spec/faults/), and lets the good pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.lint import examples, extensions, house
from scripts.lint_spec import RULES, lint, main, validate
from tests.spec.faults import CASES, Rule, Spoil
from tests.spec.faults.examples import with_text
from tests.spec.trees import ROOT, Tree

REPORT = "paths/stock/stock_report.yaml"
VALIDATED = (house.is_openapi, examples.examples_validate)


@pytest.mark.parametrize(("rule", "line", "spoil"), CASES)
def test_the_fault_is_found(rule: Rule, line: str, spoil: Spoil, tree: Tree) -> None:
    spoil(tree)
    assert line in [*rule(tree.spec)]
    everything = validate if rule in VALIDATED else lint
    assert line in everything(tree.spec)


@pytest.mark.parametrize("rule", [*RULES, *VALIDATED], ids=lambda rule: rule.__name__)
def test_every_rule_has_a_case_and_lets_the_good_pass(rule: Rule, tree: Tree) -> None:
    assert [*rule(tree.spec)] == []
    assert rule in [case.values[0] for case in CASES]


def test_only_what_looks_real_is_refused(tree: Tree) -> None:
    """Test cards, masked cards and long numbers that are no cards stay allowed."""
    with_text(tree, "4242424242424242 433012******1234 2026031012345678 010-0000-1234 hong@example.com")
    assert [*examples.invented_people(tree.spec)] == []


def test_the_lines_are_sorted_and_printed_once(tree: Tree) -> None:
    for name in ("Order.paid_at", "Order.amount", "Voucher.valid_to"):
        del tree.field(name)["description"]
    lines = lint(tree.spec)
    assert lines == sorted(set(lines))
    assert len(lines) == 3


def test_a_closed_list_of_whole_numbers_is_explained(tree: Tree) -> None:
    level = tree.schema("Level")
    level["x-enum-descriptions"] = level.pop("x-open-enum")
    level["enum"] = [0, 1]
    assert lint(tree.spec) == []


@pytest.mark.parametrize("whole", ["$ref: {0}", "allOf: [{{$ref: {0}}}, {{$ref: ../../schemas/Article.yaml}}]"])
def test_a_body_may_be_made_of_other_files(whole: str, tree: Tree) -> None:
    fields = (tree.folder / REPORT).read_text(encoding="utf-8").partition("schema:\n")[2].partition("  responses:")[0]
    tree.edit(REPORT, f"schema:\n{fields}", f"schema:\n          {whole.format('../../schemas/Receiver.yaml')}\n")
    example = tree.example("stock_report.ok")
    example["request"]["body"] = {"name": "홍길동", "unit": 1}
    tree.write_example("stock_report.ok", example)
    assert lint(tree.spec) == []
    assert "examples/stock_report.ok.json: request.body.unit: the operation has none of this" in validate(tree.spec)


def test_the_table_is_the_list_of_extensions() -> None:
    """What codegen reads and what the templates read is in the table, and what is in the table is used."""
    table = extensions.table_of()
    assert table["x-money"] == (["number"], True)
    assert table["x-at-least-one"] == (["body", "operation"], False)
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder, pattern in (("scripts/codegen", "*.py"), ("templates", "*.jinja"))
        for path in sorted((ROOT / folder).rglob(pattern))
    )
    read = set(re.findall(r"""["'](x-[a-z-]+)["']""", source))
    assert read - {"x-enum-varnames"} <= table.keys()  # that one is the tool's
    assert "x-money" in read


def test_a_table_with_an_unknown_place(tree: Tree, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("| `x-money: true` | banknote | an amount |\n", encoding="utf-8")
    lines = [*extensions.known_extensions(tree.spec, readme)]
    assert "README.md: x-money: there is no place called banknote" in lines
    assert "Order.amount: x-money may only stand at banknote" in lines


def test_the_command_line(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--spec", str(tree.folder)]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"lint_spec: 5 operations keep {len(RULES)} rules, and the examples are what they say\n"
    assert printed.err == ""

    tree.edit("schemas/Voucher.yaml", "description: Its number.", "description: 'Its number:'")
    assert main(["--spec", str(tree.folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert (
        printed.err
        == "spec/schemas/Voucher.yaml: Voucher.voucher_uid: description breaks off\nlint_spec: 1 problems in spec/\n"
    )

    tree.remove("schemas/Voucher.yaml")
    assert main(["--spec", str(tree.folder)]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("lint_spec: spec/schemas/envelopes/RefundEnvelope.yaml: ")
    assert printed.err.count("\n") == 1
