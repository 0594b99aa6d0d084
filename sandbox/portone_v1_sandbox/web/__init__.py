"""Pages for the browser: `iamport.js`, the payment window, the verification window, the dashboard."""

from __future__ import annotations

from .router import Site, is_page

__all__ = ["Site", "is_page"]
