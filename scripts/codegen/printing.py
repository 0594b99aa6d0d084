"""Print templates into files, which ruff formats. An error names the line of the template."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError

from ..steps import StepError, run

FORM = ("line-length=110", "lint.isort.split-on-trailing-comma=false", "format.skip-magic-trailing-comma=true")


def write(environment: Environment, template: str, path: Path, values: dict[str, Any]) -> None:
    """Print a template into a file."""
    try:
        printed = environment.get_template(template).render(**values)
    except TemplateError as error:
        frames = traceback.extract_tb(error.__traceback__)
        within = [frame.lineno for frame in frames if frame.filename.endswith(".jinja")]
        line = getattr(error, "lineno", None) or (within[-1] if within else None)
        raise StepError(f"templates/{template}{f':{line}' if line else ''}: {error}") from error
    if " object at 0x" in printed:
        raise StepError(f"templates/{template}: it prints an object, not its text")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(printed, encoding="utf-8", newline="\n")


def format_package(folder: Path) -> None:
    """Remove unused imports, sort the others, and format, with a pinned ruff that reads no other configuration."""
    common = ["--isolated", "--quiet", "--no-cache", "--target-version=py311"]
    common += [f"--config={setting}" for setting in FORM]
    for command in (["check", "--fix", "--unsafe-fixes", "--select=I,F401,F811,F821"], ["format"]):
        done = run(sys.executable, "-m", "ruff", *command, *common, folder)
        if done.returncode:
            shown = (done.stdout + done.stderr).replace(f"{folder}/", "").strip().splitlines()
            raise StepError(f"the generated code is not sound: {' '.join(shown[:3])[:300]}")
