"""Generators and readers of OpenAPI, each with the command that loads a bundle and looks at what came out.

They are installed below `.interop/` from committed hashes: `constraints/interop.txt` (PyPI) and
`constraints/interop/package-lock.json` (npm, which runs none of their install scripts).
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

import httpx

from scripts.codegen.document import Document
from scripts.steps import fresh

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".interop"
PINS = ROOT / "constraints"
MINUTES = 3


class MissingError(Exception):
    """A program that no package of PyPI or npm brings is not on this machine."""


class FailedError(Exception):
    """The generator refused the bundle, or what it wrote does not compile."""


@dataclass(frozen=True)
class Check:
    """`run(bundle, folder)` raises where the bundle does not load; `folder` is empty and its own."""

    name: str
    shows: str
    run: Callable[[Path, Path], None]


def install() -> None:
    """Install the pinned generators, once for each state of the pins."""
    pins = [PINS / "interop.txt", *sorted((PINS / "interop").glob("*.json"))]
    state = "".join(path.read_text(encoding="utf-8") for path in pins)
    done = FOLDER / "installed"
    if installed() and done.read_text(encoding="utf-8") == state:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    fresh(FOLDER / "venv", Path(sys.executable), "--require-hashes", "--requirement", str(pins[0]))
    for path in pins[1:]:
        shutil.copy(path, FOLDER)
    _run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=FOLDER)
    done.write_text(state, encoding="utf-8")


def installed() -> bool:
    return (FOLDER / "installed").is_file()


def bundle_of(name: str) -> Path:
    return ROOT / "generated" / name


def _run(program: str | Path, *arguments: str | Path, cwd: Path | None = None) -> str:
    """Return what the program prints. If it fails or is not installed, raise an error."""
    if shutil.which(program) is None:
        raise MissingError(f"there is no {program}")
    done = subprocess.run(
        [program, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=MINUTES * 60,
        check=False,
    )
    if done.returncode:
        lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise FailedError(f"{Path(program).name}: {' '.join(lines[-3:])[:300] or f'exit code {done.returncode}'}")
    return done.stdout


def _of_npm(name: str) -> Path:
    return FOLDER / "node_modules" / ".bin" / name


def _python(*arguments: str | Path, cwd: Path | None = None) -> str:
    return _run(FOLDER / "venv" / "bin" / "python", *arguments, cwd=cwd)


def _operations(bundle: Path) -> int:
    return len(Document(json.loads(bundle.read_text(encoding="utf-8"))).operations)


def _expect(found: int, bundle: Path) -> None:
    if found != _operations(bundle):
        raise FailedError(f"{found} of {_operations(bundle)} operations")


def _datamodel_code_generator(bundle: Path, folder: Path) -> None:
    written = folder / "models.py"
    options = ["--input-file-type=openapi", "--output-model-type=pydantic_v2.BaseModel", "--formatters=black"]
    _python("-m", "datamodel_code_generator", "--input", bundle, "--output", written, *options)
    _python("-W", "error", written)


def _openapi_generator(language: str, bundle: Path, folder: Path) -> None:
    jar = (
        "import openapi_generator_cli as o, pathlib; print(pathlib.Path(o.__file__).with_name('openapi-generator.jar'))"
    )
    _run("java", "-jar", _python("-c", jar).strip(), "generate", "-g", language, "-i", bundle, "-o", folder)
    if language == "python":
        _python("-m", "compileall", "-q", folder / "openapi_client")
        _python("-c", "from openapi_client import *; from openapi_client import ApiClient; ApiClient()", cwd=folder)


def _openapi_typescript(bundle: Path, folder: Path) -> None:
    written = folder / "schema.ts"
    _run(_of_npm("openapi-typescript"), bundle, "--output", written, cwd=folder)  # away from our redocly.yaml
    _run(_of_npm("tsc"), "--noEmit", "--strict", written)


def _redocly(bundle: Path, folder: Path) -> None:
    _run(_of_npm("redocly"), "lint", "--extends=minimal", bundle, cwd=folder)


def _prism(bundle: Path, folder: Path) -> None:
    with _printing(_of_npm("prism"), "mock", "--port=0", bundle, cwd=folder) as lines:
        address = next((line.split()[-1] for line in lines if "listening on" in line), None)
        if address is None:
            raise FailedError("prism: it did not start")
        answer = httpx.get(f"{address}/payments/imp_1", headers={"Authorization": "Bearer token"}, trust_env=False)
        if answer.status_code != httpx.codes.OK or answer.json()["code"] != 0:
            raise FailedError(f"prism: HTTP {answer.status_code} for a payment")


@contextmanager
def _printing(program: Path, *arguments: str | Path, cwd: Path) -> Iterator[Iterator[str]]:
    """Yield the lines of a program that runs until the block ends."""
    with subprocess.Popen(
        [program, *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield iter(process.stdout or ())
        finally:
            process.kill()


def _swagger_ui(bundle: Path, folder: Path) -> None:
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise MissingError("there is no chromium")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *_: object) -> None: ...  # noqa: A002 - the library's name

    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        shutil.copy(FOLDER / "node_modules" / "swagger-ui-dist" / name, folder)
    shutil.copy(bundle, folder / "bundle.json")
    page = '<div id="ui"></div><script src="swagger-ui-bundle.js"></script>'
    page += '<script>SwaggerUIBundle({url: "bundle.json", dom_id: "#ui", docExpansion: "list"})</script>'
    (folder / "index.html").write_text(f'<!doctype html><meta charset="utf-8">{page}', encoding="utf-8")
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server,
        sync_playwright() as playwright,
    ):
        Thread(target=server.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shown = browser.new_page()
        shown.goto(f"http://127.0.0.1:{server.server_address[1]}/index.html")
        shown.wait_for_selector(".opblock, .errors", timeout=60_000)
        found = shown.locator(".opblock").count()
        browser.close()
        server.shutdown()
    _expect(found, bundle)


def _schemathesis(bundle: Path, _: Path) -> None:
    import schemathesis

    found = schemathesis.openapi.from_path(str(bundle)).get_all_operations()
    _expect(sum(isinstance(one, schemathesis.core.result.Ok) for one in found), bundle)


def _of(language: str) -> Callable[[Path, Path], None]:
    return partial(_openapi_generator, language)


CHECKS = (
    Check("datamodel-code-generator", "models written and imported", _datamodel_code_generator),
    Check("openapi-generator: Python", "client written, compiled and imported", _of("python")),
    Check("openapi-generator: Java", "client written", _of("java")),
    Check("openapi-generator: Kotlin", "client written", _of("kotlin")),
    Check("openapi-generator: Go", "client written", _of("go")),
    Check("openapi-generator: TypeScript", "client written", _of("typescript-axios")),
    Check("openapi-typescript", "types written, `tsc --strict` finds nothing", _openapi_typescript),
    Check("Prism", "a mock that answers", _prism),
    Check("Swagger UI", "every operation on the page", _swagger_ui),
    Check("Redocly", "linted, no error", _redocly),
    Check("schemathesis", "every operation loaded", _schemathesis),
)
