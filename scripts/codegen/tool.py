"""Every name of openapi-python-client that is used, in one place; `tests/templates/test_tool.py` pins each of them.

Its classes are no public contract, so the version is pinned exactly, and no other module imports the
package; `as` re-exports a name. The contract test names a missing attribute before a template prints nonsense.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol, cast

from ..steps import StepError

PINNED = {"jinja2": "3.1.6", "openapi-python-client": "0.29.1", "ruff": "0.17.6"}
"""Pinned, because other versions write other bytes."""


def check_pins() -> None:
    for name, wanted in PINNED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            raise StepError(f"{name} is not installed; the output is only the same with {wanted}") from None
        if found != wanted:
            raise StepError(f"{name} {found} is installed; the output is only the same with {wanted}")


try:
    check_pins()  # before the import: another version may not even have these parts
except StepError as error:
    sys.exit(f"generate: {error}")

try:
    from openapi_python_client import Project as Project
    from openapi_python_client.config import Config as Config
    from openapi_python_client.config import ConfigFile, MetaType
    from openapi_python_client.parser import GeneratorData as GeneratorData
    from openapi_python_client.parser.bodies import Body as Body
    from openapi_python_client.parser.errors import GeneratorError
    from openapi_python_client.parser.openapi import Endpoint as Endpoint
    from openapi_python_client.parser.properties import AnyProperty as AnyProperty
    from openapi_python_client.parser.properties import EnumProperty as EnumProperty
    from openapi_python_client.parser.properties import ModelProperty as ModelProperty
    from openapi_python_client.parser.properties import Property as Property
    from openapi_python_client.parser.properties.boolean import BooleanProperty as BooleanProperty
    from openapi_python_client.parser.properties.const import ConstProperty as ConstProperty
    from openapi_python_client.parser.properties.date import DateProperty as DateProperty
    from openapi_python_client.parser.properties.datetime import DateTimeProperty as DateTimeProperty
    from openapi_python_client.parser.properties.float import FloatProperty as FloatProperty
    from openapi_python_client.parser.properties.int import IntProperty as IntProperty
    from openapi_python_client.parser.properties.list_property import ListProperty as ListProperty
    from openapi_python_client.parser.properties.none import NoneProperty as NoneProperty
    from openapi_python_client.parser.properties.string import StringProperty as StringProperty
    from openapi_python_client.parser.properties.union import UnionProperty as UnionProperty
    from openapi_python_client.parser.properties.uuid import UuidProperty as UuidProperty
    from openapi_python_client.parser.responses import Response as Response
    from openapi_python_client.strings import ClassName, PythonIdentifier
except ImportError as error:
    sys.exit(f"generate: this version of openapi-python-client moved a part that is used, see {__name__}: {error}")

PREFIX = "field_"


class Places(Protocol):
    """A document that knows where in spec/ its parts stand."""

    def place(self, name: str, *inside: str) -> str: ...


def python_name(wire_name: str) -> str:
    """Return the Python name for a name on the wire: `schedule-status` → `schedule_status`, `from` → `from_`."""
    return str(PythonIdentifier(wire_name.removesuffix("[]"), prefix=PREFIX))


def second_name(wire_name: str) -> str:
    """Return the name that the tool uses if the first one is taken: as on the wire, without snake_case."""
    return str(PythonIdentifier(wire_name, prefix=PREFIX, skip_snake_case=True))


def class_name(name: str) -> str:
    return str(ClassName(name, PREFIX))


def fields(model: ModelProperty) -> list[Property]:
    """Return the fields of a finished model, in the tool's order: required ones first."""
    return [*(model.required_properties or ()), *(model.optional_properties or ())]


def present(union: UnionProperty) -> list[Property]:
    """Return the branches of a union that are not null."""
    return [cast("Property", one) for one in union.inner_properties if not isinstance(one, NoneProperty)]


def inner(prop: ListProperty) -> Property:
    return cast("Property", prop.inner_property)


def plain_text(text: Any) -> str:
    """Return a text of the document, which the tool wraps so that no template prints it unescaped by accident."""
    return "" if text is None else str(text.get_untrusted_value() if hasattr(text, "get_untrusted_value") else text)


def configuration(target: Path) -> Config:
    return Config.from_sources(
        ConfigFile(post_hooks=[], field_prefix=PREFIX),
        MetaType.NONE,
        target / "openapi.json",
        "utf-8",
        overwrite=True,
        output_path=target,
    )


def parse(document: Places, copy: Any, config: Config | None = None) -> GeneratorData:
    """Parse the copy of the document with the tool. Anything that it warns about, drops or overwrites is an error."""
    data = GeneratorData.from_dict(copy, config=config or configuration(Path()))
    if isinstance(data, GeneratorError):
        raise StepError(_located(document, copy, f"{data.header} {data.detail or ''}"))
    errors = [*data.errors]
    for collection in data.endpoint_collections_by_tag.values():
        errors += collection.parse_errors
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise StepError(_located(document, copy, f"{errors[0].header} {errors[0].detail or ''}") + more)
    return data


NOISE = re.compile(
    r'Endpoint will not be generated\.|Failed to parse OpenAPI document|WARNING parsing |"?<[^>]+ at \w+>"?'
)


def _located(document: Places, copy: Any, message: str) -> str:
    """Return a message of the tool in one line, after the file in spec/ of the path or the schema that it names."""
    line = " ".join(NOISE.sub("", message).split())
    for name in sorted([*copy["paths"], *copy.get("components", {}).get("schemas", {})], key=len, reverse=True):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line):
            return f"{document.place(name)}: {line}"[:300]
    return line[:300]
