"""Check spec/ against its house rules: spec/README.md lists them, scripts/lint/ has a function or a schema for each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from .bundle import SPEC, bundle
from .lint import evidence, examples, extensions, files, house
from .lint.places import Spec
from .steps import Options, StepError, step

RULES: tuple[Callable[[Spec], Iterator[str]], ...] = (
    house.house,
    files.files_have_their_place,
    files.nothing_is_orphaned,
    house.bounds_and_defaults,
    house.value_descriptions,
    house.wording,
    extensions.known_extensions,
    extensions.argument_rules,
    extensions.pg_advice,
    examples.enough_examples,
    examples.invented_people,
    evidence.profiles_have_sources,
    evidence.keeps_its_forms,
    evidence.claims_have_sources,
    evidence.refusals_have_claims,
    evidence.codes_are_distinct,
)


def lint(tree: Spec) -> list[str]:
    """Return the violations in a specification, one line each, in the order of the rules: basic ones come first."""
    return list(dict.fromkeys(line for rule in RULES for line in sorted({*rule(tree)})))


def validate(tree: Spec) -> list[str]:
    """Return what only a validator finds."""
    return sorted({*house.is_openapi(tree), *examples.examples_validate(tree)})


def _run(options: Options) -> None:
    tree = Spec(bundle(options.spec), options.spec)
    if problems := dict.fromkeys([*lint(tree), *validate(tree)]):
        print(*map(tree.located, problems), sep="\n", file=sys.stderr)
        raise StepError(f"{len(problems)} problems in {options.spec.name}/")
    count = len(tree.operations)
    print(f"lint_spec: {count} operations keep {len(RULES)} rules, and the examples are what they say")


OPTIONS = {"--spec": {"type": Path, "default": SPEC, "help": "the folder with openapi.yaml (default: spec/)"}}
main = partial(step, "scripts.lint_spec", (__doc__ or "").split("\n")[0], OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
