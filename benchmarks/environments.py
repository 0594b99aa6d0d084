"""One environment for each side, below .bench/, from pinned and hashed constraints."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

__all__ = [
    "BENCH",
    "CONSTRAINTS",
    "ROOT",
    "STOCK",
    "child_environment",
    "make",
    "pin",
    "python_of",
    "run_json",
    "version_of",
]

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
STOCK = BENCH / "stock-client"
CONSTRAINTS = ROOT / "benchmarks" / "constraints"

WANTED: dict[str, tuple[str, ...]] = {
    "ours": ("attrs==26.1.0", "httpx==0.28.1"),
    "speed": ("attrs==26.1.0", "httpx==0.28.1", "msgspec==0.22.0", "aiohttp==3.14.5"),
    "sandbox": (
        *("attrs==26.1.0", "httptools==0.9.0", "httpx==0.28.1", "sortedcontainers==2.4.0", "uvicorn==0.54.0"),
        "pytest==9.2.0",
    ),
    "stock": ("attrs==26.1.0", "httpx==0.28.1", "python-dateutil==4.0.0"),
    "bulk": (
        *("attrs==26.1.0", "httpx==0.28.1", "msgspec==0.22.0", "typer==0.27.3", "rich==15.0.0"),
        *("orjson==3.13.0", "urllib3==2.8.0", "pyarrow==26.0.1"),
    ),
    "models": ("pydantic==2.14.3", "msgspec==0.22.0", "orjson==3.13.0"),
    "raw": ("attrs==26.1.0", "httpx==0.28.1", "requests==2.34.2", "urllib3==2.8.0", "aiohttp==3.14.5"),
    "iamport-rest-client": ("iamport-rest-client==0.9.0",),
    "async-iamport": ("async-iamport==0.2.0",),
    "iamporter": ("iamporter==0.2.4",),
    "portone-server-sdk": ("portone-server-sdk==0.21.0",),
    "stripe": ("stripe==16.1.0",),
    "openai": ("openai==3.54.0",),
}
"""What each environment is for; benchmarks/constraints/ pins it with everything below it."""

PIN = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header", "--quiet")


def python_of(name: str) -> Path:
    return BENCH / name / "bin" / "python"


def child_environment() -> dict[str, str]:
    """Return the variables of a child: our own code on its path, byte code kept, and no proxy."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONSTARTUP"} and not name.lower().endswith("_proxy")
    }
    own = [ROOT, *(ROOT / name for name in ("overlay", "generated", "sandbox", "cli")), STOCK]
    return kept | {"PYTHONPATH": os.pathsep.join(map(str, own))}


def run_json(environment: str, *arguments: str) -> Any:
    """Run a program in one of the environments, and return the JSON of the last line that it writes."""
    done = subprocess.run(
        [str(python_of(environment)), *arguments],
        cwd=ROOT,
        env=child_environment(),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _uv(*arguments: str, given: str | None = None) -> str | None:
    """Run uv. Return None if it succeeds, else its reason in short, without the address of an index."""
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run([str(uv), *arguments], input=given, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    message = re.sub(r"\(?https?://\S+", "", re.sub(r"[×╰─▶├│]", " ", done.stderr))
    return " ".join(message.split())[:160] or "failed"


def pin() -> None:
    """Write benchmarks/constraints/ anew."""
    CONSTRAINTS.mkdir(exist_ok=True)
    for name, packages in WANTED.items():
        target = str(CONSTRAINTS / f"{name}.txt")
        if trouble := _uv("pip", "compile", *PIN, "-", "--output-file", target, given="\n".join(packages)):
            raise SystemExit(f"{name}: {trouble}")


def make() -> dict[str, str]:
    """Build what is missing. Says which could not be built, and why; our own must be."""
    missing: dict[str, str] = {}
    for name in WANTED:
        if trouble := _environment(name):
            missing[name] = trouble
    for name in ("ours", "speed", "sandbox", "bulk"):
        if name in missing:
            raise SystemExit(f"{name}: {missing[name]}")
    _stock_client()
    return missing


def _environment(name: str) -> str | None:
    constraints = CONSTRAINTS / f"{name}.txt"
    ready = BENCH / name / ".ready"
    digest = hashlib.sha256(constraints.read_bytes()).hexdigest()
    if ready.exists() and ready.read_text(encoding="ascii") == digest:
        return None
    print(f"bench: environment {name}")
    shutil.rmtree(BENCH / name, ignore_errors=True)
    trouble = _uv("venv", "--quiet", "--python", sys.executable, str(BENCH / name)) or _uv(
        *("pip", "install", "--quiet", "--compile-bytecode", "--python", str(python_of(name))),
        *("--require-hashes", "--requirement", str(constraints)),
    )
    if trouble is None:
        ready.write_text(digest, encoding="ascii")
    return trouble


def _stock_client() -> None:
    """Generate openapi-python-client's own output for the same bundle."""
    bundle = ROOT / "generated" / "openapi.json"
    ready = STOCK / ".ready"
    digest = hashlib.sha256(bundle.read_bytes()).hexdigest()
    if ready.exists() and ready.read_text(encoding="ascii") == digest:
        return
    print("bench: stock openapi-python-client output")
    STOCK.mkdir(parents=True, exist_ok=True)
    tool = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
    where = ["--path", str(bundle), "--output-path", str(STOCK / "stock_client")]
    subprocess.run([*tool, *where], check=True, capture_output=True)
    ready.write_text(digest, encoding="ascii")


def version_of(name: str) -> str:
    """Return the pinned version of the package that an environment is named after."""
    for line in (CONSTRAINTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}=="):
            return line.split()[0].partition("==")[2].rstrip("\\ ")
    return ""
