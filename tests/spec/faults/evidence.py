"""Faults of evidence: PG profiles, claims, code tables."""

from __future__ import annotations

from scripts.lint import evidence
from tests.spec.faults.register import bad
from tests.spec.trees import Tree

SOURCES = """\
keys:
  W: {what: pages, project: portone, grade: vendor}
  TP: {what: files, project: each, grade: captured}
"""


def _profile(tree: Tree, leaf: str, name: str = "kcp") -> None:
    tree.write("sources.yaml", SOURCES)
    tree.write(f"pg/{name}.yaml", f"pg: kcp\nlifecycle: {leaf}\n")


def _claim(tree: Tree, *lines: str) -> None:
    tree.write("sources.yaml", SOURCES)
    tree.write("claims.yaml", "".join(f"- {line}\n" for line in lines))


@bad(evidence.profiles_have_sources, "pg/nice.yaml: it speaks of kcp")
def _named_like_another(tree: Tree) -> None:
    _profile(tree, "{value: current, grade: vendor, sources: ['W:kcp']}", "nice")


@bad(evidence.profiles_have_sources, "pg/kcp.yaml: lifecycle: the grade sure is none of captured, vendor, third-party, inferred, assumed")  # fmt: skip  # noqa: E501
def _unknown_grade(tree: Tree) -> None:
    _profile(tree, "{value: current, grade: sure, sources: ['W:kcp']}")


@bad(evidence.profiles_have_sources, "pg/kcp.yaml: lifecycle: vendor needs a source")
def _no_source(tree: Tree) -> None:
    _profile(tree, "{value: current, grade: vendor, sources: []}")


@bad(evidence.profiles_have_sources, "pg/kcp.yaml: lifecycle: sources.yaml has no key for X:kcp")
def _unknown_source(tree: Tree) -> None:
    _profile(tree, "{value: current, grade: vendor, sources: ['X:kcp']}")


@bad(evidence.profiles_have_sources, "pg/kcp.yaml: lifecycle: none of its sources can bear captured")
def _observation_without_a_capture(tree: Tree) -> None:
    _profile(tree, "{value: current, grade: captured, sources: ['W:kcp']}")


@bad(evidence.claims_have_sources, "claims.yaml: one: captured needs a source")
def _observed_by_nobody(tree: Tree) -> None:
    _claim(tree, "{id: one, says: It is so., where: [Order], grade: captured}")


@bad(evidence.claims_have_sources, "claims.yaml: one: none of its sources can bear captured")
def _observed_in_a_document(tree: Tree) -> None:
    _claim(tree, "{id: one, says: It is so., where: [Order], grade: captured, sources: ['W:order']}")


@bad(evidence.claims_have_sources, "claims.yaml: one: it stands twice")
def _repeated_claim(tree: Tree) -> None:
    line = "{id: one, says: It is so., where: [Order], grade: assumed}"
    _claim(tree, line, line)


@bad(evidence.claims_have_sources, "claims.yaml: one: questions.yaml has no other")
def _question_of_nobody(tree: Tree) -> None:
    _claim(tree, "{id: one, says: It is so., where: [Order], grade: assumed, question: other}")


@bad(evidence.claims_have_sources, "claims.yaml: one: Nowhere.amount: nothing is called so")
def _points_nowhere(tree: Tree) -> None:
    _claim(tree, "{id: one, says: It is so., where: [Nowhere.amount], grade: assumed}")


@bad(evidence.keeps_its_forms, "claims.yaml: one: it needs where")
def _claim_without_a_place(tree: Tree) -> None:
    _claim(tree, "{id: one, says: It is so., grade: assumed}")


@bad(evidence.codes_are_distinct, "codes.yaml: banks: KB stands for 004 and for 005")
def _one_name_for_two_banks(tree: Tree) -> None:
    rows = "[{code: '004', name: 국민은행, names: [KB]}, {code: '005', name: KB}]"
    tree.write("codes.yaml", f"banks: {{rows: {rows}}}\n")


@bad(evidence.keeps_its_forms, "pg/kcp.yaml: lifecycle: it is one of current, ended, listed, old")
def _unknown_lifecycle(tree: Tree) -> None:
    _profile(tree, "{value: young, grade: vendor, sources: ['W:kcp']}")


@bad(evidence.keeps_its_forms, "pg/kcp.yaml: plays.colour: no code acts on it")
def _unknown_play(tree: Tree) -> None:
    _profile(tree, "{value: old, grade: vendor, sources: ['W:kcp']}\nplays: {colour: {value: red}}")


@bad(evidence.keeps_its_forms, "pg/kcp.yaml: plays.result.pc: it is one of callback, none, redirect")
def _unknown_result(tree: Tree) -> None:
    _profile(tree, "{value: old, grade: vendor, sources: ['W:kcp']}\nplays: {result.pc: {value: pigeon}}")


@bad(evidence.keeps_its_forms, "pg/kcp.yaml: plays.finality: it is a list")
def _other_form(tree: Tree) -> None:
    _profile(tree, "{value: old, grade: vendor, sources: ['W:kcp']}\nplays: {finality: {value: never}}")


@bad(evidence.keeps_its_forms, "pg/kcp.yaml: facts.finality: code acts on it, so it belongs in plays")
def _play_among_facts(tree: Tree) -> None:
    _profile(tree, "{value: old, grade: vendor, sources: ['W:kcp']}\nfacts: {finality: {value: late}}")


@bad(evidence.refusals_have_claims, "Order: x-refused: claims.yaml has no observed claim one")
def _refused_on_a_guess(tree: Tree) -> None:
    tree.raw["components"]["schemas"]["Order"]["x-refused"] = "one"
    _claim(tree, "{id: one, says: It is so., where: [Order], grade: assumed}")
