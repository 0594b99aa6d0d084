"""Where to publish, and with what: nothing secret is ever taken from a file or a command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class PublishError(Exception):
    """Nothing was published, and why."""


def address(name: str, pyproject: Path, environment: Mapping[str, str]) -> str:
    """`UV_PUBLISH_URL`, else the `publish-url` of the `[[tool.uv.index]]` with this name."""
    url = environment.get("UV_PUBLISH_URL") or _configured(name, pyproject)
    if url is None:
        raise PublishError(
            f"no index {name!r}: set UV_PUBLISH_URL, or give it a [[tool.uv.index]] with publish-url in pyproject.toml"
        )
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise PublishError(
            "the index's URL holds credentials: they belong in UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname or "")):
        raise PublishError(f"{parts.scheme}://{parts.hostname}: credentials travel over https only")
    return url


def _configured(name: str, pyproject: Path) -> str | None:
    indexes: list[dict[str, Any]] = (
        tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {}).get("uv", {}).get("index", [])
    )
    return next((entry.get("publish-url") for entry in indexes if entry.get("name") == name), None)


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def require_credentials(environment: Mapping[str, str]) -> None:
    """A token, a name with a password, or the identity that a CI job brings along."""
    token = environment.get("UV_PUBLISH_TOKEN")
    pair = environment.get("UV_PUBLISH_USERNAME") and environment.get("UV_PUBLISH_PASSWORD")
    identity = environment.get("ACTIONS_ID_TOKEN_REQUEST_URL") or environment.get("PYPI_ID_TOKEN")
    if not (token or pair or identity):
        raise PublishError("no credentials: set UV_PUBLISH_TOKEN, or UV_PUBLISH_USERNAME and UV_PUBLISH_PASSWORD")


def explain(said: str, host: str) -> str:
    """One line of what uv printed; a server's error page says nothing that these do not."""
    status = re.search(r"status code:? (\d{3})\b", said)
    answered = status[1] if status else ""
    if answered in {"401", "403"}:
        return f"{host} refused the credentials (or they may not upload this package)"
    if answered == "409" or "already exists" in said:
        return f"{host} has this version already: a version is published once, so raise it"
    causes = [line.strip().removeprefix("cause: ") for line in said.splitlines() if line.strip().startswith("cause: ")]
    return f"{host}: {causes[-1] if causes else said.strip().splitlines()[-1] if said.strip() else 'no answer'}"
