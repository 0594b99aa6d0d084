"""Fetch and parse a vendor document without trusting its contents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import yaml

from ..steps import StepError, on_this_machine

LIMIT = 16 * 1024 * 1024
TIMEOUT = 30.0
REDIRECTS = 3


def read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LIMIT + 1)
    _limited(data, str(path))
    return data


def _limited(data: bytes | bytearray, name: str) -> None:
    if len(data) > LIMIT:
        raise StepError(f"{name}: larger than {LIMIT // 1024 // 1024} MiB")


def _checked(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StepError(f"{shown(url)}: not an http or https address")
    if parts.scheme == "http" and not on_this_machine(parts.hostname):
        raise StepError(f"{shown(url)}: plain http is refused, use https")
    return url


def shown(url: str) -> str:
    """Return the address without parts that may be secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def fetch(url: str) -> bytes:
    """Return the document behind a URL. Redirects are followed on the same host only."""
    proxies = url.startswith("https:")  # servers on this machine are called without a proxy
    try:
        with httpx.Client(timeout=TIMEOUT, trust_env=proxies) as client:
            for _ in range(REDIRECTS + 1):
                with client.stream("GET", _checked(url)) as response:
                    if response.next_request is None:
                        return _body(response, url)
                    here, there = response.url, response.next_request.url
                if (here.host, here.port) != (there.host, there.port):
                    raise StepError(f"{shown(url)}: redirects to another host, {shown(str(there))}; not followed")
                url = str(there)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise StepError(f"{shown(url)}: {str(error) or type(error).__name__}") from error
    raise StepError(f"{shown(url)}: more than {REDIRECTS} redirects")


def _body(response: httpx.Response, url: str) -> bytes:
    if response.status_code != 200:
        raise StepError(f"{shown(url)}: HTTP {response.status_code}")
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        _limited(data, shown(url))
    return bytes(data)


def _yaml(text: str) -> Any:
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.CSafeLoader)):
        raise yaml.YAMLError("aliases are not read")  # they can blow a few lines up to gigabytes
    return yaml.load(text, yaml.CSafeLoader)


def parse(data: bytes, name: str) -> Any:
    """Parse JSON or YAML, depending on how the data begins."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StepError(f"{name}: not UTF-8 text") from error
    start = text.lstrip()[:1]
    if not start:
        raise StepError(f"{name}: empty")
    if start == "<":
        raise StepError(f"{name}: an HTML or XML page, not an API document")
    try:
        return json.loads(text) if start in "{[" else _yaml(text)
    except json.JSONDecodeError as error:
        raise StepError(f"{name}: broken JSON at line {error.lineno}: {error.msg}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise StepError(f"{name}: broken YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise StepError(f"{name}: nested too deeply") from error
