"""YAML of this project: spec/, the tables beside the modules that read them, and the JSON Schemas among these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from .steps import StepError


class _PlainLoader(yaml.CSafeLoader):
    """A loader that accepts only what JSON can express: no duplicate key, no alias, no tag."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's
        if node in self.constructed_objects:  # aliases of aliases can blow a few lines up to gigabytes
            raise yaml.MarkedYAMLError(None, None, "an alias refers to this: write it out there", node.start_mark)
        return super().construct_object(node, deep)


def _mapping(loader: _PlainLoader, node: yaml.MappingNode) -> Any:
    seen: dict[str, Any] = {}
    for key_node, value_node in node.value:
        read = loader.construct_object(key_node, deep=True)
        if not isinstance(read, str | int) or isinstance(read, bool):  # `no:` is read as false
            raise yaml.MarkedYAMLError(None, None, f"the key {read!r} is no text: quote it", key_node.start_mark)
        key = str(read)  # `200:` is read as a number
        if key in seen:
            raise yaml.MarkedYAMLError(None, None, f"the key {key!r} stands twice", key_node.start_mark)
        seen[key] = loader.construct_object(value_node, deep=True)
    return seen


def _refused(_: _PlainLoader, node: yaml.Node) -> Any:
    name = node.tag.rpartition(":")[2]
    words = {"timestamp": f"{node.value} is read as a date: quote it", "merge": "<< is not read: write the keys out"}
    raise yaml.MarkedYAMLError(None, None, words.get(name, f"the tag {name} is not read"), node.start_mark)


_PLAIN = ("null", "bool", "int", "float", "str", "seq")
_PlainLoader.yaml_constructors = {
    **{tag: read for tag, read in yaml.CSafeLoader.yaml_constructors.items() if str(tag).endswith(_PLAIN)},
    "tag:yaml.org,2002:map": _mapping,
    None: _refused,
}


def read_yaml(path: Path, name: str) -> Any:
    """Read a YAML file. Messages call it `name`."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _PlainLoader)  # noqa: S506 - a SafeLoader
    except OSError as error:
        raise StepError(f"{name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise StepError(f"{name}: not UTF-8 text, from byte {error.start} on") from error
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f":{where.line + 1}" if where is not None else ""
        raise StepError(f"{name}{line}: {getattr(error, 'problem', None) or error}") from error


def beside(module: str, name: str = "") -> Any:
    """Return the table with the name of a module (`__file__`), or another one in its folder."""
    path = Path(module).parent / name if name else Path(module).with_suffix(".yaml")
    return read_yaml(path, f"{path.parent.name}/{path.name}")


def nodes(node: Any) -> Iterator[Any]:
    """Iterate over a node and everything below it."""
    yield node
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(inner)


@cache
def _schema(form: Path) -> tuple[Any, jsonschema_rs.Draft202012Validator]:
    schema = read_yaml(form, form.name)
    return schema, jsonschema_rs.Draft202012Validator(schema)


def misfits(form: Path, node: Any) -> Iterator[tuple[list[str | int], str]]:
    """Iterate over the places at which a node violates the JSON Schema of a YAML file, with the `says` of that file."""
    schema, validator = _schema(form)
    return ((error.instance_path, _message(schema, error)) for error in validator.iter_errors(node))


def _message(schema: Any, error: jsonschema_rs.ValidationError) -> str:
    """Return the message of the nearest `says` above the keyword that failed."""
    says, node = "", schema
    for step in error.schema_path[:-1]:
        says = node.get("says", says) if isinstance(node, dict) else says
        node = node[step]
    if error.schema_path[-1] == "required":
        return str(node.get("lacks") or f"it needs {error.kind.as_dict()['property']}")
    says = node.get("says", says)
    wrong = error.kind.as_dict().get("error", error)  # for a name, the value that failed
    return str(says).replace("{}", " ".join(str(wrong.instance).split()))


def pointer(way: Iterable[str | int]) -> str:
    """Return the path as a pointer, `/components/schemas/Order`; an empty text for the document."""
    return "".join(f"/{step}" for step in way)
