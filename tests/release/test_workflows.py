"""The files that a team copies into its own CI: pinned, without secrets, with no more rights than needed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"
USES = re.compile(r"uses: (\S+)(.*)")
MAKE = re.compile(r"\bmake ([a-z-]+)")
RIGHTS_TO_WRITE = {
    ("regenerate.yml", "propose"): {"actions", "contents", "pull-requests"},
    ("watch.yml", "tell"): {"contents", "issues"},
    ("release.yml", "publish"): {"attestations", "id-token"},
}


def _jobs(path: Path) -> dict[str, Any]:
    jobs: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
    return jobs


def _scripts(job: dict[str, Any]) -> str:
    return "\n".join(step.get("run", "") for step in job["steps"])


def test_the_four_workflows_are_there() -> None:
    assert [path.name for path in WORKFLOWS] == ["check.yml", "regenerate.yml", "release.yml", "watch.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_hash(path: Path) -> None:
    found = USES.findall(path.read_text(encoding="utf-8"))
    assert found
    for action, comment in found:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


def test_an_action_has_one_hash_everywhere() -> None:
    pins = {pin for path in WORKFLOWS for pin in USES.findall(path.read_text(encoding="utf-8"))}
    names = [action.partition("@")[0] for action, _ in pins]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_each_job_may_write_only_what_it_must(path: Path) -> None:
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["permissions"] == {}
    for name, job in _jobs(path).items():
        writing = {right for right, level in job["permissions"].items() if level == "write"}
        assert writing == RIGHTS_TO_WRITE.get((path.name, name), set()), name
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_job_that_may_write_installs_and_builds_nothing_of_the_project(path: Path) -> None:
    for name, job in _jobs(path).items():
        if (path.name, name) in RIGHTS_TO_WRITE:
            assert not MAKE.search(_scripts(job).replace('"generated: make generate"', ""))
            if "pip install" in _scripts(job):
                assert "--require-hashes" in _scripts(job)
                assert "constraints/publish.txt" in _scripts(job)


def test_secrets_reach_the_upload_alone() -> None:
    for path in WORKFLOWS:
        for name, job in _jobs(path).items():
            has_secrets = "${{ secrets." in yaml.safe_dump(job)
            assert has_secrets == ((path.name, name) == ("release.yml", "publish"))
    assert _jobs(ROOT / ".github" / "workflows" / "release.yml")["publish"]["environment"] == "release"


def test_what_is_published_was_built_once_and_tested() -> None:
    jobs = _jobs(ROOT / ".github" / "workflows" / "release.yml")
    assert [name for name, job in jobs.items() if "make build" in _scripts(job)] == ["build"]
    assert jobs["test"]["needs"] == "build"
    assert jobs["publish"]["needs"] == ["tests", "test", "shops"]
    assert jobs["shops"]["needs"] == "build"
    assert "make shops-test" in _scripts(jobs["shops"])
    assert "make test\n" in _scripts(jobs["tests"]) + "\n"
    matrix = jobs["test"]["strategy"]["matrix"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert matrix["resolution"] == ["lowest-direct", "highest"]


def test_gitlab_goes_the_same_way() -> None:
    jobs = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    builds = [name for name, job in jobs.items() if isinstance(job, dict) and "make build" in str(job.get("script"))]
    assert builds == ["build"]
    assert set(jobs["publish"]["needs"]) == {"check", "test", "build", "wheel", "shops"}
    assert "--require-hashes" in str(jobs["publish"]["before_script"])
    assert "make" not in str(jobs["publish"]["before_script"])
    for name, job in jobs.items():
        if isinstance(job, dict) and "INDEX_PASSWORD" in str(job):
            assert name == "publish"
        if isinstance(job, dict) and "REGENERATE_TOKEN" in str(job):
            assert name == "propose"


def test_a_script_of_gitlab_reads_variables_that_are_set() -> None:
    """A variable that nothing sets is empty there, and a condition on it chooses without a word."""
    document = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    by_the_team = set(re.findall(r"[A-Z]+_[A-Z_]+", GITLAB.read_text(encoding="utf-8").partition("stages:")[0]))
    for name, job in document.items():
        if isinstance(job, dict) and "script" in job:
            script = "\n".join([*job.get("before_script", document["default"]["before_script"]), *job["script"]])
            matrix = [key for row in job.get("parallel", {}).get("matrix", []) for key in row]
            known = {*document["variables"], *job.get("variables", {}), *matrix, *by_the_team}
            set_here = set(re.findall(r"\b([A-Za-z_]\w*)=", script))
            read = {found for found in re.findall(r"\$\{?([A-Za-z_]\w*)", script) if not found.startswith("CI_")}
            assert read <= known | set_here, name


def test_images_are_pinned_by_digest() -> None:
    jobs = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    images = [job["image"] for job in jobs.values() if isinstance(job, dict) and "image" in job]
    for name in ("test", "wheel"):
        [matrix] = [each["IMAGE"] for each in jobs[name]["parallel"]["matrix"]]
        assert [image.partition("-slim")[0] for image in matrix] == [f"python:3.{minor}" for minor in range(11, 15)]
        images += matrix
    for image in images:
        assert image == "$IMAGE" or re.fullmatch(r"python:3\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", image), image


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_a_pull_request_is_regenerated_on_its_own_branch(host: str) -> None:
    if host == "github":
        path = ROOT / ".github" / "workflows" / "regenerate.yml"
        triggers = yaml.safe_load(path.read_text(encoding="utf-8"))[True]  # YAML 1.1 reads `on` so
        assert triggers["pull_request"]["paths"] == triggers["push"]["paths"]
        assert {"spec/**", "templates/**", "scripts/**", "overlay/**", "pyproject.toml"} == {*triggers["push"]["paths"]}
        push = _scripts(_jobs(path)["propose"])
        assert 'git push origin "HEAD:refs/heads/$HEAD"' in push
        assert 'gh workflow run check.yml --ref "$HEAD"' in push  # else the commit would stand there unchecked
    else:
        jobs = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
        assert '"HEAD:refs/heads/$CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"' in str(jobs["propose"]["script"])
        for name in ("regenerate", "propose"):
            assert "merge_request_event" in str(jobs[name]["rules"])


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_all_that_generate_writes_is_committed_and_nothing_else(host: str, tmp_path: Path) -> None:
    """The commands of the files, in a repository: generated/ and the synchronous copies, and no workflow."""
    if host == "github":
        jobs = _jobs(ROOT / ".github" / "workflows" / "regenerate.yml")
        text = "\n".join(_scripts(jobs[name]) for name in ("generate", "propose")).replace("\\\n", "")
    else:
        gitlab = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
        text = "\n".join(line for name in ("regenerate", "propose") for line in gitlab[name]["script"])
    add, make, apply = (
        next(line.strip() for line in text.splitlines() if line.strip().startswith(f"git {verb}"))
        for verb in ("add", "diff", "apply")
    )

    def git(*commands: str) -> str:
        lines = "\n".join(commands)
        return subprocess.run(["bash", "-ec", lines], cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    written = {"generated/a.py", "overlay/portone_v1/_sync/b.py", "overlay/portone_v1/_http/_sync/c.py"}
    for name in (*written, ".github/workflows/check.yml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1\n", encoding="utf-8")
    git("git init -q", "git add .", "git -c user.name=a -c user.email=a@example.com commit -qm a")
    for name in (*written, ".github/workflows/check.yml"):
        (tmp_path / name).write_text("2\n", encoding="utf-8")
    git(add, make)
    assert set(git("git diff --cached --name-only").splitlines()) == written
    git("git add .github", make, "git reset -q --hard")  # as if what was installed had put more into the patch
    patch = '"$RUNNER_TEMP/regenerated/regenerated.patch"'
    git(apply.replace(patch, "regenerated.patch"))
    assert set(git("git diff --cached --name-only").splitlines()) == written


def test_every_target_that_the_files_call_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = {
        target
        for path in [*WORKFLOWS, GITLAB]
        for target in MAKE.findall(re.sub(r"#.*", "", path.read_text(encoding="utf-8")))
    }
    assert called >= {"check", "test", "build", "wheel-test", "release-check", "generate"}
    for target in called:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_linters_see_what_they_should(tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    spoiled = folder / "release.yml"
    spoiled.write_text(re.sub(r"@[0-9a-f]{40} # v(\d+)\S+", r"@v\1", text), encoding="utf-8")
    programs = Path(sys.executable).parent
    command = [str(programs / "zizmor"), "--offline", "--no-progress", str(tmp_path / ".github")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "unpinned-uses" in done.stdout
    spoiled.write_text(text.replace("timeout-minutes: 30", "timeout-minuets: 30"), encoding="utf-8")
    command = [str(programs / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", str(spoiled)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "timeout-minuets" in done.stdout
