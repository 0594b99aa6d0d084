"""Run the jobs of the CI's files here: each from a clean clone, in a clean environment, with its own scripts.

The host is simulated: a checkout is a clone, setup-python is a fresh environment of that Python, artifacts are
folders, the repository that is pushed to and the index that is published to are on this machine. `apt-get` and `gh` are
stand-ins that note how they were called.
"""

from __future__ import annotations

import argparse
import dataclasses
import fnmatch
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from scripts.release.distributions import version_of
from tests.ci.jobs import Job, filled, github, gitlab, holds, updated
from tests.release.loopback import serve
from tests.release.machine import pythons
from tests.release.wheels import runtime_wheels

ROOT: Final = Path(__file__).resolve().parents[2]
BRANCH: Final = "feature"
CHANGED: Final = "spec/schemas/PaymentPrepare.yaml"
FIELD: Final = "  rehearsed: {type: [string, 'null'], description: A field that the rehearsal adds., x-name-ko: 예행}\n"
DOCUMENT: Final = ROOT / "tests" / "watch" / "data"
# Where this machine gets packages from is no part of what is rehearsed.
THROUGH: Final = ("PIP_", "UV_", "SSL_", "NODE_EXTRA", "npm_config_", "http_proxy", "https_proxy", "no_proxy")
# What reads PYTEST_ADDOPTS: not the builds, nor the tests of the wheels and of the shops, which run whole.
ALL_TESTS: Final = re.compile(r"make (test|test-apart|test-all|branch-coverage|\"\$TARGET\")(?![\w-])")
STANDS_IN: Final = '#!/bin/sh\necho "$(basename "$0") $*" >> "{log}"\n'
# A document that the lock does not know: the weekly look fails, and that alerts the owner of the schedule.
FAILS: Final = {(".gitlab-ci.yml", "watch"): 1}


@contextmanager
def _document() -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(DOCUMENT))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/shop.swagger.json"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def _git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.com")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


class Rehearsal:
    def __init__(self, folder: Path, variables: dict[str, str], tests: str) -> None:
        self.folder, self.variables, self.tests = folder, variables, tests
        self.origin = folder / "origin.git"
        self.log = folder / "called.log"
        self.outputs: dict[str, dict[str, str]] = {}
        self.interpreters = {".".join(version.split(".")[:2]): path for version, path in pythons().items()}
        _git(ROOT, "clone", "--quiet", "--bare", "--no-local", str(ROOT), str(self.origin))
        work = folder / "change"
        _git(folder, "clone", "--quiet", str(self.origin), str(work))
        self.tag = f"v{version_of(work)}"
        _git(work, "switch", "--quiet", "--force-create", "main", "HEAD")
        _git(work, "tag", "--force", self.tag)
        _git(work, "checkout", "--quiet", "-B", BRANCH)
        with (work / CHANGED).open("a", encoding="utf-8") as file:
            file.write(FIELD)
        _git(work, "commit", "--quiet", "--all", "--message", "spec: a field without its generated/")
        _git(work, "push", "--quiet", "--force", str(self.origin), BRANCH, self.tag, "main")
        for name in ("apt-get", "gh"):
            path = folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(STANDS_IN.format(log=self.log), encoding="utf-8")
            path.chmod(0o755)

    def context(self, job: Job) -> dict[str, Any]:
        pulled = job.file == "regenerate.yml"
        head = {"full_name": "owner/name"}
        return {
            **job.context,
            "github": {
                "event_name": "pull_request" if pulled else "push",
                "head_ref": BRANCH if pulled else "",
                "ref_name": BRANCH if pulled else self.tag,
                "repository": "owner/name",
                "token": "stand-in",
                "event": {"pull_request": {"head": {"repo": head}}} if pulled else {},
            },
            "runner": {"temp": str(self.folder / "temp")},
            "needs": {key: {"outputs": values} for key, values in self.outputs.items()},
            "steps": {key.partition("#")[2]: {"outputs": values} for key, values in self.outputs.items() if "#" in key},
            "vars": self.variables,
            "secrets": self.variables,
        }

    def environment(self, job: Job, python: Path | None) -> dict[str, str]:
        places = [
            str(self.folder / "bin"),
            *([str(python.parent)] if python else []),
            "/usr/local/bin",
            "/usr/bin",
            "/bin",
        ]
        kept = {name: value for name, value in os.environ.items() if name.startswith(THROUGH)}
        config = Path.home() / ".config" / "pip" / "pip.conf"
        own = {
            "PATH": os.pathsep.join(places),
            "HOME": str(self.folder / "home"),
            "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(self.folder / "cache")),
            "PIP_NO_COMPILE": "1",  # most of what is installed is not imported before the environment goes
            "LANG": "C.UTF-8",
            "CI": "true",
        }
        if config.is_file():
            own["PIP_CONFIG_FILE"] = str(config)
        if self.tests:
            own |= {"PYTEST_ADDOPTS": self.tests, "MAKEFLAGS": "COVERED=0"}
        if job.file == ".gitlab-ci.yml":
            own |= {**job.environment, **self.variables, "CI_PROJECT_URL": f"file://{self.origin.with_suffix('')}"}
            if job.event == "merge request":
                own["CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"] = BRANCH
        return kept | own | {"RUNNER_TEMP": str(self.folder / "temp"), "GITHUB_OUTPUT": str(self.folder / "output")}

    def run(self, job: Job) -> str:
        """Return the result in a few words."""
        context = self.context(job)
        if not holds(job.condition, context):
            return "not called: its condition does not hold"
        if job.python and job.python not in self.interpreters:
            return f"not run: Python {job.python} is not on this machine"
        for name in ("work", "python", "temp", "home"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in ("temp", "home"):
            (self.folder / name).mkdir()
        python = None
        if job.python:
            subprocess.run([self.interpreters[job.python], "-m", "venv", self.folder / "python"], check=True)
            python = self.folder / "python" / "bin" / "python"
        work = self.folder / "work"
        work.mkdir()
        if job.file == ".gitlab-ci.yml":
            self._clone(BRANCH if job.event == "merge request" else self.tag)
            self._fetch(job)
        environment = self.environment(job, python)
        left = []
        for step in job.steps:
            if not holds(step.get("if", ""), context):
                continue
            if "run" in step:
                more = {name: filled(value, context) for name, value in step.get("env", {}).items()}
                status, last_line = self._script(filled(step["run"], context), environment | more)
                if status != FAILS.get((job.file, job.key), 0):
                    return f"**failed**, status {status}: {last_line}"
                self._outputs(job, step)
                context = self.context(job)
            elif "download-artifact" in step["uses"] and not self._held(step, context, job).is_dir():
                return f"**failed**: no job before it kept {self._held(step, context, job).name}"
            elif problem := self._used(step, context, job):
                left.append(problem)
        self._keep(job)
        passed = "passed" if (job.file, job.key) not in FAILS else "found the change, and so failed as it should"
        if self.tests and ALL_TESTS.search(str(job.steps)):
            passed += f", with `{self.tests}` for all tests and no floor of coverage"
        return f"{passed}; {', '.join(left)} left to the host" if left else passed

    def _clone(self, ref: str) -> None:
        _git(self.folder, "clone", "--quiet", "--branch", ref, str(self.origin), str(self.folder / "work"))

    def _script(self, script: str, environment: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=self.folder / "work", env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False,
        )  # fmt: skip
        print(done.stdout, flush=True)
        lines = done.stdout.strip().splitlines() or ["no output"]
        return done.returncode, lines[-1]

    def _outputs(self, job: Job, step: dict[str, Any]) -> None:
        path = self.folder / "output"
        if path.is_file():
            values = dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
            self.outputs.setdefault(job.key, {}).update(values)
            self.outputs[f"{job.key}#{step.get('id', '')}"] = values
            path.unlink()

    def _held(self, step: dict[str, Any], context: dict[str, Any], job: Job) -> Path:
        return self.folder / "artifacts" / job.file / filled(step["with"].get("name", ""), context)

    def _used(self, step: dict[str, Any], context: dict[str, Any], job: Job) -> str:
        """Simulate an action of the host. Return its name if that is not possible."""
        action = step["uses"].partition("@")[0]
        given = {name: filled(value, context) for name, value in step.get("with", {}).items()}
        work = self.folder / "work"
        match action:
            case "actions/checkout":
                self._clone(given.get("ref") or self.tag)
            case "actions/setup-python":
                pass
            case "actions/upload-artifact":
                held = self._held(step, context, job)
                held.mkdir(parents=True, exist_ok=True)
                for name in given["path"].split():
                    if (work / name).is_dir():
                        shutil.copytree(work / name, held, dirs_exist_ok=True)
                    else:
                        shutil.copy(work / name, held)
            case "actions/download-artifact":
                shutil.copytree(self._held(step, context, job), work / given.get("path", "."), dirs_exist_ok=True)
            case _:
                return str(action)
        return ""

    def _keep(self, job: Job) -> None:
        for name in job.kept:
            found, held = self.folder / "work" / name, self.folder / "artifacts" / job.file / job.key / name
            if found.is_dir():
                shutil.copytree(found, held, dirs_exist_ok=True)
            elif found.is_file():
                held.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(found, held)

    def _fetch(self, job: Job) -> None:
        for folder in sorted((self.folder / "artifacts" / job.file).glob("*")):
            if job.needs is None or folder.name in job.needs:
                shutil.copytree(folder, self.folder / "work", dirs_exist_ok=True)


def all_jobs() -> list[Job]:
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    found = [job for path in workflows for job in github(path)] + list(gitlab(ROOT / ".gitlab-ci.yml"))
    return [dataclasses.replace(job, event=job.event or job.file.removesuffix(".yml")) for job in found]


def _write_down(path: Path, results: dict[str, str]) -> None:
    """Update the page. Jobs that were left out keep their text."""
    path.write_text(updated(path.read_text(encoding="utf-8"), all_jobs(), results), encoding="utf-8", newline="\n")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.ci.campaign", description=__doc__)
    parser.add_argument("--only", nargs="*", default=["*"], help="patterns of `file: job`, as `--list` shows them")
    parser.add_argument("--tests", default="", help="run these tests only, where a job runs all of them")
    parser.add_argument("--list", action="store_true", help="only say which jobs there are")
    parser.add_argument("--transcript", type=Path, metavar="FILE", help="write the table down (docs/ci-rehearsal.md)")
    options = parser.parse_args(arguments)
    jobs = [job for job in all_jobs() if any(fnmatch.fnmatch(job.shown, f"*{pattern}*") for pattern in options.only)]
    if options.list:
        print("\n".join(job.shown for job in jobs))
        return 0
    results: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="ci-rehearsal-") as name, _document() as document:
        folder = Path(name).resolve()
        with serve(runtime_wheels(folder / "index"), "release", "loopback") as index:
            variables = {
                "INDEX_PUBLISH_URL": index.url, "INDEX_USERNAME": index.username, "INDEX_PASSWORD": index.password,
                "VENDOR_DOCUMENT_URL": document, "REGENERATE_TOKEN": "stand-in",
            }  # fmt: skip
            rehearsal = Rehearsal(folder, variables, options.tests)
            for job in jobs:
                print(f"── {job.shown}", flush=True)
                results[job.shown] = rehearsal.run(job)
                print(f"── {job.shown}: {results[job.shown]}", flush=True)
                if options.transcript is not None:  # after each, so that an interrupted run keeps what it has seen
                    _write_down(options.transcript, results)
    print("\n".join(f"{result:60}  {name}" for name, result in results.items()))
    return 1 if any("**failed**" in result for result in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
