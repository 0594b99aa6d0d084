"""Upload what `make build` made, as it is, to an index.

Credentials come from the environment alone: UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from .agreement import disagreements
from .building import SUMS, BuildError, artefacts, checksums
from .distributions import version_of
from .environments import tool
from .index import PublishError, address, explain, require_credentials

ROOT = Path(__file__).resolve().parents[2]


def _unchanged(folder: Path) -> None:
    """What is uploaded is what was built and tested."""
    path = folder / SUMS
    if not path.is_file():
        raise PublishError(f"{folder.name}/{SUMS} is missing: make build")
    lines = [line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines()]
    noted = {name: digest for digest, name in lines}
    found = checksums(folder)
    for name in sorted(noted.keys() | found.keys()):
        if noted.get(name) != found.get(name):
            raise PublishError(f"{folder.name}/{name} is not what {SUMS} says: make build")


def _publish(root: Path, name: str, folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if value}  # a CI job sets what it has not to ""
    url = address(name, root / "pyproject.toml", environment)
    require_credentials(environment)
    version = version_of(root)
    if lines := disagreements(root):
        raise PublishError("; ".join(lines))
    files = artefacts(folder, version)
    _unchanged(folder)
    host = urlsplit(url).netloc
    for file in files:
        done = subprocess.run(
            [tool("uv"), "publish", "--no-config", "--publish-url", url, str(file)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise PublishError(f"{file.name}: {explain(done.stderr, host)}")
    return f"{len(files)} files of {version} are on {host}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.release publish", description=__doc__)
    parser.add_argument("--index", required=True, help="the name of a [[tool.uv.index]] in pyproject.toml")
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="what make build made (default: dist/)")
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree that it was made from (default: this one)")
    options = parser.parse_args(arguments)
    try:
        print(f"publish: {_publish(options.root, options.index, options.dist)}")
    except (PublishError, BuildError) as error:
        print(f"publish: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
