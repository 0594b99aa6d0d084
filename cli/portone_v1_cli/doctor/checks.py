"""Checks of `doctor`. Each returns what it found and what to do, in Korean and English."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx
from attrs import asdict, frozen
from portone_v1.client import PortOne
from portone_v1.errors import ApiError, AuthenticationError, NoAnswerError, NotSentError, PortOneError
from portone_v1_runtime.models.fields import mask

from ..formatting import text_of
from ..session import Session
from .probes import addresses_of, tls_handshake

__all__ = ["Finding", "run_checks"]

SKEW: Final = 60
"""Clock skew in seconds that does no harm."""


@frozen
class Finding:
    name: str
    state: Literal["ok", "warn", "bad", "skipped"]
    found: str
    advice: str = ""
    away: bool = False
    """V1 cannot be reached at all."""

    def to_dict(self) -> dict[str, Any]:
        """Return the form of `-o json`."""
        return {name: value for name, value in asdict(self).items() if name != "away"}


def run_checks(session: Session, client: PortOne, webhook_url: str | None) -> list[Finding]:
    """Run the checks in order; stop calling V1 if it cannot be reached."""
    parts = urlsplit(client.base_url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme == "https" and getproxies().get("https"):
        findings = [Finding("proxy", "ok", "DNS와 TLS는 프록시가 처리합니다 · DNS and TLS are handled by the proxy")]
    else:
        findings = [_names(host)]
        if findings[0].state == "ok":
            findings.append(_tls(host, port) if parts.scheme == "https" else _plain_http(host))
    if not any(finding.away for finding in findings):
        findings += _account(session, client)
    findings += [] if webhook_url is None else [_webhook(webhook_url)]
    return findings


def _names(host: str) -> Finding:
    try:
        return Finding("DNS", "ok", f"{host} → {', '.join(addresses_of(host))}")
    except OSError:
        advice = "네트워크와 DNS를 확인하세요 · check the network and DNS"
        return Finding("DNS", "bad", f"호스트를 찾을 수 없음: {host} · {host} does not resolve", advice, away=True)


def _plain_http(host: str) -> Finding:
    return Finding(
        "TLS",
        "skipped",
        f"루프백 주소({host}): V1이 아닌 샌드박스입니다 · plain http to loopback ({host}): a sandbox, not V1",
    )


def _tls(host: str, port: int) -> Finding:
    try:
        version, suite = tls_handshake(host, port)
    except OSError as error:
        reason = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
        advice = (
            "프록시·방화벽·오래된 OpenSSL을 확인하세요(TLS 1.2, 1.3만 됩니다)"
            " · a proxy, firewall or old OpenSSL may be blocking TLS 1.2/1.3"
        )
        found = f"{host}:{port}에 연결할 수 없습니다 · could not connect to {host}:{port}: {reason}"
        return Finding("TLS", "bad", found, advice, away=True)
    return Finding("TLS", "ok", f"{version}, {suite}")


def _account(session: Session, client: PortOne) -> list[Finding]:
    keys = session.credentials()
    try:
        began = time.time()
        raw = client.auth.with_raw_response.get_token(imp_key=keys["imp_key"], imp_secret=keys["imp_secret"])
        findings = [
            _clock(raw.headers.get("date"), (began + time.time()) / 2),
            Finding("API key", "ok", "인증되었습니다 · authenticated"),
        ]
    except AuthenticationError as error:
        found = mask(error.shown_message or error.reason)
        advice = (
            "콘솔에서 REST API 키와 Secret(V1)을 다시 복사하세요. 새 Secret을 발급하면 이전 것은 폐기됩니다"
            " · copy the REST API key and secret (V1) from the console; issuing a new secret revokes the old one"
        )
        return [Finding("API key", "bad", text_of(found), advice)]
    except (NoAnswerError, NotSentError) as error:
        advice = "네트워크, 방화벽, 프록시를 확인하세요(HTTPS_PROXY) · check network, firewall and proxy (HTTPS_PROXY)"
        return [Finding("V1", "bad", error.reason, advice, away=True)]
    except PortOneError as error:
        advice = "V1 응답이 올바르지 않습니다. 나중에 다시 시도하세요 · unexpected response from V1: try again later"
        return [Finding("V1", "bad", text_of(mask(str(error))), advice, away=True)]
    return [*findings, *_channels(client)]


def _clock(date: str | None, here: float) -> Finding:
    try:
        skew = here - parsedate_to_datetime(date or "").timestamp()
    except (OverflowError, ValueError):
        return Finding("clock", "skipped", "응답에 시각이 없습니다 · the response has no Date header")
    if abs(skew) <= SKEW:
        seconds = f"{abs(skew):.0f}"
        return Finding("clock", "ok", f"V1과 {seconds}초 차이 · {seconds} s from V1's clock")
    way_ko, way = ("빠릅니다", "ahead of") if skew > 0 else ("느립니다", "behind")
    found = f"V1보다 {abs(skew):.0f}초 {way_ko} · {abs(skew):.0f} s {way} V1's clock"
    advice = "NTP로 시계를 맞추세요 · sync the clock with NTP: timedatectl set-ntp true"
    return Finding("clock", "bad", found, advice)


def _channels(client: PortOne) -> list[Finding]:
    try:
        channels = list(client.channels.list())
    except ApiError as error:
        advice = "API 키에 채널 조회 권한이 없을 수 있습니다 · the API key may lack permission to list channels"
        return [Finding("channels", "warn", text_of(mask(str(error))), advice)]
    except PortOneError as error:
        return [Finding("channels", "bad", text_of(mask(str(error))), "다시 시도하세요 · try again", away=True)]
    if not channels:
        advice = "콘솔의 결제 연동에서 채널을 추가하세요 · create a channel in the console (결제 연동)"
        return [Finding("channels", "bad", "없음 · none", advice)]
    test = [channel for channel in channels if channel.sandbox]
    live = len(channels) - len(test)
    findings = [Finding("channels", "ok", f"실연동 {live}개, 테스트 {len(test)}개 · {live} live, {len(test)} test")]
    real = (urlsplit(client.base_url).hostname or "").endswith(".iamport.kr")
    if real and not live:
        advice = (
            "테스트 채널의 결제는 매출이 아닙니다. 실연동 채널을 추가하세요"
            " · payments of test channels are no sales: add a live channel before launch"
        )
        findings.append(Finding("test/live", "warn", "테스트 채널뿐입니다 · test channels only", advice))
    for kind in sorted({str(channel.type_) for channel in channels}):
        of_kind = [channel for channel in channels if str(channel.type_) == kind]
        if {bool(channel.sandbox) for channel in of_kind} == {True, False} and of_kind[0].sandbox:
            advice = (
                "channel_key가 없으면 첫 채널이 쓰입니다. channel_key를 지정하거나 실연동 채널을 맨 위로 옮기세요"
                " · without channel_key V1 uses the first channel: pass channel_key or move a live channel to the top"
            )
            found = f"첫 {kind} 채널이 테스트 채널입니다 · the first {kind} channel is a test channel"
            findings.append(Finding("test/live", "warn", found, advice))
    return findings


def _webhook(url: str) -> Finding:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        advice = "https://shop.example.com/webhook 형식으로 지정하세요 · use the form https://shop.example.com/webhook"
        return Finding("webhook", "bad", "주소가 아닙니다 · not a URL", advice)
    try:
        addresses = addresses_of(parts.hostname)
    except OSError:
        found = f"호스트를 찾을 수 없음: {parts.hostname} · {parts.hostname} does not resolve"
        return Finding("webhook", "bad", found, "DNS 설정을 확인하세요 · check the name in your DNS")
    private = [address for address in addresses if not ip_address(address.partition("%")[0]).is_global]
    try:
        status = httpx.get(url, timeout=10, follow_redirects=False).status_code
    except httpx.HTTPError as error:
        advice = (
            "서버를 켜고 방화벽에서 52.78.100.19, 52.78.48.223, 52.78.5.241을 허용하세요"
            " · start the server and allow 52.78.100.19, 52.78.48.223 and 52.78.5.241 in the firewall"
        )
        return Finding("webhook", "bad", f"응답 없음 · no response ({type(error).__name__})", advice)
    responds = f"HTTP {status} 응답 · responds {status}"
    if private:
        advice = (
            "포트원이 접속할 수 없습니다. 공개 주소나 터널을 쓰세요"
            " · PortOne cannot reach a private address: use a public URL or a tunnel"
        )
        return Finding("webhook", "warn", f"사설 주소({private[0]}), {responds} (private address)", advice)
    if 300 <= status < 400:
        advice = "콘솔에 최종 주소를 등록하세요 · register the final URL in the console"
        return Finding("webhook", "bad", f"리다이렉트 · redirects ({status})", advice)
    if status == 404 or status >= 500:
        return Finding("webhook", "bad", responds, "경로와 서버 로그를 확인하세요 · check the path and the server log")
    return Finding("webhook", "ok", responds)
