"""Rehearse a release from end to end in a copy of this tree, with an index of its own on this machine.

A field is added to the specification, and at the end a fresh environment installs the release and reads the field.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from .building import copy_tree
from .distributions import version_of
from .environments import clean, fresh, tool
from .loopback import Index, serve
from .materials import runtime_wheels
from .page import page
from .transcript import Transcript, UnexpectedError

__all__ = ["main", "rehearse"]

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = "spec/schemas/PaymentPrepare.yaml"
FIELD: Final = """\
  valid_until:
    type: [integer, 'null']
    x-unix-time: true
    x-name-ko: 등록 유효 기한
    description: Until when the payment window may ask for the amount; null when it has no end.
"""
READER: Final = """\
import httpx
from portone_v1 import PortOne

def answer(request):
    token = {"access_token": "t", "now": 0, "expired_at": 1800}
    prepared = {"merchant_uid": "order-1", "amount": 12000, "valid_until": 1800000000}
    payload = token if request.url.path == "/users/getToken" else prepared
    return httpx.Response(200, json={"code": 0, "message": None, "response": payload})

with PortOne(imp_key="k", imp_secret="s", transport=httpx.MockTransport(answer)) as client:
    print("valid until", client.prepare.get("order-1").valid_until)
"""
WHO = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
       for what, value in (("NAME", "홍길동"), ("EMAIL", "gildong@example.com"))}  # fmt: skip


def _commit(told: Transcript, message: str, tag: str) -> None:
    told.step(
        f"git commit -am '{message}' && git tag {tag}",
        ["sh", "-c", f"git add -A && git commit -qm '{message}' && git tag {tag}"],
    )


def _change(told: Transcript, clone: Path, last: str) -> str:
    python = sys.executable
    told.say(f"{last} is released. The vendor adds a field, so it is added to the specification:")
    with (clone / SCHEMA).open("a", encoding="utf-8") as schema:
        schema.write(FIELD)
    told.step(f"git diff -U0 {SCHEMA}", ["git", "diff", "-U0", SCHEMA], keep=r"^\+ ")
    told.step("make generate", [python, "-m", "scripts.generate"])
    told.step("make drift", [python, "-m", "scripts.drift"])
    told.say("What is it to users?")
    told.step("make release-check WRITE=1", [python, "-m", "scripts.release", "check", "--write"])
    version = version_of(clone)
    told.step("git diff -U0 CHANGELOG.md", ["git", "diff", "-U0", "CHANGELOG.md"], keep=r"^\+(?!\+)")
    _commit(told, f"release {version}", f"v{version}")
    told.step("make release-check", [python, "-m", "scripts.release", "check"])
    return version


def _publish(told: Transcript, index: Index) -> None:
    python = sys.executable
    told.say("Build once; what is published is what was built.")
    told.step("make build", [python, "-m", "scripts.release", "build"])
    publish = [python, "-m", "scripts.release", "publish", "--index", "internal"]
    environment = index.publishing
    told.step(
        "make publish INDEX=internal    # with a wrong password",
        publish,
        expect=1,
        environment=environment | {"UV_PUBLISH_PASSWORD": "wrong"},
    )
    told.step("make publish INDEX=internal", publish, environment=environment)
    told.step("make publish INDEX=internal    # once more", publish, expect=1, environment=environment)


def _install(told: Transcript, index: Index, folder: Path, version: str) -> None:
    told.say(
        "A fresh environment takes it from that index alone, every file by its hash. The index stands in\n"
        "`UV_DEFAULT_INDEX=internal=https://…/simple/`, who reads it in `UV_INDEX_INTERNAL_USERNAME` and `…_PASSWORD`:"
    )
    (folder / "requirements.in").write_text(f"portone-v1=={version}\n", encoding="utf-8")
    locked = str(folder / "requirements.txt")
    environment = {"UV_DEFAULT_INDEX": f"internal={index.simple}", **index.reading}
    uv, python = tool("uv"), str(fresh(folder / "venv", Path(sys.executable)))
    told.step(
        "uv pip compile --generate-hashes requirements.in -o requirements.txt",
        [uv, "pip", "compile", "-q", "--no-annotate", "--no-header", "--no-emit-index-url", "--generate-hashes",
         "--python", python, str(folder / "requirements.in"), "-o", locked],
        environment=environment,
    )  # fmt: skip
    told.step(
        "uv pip install --require-hashes -r requirements.txt",
        [uv, "pip", "install", "--python", python, "--require-hashes", "-r", locked],
        environment=environment,
        keep=r"^ \+ ",
    )
    (folder / "reader.py").write_text(READER, encoding="utf-8")
    told.step("python reader.py", [python, str(folder / "reader.py")])


def rehearse(root: Path, folder: Path) -> Transcript:
    """Everything from the field to the reader; raises where a step ends otherwise than it should."""
    clone, packages = folder / "portone-v1", folder / "index"
    clone.mkdir()
    packages.mkdir()
    copy_tree(root, clone)
    if (root / ".mypy_cache").is_dir():  # the type checker's memory
        shutil.copytree(root / ".mypy_cache", clone / ".mypy_cache")
    runtime_wheels(packages)
    environment = clean(UV_CACHE_DIR=str(folder / "cache"), **WHO)
    told = Transcript(clone, environment, {str(folder.resolve()): "/tmp/rehearsal", str(folder): "/tmp/rehearsal"})  # noqa: S108
    quiet = Transcript(clone, environment, {})
    quiet.step("git init", ["git", "init", "-q", "-b", "main"])
    quiet.step("make generate", [sys.executable, "-m", "scripts.generate"])  # somebody may be in the middle of a change
    last = version_of(clone)
    _commit(quiet, f"release {last}", f"v{last}")
    version = _change(told, clone, last)
    with serve(packages, "release", secrets.token_urlsafe(24)) as index:
        _publish(told, index)
        _install(told, index, folder, version)
    return told


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.release rehearsal", description=__doc__)
    parser.add_argument("--transcript", type=Path, metavar="FILE", help="write it down (docs/rehearsal.md)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        try:
            told = rehearse(ROOT, Path(folder).resolve())
        except UnexpectedError as error:
            print(f"rehearsal: {error}", file=sys.stderr)
            return 1
    print("\n".join(told.lines))
    if options.transcript is not None:
        options.transcript.parent.mkdir(parents=True, exist_ok=True)
        options.transcript.write_text(page(told.lines), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
