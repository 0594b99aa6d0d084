"""The versions that write generated/, compared before the tool is imported: another one may not even import."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from ..steps import StepError

PINNED = {"jinja2": "3.1.6", "openapi-python-client": "0.29.1", "ruff": "0.17.6"}


def check_pins() -> None:
    """Other versions write other bytes, so they are refused."""
    for name, wanted in PINNED.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            raise StepError(f"{name} is not installed; the output is only the same with {wanted}") from None
        if found != wanted:
            raise StepError(f"{name} {found} is installed; the output is only the same with {wanted}")
