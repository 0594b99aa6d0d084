"""No framework is needed by the package, and one that is missing is named in one line."""

from __future__ import annotations

import subprocess
import sys

import pytest

FRAMEWORKS = ("aiohttp", "django", "fastapi", "flask", "redis", "starlette", "uvicorn", "werkzeug")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.strip()


def test_the_package_imports_no_framework() -> None:
    code = (
        "import sys, portone_v1, portone_v1.client, portone_v1.webhooks, portone_v1.contrib;"
        f"print(*sorted(sys.modules.keys() & {set(FRAMEWORKS)!r}))"
    )
    assert run(code) == ""


@pytest.mark.parametrize(
    ("kit", "package"),
    [
        ("aiohttp", "'portone-v1[aiohttp]'"),
        ("django", "django"),
        ("fastapi", "fastapi"),
        ("flask", "flask"),
        ("redis", "'portone-v1[redis]'"),
        ("starlette", "starlette"),
    ],
)
def test_a_missing_framework_is_named(kit: str, package: str) -> None:
    code = (
        f"import sys; sys.modules[{kit!r}] = None\n"
        f"try:\n import portone_v1.contrib.{kit}\n"
        "except ImportError as error:\n print(error, error.__cause__, error.__suppress_context__)"
    )
    result = run(code)
    assert result.startswith(f"portone_v1.contrib.{kit} needs ")
    assert result.endswith(f": pip install {package} None True")
    assert "\n" not in result
