"""The one place that says which release this is, beside pyproject.toml; a test holds them together."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
