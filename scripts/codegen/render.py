"""Print the views through the templates, and let ruff give the result its one form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from . import text
from .document import Document, GenerateError
from .models import Grouping, enum_views, model_views
from .tags import tag_views

__all__ = ["PACKAGE", "format_tree", "render"]

PACKAGE = "portone_v1_generated"
PER_TAG = ("api", "enums", "models", "strict")


def environment(templates: Path) -> Environment:
    env = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - the output is Python, and every text goes through `literal` or `block`
    )
    env.filters["literal"] = text.literal
    env.filters["oneline"] = lambda value: " ".join(str(value).split())
    env.filters["tuple"] = tuple
    return env


def render(document: Document, templates: Path, target: Path) -> None:
    """Write the package below `target`."""
    tags, models, enums = tag_views(document), model_views(document), enum_views(document)
    grouping = Grouping.of(models, [(tag.name, tag.kinds) for tag in tags])
    grouping.require_all(models, enums)
    payloads = {operation.payload.model for tag in tags for operation in tag.operations}
    shared: dict[str, Any] = {
        "document": document,
        "tags": tags,
        "enum_table": sorted((enum.name, grouping.owner[enum.name]) for enum in enums),
        "model_table": sorted((model.name, grouping.owner[model.name]) for model in models),
        "strict_table": sorted((m.strict_name, grouping.owner[m.name]) for m in models if m.name in payloads),
    }
    env = environment(templates)
    printer = _Printer(env, target, shared)
    for path in sorted((templates / PACKAGE).rglob("*.jinja")):
        name = path.relative_to(templates).as_posix()
        if path.name != "_tag.py.jinja":
            printer.write(name, name.removesuffix(".jinja"))
    tables = {enum.name: enum.table for enum in enums}
    for tag in tags:
        own_models = grouping.models_of(tag.name, models)
        own_enums = [enum for enum in enums if grouping.owner[enum.name] == tag.name]
        printer.write_tag(
            "api",
            tag,
            enum_imports=grouping.imports(tag.enums, ""),
            model_imports=grouping.imports(tag.classes, ""),
        )
        if own_enums:
            printer.write_tag("enums", tag, enums=own_enums)
        if own_models:
            classes = {name for model in own_models for name in model.classes}
            named = {name for model in own_models for name in model.enums}
            by_module = {
                module: [entry for name in names for entry in (tables[name], name)]
                for module, names in grouping.imports(named, "").items()
            }
            printer.write_tag(
                "models",
                tag,
                models=own_models,
                enum_imports=by_module,
                model_imports=grouping.imports(classes, tag.name),
            )
            if strict := [model for model in own_models if model.name in payloads]:
                printer.write_tag(
                    "strict",
                    tag,
                    models=strict,
                    enum_imports=by_module,
                    model_imports=grouping.imports(classes | {model.name for model in strict}, ""),
                )
    (target / PACKAGE / "py.typed").write_text("", encoding="utf-8")


class _Printer:
    def __init__(self, env: Environment, target: Path, shared: dict[str, Any]) -> None:
        self.env, self.target, self.shared = env, target, shared

    def write(self, template: str, output: str, **more: Any) -> None:
        try:
            printed = self.env.get_template(template).render(**self.shared, **more)
        except TemplateError as error:
            line = getattr(error, "lineno", None) or _template_line(error)
            raise GenerateError(f"templates/{template}{f':{line}' if line else ''}: {error}") from error
        if " object at 0x" in printed:
            raise GenerateError(f"templates/{template}: it prints an object, not its text")
        path = self.target / output
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(printed, encoding="utf-8", newline="\n")

    def write_tag(self, folder: str, tag: Any, **more: Any) -> None:
        self.write(f"{PACKAGE}/{folder}/_tag.py.jinja", f"{PACKAGE}/{folder}/{tag.name}.py", tag=tag, **more)


def _template_line(error: BaseException) -> int | None:
    """The deepest template line of the traceback."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".jinja"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def format_tree(target: Path) -> None:
    """Unused imports out, imports sorted, one layout: by a pinned ruff that reads no configuration around it."""
    ruff = [sys.executable, "-m", "ruff"]
    common = ["--isolated", "--quiet", "--no-cache", "--target-version", "py311"]
    for setting in (
        "line-length=110",
        "lint.isort.split-on-trailing-comma=false",
        "format.skip-magic-trailing-comma=true",
    ):
        common += ["--config", setting]
    fixes = [*ruff, "check", *common, "--fix", "--unsafe-fixes", "--select", "I,F401,F811,F821"]
    for command in ([*fixes, str(target)], [*ruff, "format", *common, str(target)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            shown = (done.stdout + done.stderr).replace(f"{target}/", "").strip().splitlines()
            raise GenerateError(f"the generated code is not sound: {' '.join(shown[:3])[:300]}")
