"""What a value of the document is in Python: its type, how it is read from an answer, how it is checked for a request.

Each kind answers the same few questions with Python source, so that the templates only print.
"""

from __future__ import annotations

from dataclasses import dataclass

from .kind import Kind

__all__ = [
    "Boolean",
    "Choice",
    "Integer",
    "JsonText",
    "Kind",
    "Listed",
    "Model",
    "Money",
    "OpenObject",
    "Text",
    "Time",
    "constant",
]


@dataclass(frozen=True)
class Text(Kind):
    word = "text"
    annotation = "str"
    argument = "str"
    checker = "text"
    strict = "str | None"

    def read(self, value: str) -> str:
        return f"{value} if {value}.__class__ is str else as_text({value})"


@dataclass(frozen=True)
class Integer(Kind):
    word = "integer"
    annotation = "int"
    argument = "int"
    checker = "integer"
    strict = "int | None"

    def read(self, value: str) -> str:
        return f"{value} if {value}.__class__ is int else as_integer({value})"


@dataclass(frozen=True)
class Boolean(Kind):
    word = "boolean"
    annotation = "bool"
    argument = "bool"
    checker = "boolean"
    strict = "bool | None"

    def read(self, value: str) -> str:
        return f"{value} if {value}.__class__ is bool else as_boolean({value})"


@dataclass(frozen=True)
class Money(Kind):
    full: bool = False
    positive: bool = False
    word = "money"
    annotation = "Decimal"

    @property
    def argument(self) -> str:  # type: ignore[override]
        return "int | Decimal | Full" if self.full else "int | Decimal"

    @property
    def checker(self) -> str:  # type: ignore[override]
        if self.full:
            return "money_or_full"
        return "positive_money" if self.positive else "money"

    def read(self, value: str) -> str:
        return f"Decimal({value}) if {value}.__class__ is int else as_money({value})"

    def write(self, value: str) -> str:
        return f"from_money({value})"


@dataclass(frozen=True)
class Time(Kind):
    word = "time"
    annotation = "datetime"
    argument = "datetime | int"
    checker = "seconds"
    null_apart = False
    strict = "int | None"

    def read(self, value: str) -> str:
        plain = f"{value}.__class__ is int and 0 < {value} < LATEST"
        return f"(from_seconds({value}, KST) if {plain} else as_time({value})) if {value} else None"

    def read_strict(self, value: str) -> str:
        return f"(from_seconds({value}, KST) if 0 < {value} < LATEST else as_time({value})) if {value} else None"

    def write(self, value: str) -> str:
        return f"from_time({value})"


@dataclass(frozen=True)
class Choice(Kind):
    """A named set of values. Answers may hold others, requests may not."""

    name: str
    values: tuple[str | int, ...]
    word = "choice"

    @property
    def base(self) -> str:
        return "int" if isinstance(self.values[0], int) else "str"

    @property
    def strict(self) -> str:  # type: ignore[override]
        return f"{self.base} | None"

    @property
    def table(self) -> str:
        return constant(self.name)

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return f"{self.name} | {self.base}"

    argument = annotation

    @property
    def enums(self) -> set[str]:
        return {self.name}

    def read(self, value: str) -> str:
        other = "as_text" if self.base == "str" else "as_integer"
        return (
            f"{self.table}.get({value}, {value}) if {value}.__class__ is {self.base}"
            f" else {self.table}.get(other := {other}({value}), other)"
        )

    def read_strict(self, value: str) -> str:
        return f"{self.table}.get({value}, {value})"

    def check(self, name: str, value: str) -> str:
        return f'choice("{name}", {value}, {self.name})'

    def check_unseen(self, name: str, value: str) -> str:
        """The same for a personal datum: the message leaves the value out."""
        return f'choice("{name}", {value}, {self.name}, shown=False)'


@dataclass(frozen=True)
class Model(Kind):
    name: str
    word = "model"
    null_apart = False
    later_if = "v.__class__ is dict"

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return self.name

    @property
    def argument(self) -> str:  # type: ignore[override]
        return f"{self.name} | Mapping[str, Any]"

    @property
    def classes(self) -> set[str]:
        return {self.name}

    @property
    def later(self) -> str | None:  # type: ignore[override]
        return f"{self.name}.from_dict"

    def write(self, value: str) -> str:
        return f"{value}.to_dict() if {value} is not None else None"

    def check(self, name: str, value: str) -> str:
        return f'nested("{name}", {value}, {self.name})'


@dataclass(frozen=True)
class Listed(Kind):
    """A list of texts or of models; null and absent lists are read as empty ones."""

    inner: Kind
    or_one: bool = False
    """V1 takes one bare text as well: the argument is passed on as it is given."""
    empty = "[]"
    null_apart = False
    later_if = "v"

    @property
    def word(self) -> str:  # type: ignore[override]
        return "models" if isinstance(self.inner, Model) else "texts"

    @property
    def annotation(self) -> str:  # type: ignore[override]
        return f"list[{self.inner.annotation}]"

    @property
    def argument(self) -> str:  # type: ignore[override]
        if isinstance(self.inner, Model):
            return f"Sequence[{self.inner.argument}]"
        return "str | Sequence[str]"

    @property
    def classes(self) -> set[str]:
        return self.inner.classes

    @property
    def later(self) -> str | None:  # type: ignore[override]
        return f"{self.inner.name}.from_list" if isinstance(self.inner, Model) else None

    @property
    def strict(self) -> str:  # type: ignore[override]
        return "Any" if isinstance(self.inner, Model) else "list[str] | None"

    def read(self, value: str) -> str:
        return f"as_texts({value}) if {value} else []"

    def read_strict(self, value: str) -> str:
        return self.read(value) if self.strict == "Any" else f"{value} or []"

    def write(self, value: str) -> str:
        return f"[item.to_dict() for item in {value}]" if isinstance(self.inner, Model) else f"list({value})"

    def check(self, name: str, value: str) -> str:
        if isinstance(self.inner, Model):
            return f'nested_list("{name}", {value}, {self.inner.name})'
        return f'{"text_or_texts" if self.or_one else "texts"}("{name}", {value})'


@dataclass(frozen=True)
class OpenObject(Kind):
    word = "object"
    annotation = "dict[str, Any]"
    argument = "Mapping[str, Any]"
    checker = "mapping"
    null_apart = False

    def read(self, value: str) -> str:
        return f"{value} if {value}.__class__ is dict else None"


@dataclass(frozen=True)
class JsonText(Kind):
    """JSON text on the wire; a caller passes a mapping, or the text itself."""

    word = "json"
    annotation = "str"
    argument = "str | Mapping[str, Any]"
    checker = "json_text"

    def read(self, value: str) -> str:
        return Text().read(value)


def constant(name: str) -> str:
    """The module constant for a class: `PaymentStatus` → `PAYMENT_STATUS`."""
    return "".join(f"_{letter}" if letter.isupper() and index else letter for index, letter in enumerate(name)).upper()
