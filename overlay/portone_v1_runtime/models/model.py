"""Base of all models: equality, and a `repr` that masks personal data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from ..decode import as_list
from ..depth import shallow
from .fields import ModelFields, field_labels, unknown_fields
from .lazy_attrs import complete

__all__ = ["Model", "unknown_keys"]


class _Completed:
    """An attribute that attrs sets on a class: the first access lets attrs complete the class."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __get__(self, _: object, kind: type[Any]) -> Any:
        complete(kind)
        return self._make(kind)


class Model(ModelFields):
    """A part of an answer or of a request."""

    __slots__ = ()

    _identity: ClassVar[tuple[str, ...]] = ()
    _deferred: ClassVar[tuple[str, ...]] = ()
    """Fields whose models are built on first access."""

    if not TYPE_CHECKING:  # or a type checker would accept any attribute
        __attrs_attrs__ = _Completed(lambda kind: _fields(kind))
        __signature__ = _Completed(lambda kind: _signature(kind))

        def __init__(self, *stray: Any, **fields: Any) -> None:
            complete(type(self))
            if type(self).__init__ is Model.__init__:
                raise TypeError(f"{type(self).__name__} cannot be created: it is a base class")
            self.__init__(*stray, **fields)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in (*self._names, self._unknown))

    @classmethod
    def from_list(cls, value: Any) -> list[Self]:
        """Build a model from each object in a list."""
        return [cls.from_dict(item) for item in as_list(value) if item.__class__ is dict]

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*self._names, self._unknown)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls._identity:
            cls.__hash__ = None  # type: ignore[assignment]

    def __hash__(self) -> int:
        """Hash V1's id. Equal models have equal ids; a model without an id has no hash."""
        return hash((type(self), *(getattr(self, name) for name in self._identity)))

    def _to_wire(self) -> dict[str, Any]:
        raise NotImplementedError

    def to_dict(self, mode: Literal["wire", "python", "json"] = "wire", *, personal: bool = True) -> dict[str, Any]:
        """Return the model as a dict, with models inside it as dicts too.

        Args:
            mode: `wire`: as V1 sends and takes it, and as `from_dict` reads it (UNIX seconds, 0 for *never*).
                `python`: Decimal, datetime, enums, None. `json`: what `json.dumps` takes: amounts as numbers, times
                as ISO 8601 in KST, enums as their values.
            personal: False leaves out secrets, card and personal data, and fields that the specification does not
                know. Not for `wire`, which always has every field.
        """
        if mode == "wire" and personal:
            return {name: v.value if isinstance(v, Enum) else v for name, v in self._to_wire().items()}
        from .conversion import to_plain

        return to_plain(self, mode, personal=personal)

    def _repr_html_(self) -> str:
        """Return a table for notebooks, masked like `repr`."""
        from .html import model_table

        return model_table(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Return the schema that pydantic asks for. Nothing of pydantic is imported before."""
        from .pydantic_schema import model_schema

        return model_schema(cls, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic_schema import json_schema

        return json_schema(cls, schema, handler)

    def __repr__(self) -> str:
        """Show the fields that have a value: secrets, card and personal data as `***`, unknown fields by name only."""
        shown = [f"{name}={value!r}" for name, value in self._shown()]
        extra: Mapping[str, Any] = unknown_fields(self)
        if extra:
            shown.append(f"{self._unknown}=<{field_labels(extra)}>")
        return f"{type(self).__name__}({', '.join(shown)})"

    # The same for renderers that would otherwise read the fields themselves.
    __sentry_repr__ = __repr__

    def __rich_repr__(self) -> Iterator[tuple[str, Any]]:
        yield from self._shown()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: FBT001 - IPython's
        printer.text("…" if cycle else repr(self))


def _fields(kind: type[Any]) -> Any:
    return next((vars(one)["__attrs_attrs__"] for one in kind.__mro__ if "_defaults" in vars(one)), ())


def _signature(kind: type[Any]) -> Any:
    from inspect import signature

    own = signature(kind.__init__)
    return own.replace(parameters=[*own.parameters.values()][1:])


def unknown_keys(data: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """Return the keys that the specification does not know yet, with their values as they came."""
    return {key: shallow(value) for key, value in data.items() if key not in known}
