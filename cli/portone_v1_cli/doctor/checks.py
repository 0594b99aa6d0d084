"""The examinations of `doctor`. Each looks at one thing and answers what it found and what to do about it."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from attrs import asdict, frozen
from portone_v1._http.settings import DEFAULT_BASE_URL
from portone_v1.client import PortOne
from portone_v1.errors import ApiError, AuthenticationError, NoAnswerError, NotSentError, PortOneError
from portone_v1_runtime.model import mask

from ..formatting import text_of
from ..session import engine_of
from .probes import names_of, shake_hands

__all__ = ["Finding", "examine"]

SKEW: Final = 60
"""Seconds of a clock's difference that do no harm."""


@frozen
class Finding:
    name: str
    state: Literal["ok", "warn", "bad", "skipped"]
    found: str
    advice: str = ""
    away: bool = False
    """V1 can not be reached at all."""

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "away"}


def examine(client: PortOne, webhook_url: str | None) -> list[Finding]:
    settings = engine_of(client).settings
    parts = urlsplit(settings.base_url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme == "https" and (settings.proxy or getproxies().get("https")):
        findings = [Finding("proxy", "ok", "names and TLS are the proxy's business; V1 is asked through it")]
    else:
        findings = [_names(host)]
        if findings[0].state == "ok":
            findings.append(_tls(client, host, port) if parts.scheme == "https" else _plain_http(host))
    if not any(finding.away for finding in findings):
        findings += _account(client)
    findings += [] if webhook_url is None else [_webhook(webhook_url)]
    return findings


def _names(host: str) -> Finding:
    try:
        return Finding("DNS", "ok", f"{host} → {', '.join(names_of(host))}")
    except OSError:
        return Finding("DNS", "bad", f"{host} has no address", "check the network and the name server", away=True)


def _plain_http(host: str) -> Finding:
    return Finding("TLS", "skipped", f"plain http: {host} is this machine, a sandbox and not V1")


def _tls(client: PortOne, host: str, port: int) -> Finding:
    try:
        version, suite = shake_hands(host, port, engine_of(client).settings)
    except OSError as error:
        reason = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
        advice = "a proxy or firewall may stand between, or an old OpenSSL; V1 takes TLS 1.2 and 1.3 only"
        return Finding("TLS", "bad", f"no connection to {host}:{port}: {reason}", advice, away=True)
    return Finding("TLS", "ok", f"{version}, {suite}")


def _account(client: PortOne) -> list[Finding]:
    settings = engine_of(client).settings
    try:
        began = time.time()
        raw = client.auth.with_raw_response.get_token(imp_key=settings.imp_key, imp_secret=settings.imp_secret)
        findings = [_clock(raw.headers.get("date"), (began + time.time()) / 2), Finding("key pair", "ok", "let in")]
    except AuthenticationError as error:
        found = mask(error.shown_message or error.reason)
        advice = "copy REST API Key and Secret (V1) from the console again; a new secret ends the old one"
        return [Finding("key pair", "bad", text_of(found), advice)]
    except (NoAnswerError, NotSentError) as error:
        return [Finding("V1", "bad", error.reason, "check network, firewall and proxy (HTTPS_PROXY)", away=True)]
    except PortOneError as error:
        return [
            Finding("V1", "bad", text_of(mask(str(error))), "V1 answers, but not as it should: try later", away=True)
        ]
    return [*findings, *_channels(client)]


def _clock(date: str | None, here: float) -> Finding:
    try:
        skew = here - parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return Finding("clock", "skipped", "the answer names no time")
    if abs(skew) <= SKEW:
        return Finding("clock", "ok", f"{abs(skew):.0f} s from V1's")
    way = "ahead of" if skew > 0 else "behind"
    return Finding("clock", "bad", f"{abs(skew):.0f} s {way} V1's", "set the clock by NTP: timedatectl set-ntp true")


def _channels(client: PortOne) -> list[Finding]:
    try:
        channels = list(client.channels.list())
    except ApiError as error:
        return [Finding("channels", "warn", text_of(mask(str(error))), "the key may not be allowed to list them")]
    except PortOneError as error:
        return [Finding("channels", "bad", text_of(mask(str(error))), "try again", away=True)]
    if not channels:
        return [Finding("channels", "bad", "none", "set a channel up in the console, tab 결제 연동")]
    test = [channel for channel in channels if channel.sandbox]
    live = len(channels) - len(test)
    findings = [Finding("channels", "ok", f"{live} live, {len(test)} test")]
    real = engine_of(client).settings.base_url.endswith(urlsplit(DEFAULT_BASE_URL).hostname or "")
    if real and not live:
        advice = "nobody really pays on test channels: add a live channel before the shop opens"
        findings.append(Finding("test/live", "warn", "test channels only", advice))
    for kind in sorted({str(channel.type_) for channel in channels}):
        of_kind = [channel for channel in channels if str(channel.type_) == kind]
        if {bool(channel.sandbox) for channel in of_kind} == {True, False} and of_kind[0].sandbox:
            advice = "without channel_key a payment takes the first: name a live channel_key, or put a live one first"
            findings.append(Finding("test/live", "warn", f"the first {kind} channel is a test channel", advice))
    return findings


def _webhook(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return Finding("webhook", "bad", "not an address", "give it as https://shop.example.com/webhook")
    try:
        addresses = names_of(parts.hostname)
    except OSError:
        return Finding("webhook", "bad", f"{parts.hostname} has no address", "check the name in your DNS")
    private = [address for address in addresses if not ip_address(address.partition("%")[0]).is_global]
    try:
        status = httpx.get(url, timeout=10, follow_redirects=False).status_code
    except httpx.HTTPError as error:
        advice = "start the shop; let 52.78.100.19, 52.78.48.223 and 52.78.5.241 through the firewall"
        return Finding("webhook", "bad", f"no answer ({type(error).__name__})", advice)
    if private:
        advice = "PortOne can not reach it: use a public address, or a tunnel while developing"
        return Finding("webhook", "warn", f"answers {status}, but {private[0]} is a private address", advice)
    if 300 <= status < 400:
        return Finding("webhook", "bad", f"redirects ({status})", "give PortOne the final address")
    if status == 404 or status >= 500:
        return Finding("webhook", "bad", f"answers {status}", "check the path and the shop's own log")
    return Finding("webhook", "ok", f"answers {status}")
