"""Hold spec/ to its house rules: spec/README.md says them, scripts/lint/ has a function or a schema for each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from .bundle import SPEC, bundle
from .lint import evidence, examples, extensions, files, operations, texts, values
from .lint.house import house
from .lint.places import Spec
from .steps import Options, StepError, step

Node = dict[str, Any]

RULES: tuple[Callable[[Spec], Iterator[str]], ...] = (
    house,
    operations.declared_tags,
    operations.unauthorized_answers,
    operations.repeatable_operations,
    files.path_file_names,
    files.schema_files,
    files.nothing_is_orphaned,
    values.money_and_time,
    values.sensitive_names,
    values.bounds_and_defaults,
    texts.value_descriptions,
    texts.wording,
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


def lint(raw: Node, spec: Path) -> list[str]:
    """What is wrong with the bundled document `raw` and the folder `spec` that it comes from, a line each.

    In the order of the rules: what others stand on comes first.
    """
    tree = Spec(raw, spec)
    return list(dict.fromkeys(line for rule in RULES for line in sorted({*rule(tree)})))


def validate(raw: Node, spec: Path) -> list[str]:
    """What only a validator finds."""
    from .lint import validity

    tree = Spec(raw, spec)
    return sorted({*validity.is_openapi(tree), *validity.examples_validate(tree)})


def _run(options: Options) -> None:
    raw = bundle(options.spec)
    tree = Spec(raw, options.spec)
    if problems := list(dict.fromkeys([*lint(raw, options.spec), *validate(raw, options.spec)])):
        print(*map(tree.located, problems), sep="\n", file=sys.stderr)
        raise StepError(f"{len(problems)} problems in {options.spec.name}/")
    count = len(tree.operations)
    print(f"lint_spec: {count} operations keep {len(RULES)} rules, and the examples are what they say")


OPTIONS = {"--spec": {"type": Path, "default": SPEC, "help": "the folder with openapi.yaml (default: spec/)"}}
main = partial(step, "scripts.lint_spec", (__doc__ or "").split("\n")[0], OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
