"""openapi-python-client's parser as the judge of the document, and as the source of Python names.

Its template interface is no contract, so nothing else of it is used: it reads the document, and everything that it
warns about, drops or overwrites in silence is an error here.
"""

from __future__ import annotations

import copy
import tempfile
from importlib.metadata import version
from pathlib import Path

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import PythonIdentifier

from .document import Document, GenerateError

__all__ = ["PINNED", "check_pins", "check_with_parser", "python_name"]

PINNED = {"jinja2": "3.1.6", "openapi-python-client": "0.29.1", "ruff": "0.17.6"}


def check_pins() -> None:
    """Other versions write other bytes, so they are refused."""
    for name, wanted in PINNED.items():
        if (found := version(name)) != wanted:
            raise GenerateError(f"{name} {found} is installed; the output is only the same with {wanted}")


def python_name(wire_name: str) -> str:
    """The keyword or attribute for a name on the wire: `schedule-status` → `schedule_status`, `from` → `from_`."""
    return str(PythonIdentifier(wire_name.removesuffix("[]"), prefix="field_"))


def check_with_parser(document: Document) -> None:
    """Refuse what the parser refuses, warns about or loses."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_sources(
            ConfigFile(post_hooks=[], literal_enums=True),
            MetaType.NONE,
            Path(folder) / "openapi.json",
            "utf-8",
            overwrite=True,
            output_path=Path(folder) / "out",
        )
        data = GeneratorData.from_dict(copy.deepcopy(document.raw), config=config)  # the parser changes its input
    if isinstance(data, GeneratorError):
        raise GenerateError(_one_line(f"{data.header} {data.detail or ''}"))
    errors = [*data.errors]
    parsed: list[tuple[str, str]] = []
    for tag, collection in data.endpoint_collections_by_tag.items():
        errors += collection.parse_errors
        parsed += [(str(tag), str(endpoint.name)) for endpoint in collection.endpoints]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise GenerateError(_one_line(f"{errors[0].header} {errors[0].detail or ''}") + more)
    wanted = sum(1 for _ in document.operations())
    if len(parsed) != wanted:
        raise GenerateError(f"the document has {wanted} operations, the parser kept {len(parsed)}")
    if len(set(parsed)) != wanted:
        twice = sorted({name for tag, name in parsed if parsed.count((tag, name)) > 1})
        raise GenerateError(f"operations with one id each: {', '.join(twice)}")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
