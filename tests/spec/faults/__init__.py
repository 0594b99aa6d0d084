"""Faults of a specification, a module for each module of scripts/lint/."""

from __future__ import annotations

from . import evidence, examples, extensions, files, operations, texts, values
from .register import CASES, Rule, Spoil

__all__ = ["CASES", "Rule", "Spoil", "evidence", "examples", "extensions", "files", "operations", "texts", "values"]
