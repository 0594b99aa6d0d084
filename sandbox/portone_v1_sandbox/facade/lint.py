"""The linter of the shop, from Python."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from ..lint.report import Finding, findings_of, require_known_rules

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["Lint"]


class Lint:
    """What the shop does with money that it should not, from what the sandbox saw: `GET /_sandbox/lint`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding so far, in the order of the rules."""
        return tuple(findings_of(self._engine))

    def assert_clean(self, *, allow: Collection[str] = ()) -> None:
        """Raise AssertionError for a finding of a rule that is not allowed. Raises ValueError for an unknown rule."""
        require_known_rules(allow)
        found = [each for each in self.findings if each.rule not in allow]
        if found:
            raise AssertionError("\n".join([f"findings about this shop: {len(found)}", *map(str, found)]))
