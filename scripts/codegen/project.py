"""The tool's `Project` with our layout: one module per tag, and the tables, printed by our templates.

`Project.build()` is used as it is: it makes the folders, calls the build steps below, runs the formatter and collects
the errors. So are its Jinja environment, filters, globals and template loader (ours before its own).
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache, StrictUndefined

from ..evidence import DROPPED, read_names
from ..steps import StepError
from . import text, tool
from .document import Document
from .models import EnumView, ModelView
from .operations import OperationView, TagView
from .payloads import envelope_of
from .printing import format_package, write
from .reached import Models
from .supported import for_the_tool
from .types.kinds import constant

PACKAGE = "portone_v1_generated"


def generate(document: Document, templates: Path, target: Path) -> None:
    """Write the package below `target`, or raise."""
    config = tool.configuration(target / PACKAGE)
    document.parsed = tool.parse(document, for_the_tool(document), config)
    project = SdkProject(document, config, templates)
    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it does
        errors = project.build()
    if errors:
        raise StepError(f"{errors[0].header} {errors[0].detail or ''}"[:300])


class SdkProject(tool.Project):
    """Overrides the steps that print: `_create_package`, `_build_models`, `_build_api`, `_run_post_hooks`."""

    def __init__(self, document: Document, config: tool.Config, templates: Path) -> None:
        super().__init__(openapi=document.parsed, config=config, custom_template_path=templates)
        self.document, self.templates = document, templates
        self.env.undefined = StrictUndefined
        self.env.bytecode_cache = FileSystemBytecodeCache()  # a test generates dozens of trees
        self.env.filters["constant"] = constant
        self.env.filters["words"] = lambda printed: {*re.findall(r"\w+", printed)}
        self.env.filters["literal"] = repr  # ruff gives it its final quotes
        self.env.filters["oneline"] = lambda value: " ".join(str(value).split())
        self.env.filters["tuple"] = tuple
        self.env.filters["plain_text"] = tool.plain_text
        self.env.filters["sentence"] = text.sentence
        self.env.filters["docstring"] = text.docstring
        self.found = Models(document)
        shared: Any = self.env.globals
        shared.update(tags=self.tags)  # after this, everything that they reach is known
        self.models: list[ModelView] = self.found.in_order(self.found.models)
        self.enums: list[EnumView] = self.found.in_order(self.found.enums)
        shared.update(
            vendor_names=self.vendor_names,
            enum_table=self.table(self.enums), model_table=self.table(self.models),
            option_headers=self.option_headers,
            strict_table=sorted((f"Strict{model.name}", self.found.owner[model.name]) for model in self.payloads),
        )  # fmt: skip

    @cached_property
    def tags(self) -> list[TagView]:
        """Every area, its operations in the document's order; the tool's endpoints, with the raw nodes behind them."""
        endpoints = {
            (str(tag), str(one.name)): one
            for tag, collection in self.openapi.endpoint_collections_by_tag.items()
            for one in collection.endpoints
        }
        declared = {tag["name"]: TagView(tag["name"], tag, []) for tag in self.document.tags}
        for operation in self.document.operations:
            tag, where = operation.tag, self.document.place(operation.path, operation.method)
            if tag not in declared:
                raise StepError(f"{where}: openapi.yaml does not declare the tag {tag}")
            endpoint = endpoints.pop((tool.python_name(tag), tool.python_name(operation.id)), None)
            if endpoint is None or endpoint.method != operation.method:
                raise StepError(f"{where}: {operation.id} is the id of more than one operation, or the tool lost it")
            declared[tag].operations.append(OperationView(**vars(operation), endpoint=endpoint, models=self.found))
        for self.found.area, view in declared.items():
            for one in view.operations:
                _ = one.arguments, one.payload  # collects what they reach
        self._no_class_hides_another(declared.values())
        return list(declared.values())

    def _no_class_hides_another(self, tags: Iterable[TagView]) -> None:
        """Refuse a schema with the name of a class that is generated for an area or an answer."""
        ours = {f"{flavour}{tag.class_name}{raw}" for tag in tags for flavour in ("", "Async") for raw in ("", "Raw")}
        ours |= {f"Strict{name}" for name in self.found.models}
        for name in sorted(ours & {*self.found.models, *self.found.enums}):
            raise StepError(f"{self.document.place(name)}: a class called {name} is written for an area or an answer")

    @property
    def option_headers(self) -> dict[str, str]:
        """Option of every call → the header that the specification gives it."""
        nodes = self.document.components("parameters").values()
        return {node["x-call-option"]: node["name"] for node in nodes if "x-call-option" in node}

    @property
    def payloads(self) -> list[ModelView]:
        """The models of answers: what an operation returns, and the models within it."""
        named = {model.name: model for model in self.models}
        returned = {operation.payload.model or "" for tag in self.tags for operation in tag.operations}
        waiting = returned & named.keys()
        expected: set[str] = set()
        while waiting:
            expected |= waiting
            waiting = {name for one in waiting for name in named[one].strict_classes} - expected
        return [model for model in self.models if model.name in expected]

    @property
    def vendor_names(self) -> dict[str, str]:
        """The vendor's name of a type → the class, or what a method returns for an envelope; empty for no class."""
        names = read_names(self.document.folder) if self.document.folder else {}
        if stray := sorted({*names.values()} - self.document.schemas.keys() - {DROPPED}):
            raise StepError(f"spec/names.yaml: there is no schema {', '.join(stray)}")
        here = {DROPPED: "", "Envelope": "RawResponse"} | {
            str(envelope_of(one.endpoint, one.where).class_info.name): one.payload.annotation
            for tag in self.tags
            for one in tag.operations
        }
        named = ((vendor, here.get(ours, ours)) for vendor, ours in sorted(names.items()) if vendor.isidentifier())
        return {vendor: ours for vendor, ours in named if ours != vendor}

    def table(self, views: list[Any]) -> list[tuple[str, str]]:
        return sorted((view.name, self.found.owner[view.name]) for view in views)

    def _create_package(self) -> None:
        """Print the modules that exist once, whatever the tags."""
        for path in sorted((self.templates / PACKAGE).rglob("*.jinja")):
            if path.name != "_tag.py.jinja":
                name = path.relative_to(self.templates).as_posix()
                self._print(name, name.removeprefix(f"{PACKAGE}/").removesuffix(".jinja"))
        (self.package_dir / "py.typed").write_text("", encoding="utf-8")

    def _build_models(self) -> None:
        payloads = {model.name for model in self.payloads}
        for tag in self.tags:
            if enums := [enum for enum in self.enums if self.found.owner[enum.name] == tag.name]:
                self._print_tag("enums", tag, enums=enums)
            if models := self.found.models_of(tag.name):
                self._print_tag("models", tag, models=models)
            if strict := [model for model in models if model.name in payloads]:
                self._print_tag("strict", tag, models=strict)

    def _build_api(self) -> None:
        for tag in self.tags:
            self._print_tag("api", tag)

    def _print_tag(self, folder: str, tag: TagView, **more: Any) -> None:
        self._print(f"{PACKAGE}/{folder}/_tag.py.jinja", f"{folder}/{tag.name}.py", tag=tag, **more)

    def _print(self, template: str, output: str, **more: Any) -> None:
        write(self.env, template, self.package_dir / output, more)

    def _run_post_hooks(self) -> None:
        format_package(self.package_dir)
