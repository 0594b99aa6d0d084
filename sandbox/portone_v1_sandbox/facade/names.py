"""Suggest the right name of a method of `Sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portone_v1_runtime.wrong_names import meant

__all__ = ["NamedControls"]


class NamedControls:
    """A wrong name raises AttributeError with the right one: `sandbox.advance` is `sandbox.clock.advance`."""

    if not TYPE_CHECKING:  # otherwise a type checker would accept every name

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") or name in dir(type(self)):
                return object.__getattribute__(self, name)  # a private name raises the usual AttributeError
            groups = {"clock": self.clock, **{each: group for each, group in vars(self).items() if each[0] != "_"}}
            own = [each for each in (*dir(type(self)), *groups) if not each.startswith("_")]
            parts = {part: [each for each in dir(group) if each[0] != "_"] for part, group in groups.items()}
            found = meant("sandbox", name, own, parts)
            hint = f"; did you mean {' or '.join(found)}?" if found else ""
            raise AttributeError(f"the sandbox has no {name!r}{hint}")
