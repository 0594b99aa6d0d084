"""The view of one argument of an operation: its declaration, its check, its line in the docstring."""

from __future__ import annotations

from dataclasses import dataclass

from . import text
from .document import Node
from .kinds import Boolean, Choice, Kind, Listed, Money

__all__ = ["ArgumentView"]


@dataclass(frozen=True)
class ArgumentView:
    name: str
    """On the wire."""
    location: str
    """`path`, `query` or `body`."""
    kind: Kind
    node: Node
    required: bool
    python_name: str

    @property
    def optional_segment(self) -> bool:
        return bool(self.node.get("x-optional-segment"))

    @property
    def keyword(self) -> bool:
        return self.location != "path"

    @property
    def declaration(self) -> str:
        kind = self.kind.argument
        if self.optional_segment:
            return f"{self.python_name}: {kind} | None = None"
        if self.required:
            return f"{self.python_name}: {kind}"
        if self.location == "query":
            return f"{self.python_name}: {kind} | None = None"
        return f"{self.python_name}: {kind} | None | Unset = UNSET"

    @property
    def plain_declaration(self) -> str:
        return self.declaration.partition(" = ")[0]

    @property
    def check(self) -> str:
        if self.sensitive and isinstance(self.kind, Choice):
            return self.kind.check_unseen(self.python_name, self.python_name)
        return self.kind.check(self.python_name, self.python_name)

    @property
    def encode(self) -> str:
        """The wire form of a query argument: a text, a list of texts, or None."""
        if isinstance(self.kind, Boolean):
            return f"flag({self.check})"
        if isinstance(self.kind, Listed):
            return self.check
        return f"query_text({self.check})"

    @property
    def sensitive(self) -> bool:
        return bool(self.node.get("x-sensitive"))

    @property
    def info(self) -> tuple[object, ...]:
        """This argument as a row of the operation table."""
        values = tuple(map(str, self.kind.values)) if isinstance(self.kind, Choice) else ()
        required = self.required and not self.optional_segment and not self.node.get("x-full")
        return (
            self.name,
            self.python_name,
            self.location,
            self.kind.word,
            required,
            str(self.node.get("x-name-ko", "")),
            values,
            self.node.get("maxLength"),
            self.sensitive,
        )

    @property
    def doc(self) -> list[str]:
        name_ko, described = self.node.get("x-name-ko", ""), self.node.get("description", "")
        described = text.sentence(described)
        if isinstance(self.kind, Money) and self.kind.full:
            described += " It has to be said here: an amount above 0, or `FULL` for all that is left."
        pg = self.node.get("x-pg", {})
        if pg.get("required"):
            described += f" PG that need it: {', '.join(pg['required'])}."
        if pg.get("supported"):
            described += f" Only on {', '.join(pg['supported'])}."
        if pg.get("unsupported"):
            described += f" Not on {', '.join(pg['unsupported'])}."
        return text.paragraphs(
            f"{self.python_name}: {name_ko}. {described}" if name_ko else f"{self.python_name}: {described}"
        )
