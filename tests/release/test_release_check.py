"""`make release-check` in small repositories: what it says, and when it says no."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.version import Version

from scripts.release.baseline import tag_here
from scripts.release.changelog import releases, unreadable_fragments, write_section
from scripts.release.check import main
from scripts.release.compatibility.changes import added, removed
from scripts.release.distributions import VERSION_FILE, disagreements, raise_version
from scripts.steps import StepError
from tests.release.trees import FILES, write

ROOT = Path(__file__).parents[2]
CHANGELOG = "# Changelog\n\nHow it is kept.\n\n## 0.1.0\n\nThe first.\n"
ORDER = "generated/portone_v1_generated/models/payments.py"
API = "generated/portone_v1_generated/api/payments.py"


class Repository:
    """A tree under git that can be changed, regenerated and tagged."""

    def __init__(self, root: Path) -> None:
        self.root = write(root)
        self.version("0.1.0")
        self.write("CHANGELOG.md", CHANGELOG)
        self.git("init", "--quiet", "--initial-branch=main")
        self.generate()

    def git(self, *arguments: str) -> None:
        who = ("-c", "user.name=홍길동", "-c", "user.email=gildong@example.com")
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def version(self, version: str) -> None:
        raise_version(self.root, version)

    def generate(self, release: str = "0.1.0") -> None:
        bundle = json.dumps({"info": {"version": "2026-01-02"}})
        digest = hashlib.sha256(bundle.encode()).hexdigest()
        stamp = {"release": release, "spec_version": "2026-01-02", "bundle_sha256": digest}
        self.write("generated/openapi.json", bundle)
        self.write("generated/STAMP.json", json.dumps(stamp))

    def release(self, version: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", f"release {version}")
        self.git("tag", f"v{version}")

    def check(self, *arguments: str) -> int:
        return main(["--root", str(self.root), *arguments])


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "portone-v1")


@pytest.fixture
def released(repository: Repository) -> Repository:
    repository.release("0.1.0")
    repository.write("notes.txt", "work goes on")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "work goes on")
    return repository


def test_the_first_release_has_nothing_to_be_compared_with(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repository.check() == 0
    out = capsys.readouterr().out.splitlines()
    assert out == [
        "release-check: the first release, there is nothing to compare it with",
        "release-check: everything says 0.1.0",
    ]


def test_nothing_changed_for_users(released: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    released.edit(ORDER, '"""A payment."""', '"""A payment, described better."""')
    assert released.check() == 0
    out = capsys.readouterr().out
    assert "patch since 0.1.0, the next version is 0.1.1" in out
    assert "nothing that users can name or call is different" in out


def test_something_new(released: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    released.edit(ORDER, "    imp_uid: str\n", "    imp_uid: str\n    note: str | None = None\n")
    released.generate()
    assert released.check() == 0
    out = capsys.readouterr().out
    assert "minor since 0.1.0, the next version is 0.2.0" in out
    assert "  minor  added: `Payment.note`" in out
    assert "warning" not in out


def test_something_gone_before_1_0_0(released: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    released.edit(API, "hint: str | None = None, ", "")
    released.generate()
    assert released.check() == 0
    out = capsys.readouterr().out
    assert "major since 0.1.0, the next version is 0.2.0" in out
    assert "  major  removed: `payments.register`: the argument `hint`" in out
    assert "warning: this breaks users. Before 1.0.0 that asks for a minor version only" in out


def test_something_gone_after_1_0_0(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.version("1.0.0")
    repository.generate("1.0.0")
    repository.edit("CHANGELOG.md", "0.1.0", "1.0.0")
    repository.release("1.0.0")
    repository.edit(API, "hint: str | None = None, ", "")
    repository.generate("1.0.0")
    assert repository.check() == 0
    out = capsys.readouterr().out
    assert "major since 1.0.0, the next version is 2.0.0" in out
    assert "warning" not in out


def test_a_step_that_is_too_small(released: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    released.edit(ORDER, "    imp_uid: str\n", "    imp_uid: str\n    note: str | None = None\n")
    released.version("0.1.1")
    released.edit("CHANGELOG.md", "## 0.1.0", "## 0.1.1\n\n## 0.1.0")
    released.generate("0.1.1")
    assert released.check() == 1
    output = capsys.readouterr().err
    assert output == "release-check: 0.1.1 is too small a step from 0.1.0: the changes are minor, at least 0.2.0\n"


def test_a_version_that_was_released_already(released: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    released.version("0.0.9")
    released.edit("CHANGELOG.md", "0.1.0", "0.0.9")
    released.generate("0.0.9")
    assert released.check() == 1
    assert capsys.readouterr().err == "release-check: pyproject.toml says 0.0.9, and 0.1.0 is released already\n"


def test_a_clone_without_tags(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.version("0.2.0")
    repository.generate("0.2.0")
    repository.edit("CHANGELOG.md", "## 0.1.0", "## 0.2.0\n\nMore.\n\n## 0.1.0")
    assert repository.check() == 1
    expected = "release-check: CHANGELOG.md knows 0.1.0, and there is no tag v0.1.0 here: git fetch --tags\n"
    assert capsys.readouterr().err == expected


def _package(repository: Repository) -> None:
    repository.write(VERSION_FILE, '__version__ = "0.1.1"\n')


def _changelog(repository: Repository) -> None:
    repository.edit("CHANGELOG.md", "## 0.1.0", "## Unreleased\n\nMore.\n\n## 0.1.0")


def _stamp(repository: Repository) -> None:
    repository.edit("generated/STAMP.json", '"release": "0.1.0"', '"release": "0.0.1"')


def _bundle(repository: Repository) -> None:
    repository.write("generated/openapi.json", json.dumps({"info": {"version": "2026-01-02", "title": "V1"}}))


def _no_section(repository: Repository) -> None:
    repository.write("CHANGELOG.md", "# Changelog\n")


def _tag(repository: Repository) -> None:
    repository.release("0.3.0")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_package, "overlay/portone_v1/_version.py says 0.1.1, pyproject.toml says 0.1.0"),
        (_changelog, "CHANGELOG.md says Unreleased, pyproject.toml says 0.1.0"),
        (_no_section, "CHANGELOG.md says nothing, pyproject.toml says 0.1.0"),
        (_stamp, "generated/STAMP.json says 0.0.1, pyproject.toml says 0.1.0"),
        (_bundle, "generated/STAMP.json was made from another generated/openapi.json: make generate"),
        (_tag, "the git tag says 0.3.0, pyproject.toml says 0.1.0"),
    ],
)
def test_what_disagrees(repository: Repository, spoil: Callable[[Repository], None], expected: str) -> None:
    spoil(repository)
    assert disagreements(repository.root, tag_here(repository.root)) == [expected]


def test_the_typing_tests_of_the_last_release(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    projects = FILES["pyproject.toml"]
    repository.write("pyproject.toml", projects + '[tool.mypy]\nstrict = true\nmypy_path = "overlay"\n')
    repository.write("overlay/portone_v1/kept.py", "def call(amount: int | str) -> None: ...\n")
    allowed = 'from portone_v1.kept import call\n\ncall(1)\ncall("1")\ncall(1.5)  # type: ignore[arg-type]\n'
    repository.write("tests/typing/cases_calls.py", allowed)
    repository.write("tests/typing/test_checkers.py", "import pytest\n")
    repository.write("overlay/portone_v1/__init__.py", "__all__: list[str] = []\n")
    repository.generate()
    repository.release("0.1.0")
    repository.edit("overlay/portone_v1/kept.py", "int | str", "int")
    assert repository.check() == 0
    out = capsys.readouterr().out
    assert "major since 0.1.0" in out
    assert 'changed: code of 0.1.0 no longer type-checks (cases_calls.py:4): Argument 1 to "call"' in out
    repository.edit("overlay/portone_v1/kept.py", "int", "int | str | float")
    assert repository.check() == 0
    assert "patch since 0.1.0" in capsys.readouterr().out


@pytest.fixture
def fragments(repository: Repository) -> Repository:
    """Return a repository whose changelog towncrier writes, as in this one."""
    table = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    start = table.index("[tool.towncrier]")
    towncrier = table[start : table.index("[tool.mypy]")]
    repository.write("pyproject.toml", FILES["pyproject.toml"] + towncrier)
    repository.write("CHANGELOG.md", CHANGELOG.replace("## 0.1.0", "<!-- releases, the newest first -->\n\n## 0.1.0"))
    return repository


def test_the_first_section_is_made_anew_until_it_has_a_tag(
    fragments: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = SimpleNamespace(run=lambda *_, **__: fragments.generate())  # this tree has none of its own
    monkeypatch.setattr("scripts.release.check.subprocess", generator)
    assert fragments.check("--write") == 0  # nothing waits: the section stays
    assert releases((fragments.root / "CHANGELOG.md").read_text(encoding="utf-8")) == [Version("0.1.0")]
    fragments.write("changes/+all.added.md", "All of it. 전부입니다.\n")
    assert fragments.check("--write") == 0
    text = (fragments.root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert text.count("## 0.1.0") == 1
    assert "- All of it. 전부입니다." in text
    assert "The first." not in text
    assert "everything says 0.1.0" in capsys.readouterr().out


def test_a_new_section_of_the_changelog(fragments: Repository) -> None:
    fragments.write("changes/README.md", "How.\n")
    fragments.write("changes/17.fixed.md", "A refund is told once. 환불을 한 번만 알립니다.\n")
    changes = [added("`Payment.note`"), removed("`Payment.memo`")]
    write_section(fragments.root, Version("0.2.0"), changes)
    text = (fragments.root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert releases(text) == [Version("0.2.0"), Version("0.1.0")]
    section = text.partition("## 0.2.0")[2].partition("## 0.1.0")[0]
    assert [line for line in section.splitlines() if line] == [
        "### Removed",
        "- **breaking** `Payment.memo`",
        "### Added",
        "- `Payment.note`",
        "### Fixed",
        "- A refund is told once. 환불을 한 번만 알립니다. (#17)",
    ]
    assert text.endswith("## 0.1.0\n\nThe first.\n")
    assert [path.name for path in (fragments.root / "changes").iterdir()] == ["README.md"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("+refund.fixd.md", "Once. 한 번.", "it must be called +words.kind.md or number.kind.md: changes/README.md"),
        ("refund.md", "Once. 한 번.", "it must be called +words.kind.md or number.kind.md: changes/README.md"),
        ("refund.fixed.md", "Once. 한 번.", "it must be called +words.kind.md or number.kind.md: changes/README.md"),
        ("+refund.fixed.md", "A refund is told once.", "it must say the same in English and in Korean"),
        ("17.fixed.md", "환불을 한 번만 알립니다.", "it must say the same in English and in Korean"),
    ],
)
def test_what_the_changelog_would_lack(
    name: str, text: str, line: str, fragments: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    fragments.write(f"changes/{name}", f"{text}\n")
    assert fragments.check("--write") == 1
    assert capsys.readouterr().err == f"release-check: changes/{name}: {line}\n"
    assert (fragments.root / "changes" / name).exists()


def test_what_waits_here_reaches_the_changelog_in_both_languages() -> None:
    assert unreadable_fragments(ROOT) == []


def test_a_section_is_written_once(fragments: Repository) -> None:
    write_section(fragments.root, Version("0.2.0"), [added("`a`")])
    with pytest.raises(StepError, match=r"has a section 0\.2\.0 already: git checkout CHANGELOG\.md changes"):
        write_section(fragments.root, Version("0.2.0"), [added("`b`")])


def test_a_changelog_that_towncrier_can_not_continue(fragments: Repository) -> None:
    fragments.edit("pyproject.toml", "[tool.towncrier]\n", '[tool.towncrier]\ntemplate = "nowhere.md"\n')
    with pytest.raises(StepError, match=r"CHANGELOG\.md stays as it was: "):
        write_section(fragments.root, Version("0.2.0"), [added("`a`")])
    assert not any((fragments.root / "changes").iterdir())
