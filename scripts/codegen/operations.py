"""The views of operations: their signatures, the request that each builds, and their docstrings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from . import text
from .arguments import ArgumentView
from .choosing import kind_of
from .document import Document, GenerateError, Node
from .parser import python_name
from .payloads import Payload, payload_of
from .pg_rules import Rule, pg_rules
from .walks import ChunkView, WalkView

__all__ = ["OperationView"]

RESERVED = {"self", "options", "query", "body"}


@dataclass(frozen=True)
class OperationView:
    document: Document
    method: str
    path: str
    node: Node
    item: Node

    @property
    def id(self) -> str:
        return str(self.node["operationId"])

    @property
    def tag(self) -> str:
        return str(self.node["tags"][0])

    @property
    def name(self) -> str:
        return self.id.removeprefix(f"{self.tag}_")

    @property
    def constant(self) -> str:
        return self.name.upper()

    @property
    def safe(self) -> bool:
        return self.method == "get" or bool(self.node.get("x-safe"))

    @property
    def authorized(self) -> bool:
        return self.node.get("security") != []

    @property
    def deprecated(self) -> bool:
        return bool(self.node.get("deprecated"))

    @property
    def summary(self) -> str:
        return str(self.node.get("summary", ""))

    @property
    def name_ko(self) -> str:
        return str(self.node.get("x-name-ko", ""))

    @property
    def body_schema(self) -> Node:
        schema: Node = self.node.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        return schema

    @cached_property
    def payload(self) -> Payload:
        return payload_of(self.document, self.node)

    @cached_property
    def arguments(self) -> list[ArgumentView]:
        """Path arguments in the URL's order, then required keywords, then the others, each in the spec's order."""
        found: list[ArgumentView] = []
        for parameter in [*self.item.get("parameters", []), *self.node.get("parameters", [])]:
            node = self.document.resolve(parameter)
            if node["in"] == "header":
                continue
            schema = node["schema"]
            marks = {**self.document.resolve(schema), **node}
            kind = kind_of(self.document, schema, f"{self.id}.{node['name']}")
            name = node.get("x-python-name") or python_name(node["name"])
            found.append(ArgumentView(node["name"], node["in"], kind, marks, bool(node.get("required")), name))
        required = set(self.body_schema.get("required", []))
        for wire, schema in self.body_schema.get("properties", {}).items():
            kind = kind_of(self.document, schema, f"{self.id}.{wire}")
            marks = {**self.document.resolve(schema), **schema}
            needed = wire in required or bool(marks.get("x-full"))
            name = marks.get("x-python-name") or python_name(wire)
            found.append(ArgumentView(wire, "body", kind, marks, needed, name))
        names = [argument.python_name for argument in found]
        clash = sorted({name for name in names if names.count(name) > 1 or name in RESERVED})
        if clash:
            raise GenerateError(f"{self.id}: more than one argument is called {', '.join(clash)}")
        in_url = re.findall(r"\{([^}]+)\}", self.path)
        path = sorted((a for a in found if a.location == "path"), key=lambda a: in_url.index(a.name))
        keywords = [a for a in found if a.keyword]
        return [*path, *(a for a in keywords if a.required), *(a for a in keywords if not a.required)]

    @property
    def walk(self) -> WalkView | None:
        node = self.node.get("x-walk")
        return WalkView(self, node) if node else None

    @property
    def chunk(self) -> ChunkView | None:
        node = self.node.get("x-chunk")
        return ChunkView(self, node) if node else None

    @cached_property
    def pg_rules(self) -> list[Rule]:
        return pg_rules(self)

    @property
    def path_arguments(self) -> list[ArgumentView]:
        return [a for a in self.arguments if a.location == "path"]

    @property
    def query_arguments(self) -> list[ArgumentView]:
        return [a for a in self.arguments if a.location == "query"]

    @property
    def body_arguments(self) -> list[ArgumentView]:
        return [a for a in self.arguments if a.location == "body"]

    @property
    def required_keywords(self) -> list[ArgumentView]:
        return [a for a in self.arguments if a.keyword and a.required]

    @property
    def has_body(self) -> bool:
        return "requestBody" in self.node

    @property
    def signature(self) -> str:
        parts = ["self", *(a.declaration for a in self.path_arguments)]
        keywords = [a.declaration for a in self.arguments if a.keyword]
        if keywords:
            parts += ["*", *keywords]
        return ", ".join([*parts, "**options: Unpack[CallOptions]"])

    @property
    def plain_signature(self) -> str:
        return ", ".join(a.plain_declaration for a in self.arguments)

    @property
    def forwarded(self) -> str:
        return ", ".join(a.python_name for a in self.arguments)

    @property
    def path_source(self) -> str:
        """Source of the encoded path."""
        fixed, optional = self.path, ""
        if self.path_arguments and self.path_arguments[-1].optional_segment:
            last = self.path_arguments[-1]
            fixed = self.path.removesuffix(f"/{{{last.name}}}")
            optional = f' + optional_segment("{last.python_name}", {last.check})'
        source = fixed
        for argument in self.path_arguments:
            checked = argument.python_name if argument.check.startswith("text(") else argument.check
            source = source.replace(
                f"{{{argument.name}}}", f"{{segment('{argument.python_name}', {checked.replace(chr(34), chr(39))})}}"
            )
        prefix = "f" if "{" in source else ""
        return f'{prefix}"{source}"{optional}'

    @property
    def rules(self) -> list[str]:
        """Source of the checks between arguments, in the order in which they are made."""
        names = {a.name: a.python_name for a in self.arguments}
        rules = []
        for key, function in (("x-exactly-one", "exactly_one"), ("x-at-least-one", "at_least_one")):
            wires = self.body_schema.get(key) or self.node.get(key)
            if wires:
                rules.append(f"{function}({', '.join(f'{names[wire]}={names[wire]}' for wire in wires)})")
        for rule in self.body_schema.get("x-required-if", []):
            ((when, values),) = rule["when"].items()
            needed = ", ".join(f"{names[wire]}={names[wire]}" for wire in rule["need"])
            rules.append(f'required_if("{names[when]}", {names[when]}, {tuple(map(str, values))!r}, {needed})')
        return rules

    @property
    def asked(self) -> str:
        """Source of `argument → ids` for the answers that leave out what they did not find."""
        names = {a.name: a for a in self.arguments}
        pairs = []
        for wire, field in self.node.get("x-bulk", {}).items():
            if wire not in names:
                raise GenerateError(f"{self.id}: x-bulk names {wire}, which it has not")
            pairs.append(f'"{field}": {names[wire].python_name}')
        return "{" + ", ".join(pairs) + "}" if pairs else ""

    @property
    def sensitive(self) -> list[str]:
        found = {a.name for a in self.arguments if a.sensitive}
        for argument in self.arguments:
            for name in argument.kind.classes:
                properties = self.document.schemas[name].get("properties", {})
                found |= {wire for wire, schema in properties.items() if schema.get("x-sensitive")}
        return sorted(found)

    @property
    def refusal(self) -> tuple[str, str] | None:
        node = self.node.get("x-refusal")
        return (node["code"], node["message"]) if node else None

    @cached_property
    def doc(self) -> str:
        lines = text.paragraphs(f"{self.name_ko}: {text.sentence(self.summary)}")
        lines += ["", f"`{self.method.upper()} {self.path}`"]
        if self.node.get("description"):
            lines += ["", *text.paragraphs(self.node["description"])]
        if history := self.node.get("x-history"):
            lines += ["", *text.paragraphs(f"Deprecated: last seen {history['last-seen']}. {history['note']}")]
        if supported := self.node.get("x-pg", {}).get("supported"):
            lines += ["", *text.paragraphs(f"PG that the vendor names (advice): {', '.join(supported)}.")]
        if self.arguments:
            lines += ["", "Args:"]
            for argument in self.arguments:
                first, *rest = argument.doc
                lines += [f"    {first}", *(f"        {line}" for line in rest)]
        lines += ["", "Raises:", *(f"    {line}" for line in self._raises())]
        return text.block(lines)

    def _raises(self) -> list[str]:
        answers = self.node["responses"]
        lines = ["AuthenticationError: the key pair or the token was refused; nothing was done."]
        if "404" in answers:
            lines.append("NotFoundError: PortOne knows no such record, or it is not yours.")
        if "400" in answers or "409" in answers or "405" in answers:
            lines.append("InvalidRequestError: PortOne found the request wrong; nothing was done.")
        lines.append("RefusedError: PortOne or the PG said no; `message` is theirs, word for word.")
        if self.safe:
            lines.append(
                "ServerError, NoAnswerError, NotSentError, ResponseFormatError: no answer to use; "
                "asking again is harmless."
            )
        else:
            lines.append(
                "OutcomeUnknownError: no readable answer came, so it may have been executed: read before repeating."
            )
            lines.append("NotSentError: it never left this machine; repeating is safe.")
        return lines
