"""What the proxy decides, without a socket."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from portone_v1_sandbox.proxy.errors import Refused
from portone_v1_sandbox.proxy.names import is_of_vendor, names_vendor
from portone_v1_sandbox.proxy.policy import Policy
from portone_v1_sandbox.proxy.targets import Target, read_connect, read_url


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("api.iamport.kr:443", Target("api.iamport.kr", 443)),
        ("API.Iamport.KR.:443", Target("api.iamport.kr", 443)),
        ("[::1]:8443", Target("::1", 8443)),
        ("[0:0::0:1]:8443", Target("::1", 8443)),
        ("my_shop.test:65535", Target("my_shop.test", 65535)),
    ],
)
def test_targets(text: str, target: Target) -> None:
    assert read_connect(text) == target


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            ":443",
            "host",
            "host:",
            "host:0",
            "host:65536",
            "host:4430000000000000",
            "host:-1",
            "host:4x",
            "a b:443",
        ),
        *("user@host:443", "host:443/path", "http://host:443", "::1:443", "[::1:443", "[evil]:443", "a..b:443"),
        *("api。iamport。kr:443", "ａpi.iamport.kr:443", "api.iamport.kr%2e:443", "-a:443", f"{'a' * 64}:443"),
        ".".join(["abcdefgh"] * 40) + ":443",
        "api.iamport.kr..:443",
        "api.iamport.kr\x00:443",
    ],
)
def test_what_is_no_target(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_connect(text)
    assert refused.value.status == 400


def test_urls() -> None:
    url = read_url("HTTPS://API.iamport.kr/payments/a%2Fb?x=1#y")
    assert (url.scheme, url.target, url.path) == ("https", Target("api.iamport.kr", 443), "/payments/a%2Fb?x=1")
    assert read_url("http://shop.test:8000?x=1").path == "/?x=1"
    for text in ("ftp://shop.test/", "//shop.test/", "http:///x", "http://user@shop.test/", "shop"):
        with pytest.raises(Refused):
            read_url(text)


@pytest.mark.parametrize("host", ["api.iamport.kr", "iamport.kr", "checkout-service.prod.iamport.co", "x.y.iamport.kr"])
def test_hosts_of_the_vendor(host: str) -> None:
    assert is_of_vendor(host)


@pytest.mark.parametrize("host", ["iamport.kr.example.com", "myiamport.kr", "iamport.com", "kr", "example.com"])
def test_other_hosts(host: str) -> None:
    assert not is_of_vendor(host)


@pytest.mark.parametrize("host", ["static-api.iamport.kr", "service.iamport.kr", "checkout-service.prod.iamport.co"])
def test_the_vendors_other_hosts_are_out_of_reach(host: str) -> None:
    for policy in (Policy(), Policy(allowed_hosts={host})):
        with pytest.raises(Refused, match="not imitated"):
            policy.is_answered(Target(host, 443))


@pytest.mark.parametrize("port", [80, 22, 8080, 8443])
def test_their_other_ports_are_out_of_reach(port: int) -> None:
    with pytest.raises(Refused, match="443"):
        Policy().is_answered(Target("api.iamport.kr", port))


ADDRESSES = {
    "public": ["203.0.114.1", "1.1.1.1", "2606:4700::1111"],
    "loopback": ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"],
    "private": [
        *("10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255"),
        *("fe80::1", "fe80::1%eth0", "fd00::1", "::", "224.0.0.1", "ff0e::1"),
        *("::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
    ],
}


@pytest.mark.parametrize("local", [True, False])
@pytest.mark.parametrize("name", ["shop.test", "localhost", "127.0.0.1", "my.localhost"])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_where_a_tunnel_may_lead(name: str, kind: str, *, local: bool) -> None:
    """Nobody gets into the own network by a name, and other machines do not get there at all."""
    this_machine = name != "shop.test"
    for address in ADDRESSES[kind]:
        allowed = kind == "public" or (kind == "loopback" and this_machine and local and "ffff" not in address)
        expected = nullcontext() if allowed else pytest.raises(Refused, match=r"^[^\n]+$")
        with expected:
            Policy().check_address(Target(name, 443), address, local=local)
        Policy(allowed_hosts={name}).check_address(Target(name, 443), address, local=local)


def test_hosts_before_they_are_resolved() -> None:
    Policy().check_host(Target("localhost", 8000), local=True)
    Policy(allowed_hosts={"localhost"}).check_host(Target("localhost", 8000), local=False)
    for host in ("localhost", "127.0.0.1", "::1", "shop.localhost"):
        with pytest.raises(Refused, match="other machines"):
            Policy().check_host(Target(host, 8000), local=False)
    with pytest.raises(Refused, match="--only"):
        Policy(only=True).check_host(Target("example.com", 443), local=True)


def greeting(name: bytes) -> bytes:
    """Return enough of a TLS greeting to contain its name."""
    body = b"\x01\x00\x00\x80\x03\x03" + b"\x11" * 40 + b"\x00" + bytes([len(name)]) + name + b"\x00\x2b\x00\x03"
    return b"\x16\x03\x01" + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize("name", [b"api.iamport.kr", b"CDN.IAMPORT.KR", b"x.iamport.co", b"iamport.kr"])
def test_a_greeting_to_the_vendor(name: bytes) -> None:
    whole = greeting(name)
    assert names_vendor(whole) is True
    assert all(names_vendor(whole[:at]) is None for at in range(1, whole.index(name) + 5))
    assert names_vendor(b"GET / HTTP/1.1\r\nAccept: */*\r\nhost:\t" + name + b":80\r\n\r\n") is True


@pytest.mark.parametrize("name", [b"example.com", b"iamport.kr.example.com", b"myiamport.kr", b"iamport.community"])
def test_a_greeting_to_another(name: bytes) -> None:
    whole = greeting(name)
    assert names_vendor(whole) is False
    assert names_vendor(whole[:-1]) is None
    assert (
        names_vendor(b"GET /?u=api.iamport.kr HTTP/1.1\r\nHost: " + name + b"\r\nReferer: https://iamport.kr/\r\n")
        is False
    )
    assert names_vendor(b"SSH-2.0-x") is False


def test_a_greeting_without_end() -> None:
    assert names_vendor(b"\x16\x03\x01\xff\xff" + b"a" * 20_000) is False
