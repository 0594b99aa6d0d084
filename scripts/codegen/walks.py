"""The views of what stands beside an operation: a paged list as an iterator, a look-up of any number of ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import text
from .document import GenerateError, Node
from .kinds import Listed, Model, Time

if TYPE_CHECKING:
    from .arguments import ArgumentView
    from .operations import OperationView

__all__ = ["ChunkView", "WalkView"]

PAGING = {"page", "limit"}


@dataclass(frozen=True)
class WalkView:
    operation: OperationView
    node: Node

    @property
    def name(self) -> str:
        return str(self.node["name"])

    @property
    def window(self) -> tuple[str, str, int, bool] | None:
        node = self.node.get("window")
        if node is None:
            return None
        names = {a.name: a.python_name for a in self.operation.arguments}
        return names[node["from"]], names[node["to"]], int(node["days"]), bool(node["inclusive"])

    @property
    def item(self) -> str:
        """The class of an item: that of the page's list."""
        pages = [kind.name for kind in self.operation.payload.kinds if isinstance(kind, Model)]
        listed = self.operation.document.schemas[pages[0]].get("properties", {}).get("list", {}) if pages else {}
        name = self.operation.document.component(listed.get("items", {}))
        if name is None:
            raise GenerateError(f"{self.operation.id}: x-walk needs a page whose list holds a model")
        return name

    @property
    def fixed(self) -> dict[str, object]:
        return dict(self.node.get("fixed", {}))

    @property
    def arguments(self) -> list[ArgumentView]:
        left_out = PAGING | set(self.fixed)
        return [a for a in self.operation.arguments if a.name not in left_out]

    @property
    def sized(self) -> bool:
        return any(a.name == "limit" for a in self.operation.arguments)

    @property
    def signature(self) -> str:
        parts = ["self", *(a.declaration for a in self.arguments if not a.keyword)]
        keywords = [self._declaration(a) for a in self.arguments if a.keyword]
        keywords.sort(key=lambda declaration: " = " in declaration)
        if self.sized:
            keywords.append("limit: int = 100")
        parts += ["*", *keywords] if keywords else []
        return ", ".join([*parts, "**options: Unpack[CallOptions]"])

    def _declaration(self, argument: ArgumentView) -> str:
        """The beginning has to be said; the end is now where it is not."""
        window = self.window
        if window and argument.python_name == window[0] and isinstance(argument.kind, Time):
            return f"{argument.python_name}: {argument.kind.argument}"
        if window and argument.python_name == window[1]:
            return f"{argument.python_name}: {argument.kind.argument} | None = None"
        return argument.declaration

    @property
    def passed(self) -> str:
        """Source of the arguments as a dict."""
        pairs = [f'"{a.python_name}": {a.python_name}' for a in self.arguments]
        if self.sized:
            pairs.append('"limit": limit')
        return "{" + ", ".join([*pairs, "**options"]) + "}"

    @property
    def time(self) -> str | None:
        """The field of an item that the window goes by, where it can be changed while the list is walked."""
        name: str | None = self.node.get("time")
        fields = self.operation.document.schemas[self.item].get("properties", {})
        if name is not None and name not in fields:
            raise GenerateError(f"{self.operation.id}: x-walk goes by {name}, which no item has")
        return name

    @property
    def plan(self) -> str:
        extra = ", none_is_404=True" if self.node.get("none-is-404") else ""
        extra += f", time={self.time!r}" if self.time else ""
        return f"Plan({self.node['key']!r}, {self.window!r}, {self.fixed!r}{extra})"

    @property
    def doc(self) -> str:
        operation = self.operation
        lines = text.paragraphs(
            f"{operation.name_ko}, 전부: iterate all that `{operation.name}` finds, page by page; "
            "nothing twice, the next page fetched while the last is looked at."
        )
        if window := self.window:
            lines += [
                "",
                *text.paragraphs(
                    f"Any range: it is asked for in windows of {window[2]} days, oldest first. `{window[1]}` is now "
                    "where it is not said, and what comes after it is not waited for."
                ),
            ]
        lines += ["", *text.paragraphs(f"Arguments and errors are those of `{operation.name}`.")]
        return text.block(lines)


@dataclass(frozen=True)
class ChunkView:
    operation: OperationView
    node: Node

    @property
    def name(self) -> str:
        return str(self.node["name"])

    @property
    def size(self) -> int:
        return int(self.node["size"])

    @property
    def ids(self) -> list[ArgumentView]:
        return [a for a in self.operation.arguments if isinstance(a.kind, Listed)]

    @property
    def signature(self) -> str:
        names = ", ".join(f"{a.python_name}: str | Sequence[str] | None = None" for a in self.ids)
        return f"self, *, {names}, **options: Unpack[CallOptions]"

    @property
    def passed(self) -> str:
        return "{" + ", ".join(f'"{a.python_name}": {a.python_name}' for a in self.ids) + "}"

    @property
    def doc(self) -> str:
        return text.block(
            text.paragraphs(
                f"{self.operation.name_ko}, 개수 제한 없이: `{self.operation.name}` for any number of ids, "
                f"{self.size} a call. What V1 does not know is in `missing`."
            )
        )
