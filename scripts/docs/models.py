"""A page for each area's models and named values."""

from __future__ import annotations

from .docstrings import Docstring
from .links import enum_classes, linker, model_classes
from .markup import code, note, table
from .source import Class

__all__ = ["model_areas", "models_page"]


def model_areas() -> list[str]:
    return sorted({*model_classes(), *enum_classes()})


def models_page(area: str) -> str:
    page = f"reference/models/{area}.md"
    parts = [f"# Models of {area}\n"]
    parts += [_model(found, page) for found in model_classes().get(area, ())]
    parts += [_enumeration(found) for found in enum_classes().get(area, ())]
    return "\n".join(parts)


def _opening(doc: Docstring) -> str:
    told = f"**{doc.korean}.** {doc.english}" if doc.korean else doc.summary
    return f"{told}\n\n{doc.body}\n" if doc.body else f"{told}\n"


def _model(found: Class, page: str) -> str:
    rows = [
        [
            f"`{one.name}`",
            one.docstring.korean,
            code(one.kind.replace(" | Unset", ""), linker(page)),
            one.docstring.english + (f" {one.docstring.body}" if one.docstring.body else ""),
        ]
        for one in found.values
    ]
    shown = table(["field", "이름", "type", "meaning"], rows)
    hidden = ", ".join(f"`{name}`" for name in found.hidden)
    told = note("info", "Not shown in `repr`", f"{hidden}.") if hidden else ""
    return f"## {found.name}\n\n{_opening(found.docstring)}\n{shown}\n{told}"


def _enumeration(found: Class) -> str:
    rows = [[f"`{one.name}`", code(one.value), one.docstring.summary] for one in found.values]
    return f"## {found.name}\n\n{_opening(found.docstring)}\n{table(['name', 'value', 'meaning'], rows)}"
