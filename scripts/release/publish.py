"""Upload the result of `make build`, unchanged, to an index.

Credentials come only from the environment: UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD.
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ..steps import ROOT, Options, StepError, on_this_machine, run, step, tool
from .distributions import SUMS, artefacts, checksums, disagreements, version_of


def address(name: str, pyproject: Path, environment: Mapping[str, str]) -> str:
    """Return `UV_PUBLISH_URL`, else the `publish-url` of the `[[tool.uv.index]]` with this name."""
    tools: dict[str, Any] = tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    configured = {entry["name"]: entry.get("publish-url") for entry in tools.get("uv", {}).get("index", [])}
    url = environment.get("UV_PUBLISH_URL") or configured.get(name)
    if url is None:
        raise StepError(
            f"no index {name!r}: set UV_PUBLISH_URL, or give it a [[tool.uv.index]] with publish-url in pyproject.toml"
        )
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise StepError("the index's URL holds credentials: they belong in UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD")
    if parts.scheme != "https" and not (parts.scheme == "http" and on_this_machine(parts.hostname or "")):
        raise StepError(f"{parts.scheme}://{parts.hostname}: credentials travel over https only")
    return url


def require_credentials(environment: Mapping[str, str]) -> None:
    """Require a token, a name with a password, or the identity that a CI job has."""
    token = environment.get("UV_PUBLISH_TOKEN")
    pair = environment.get("UV_PUBLISH_USERNAME") and environment.get("UV_PUBLISH_PASSWORD")
    identity = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL") or environment.get("PYPI_ID_TOKEN")
    if not (token or pair or identity):
        raise StepError("no credentials: set UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD")


def explain(output: str, host: str) -> str:
    """Return the reason in one line, from uv's output, since a server's error page says nothing more."""
    status = re.search(r"status code:? (\d{3})\b", output)
    answered = status[1] if status else ""
    if answered in {"401", "403"}:
        return f"{host} refused the credentials (or they may not upload this package)"
    if answered == "409" or "already exists" in output:
        return f"{host} has this version already: a version is published once, so raise it"
    causes = [
        line.strip().removeprefix("cause: ") for line in output.splitlines() if line.strip().startswith("cause: ")
    ]
    return f"{host}: {causes[-1] if causes else output.strip().splitlines()[-1] if output.strip() else 'no answer'}"


def _unchanged(folder: Path) -> None:
    """Check that the files to upload are those that were built and tested."""
    path = folder / SUMS
    if not path.is_file():
        raise StepError(f"{folder.name}/{SUMS} is missing: make build")
    lines = [line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines()]
    noted = {name: digest for digest, name in lines}
    found = checksums(folder)
    for name in sorted(noted.keys() | found.keys()):
        if noted.get(name) != found.get(name):
            raise StepError(f"{folder.name}/{name} is not what {SUMS} says: make build")


def _run(options: Options) -> None:
    root, folder = options.root, options.dist
    environment = {name: value for name, value in os.environ.items() if value}  # a CI job sets missing variables to ""
    url = address(options.index, root / "pyproject.toml", environment)
    require_credentials(environment)
    version = version_of(root)
    if lines := disagreements(root):
        raise StepError("; ".join(lines))
    files = artefacts(folder, version)
    _unchanged(folder)
    host = urlsplit(url).netloc
    for file in files:
        done = run(tool("uv"), "publish", "--no-config", "--publish-url", url, file, env=environment)
        if done.returncode != 0:
            raise StepError(f"{file.name}: {explain(done.stderr, host)}")
    print(f"publish: {len(files)} files of {version} are on {host}")


OPTIONS: Final = {
    "--index": {"required": True, "help": "the name of a [[tool.uv.index]] in pyproject.toml"},
    "--dist": {"type": Path, "default": ROOT / "dist", "help": "what make build made (default: dist/)"},
    "--root": {"type": Path, "default": ROOT, "help": "the tree that it was made from (default: this one)"},
}
main = partial(step, "scripts.release.publish", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
