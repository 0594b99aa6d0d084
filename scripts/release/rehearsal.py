"""Rehearse two releases from end to end in a copy of this tree, with an index of its own on this machine.

A patch mends a text; a major release adds a field and raises a bound. At the end fresh environments install both.
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
from .distributions import raise_version, version_of
from .environments import clean, fresh, tool
from .loopback import Index, serve
from .materials import runtime_wheels
from .page import write_page
from .transcript import Transcript, UnexpectedError

ROOT = Path(__file__).resolve().parents[2]
SCHEMA: Final = "spec/schemas/PaymentPrepare.yaml"
PATH: Final = "spec/paths/prepare/payments_prepare.yaml"
FIRST: Final = "1.0.0"
FRAGMENT: Final = "changes/+prepare.fixed.md"
FIXED: Final = "The description of a registered amount says when it is asked for. 등록 금액이 언제 쓰이는지 설명합니다."
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


def _patch(told: Transcript, clone: Path) -> str:
    told.say(
        f"{FIRST} is released. A description of an argument is corrected, which users are told by a file in changes/:"
    )
    _edit(clone / PATH, "that the payment window must ask for,", "that the payment window must ask the buyer for,")
    (clone / FRAGMENT).write_text(f"{FIXED}\n", encoding="utf-8")
    told.step(f"cat {FRAGMENT}", ["cat", FRAGMENT])
    return _raise(told, clone)


def _major(told: Transcript, clone: Path) -> str:
    told.say("The vendor adds a field, and from now on refuses amounts below 100:")
    with (clone / SCHEMA).open("a", encoding="utf-8") as schema:
        schema.write(FIELD)
    _edit(clone / PATH, "minimum: 0", "minimum: 100")
    told.step("git diff -U0 spec", ["git", "diff", "-U0", "spec"], keep=r"^[+-] ")
    return _raise(told, clone)


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise UnexpectedError(f"{path.name} does not hold {old!r}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _raise(told: Transcript, clone: Path) -> str:
    """From a change of the specification to a tagged commit."""
    python = sys.executable
    told.step("make generate", [python, "-m", "scripts.generate"])
    told.step("make drift", [python, "-m", "scripts.drift"])
    told.say("What is it to users?")
    told.step("make release-check WRITE=1", [python, "-m", "scripts.release", "check", "--write"])
    version = version_of(clone)
    told.step("git diff -U0 HEAD CHANGELOG.md", ["git", "diff", "-U0", "HEAD", "CHANGELOG.md"], keep=r"^\+(?!\+)")
    _commit(told, f"release {version}", f"v{version}")
    told.step("make release-check", [python, "-m", "scripts.release", "check"])
    return version


def _publish(told: Transcript, index: Index, *, thoroughly: bool) -> None:
    python = sys.executable
    told.say("Build once; what is published is what was built.")
    told.step("make build", [python, "-m", "scripts.release", "build"])
    publish = [python, "-m", "scripts.release", "publish", "--index", "internal"]
    environment = index.publishing
    shown = "make publish INDEX=internal"
    if thoroughly:
        wrong = environment | {"UV_PUBLISH_PASSWORD": "wrong"}
        told.step(f"{shown}    # with a wrong password", publish, expect=1, environment=wrong)
    told.step(shown, publish, environment=environment)
    if thoroughly:
        told.step(f"{shown}    # once more", publish, expect=1, environment=environment)


def _install(told: Transcript, index: Index, folder: Path, version: str) -> None:
    told.say(
        "A fresh environment takes it from that index alone, every file by its hash. The index stands in\n"
        "`UV_DEFAULT_INDEX=internal=https://…/simple/`, who reads it in `UV_INDEX_INTERNAL_USERNAME` and `…_PASSWORD`:"
    )
    environment = {"UV_DEFAULT_INDEX": f"internal={index.simple}", **index.reading}
    uv, python = tool("uv"), str(fresh(folder / "venv", Path(sys.executable)))
    wanted, locked = folder / "requirements.in", str(folder / "requirements.txt")
    compiling = [uv, "pip", "compile", "-q", "--no-annotate", "--no-header", "--no-emit-index-url", "--python", python]
    wanted.write_text(f"portone-v1[sandbox,cli]=={version}\n", encoding="utf-8")
    told.step("cat requirements.in", ["cat", str(wanted)])
    told.step(
        "uv pip compile --generate-hashes requirements.in -o requirements.txt",
        [*compiling, "--generate-hashes", str(wanted), "-o", locked],
        environment=environment,
    )
    told.step(
        "uv pip install --require-hashes -r requirements.txt",
        [uv, "pip", "install", "--python", python, "--require-hashes", "-r", locked],
        environment=environment,
        keep=r"^ \+ portone",
    )
    (folder / "reader.py").write_text(READER, encoding="utf-8")
    told.step("python reader.py", [python, str(folder / "reader.py")])
    told.step("portone-v1 --version", [str(Path(python).with_name("portone-v1")), "--version"])
    told.say("A shop that takes no major version is not moved to one:")
    wanted.write_text(f"portone-v1>={FIRST},<2\n", encoding="utf-8")
    told.step("cat requirements.in", ["cat", str(wanted)])
    told.step("uv pip compile requirements.in", [*compiling, str(wanted)], environment=environment, keep="^portone")


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
    _start(clone)
    quiet.step("make generate", [sys.executable, "-m", "scripts.generate"])  # somebody may be in the middle of a change
    _commit(quiet, f"release {FIRST}", f"v{FIRST}")
    with serve(packages, "release", secrets.token_urlsafe(24)) as index:
        _patch(told, clone)
        _publish(told, index, thoroughly=False)
        version = _major(told, clone)
        _publish(told, index, thoroughly=True)
        _install(told, index, folder, version)
    return told


def _start(clone: Path) -> None:
    """As if this tree were 1.0.0: what is written down does not depend on its version, or on what waits in changes/."""
    changelog = clone / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace(f"\n## {version_of(clone)}\n", f"\n## {FIRST}\n", 1), encoding="utf-8")
    raise_version(clone, FIRST)
    for waiting in (clone / "changes").glob("*.*.md"):
        waiting.unlink()


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
        write_page(options.transcript, told.lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
