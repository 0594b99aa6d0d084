"""MkDocs calls this: it adds the written pages, their navigation, and the pieces inside the others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parents[2]))

from scripts.docs.site import fill, navigation, pages

__all__ = ["on_config", "on_files", "on_page_markdown"]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.nav = navigation(config.nav or [])
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for path, content in pages().items():
        files.append(File.generated(config, path, content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    return fill(markdown, page.file.src_uri)
