"""What shows the locals of a traceback (Sentry, rich, `pytest --showlocals`) sees no key, token, card or person."""

from __future__ import annotations

import asyncio
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from portone_v1 import AsyncPortOne, AuthenticationError, ConfigurationError, PortOne, RefusedError
from portone_v1.compat.iamport import Iamport
from portone_v1.contrib.aiohttp import AiohttpTransport
from portone_v1.contrib.redis import AsyncRedisTokenStore, RedisTokenStore
from portone_v1.intents import MemoryStore
from portone_v1_generated.models.payments import Payment
from portone_v1_runtime.payload import UnknownModel
from portone_v1_runtime.secret import Secret, conceal, reveal

KEY, SECRET, TOKEN = "KKKKimpkey7777", "SSSSsecret8888", "TTTTtoken9999aaaaaaaa"
CARD, BIRTH, HOLDER, ACCOUNT, BUYER = (
    "4111222233334444",
    "880101",
    "홍길동예금주",
    "110-000-123456",
    "buyer@example.com",
)
NOTE = "문앞에두세요canary"
SECRETS = (KEY, SECRET, TOKEN, CARD, BIRTH, HOLDER, ACCOUNT, BUYER, NOTE)
SOLD = {"merchant_uid": "order-1", "amount": 1000, "card_number": CARD, "expiry": "2031-03", "birth": BIRTH}

DUE = {"merchant_uid": "o", "schedule_at": 1_900_000_000, "amount": 1, "buyer_email": BUYER, "custom_data": NOTE}


class V1(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """One way of failing."""

    def __init__(self, way: str) -> None:
        self.way = way

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            if self.way.startswith("no token"):
                status = 404 if self.way == "no token, 404" else 401
                return httpx.Response(status, json={"code": -1, "message": f"no {KEY} {SECRET}", "response": None})
            token = {"access_token": TOKEN, "now": 1, "expired_at": 1801}
            return httpx.Response(200, json={"code": 0, "message": None, "response": token})
        if self.way == "echo":
            echoed = f"토큰 {request.headers['authorization']}, 키 {KEY}, {SECRET}"
            return httpx.Response(400, json={"code": -1, "message": echoed, "response": None})
        if request.method == "GET" and self.way != "unreadable":
            paid = {
                "imp_uid": "imp_1",
                "merchant_uid": "order-1",
                "status": "paid",
                "amount": 1000,
                "pay_method": "vbank",
            }
            if "findAll" in request.url.path:
                echoed = f"none for {KEY}, {request.headers['authorization']}"
                return httpx.Response(404, json={"code": -1, "message": echoed, "response": None})
            return httpx.Response(200, json={"code": 0, "message": None, "response": {**paid, "buyer_email": BUYER}})
        if self.way == "timeout":
            raise httpx.ReadTimeout("late", request=request)
        if self.way == "interrupted":
            raise KeyboardInterrupt
        if self.way == "html":
            return httpx.Response(200, html=f"<p>{CARD} {TOKEN}</p>")
        status = 500 if self.way == "500" else 200
        return httpx.Response(status, json={"code": -1, "message": f"no {CARD}", "response": None})

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)


CALLS: dict[str, Callable[[Any], Any]] = {
    "onetime": lambda c: c.subscribe.onetime(**SOLD, buyer_email=BUYER),
    "onetime, wrong": lambda c: c.subscribe.onetime(**{**SOLD, "birth": 880101}),
    "onetime_once": lambda c: c.subscribe.onetime_once(**SOLD, buyer_email=BUYER, deadline=9.0),
    "onetime_once, its data": lambda c: c.subscribe.onetime_once(**SOLD, custom_data={"note": NOTE}, deadline=9.0),
    "onetime_once, wrong data": lambda c: c.subscribe.onetime_once(
        **SOLD, custom_data={"note": NOTE, "of": object()}, deadline=9.0
    ),
    "again_once, its data": lambda c: c.subscribe.again_once(
        customer_uid="cu", merchant_uid="o", amount=1, name="n", custom_data=f'{{"note": "{NOTE}"}}', deadline=9.0
    ),
    "issue": lambda c: c.billing_keys.issue("cu", card_number=CARD, expiry="2031-03", birth=BIRTH),
    "cancel": lambda c: c.payments.cancel(imp_uid="imp_1", amount=1, refund_holder=HOLDER, refund_account=ACCOUNT),
    "cancel_once": lambda c: c.payments.cancel_once(
        imp_uid="imp_1", left=0, refund_holder=HOLDER, refund_bank="04", refund_account=ACCOUNT, deadline=9.0
    ),
    "more of a body": lambda c: c.subscribe.again(
        customer_uid="cu", merchant_uid="o", amount=1, name="n", extra_body={"birth": BIRTH, "of": CARD}
    ),
    "a header of the shop's own": lambda c: c.payments.get("imp_1", extra_headers={"X-Buyer": f"{BUYER} 홍"}),
    "a misspelt argument": lambda c: c.subscribe.onetime(**SOLD, card_no=CARD),
    "an operation that the SDK does not know": lambda c: c.request(
        "POST", "/new", body={"card_number": CARD}, query={"who": BUYER}
    ),
    "a wrong path": lambda c: c.request("POST", "no slash", body={"card_number": CARD}, query={"who": BUYER}),
    "schedule": lambda c: c.subscribe.schedule(customer_uid="cu", schedules=[DUE]),
    "schedule, a wrong amount": lambda c: c.subscribe.schedule(customer_uid="cu", schedules=[{**DUE, "amount": 1.5}]),
    "schedule, no list": lambda c: c.subscribe.schedule(customer_uid="cu", schedules=DUE),
    "get": lambda c: c.payments.get("imp_1"),
    "check_connection": lambda c: c.check_connection(),
}
WAYS = ("no token", "no token, 404", "timeout", "500", "refused", "html", "interrupted", "unreadable", "echo")


class StillClock:
    def time(self) -> float:
        return 1_800_000_000.0

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None: ...


class AsyncStillClock(StillClock):
    async def sleep(self, seconds: float) -> None:  # type: ignore[override]
        ...


def chain_of(error: BaseException) -> list[BaseException]:
    """Return the error with its causes and contexts."""
    chain: list[BaseException] = [error]
    for each in chain:
        others = (each.__cause__, each.__context__)
        chain += [other for other in others if other is not None and not any(other is known for known in chain)]
    return chain


def frames(error: BaseException) -> Iterator[tuple[str, str]]:
    """Iterate over every local of every frame outside of this file, along causes and contexts, as renderers show it."""
    for each in chain_of(error):
        for frame in traceback.TracebackException.from_exception(each, capture_locals=True).stack:
            if frame.filename != __file__:
                for name, value in (frame.locals or {}).items():
                    shown = re.sub(r"0x[0-9a-f]+|\d+\.\d+", "", value)  # addresses and clocks hold any six digits
                    yield f"{frame.filename.rpartition('/')[2]}:{frame.name} {name}", shown


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("call", CALLS)
def test_no_local_of_any_frame_shows_a_secret(flavour: str, way: str, call: str) -> None:
    options: dict[str, Any] = {"transport": V1(way), "base_url": "http://127.0.0.1:1", "max_retries": 0}
    try:
        if flavour == "sync":
            CALLS[call](PortOne(KEY, SECRET, intents=MemoryStore(), clock=StillClock(), **options))
        else:
            client = AsyncPortOne(KEY, SECRET, intents=MemoryStore(), clock=AsyncStillClock(), **options)
            asyncio.run(CALLS[call](client))
    except BaseException as error:
        found: BaseException | None = error
    else:
        found = None
    if found is not None:
        for where, shown in frames(found):
            assert not [text for text in SECRETS if text in shown], where
        shown_text = f"{found!r} {found} {getattr(found, '__notes__', '')} {getattr(found, 'shown_message', '')}"
        assert not [text for text in SECRETS if text in shown_text]
        for each in chain_of(found):
            assert not [text for text in (KEY, SECRET, TOKEN) if text in f"{getattr(each, 'message', '')} {vars(each)}"]


OLD_CALLS: dict[str, Callable[[Iamport], Any]] = {
    "pay_onetime": lambda c: c.pay_onetime(**SOLD, pwd_2digit="42"),
    "pay_onetime, wrong": lambda c: c.pay_onetime(card_number=CARD, birth=BIRTH),
    "pay_foreign": lambda c: c.pay_foreign(**SOLD),
    "pay_again": lambda c: c.pay_again(customer_uid="cu", merchant_uid="o", amount=1, buyer_email=BUYER),
    "pay_schedule": lambda c: c.pay_schedule(
        customer_uid="cu", card_number=CARD, schedules=[{"merchant_uid": "o", "schedule_at": 1, "buyer_email": BUYER}]
    ),
    "customer_create": lambda c: c.customer_create(customer_uid="cu", card_number=CARD, expiry="2031-03", birth=BIRTH),
    "cancel": lambda c: c.cancel("why", imp_uid="imp_1", refund_holder=HOLDER, refund_account=ACCOUNT),
    "cancel, wrong": lambda c: c.cancel_by_imp_uid("imp_1", "why", amount=0, refund_holder=HOLDER),
}


@pytest.mark.parametrize("way", ["timeout", "500", "refused", "interrupted"])
@pytest.mark.parametrize("call", OLD_CALLS)
@pytest.mark.filterwarnings("ignore:portone_v1.compat:DeprecationWarning")
def test_no_local_of_the_bridge_of_the_old_client_shows_one(way: str, call: str) -> None:
    client = PortOne(KEY, SECRET, transport=V1(way), base_url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(BaseException) as caught:
        OLD_CALLS[call](Iamport(client=client))
    assert_untold(caught.value, *SECRETS)


@pytest.mark.filterwarnings("ignore:portone_v1.compat:DeprecationWarning")
def test_the_bridge_of_the_old_client_shows_no_key_pair() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Iamport(KEY, f"{SECRET} ", "https://shop:sesame123@api.example.com/")
    assert_untold(caught.value, KEY, SECRET, "sesame123")


@pytest.mark.parametrize("pair", [(f" {KEY}", SECRET), (KEY, f"{SECRET}\n"), (12345678, SECRET)])
def test_a_wrong_key_pair_is_not_shown_either(pair: tuple[Any, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        PortOne(*pair)
    for where, shown in frames(caught.value):
        assert not [text for text in (KEY, SECRET, "12345678") if text in shown], where


@pytest.mark.parametrize("kind", [PortOne, AsyncPortOne])
@pytest.mark.parametrize(
    "wrong",
    [
        {"proxy": "http://shop:sesame123@proxy:1", "imp_secret": ""},
        {"proxy": "gopher://shop:sesame123@proxy:1"},
        {"client_cert": ("no such file", "no such key", "sesame123")},
        {"client_cert": (__file__, __file__, "sesame123")},
        {"client_cert": (__file__, "sesame123")},
        {"base_url": "https://shop:sesame123@api.example.com"},
        {"base_url": "https://shop:sesame123#@api.example.com"},
        {"base_url": "gopher://shop:sesame123@api.example.com"},
    ],
)
def test_a_password_of_an_address_or_a_certificate_is_not_shown(kind: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(**{"imp_key": KEY, "imp_secret": SECRET, **wrong})
    assert_untold(caught.value, "sesame123")


@pytest.mark.parametrize(
    "wrong",
    [
        {"proxy": "gopher://shop:sesame123@proxy:1"},
        {"proxy": "socks5://shop:sesame123@proxy:1"},
        {"client_cert": (__file__, __file__, "sesame123")},
        {"ca_file": "no such file", "proxy": "http://shop:sesame123@proxy:1"},
    ],
)
def test_a_password_of_the_transport_over_aiohttp_is_not_shown(
    wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORTONE_V1_SECRET", SECRET)  # a frame that holds the environment would show it
    with pytest.raises(ConfigurationError) as caught:
        AiohttpTransport(**wrong)
    assert_untold(caught.value, "sesame123", SECRET)


@pytest.mark.parametrize("kind", [PortOne, AsyncPortOne])
def test_a_password_in_a_proxy_of_the_environment_is_not_shown(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `#` in it that is not quoted ends the address, so that it stands where the port should."""
    monkeypatch.setenv("https_proxy", "http://shop:sesame123#4@proxy:3128")
    with pytest.raises(ConfigurationError, match="proxy of the environment must be a URL") as caught:
        kind(KEY, SECRET)
    assert_untold(caught.value, "sesame123")


@pytest.mark.parametrize("kind", [RedisTokenStore, AsyncRedisTokenStore])
@pytest.mark.parametrize("url", ["redi://:sesame123@redis:6379/0", "redis://:sesame123#@redis:6379/0", "sesame123"])
def test_a_password_of_redis_is_not_shown(kind: Any, url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        kind(url, imp_key=KEY, timeout=0 if url.startswith("redis:") else 1)
    assert_untold(caught.value, "sesame123", KEY)


def assert_untold(error: BaseException, *secrets: str) -> None:
    for where, shown in frames(error):
        assert not [text for text in secrets if text in shown], where
    assert not [text for text in secrets if text in f"{error!r} {error} {getattr(error, '__notes__', '')}"]


def test_digits_of_a_password_are_crossed_out_of_what_v1_says() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/users/getToken":
            return V1("").handle_request(request)
        sentence = "비밀번호 앞 2자리(42), CVC 917 오류 [KC4242] 1,917원 SKT"
        return httpx.Response(200, json={"code": -1, "message": sentence, "response": None})

    client = PortOne(KEY, SECRET, transport=httpx.MockTransport(refuse), base_url="http://127.0.0.1:1")
    with pytest.raises(RefusedError) as caught:
        client.billing_keys.issue("cu", card_number=CARD, expiry="2031-03", birth=BIRTH, pwd_2digit="42", cvc="917")
    assert caught.value.shown_message == "비밀번호 앞 2자리(***), CVC *** 오류 [KC4242] 1,***원 SKT"


def test_an_error_of_the_first_contact_holds_no_frames_of_the_client() -> None:
    client = PortOne(KEY, SECRET, transport=V1("no token"), base_url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(AuthenticationError) as caught:
        client.check_connection()
    assert caught.value.__cause__ is None or caught.value.__cause__.__traceback__ is None
    assert not {"engine.py", "transport.py"} & {
        frame.filename.rpartition("/")[2] for frame in traceback.extract_tb(caught.value.__traceback__)
    }


def test_full_tracebacks_are_an_option_for_development(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_TRACEBACKS", "full")
    client = PortOne(KEY, SECRET, transport=V1("500"), base_url="http://127.0.0.1:1", max_retries=0)
    with pytest.raises(Exception, match="no") as caught:
        client.payments.cancel(imp_uid="imp_1", amount=1)
    assert "engine.py" in {
        frame.filename.rpartition("/")[2] for frame in traceback.extract_tb(caught.value.__traceback__)
    }


def test_a_secret_is_opaque() -> None:
    secret = conceal(CARD)
    assert isinstance(secret, Secret)
    assert CARD not in f"{secret} {secret!r} {secret!s:>40}"
    assert reveal(secret) == CARD
    assert secret == conceal(CARD)
    assert secret != CARD
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        hash(secret)
    assert [conceal(value) for value in (None, "")] == [None, ""]


def test_a_model_that_is_half_built_can_be_shown() -> None:
    with pytest.raises(TypeError) as caught:
        Payment(imp_uid="imp_1", buyer_mail=BUYER)  # type: ignore[call-arg]
    assert [shown for where, shown in frames(caught.value) if where.endswith("self")] == ["Payment()"]


def test_a_key_of_an_answer_that_is_a_person_is_no_name_of_a_field() -> None:
    payment = Payment.from_dict(
        {"imp_uid": "imp_1", BUYER: 1, "010-0000-0000": 2, "tel01000000000": 3, "new_field2": 4}
    )
    for shown in (repr(payment), payment._repr_html_(), repr(UnknownModel({BUYER: 1, "new_field2": 4}))):
        assert "new_field2" in shown
        assert "…" in shown
        assert not [text for text in (BUYER, "0000") if text in shown]


def test_rich_and_ipython_show_a_payment_masked() -> None:
    from rich.pretty import pretty_repr

    payment = Payment.from_dict({"imp_uid": "imp_1", "buyer_email": BUYER, "buyer_name": "홍길동", "amount": 1000})
    shown = pretty_repr(payment)
    assert "imp_1" in shown
    assert BUYER not in shown
    assert "홍길동" not in shown

    class Printer:
        printed = ""

        def text(self, text: str) -> None:
            self.printed += text

    printer = Printer()
    payment._repr_pretty_(printer, False)
    assert "imp_1" in printer.printed
    assert BUYER not in printer.printed
