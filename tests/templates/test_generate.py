"""`generate` writes the same bytes always, or nothing at all and says why in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openapi_python_client.parser import GeneratorData

from scripts.codegen import tool
from scripts.generate import TEMPLATES, build, changes, main

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MINI = HERE / "mini"
GOLDEN = HERE / "golden"


@dataclass
class Workshop:
    """Copies to spoil, and an output folder that holds the result of an earlier run."""

    spec: Path
    templates: Path
    output: Path

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path.name} does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def edit_spec(self, name: str, old: str, new: str) -> None:
        self.edit(self.spec / name, old, new)

    def edit_template(self, name: str, old: str, new: str) -> None:
        self.edit(self.templates / name, old, new)

    def run(self) -> int:
        places = {"--spec": self.spec, "--templates": self.templates, "--output": self.output}
        return main([text for option, path in places.items() for text in (option, str(path))])


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(
        shutil.copytree(MINI, tmp_path / "spec"),
        shutil.copytree(TEMPLATES, tmp_path / "templates"),
        shutil.copytree(GOLDEN, tmp_path / "output"),
    )


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _broken_yaml(workshop: Workshop) -> None:
    workshop.edit_spec("schemas/Voucher.yaml", "[voucher_uid]", "[voucher_uid")


def _dangling_reference(workshop: Workshop) -> None:
    workshop.edit_spec("schemas/Order.yaml", "enums/OrderStatus.yaml", "enums/NoStatus.yaml")


def _two_operations_with_one_id(workshop: Workshop) -> None:
    workshop.edit_spec("paths/shop/orders.yaml", "operationId: shop_order", "operationId: shop_refund")
    for path in (workshop.spec / "examples").glob("shop_order.*"):
        path.unlink()


def _broken_house_rule(workshop: Workshop) -> None:
    workshop.edit_spec("schemas/Voucher.yaml", "description: Its number.", "description: TODO")


def _a_format_that_is_not_supported(workshop: Workshop) -> None:
    workshop.edit_spec("schemas/Voucher.yaml", "    type: string\n", "    type: string\n    format: binary\n")


def _walk_by_a_time_that_is_not_there(workshop: Workshop) -> None:
    workshop.edit_spec(
        "paths/stock/stock_{shop-uid}_{level}.yaml", "    key: name\n", "    key: name\n    time: due_at\n"
    )


def _mistyped_variable(workshop: Workshop) -> None:
    workshop.edit_template("portone_v1_generated/models/_tag.py.jinja", "{{ model.keys }}", "{{ model.kyes }}")


def _mistyped_template(workshop: Workshop) -> None:
    workshop.edit_template("partials/lazy.jinja", "{% endmacro %}", "{% endmacor %}")


def _missing_partial(workshop: Workshop) -> None:
    (workshop.templates / "partials" / "header.jinja").unlink()


def _invalid_python(workshop: Workshop) -> None:
    workshop.edit_template("portone_v1_generated/enums/_tag.py.jinja", "class {{ enum.name }}", "clas {{ enum.name }}")


def _printed_object(workshop: Workshop) -> None:
    workshop.edit_template("partials/header.jinja", "{{ title }}", "{{ title }} {{ cycler(title) }}")


def _dropped_operation(workshop: Workshop) -> None:
    workshop.edit_template(
        "portone_v1_generated/api/_tag.py.jinja",
        "{{ method(operation, is_async) | indent(4) }}",
        "{{ method(operation, is_async) | indent(4) if operation.name != 'refund' }}",
    )


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_broken_yaml, "spec/schemas/Voucher.yaml:4: "),
        (_dangling_reference, "spec/schemas/Order.yaml: enums/NoStatus.yaml: there is no such file in spec/"),
        (_two_operations_with_one_id, "the operationId shop_refund is that of POST /orders as well"),
        (_broken_house_rule, "Voucher.voucher_uid: description is unfinished"),
        (_a_format_that_is_not_supported, "/properties/voucher_uid/format: the format binary is not supported"),
        (
            _walk_by_a_time_that_is_not_there,
            "spec/paths/stock/stock_{shop-uid}_{level}.yaml, get: x-pagination goes by due_at, which no item has",
        ),
        (_mistyped_variable, "templates/portone_v1_generated/models/_tag.py.jinja:"),
        (_mistyped_template, "Encountered unknown tag 'endmacor'"),
        (_missing_partial, "partials/header.jinja"),
        (_invalid_python, "the generated code is not sound"),
        (_printed_object, "it prints an object, not its text"),
        (_dropped_operation, "shop_refund: the templates wrote no method for it in both flavours"),
    ],
)
def test_a_fault_stops_it(
    spoil: Callable[[Workshop], None], expected: str, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    _assert_stopped(spoil, expected, workshop, capsys)


def _assert_stopped(
    spoil: Callable[[Workshop], None], expected: str, workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _bytes(workshop.output)
    spoil(workshop)
    assert workshop.run() == 1
    printed = capsys.readouterr()
    reason, kept = printed.err.splitlines()
    assert reason.startswith("generate: ")
    assert expected in reason
    assert len(reason) < 400
    assert kept == "generate: output/ stays as it was"
    assert printed.out == ""
    assert _bytes(workshop.output) == before


@pytest.mark.parametrize("pinned", ["openapi-python-client", "jinja2", "ruff"])
def test_another_version_of_a_tool_stops_it(
    pinned: str, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tool, "version", lambda name: "0.0.1" if name == pinned else tool.PINNED[name])
    expected = f"{pinned} 0.0.1 is installed; the output is only the same with {tool.PINNED[pinned]}"
    _assert_stopped(lambda _: None, expected, workshop, capsys)


def test_an_operation_that_the_parser_loses_stops_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parse = GeneratorData.from_dict

    def lose_one(*arguments: Any, **options: Any) -> Any:
        data = parse(*arguments, **options)
        assert isinstance(data, GeneratorData)
        next(iter(data.endpoint_collections_by_tag.values())).endpoints.pop()
        return data

    monkeypatch.setattr(GeneratorData, "from_dict", lose_one)
    _assert_stopped(lambda _: None, "the tool lost it", workshop, capsys)


def test_a_stale_file_goes_and_a_hurt_one_is_repaired(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    package = workshop.output / "portone_v1_generated"
    (package / "left_over.py").write_text("", encoding="utf-8")
    (package / "py.typed").write_text("hurt", encoding="utf-8")
    untouched = (package / "pg_rules.py").stat().st_mtime_ns
    assert workshop.run() == 0
    assert capsys.readouterr().out == "generate: 5 operations from spec/, 3 files changed\n"
    assert not (package / "left_over.py").exists()
    assert (package / "py.typed").read_bytes() == b""
    assert (package / "pg_rules.py").stat().st_mtime_ns == untouched
    assert workshop.run() == 0
    assert capsys.readouterr().out == "generate: 5 operations from spec/, nothing drifted\n"
    assert not [path for path in workshop.output.rglob(".*") if path.is_file()]


def test_it_makes_the_folder(workshop: Workshop) -> None:
    shutil.rmtree(workshop.output)
    assert workshop.run() == 0
    (workshop.output / "STAMP.json").unlink()
    assert changes(workshop.output, GOLDEN) == {}


@pytest.mark.parametrize(
    ("seed", "zone", "language", "folder"),
    [("0", "Asia/Seoul", "C", "/"), ("4242", "America/New_York", "ko_KR.UTF-8", None)],
)
def test_the_bytes_do_not_depend_on_the_machine(
    seed: str, zone: str, language: str, folder: str | None, tmp_path: Path
) -> None:
    build(tmp_path / "here", MINI)
    environment = {
        **os.environ,
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LC_ALL": language,
        "PYTHONUTF8": "0",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "scripts.generate", "--spec", str(MINI), "--output", str(tmp_path / "there")]
    done = subprocess.run(command, cwd=folder or tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert changes(tmp_path / "there", tmp_path / "here") == {}
