"""The linter of the shop, from Python."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from ..lint.report import Finding, findings_of, require_known_rules

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["Lint"]


class Lint:
    """Mistakes of the shop that can lose money, found in the calls that the sandbox saw: `GET /_sandbox/lint`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding so far, in the order of the rules, without those of muted rules."""
        return tuple(findings_of(self._engine))

    @property
    def muted(self) -> tuple[str, ...]:
        """Rules that are not reported."""
        return self._engine.settings.muted_rules

    def mute(self, *rules: str) -> None:
        """Stop reporting the findings of these rules. Raises ValueError for an unknown rule."""
        require_known_rules(rules)
        self._change(lambda muted: (*muted, *(rule for rule in rules if rule not in muted)))

    def unmute(self, *rules: str) -> None:
        """Report the findings of these rules again. Raises ValueError for an unknown rule."""
        require_known_rules(rules)
        self._change(lambda muted: tuple(rule for rule in muted if rule not in rules))

    def _change(self, changed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        with self._engine.transaction():
            self._engine.change(muted_rules=changed(self.muted))

    def assert_clean(self, *, allow: Collection[str] = ()) -> None:
        """Raise AssertionError for a finding of a rule that is not allowed. Raises ValueError for an unknown rule."""
        require_known_rules(allow)
        found = [each for each in self.findings if each.rule not in allow]
        if found:
            raise AssertionError("\n".join([f"findings about this shop: {len(found)}", *map(str, found)]))
