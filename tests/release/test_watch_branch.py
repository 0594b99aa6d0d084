"""The branch that the scheduled watch pushes, by the very script of the workflow, to a repository on this machine."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT

BRANCH = "vendor-document"


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


class Host:
    """A repository with its main branch, and a `gh` that only notes what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.origin, self.runs = folder, folder / "origin.git", 0
        _git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        work = self.clone("work")
        (work / "spec").mkdir()
        (work / "spec" / "a.yaml").write_text("a: 1\n", encoding="utf-8")
        self.push(work, "HEAD:refs/heads/main")
        programs = folder / "bin"
        programs.mkdir()
        (programs / "gh").write_text('#!/bin/sh\necho "$@" >> "$GH_LOG"\n', encoding="utf-8")
        (programs / "gh").chmod(0o755)

    def clone(self, name: str) -> Path:
        _git(self.folder, "clone", "--quiet", str(self.origin), name)
        return self.folder / name

    def push(self, work: Path, where: str) -> None:
        _git(work, "add", "--all")
        _git(work, "commit", "--quiet", "--message", "work")
        _git(work, "push", "--quiet", "origin", where)

    def tip(self) -> str:
        return _git(self.folder, "ls-remote", str(self.origin), f"refs/heads/{BRANCH}").partition("\t")[0]

    def watch(self, field: str) -> str:
        """Run the job once after the vendor has added `field`, and return its report."""
        self.runs += 1
        work = self.clone(f"run-{self.runs}")
        report = self.folder / f"temp-{self.runs}" / "report"
        report.mkdir(parents=True)
        (work / "spec" / "a.yaml").write_text(f"a: 1\n{field}: TODO\n", encoding="utf-8")
        (report / "proposed.patch").write_text(_git(work, "diff") + "\n", encoding="utf-8")
        _git(work, "checkout", "--quiet", "--", ".")
        (report / "report.md").write_text("A report.\n", encoding="utf-8")
        document = yaml.safe_load((ROOT / ".github" / "workflows" / "watch.yml").read_text(encoding="utf-8"))
        [step] = [step for step in document["jobs"]["tell"]["steps"] if "run" in step]
        environment = {
            **os.environ,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "RUNNER_TEMP": str(report.parent),
            "GH_LOG": str(self.folder / "gh.log"),
            "TITLE": step["env"]["TITLE"],
            "HOME": str(self.folder),
        }
        subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=work, env=environment, check=True)
        return (report / "report.md").read_text(encoding="utf-8")


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_the_branch_is_made_and_made_anew(host: Host) -> None:
    assert "holds the skeletons" in host.watch("first")
    first = host.tip()
    assert "holds the skeletons" in host.watch("second")
    assert host.tip() not in {"", first}
    assert "issue create" in (host.folder / "gh.log").read_text(encoding="utf-8")


def test_the_work_of_a_person_on_it_stays(host: Host) -> None:
    host.watch("first")
    work = host.clone("person")
    _git(work, "checkout", "--quiet", BRANCH)
    (work / "spec" / "a.yaml").write_text("a: 1\nfirst: said\n", encoding="utf-8")
    host.push(work, f"HEAD:refs/heads/{BRANCH}")
    mine = host.tip()
    assert "was left as it is" in host.watch("second")
    assert host.tip() == mine
