"""CONTRIBUTING's "Add an operation", to the letter, in a copy of this repository.

python -m tests.recipes.add_operation [--tests]    # --tests: the tests as well, as step 7 says
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

__all__ = ["Copy", "walk"]

ROOT = Path(__file__).resolve().parents[2]
# What git leaves out: packages for the interop tests alone are 236 MB.
IGNORED = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()]
LEFT_OUT = shutil.ignore_patterns(".git", *IGNORED)
NAME = "codes_get_card_logo"
URL = "/cards/{card_standard_code}/logo"
PATH_FILE = f"spec/paths/codes/{URL.strip('/').replace('/', '_')}.yaml"
PATH = """\
parameters:
  - $ref: ../../parameters/Tier.yaml
get:
  operationId: codes_get_card_logo
  tags: [codes]
  summary: Look up where the logo of a card company is
  x-name-ko: 카드사 로고 조회
  description: >-
    Answers where a picture of the card company's logo is. A code that does not exist is refused with 404.
  parameters:
    - name: card_standard_code
      in: path
      required: true
      x-name-ko: 카드사코드
      description: The standard (KFTC) code of the card company.
      schema:
        type: string
        minLength: 1
  responses:
    "200":
      description: The logo
      content:
        application/json:
          schema:
            $ref: ../../schemas/envelopes/CardLogoEnvelope.yaml
    "401":
      $ref: ../../responses/Unauthorized.yaml
    "404":
      $ref: ../../responses/NotFound.yaml
"""
SCHEMA = """\
type: object
x-name-ko: 카드사 로고
description: The logo of a card company.
required: [url]
properties:
  url:
    type: string
    format: uri
    x-name-ko: 주소
    description: Where the picture is.
"""
ENVELOPE = """\
description: Answer about the logo of a card company.
allOf:
  - $ref: ../Envelope.yaml
  - type: object
    properties:
      response:
        anyOf:
          - $ref: ../CardLogo.yaml
          - type: 'null'
        x-name-ko: 응답
        description: The logo; null when there is no such code.
"""
DEVIATION = """
- id: card-logos
  kinds: [operation-added, definition-added]
  pointers: [codes_get_card_logo, CardLogo, CardLogoEnvelope]
  what: The logo of a card company can be looked up.
  why: It is the operation of a recipe.
  evidence: None; it exists in a copy alone.
"""
HANDLER = """

@handles("codes_get_card_logo", Evidence(assumed="all of it"))
def get_card_logo(call: Call) -> Answer:
    code = call.arguments.need_text("card_standard_code")
    if code not in CARD_COMPANIES:
        raise no_such_card_code()
    return Answer({"url": f"https://example.com/{code}.png"})
"""
REFUSED = {"status": 404, "body": {"code": 1, "message": "해당 코드의 카드사가 없습니다.", "response": None}}
FOUND = {"status": 200, "body": {"code": 0, "message": None, "response": {"url": "https://example.com/366.png"}}}
CHECKS = ("scripts.generate", "scripts.generate --check", "scripts.lint_spec", "scripts.watch --coverage")


class Copy:
    """This repository elsewhere, to be changed."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "repository"
        shutil.copytree(ROOT, self.root, ignore=LEFT_OUT, symlinks=True)

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def read(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def append(self, name: str, text: str) -> None:
        self.write(name, self.read(name).rstrip() + "\n" + text)

    def replace(self, name: str, old: str, new: str) -> None:
        assert old in self.read(name), f"{name}: {old}"
        self.write(name, self.read(name).replace(old, new))

    def example(self, case: str, code: str, answer: object) -> None:
        example = {"summary": f"A logo: {case}", "request": {"path": {"card_standard_code": code}}, "answer": answer}
        self.write(f"spec/examples/{NAME}.{case}.json", json.dumps(example, ensure_ascii=False, indent=2) + "\n")

    def python(self, *arguments: str) -> str:
        """Return the output of a command, or raise if it fails. The copy's packages come before those of this tree."""
        places = [self.root / name for name in ("overlay", "generated", "sandbox", "cli", ".")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
        done = subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}:\n{(done.stdout + done.stderr)[-6000:]}")
        return done.stdout

    def complaint(self, *arguments: str) -> str:
        """Return the output of a command that must fail."""
        try:
            self.python(*arguments)
        except RuntimeError as error:
            return str(error)
        raise AssertionError(f"{' '.join(arguments)}: it found nothing")

    def check(self, modules: Iterable[str]) -> None:
        for module in modules:
            self.python("-m", *module.split())


def walk(copy: Copy) -> None:
    """Carry out steps 1 to 6."""
    copy.write(PATH_FILE, PATH)
    listed = copy.read("spec/openapi.yaml")
    entry = f"  {URL}:\n    $ref: {PATH_FILE.removeprefix('spec/')}\n"
    neighbour = re.search(r"^  /cards/\{card_standard_code\}:\n.*\n", listed, re.MULTILINE)
    assert neighbour is not None
    copy.write("spec/openapi.yaml", listed.replace(neighbour[0], neighbour[0] + entry))
    copy.write("spec/schemas/CardLogo.yaml", SCHEMA)
    copy.write("spec/schemas/envelopes/CardLogoEnvelope.yaml", ENVELOPE)
    copy.example("ok", "366", FOUND)
    copy.example("not_found", "999", REFUSED)
    copy.append("spec/deviations.yaml", DEVIATION)
    copy.check(CHECKS)
    copy.append("sandbox/portone_v1_sandbox/merchant/codes.py", HANDLER)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.recipes.add_operation", description=(__doc__ or "")[:60])
    parser.add_argument("--tests", nargs="*", help="run these tests of the copy as well (all of them)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        walk(copy)
        sys.stdout.write("add_operation: steps 1 to 6 are green\n")
        if options.tests is not None:
            sys.stdout.write(copy.python("-m", "pytest", "-q", "-n", "auto", *options.tests)[-2000:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
