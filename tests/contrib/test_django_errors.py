"""What Django's error pages and error trackers show of a shop with wrong settings: all variables of each frame."""

from __future__ import annotations

import logging
import traceback
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command  # type: ignore[import-untyped]
from django.test import Client, override_settings  # type: ignore[import-untyped]

from tests.contrib import django_site
from tests.contrib.v1 import V1

KEY, SECRET = "canary-key-5139", "canary-secret-5139"


@pytest.mark.parametrize(
    "wrong",
    [
        {"TIMEOUT": "five"},
        {"BASE_URL": "nowhere"},
        {"ON_ALARM": "nowhere.alarm"},
        {"CLIENT": "nowhere.client"},
        {"TRUSTED_PROXIES": ["nowhere"]},
        {"TASK_LEASE": "a minute"},
    ],
    ids=lambda wrong: next(iter(wrong)).lower(),
)
def test_wrong_settings_show_neither_key_nor_secret(
    site: Path, wrong: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    django_site.set_up(site)
    django_site.empty()
    from portone_v1.contrib import django as kit

    with django_site.routed(kit.webhook, IMP_KEY=KEY, IMP_SECRET=SECRET, **wrong), override_settings(DEBUG=True):
        browser = Client(raise_request_exception=False)
        answer = browser.post("/portone/webhook", {"imp_uid": "imp_1"}, content_type="application/json")
    page = answer.content.decode()
    assert (answer.status_code, "Traceback" in page) == (500, True)
    assert KEY not in page
    assert SECRET not in page
    assert KEY not in caplog.text
    assert answer.exc_info
    _, error, trace = answer.exc_info
    shown = traceback.TracebackException(type(error), error, trace, capture_locals=True)
    ours = [frame for frame in shown.stack if "portone_v1" in frame.filename]
    assert ours
    assert not [frame.name for frame in ours if "canary" in str(frame.locals)]


def test_an_id_that_no_address_can_hold_leaves_the_list_of_webhooks_legible(site: Path, v1: V1) -> None:
    django_site.set_up(site)
    django_site.empty()
    from django.contrib.auth.models import User  # type: ignore[import-untyped]
    from portone_v1.contrib import django as kit

    staff, _ = User.objects.get_or_create(username="slips", is_staff=True, is_superuser=True)
    browser = Client(raise_request_exception=False)
    browser.force_login(staff)
    with v1.client() as client, django_site.routed(kit.webhook, CLIENT=lambda: client):
        with pytest.raises(CommandError, match="empty"):
            call_command("portone_replay", "")
        call_command("portone_replay", "imp_1/", stdout=StringIO())
        page = browser.get("/admin/portone_v1/storedwebhook/")
    assert (page.status_code, page.text.count("imp_1/</a>")) == (200, 1)
