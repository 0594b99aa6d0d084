"""What is said of V1 beyond its document, with grades; and what nobody knows, with the experiment that would "
"decide it."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final, cast

from ..evidence import GRADES, load
from .bundle import ROOT
from .markup import table

__all__ = ["claims_page", "questions_page"]

WORDS: Final = {
    "en": {
        "claims": "Claims about V1",
        "intro": "What this project says of V1 beyond the vendor's document, with the grade of the evidence "
        "and the number of "
        "independent projects behind it: all pages of the vendor are one. A lint refuses a grade that no "
        "source can bear.",
        "grades": {
            "captured": "seen in an answer, a callback or a log of V1",
            "vendor": "the vendor's documents or its own code",
            "third-party": "somebody else's code or statement, without a capture",
            "inferred": "follows from other facts",
            "assumed": "nobody vouches for it; something had to be chosen",
        },
        "head": ("claim", "grade", "projects", "where", "sources"),
        "against": "against it",
        "open": "open",
        "profiles": "The profiles of the PGs hold {count} more values: {grades}. Each PG's page shows its own.",
        "questions": "Open questions",
        "questions_intro": "What nobody knows about V1, what the SDK and the sandbox do meanwhile, and the "
        "experiment that would "
        "decide it. Each is a few calls with a test channel that only pretends (the test MIDs of KCP, Toss "
        "Payments and KakaoPay "
        "move no money). If you can run one, send the report of `portone-v1 doctor --compare` or the redacted answer.",
        "money": "Money depends on it.",
        "today": "Meanwhile",
        "experiment": "Experiment",
    },
    "ko": {
        "claims": "V1에 대한 주장과 근거",
        "intro": "포트원 문서에 없는 V1의 동작을 근거의 등급, 독립된 프로젝트 수와 함께 정리했습니다. 포트원의 "
        "문서는 여러 페이지라도 한 곳으로 셉니다. "
        "출처가 뒷받침하지 못하는 등급은 검사에서 거부됩니다.",
        "grades": {
            "captured": "V1의 응답, 콜백, 로그에서 확인함",
            "vendor": "포트원의 문서나 코드",
            "third-party": "다른 사람의 코드나 설명, 캡처 없음",
            "inferred": "다른 사실에서 추론함",
            "assumed": "근거 없이 정한 것",
        },
        "head": ("주장(영어)", "등급", "프로젝트 수", "위치", "출처"),
        "against": "반대",
        "open": "미확인",
        "profiles": "PG사 프로필에는 {count}개의 값이 더 있습니다: {grades}. 각 PG사 페이지에서 볼 수 있습니다.",
        "questions": "아직 모르는 것",
        "questions_intro": "V1에 대해 아무도 확인하지 못한 것과 그동안 SDK와 샌드박스가 하는 일, 확인할 수 "
        "있는 실험입니다. 실제 결제가 일어나지 않는 "
        "테스트 채널(KCP, 토스페이먼츠, 카카오페이)로 몇 번만 호출하면 됩니다. 실험하셨다면 `portone-v1 doctor "
        "--compare`의 보고서나 "
        "개인정보를 지운 응답을 보내 주세요.",
        "money": "돈에 영향을 줍니다.",
        "today": "지금은",
        "experiment": "실험",
    },
}


def claims_page(language: str) -> str:
    words: Any = WORDS[language]
    evidence = load(ROOT / "spec")
    rows: list[list[str]] = []
    for claim in sorted(evidence.claims, key=lambda claim: (GRADES.index(claim["grade"]), claim["id"])):
        says = [claim["says"]]
        if against := claim.get("against"):
            says.append(f"({words['against']}: {against['says']}, {_sources(against['sources'])})")
        if question := claim.get("question"):
            says.append(f"[{words['open']}](open-questions.md#{question})")
        sources = claim.get("sources", [])
        where = ", ".join(f"`{place}`" for place in claim["where"])
        rows.append([" ".join(says), claim["grade"], str(evidence.independent(sources)), where, _sources(sources)])
    values: Counter[str] = Counter()
    for profile in evidence.profiles.values():
        _count(profile, values)
    graded = ", ".join(f"{values[grade]} {grade}" for grade in GRADES if values[grade])
    grades = table(("", ""), [[f"`{grade}`", words["grades"][grade]] for grade in GRADES])
    more = words["profiles"].format(count=sum(values.values()), grades=graded)
    parts = [f"# {words['claims']}", words["intro"], grades, table(words["head"], rows), more]
    return "\n\n".join(parts) + "\n"


def questions_page(language: str) -> str:
    words: Any = WORDS[language]
    tail = "_ko" if language == "ko" else ""
    parts = [f"# {words['questions']}", words["questions_intro"]]
    for question in load(ROOT / "spec").questions:
        asked = question.get(f"question{tail}", question["question"])
        parts.append(f"## {asked} {{ #{question['id']} }}")
        if question.get("money"):
            parts.append(f"**{words['money']}**")
        parts += [f"{words[name]}: {question.get(f'{name}{tail}', question[name])}" for name in ("today", "experiment")]
    return "\n\n".join(parts) + "\n"


def _sources(sources: list[str]) -> str:
    return ", ".join(f"`{source}`" for source in sources)


def _count(node: Any, values: Counter[str]) -> None:
    if isinstance(node, dict) and "grade" in node:
        values[node["grade"]] += 1
    elif isinstance(node, dict):
        for inner in cast("dict[str, Any]", node).values():
            _count(inner, values)
