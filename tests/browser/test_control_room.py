"""The control room: every button is one control call, and what was done becomes a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from sys import executable

import pytest
from playwright.sync_api import Locator, Page, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import PATIENCE, Watched
from tests.browser.stories import morning, open_window

Visitor = Callable[..., Watched]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(autouse=True)
def _nothing_held(sandbox: Sandbox) -> None:
    sandbox.webhooks.configure(url="")


def form(page: Page, name: str) -> Locator:
    return page.get_by_role("form", name=name, exact=True)


def done(page: Page, words: str = "완료했습니다.") -> None:
    expect(page.locator("#toast")).to_have_text(words)
    page.evaluate("document.getElementById('toast').textContent = ''")


def test_buyer_bank_and_console(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/control")
    buy = form(page, "구매자가 되어 결제")
    buy.get_by_label("주문번호").fill("order-1")
    buy.get_by_role("button", name="결제하기").click()
    done(page)
    refund = form(page, "환불")
    refund.get_by_label("imp_uid 또는 주문번호").fill("order-1")
    refund.get_by_label("금액을 비우면 전액").fill("5,000")
    refund.get_by_role("button").click()
    done(page)
    assert sandbox.client().payments.find("order-1").cancel_amount == 5000
    buy.get_by_label("주문번호").fill("order-2")
    buy.get_by_label("결제수단").select_option("vbank")
    buy.get_by_label("결과").select_option("ready")
    buy.get_by_role("button").click()
    done(page)
    deposit = form(page, "가상계좌 입금")
    deposit.get_by_label("imp_uid 또는 주문번호").fill("order-2")
    deposit.get_by_role("button", name="틀린 금액 입금").click()
    expect(page.locator("#toast.bad")).to_be_visible()
    assert sandbox.client().payments.find("order-2").status == "ready"
    deposit.get_by_label("금액(원)").fill("32,000")
    deposit.get_by_role("button", name="입금", exact=True).click()
    done(page)
    assert sandbox.client().payments.find("order-2").status == "paid"
    buy.get_by_label("주문번호").fill("order-3")
    buy.get_by_label("결제수단").select_option("card")
    buy.get_by_label("결과").select_option("ready")
    buy.get_by_role("button").click()
    done(page)
    late = form(page, "늦은 승인")
    late.get_by_label("imp_uid 또는 주문번호").fill("order-3")
    late.get_by_role("button").click()
    done(page)
    assert sandbox.client().payments.find("order-3").status == "paid"


def test_faults_and_clock(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/control")
    form(page, "다음 호출에 장애 주입").get_by_role("button").click()
    done(page)
    expect(page.locator("#aside")).to_contain_text("오류 응답 502")
    form(page, "다음 승인 거절").get_by_role("button").click()
    done(page)
    expect(page.locator("#aside")).to_contain_text("한도초과")
    page.get_by_role("button", name="모두 해제").click()
    done(page)
    expect(page.locator("#aside")).to_contain_text("설정된 장애와 거절이 없습니다.")
    before = sandbox.clock.now()
    page.get_by_role("button", name="+30일", exact=True).click()
    done(page)
    assert sandbox.clock.now() - before >= 30 * 86400
    page.get_by_label("날짜와 시각 (KST)").last.fill("2031-01-02T03:04")
    page.get_by_role("button", name="이 시각으로").click()
    done(page)
    page.get_by_role("button", name="시계 멈추기").click()
    expect(page.locator("#pace")).to_have_text("멈춤")
    page.get_by_role("button", name="시계 흐르게").click()
    expect(page.locator("#pace")).to_have_text("흐름")


def test_webhooks_held_reordered_lost_and_resent(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/control")
    page.get_by_label("보낼 주소").last.fill(f"{server.url}/nothing")
    page.get_by_role("button", name="주소 저장").click()
    done(page)
    page.get_by_label("보류").check()
    done(page)
    for n in (1, 2, 3):
        sandbox.pay(merchant_uid=f"order-{n}", amount=1000)
    expect(page.locator("#queue li")).to_have_count(3)
    page.get_by_role("button", name="#3 앞으로").click()
    page.get_by_role("button", name="#1 버리기").click()
    expect(page.locator("#queue li")).to_have_count(2)
    expect(page.locator("#queue li").first).to_contain_text("#3")  # what was moved stays where it is
    page.get_by_role("button", name="이 순서로 보내기").click()
    expect(page.locator("#sent")).to_contain_text("404")
    expect(page.get_by_label("보류")).not_to_be_checked()
    page.get_by_role("button", name="#2 다시 보내기").click()
    expect(page.locator("#sent")).to_contain_text("#4")
    page.get_by_role("button", name="다음 1건 버리기").click()
    expect(page.locator("#toast")).to_have_text("완료했습니다.")
    assert sandbox.webhooks.deliveries[0].state == "dropped"


def test_what_was_done_is_a_test(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, tmp_path: Path) -> None:
    page = visitor().page(f"{server.url}/control")
    page.get_by_role("button", name="기록 시작").click()
    buy = form(page, "구매자가 되어 결제")
    buy.get_by_label("주문번호").fill("order-'1")
    buy.get_by_role("button").click()
    done(page, "1단계 기록")
    refund = form(page, "환불")
    refund.get_by_label("imp_uid 또는 주문번호").fill("order-'1")
    refund.get_by_role("button").click()
    done(page, "2단계 기록")
    expect(page.locator("#test")).to_contain_text("cancel")
    python = tmp_path / "recorded.py"
    python.write_text(page.locator("#test").inner_text() + "\n\n\ntest_recorded()\n")
    page.get_by_role("button", name="curl", exact=True).click()
    expect(page.locator("#test")).to_contain_text("curl")
    shell = tmp_path / "recorded.sh"
    shell.write_text(page.locator("#test").inner_text() + "\n")
    page.get_by_role("button", name="기록 멈춤").click()
    for command in ([executable, str(python)], ["sh", str(shell)]):
        ended = run(command, check=False, capture_output=True, text=True, timeout=60)
        assert ended.returncode == 0, ended.stderr
        (payment,) = sandbox.shops["recorded"].client().payments.find_all("order-'1")
        assert payment.status == "cancelled"
    page.get_by_role("button", name="지우기").click()
    expect(page.locator("#test")).to_have_count(0)


def test_one_time_codes_and_what_happens_elsewhere(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    morning(server.url, sandbox)
    page = visitor(permissions=["clipboard-read", "clipboard-write"]).page(f"{server.url}/control")
    number = page.locator("#numbers strong").inner_text()
    page.locator("#numbers").get_by_role("button").click()
    assert page.evaluate("navigator.clipboard.readText()") == number
    naver = form(page, "네이버페이 이벤트")
    product = page.locator("#product-orders option").get_attribute("value")
    naver.get_by_label("상품주문번호 (product_order_id)").fill(str(product))
    naver.get_by_label("네이버페이 이벤트").last.select_option("cancel_requested")
    naver.get_by_role("button").click()
    done(page)
    assert sandbox.client().payments.find("order-naver").status == "cancelled"
    escrow = form(page, "이니시스 에스크로 이벤트")
    escrow.get_by_label("imp_uid 또는 주문번호").fill("order-escrow")
    escrow.get_by_label("이니시스 에스크로 이벤트").last.select_option("purchase_denied")
    escrow.get_by_label("거절 사유").fill("사이즈가 다름")
    escrow.get_by_role("button").click()
    done(page)
    row = page.context.new_page()
    row.goto(f"{server.url}/?q=order-escrow")
    expect(row.get_by_role("button", name="거절확인: order-escrow")).to_be_visible()


def test_channels_are_adopted(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    open_window(server.url, pg="nobody.mid")
    open_window(server.url, channelKey="channel-key-of-the-page")
    page = visitor().page(f"{server.url}/control")
    expect(page.locator("#unknown li")).to_have_count(2)
    page.get_by_role("button", name="채널로 등록: nobody.mid").click()
    expect(page.locator("#unknown li")).to_have_count(1)
    page.get_by_label("어떤 PG로 등록할까요?").select_option("payco")
    page.get_by_role("button", name="채널로 등록: channel-key-of-the-page").click()
    expect(page.locator("#unknown")).to_have_text("등록되지 않은 값이 없습니다.")
    channels = {each.channel_key: each.pg_provider for each in sandbox._engine.settings.channels}
    assert channels["channel-key-of-the-page"] == "payco"
    assert "nobody" in channels.values()


def test_channels_are_imported(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/control")
    page.get_by_text("가져오기", exact=True).click()
    pasted = form(page, "가져오기")
    field = pasted.get_by_label("채널 JSON")
    for wrong in ("{", '{"code": 0}', "[1]"):
        field.fill(wrong)
        pasted.get_by_role("button").click()
        expect(page.locator("#toast.bad")).to_contain_text("JSON이 아닙니다")
    field.fill('{"response": [{"pg_provider": "nice_v2", "pg_id": ""}]}')
    pasted.get_by_role("button").click()
    expect(page.locator("#toast.bad")).to_contain_text("mid must be a text")
    answer = {"pg_provider": "nice_v2", "pg_id": "nictest04m", "channel_key": "channel-key-of-nice", "secret": "s3cr3t"}
    field.fill(json.dumps({"code": 0, "message": None, "response": [answer | {"type": "payment", "sandbox": True}]}))
    with page.expect_request("**/channels/import") as sent:
        pasted.get_by_role("button").click()
    done(page)
    assert "s3cr3t" not in str(sent.value.post_data)  # what is no channel does not leave the page
    assert sandbox.pay(merchant_uid="order-1", amount=1000, channel_key="channel-key-of-nice").pg_provider == "nice_v2"
    page.get_by_text("이 상점의 채널").click()
    expect(page.locator("#known")).to_contain_text("channel-key-of-nice")


def test_one_fault_is_removed(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    sandbox.faults.fail_next(status=503)
    sandbox.faults.html_next(2)
    sandbox.faults.decline_next(message="[SB02] 한도초과")
    page = visitor(locale="en-GB").page(f"{server.url}/control")
    expect(page.locator("#armed li")).to_have_count(3)
    page.get_by_role("button", name="Remove HTML error page 502 · Any call × 2").click()
    expect(page.locator("#armed li")).to_have_count(2)
    page.get_by_role("button", name="Remove [SB02] 한도초과 × 1").click()
    expect(page.locator("#armed li")).to_have_count(1)
    assert ([one.status for one in sandbox.faults.pending], sandbox.faults.declines) == ([503], ())


def test_rule_of_the_linter_is_muted(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    morning(server.url, sandbox)
    page = visitor().page(f"{server.url}/findings")
    before = page.locator("#findings article").count()
    page.get_by_role("button", name="이 규칙 끄기: cancel-without-checksum").click()
    expect(page.locator("#toast")).to_have_text("cancel-without-checksum 규칙을 껐습니다.")
    expect(page.locator("#findings article")).to_have_count(before - 1)
    assert sandbox.lint.muted == ("cancel-without-checksum",)
    expect(page.locator(".nav .count")).to_have_text(str(before - 1))
    page.reload()
    page.get_by_role("button", name="다시 켜기: cancel-without-checksum").click()
    expect(page.locator("#findings article")).to_have_count(before)
    expect(page.locator("#muted")).to_be_empty()


def test_snapshots_scenarios_and_reset(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/control")
    form(page, "시나리오").get_by_role("button").click()
    done(page)
    before = len(sandbox.ledger)
    assert before > 0
    form(page, "스냅샷").get_by_role("button").click()
    done(page)
    page.get_by_role("button", name="이 상점 비우기").click()
    page.get_by_role("dialog").get_by_role("button", name="그만두기").click()
    assert len(sandbox.ledger) == before
    page.get_by_role("button", name="이 상점 비우기").click()
    page.get_by_role("dialog").get_by_role("button", name="이 상점 비우기").click()
    done(page)
    assert sandbox.ledger == ()
    page.get_by_role("button", name="되돌리기: before").click()
    done(page)
    assert len(sandbox.ledger) == before
    page.get_by_role("button", name="삭제: before").click()
    expect(page.locator("#snapshots")).to_have_text("저장한 스냅샷이 없습니다.")


def test_what_is_done_on_other_pages_is_recorded_too(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-account", amount=45000, pay_method="vbank", status="ready")
    page = visitor().page(f"{server.url}/control")
    page.get_by_role("button", name="기록 시작").click()
    page.get_by_role("link", name="결제", exact=True).click()
    page.get_by_role("button", name="입금: order-account").click()
    expect(page.locator("#toast")).to_have_text("1단계 기록")
    page.goto(f"{server.url}/control")
    expect(page.locator(".recording")).to_have_text("기록 1")
    expect(page.locator("#test")).to_contain_text('play("deposits"')
