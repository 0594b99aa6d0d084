"""The questions that every kind of value answers."""

from __future__ import annotations

__all__ = ["Kind"]


class Kind:
    """One kind of value. `read` and `write` are for answers, `argument` and `check` for requests."""

    annotation: str = "Any"
    """The type of an attribute of an answer, when it is there."""
    argument: str = "Any"
    """The type that a caller may pass."""
    checker: str = ""
    """The function of `_writing` that checks an argument and gives its wire form."""
    word: str = ""
    """What the operation table calls it."""
    empty: str = "None"
    """What an answer's attribute holds when the answer has null or nothing."""
    null_apart: bool = True
    """Null is looked for first: it is common, and `read` would call a function for it."""
    later: str | None = None
    """The function that reads the value when it is first asked for: models within a model wait for that."""
    later_if: str = ""
    """What an answer's value must be, that there is anything to wait for."""
    strict: str = "Any"
    """The type that a strict decoder may expect in an answer, so that `read_strict` need not look at it."""

    @property
    def enums(self) -> set[str]:
        return set()

    @property
    def classes(self) -> set[str]:
        return set()

    def read(self, value: str) -> str:
        """Source that reads an answer's value; null gives `empty`."""
        raise NotImplementedError

    def read_strict(self, value: str) -> str:
        """The same for a value that is of the type `strict`."""
        return self.read(value) if self.strict == "Any" else value

    def write(self, value: str) -> str:
        return value

    def check(self, name: str, value: str) -> str:
        return f'{self.checker}("{name}", {value})'
