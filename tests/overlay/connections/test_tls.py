"""TLS on a real socket: what PortOne accepts since September 2024 is spoken, and nothing else."""

from __future__ import annotations

import socket
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from portone_v1 import ConfigurationError, NotSentError
from portone_v1._http.tls import TLS_1_2_SUITES, TLS_1_3_SUITES, tls_context

from tests.overlay.harness import AiohttpFlavour, AsyncFlavour, Flavour, SyncFlavour, flavours
from tests.overlay.raw_server import RawServer

flavour = flavours(SyncFlavour, AsyncFlavour, AiohttpFlavour)
HOST = "127.0.0.1"
CODES = {
    0xC023: "ECDHE-ECDSA-AES128-SHA256",
    0xC024: "ECDHE-ECDSA-AES256-SHA384",
    0xC027: "ECDHE-RSA-AES128-SHA256",
    0xC028: "ECDHE-RSA-AES256-SHA384",
    0xC02B: "ECDHE-ECDSA-AES128-GCM-SHA256",
    0xC02C: "ECDHE-ECDSA-AES256-GCM-SHA384",
    0xC02F: "ECDHE-RSA-AES128-GCM-SHA256",
    0xC030: "ECDHE-RSA-AES256-GCM-SHA384",
    0x1301: "TLS_AES_128_GCM_SHA256",
    0x1302: "TLS_AES_256_GCM_SHA384",
    0x1303: "TLS_CHACHA20_POLY1305_SHA256",
    0x00FF: "no renegotiation",  # a signal, not a suite
}
OUTSIDE = [
    "ECDHE-RSA-CHACHA20-POLY1305",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "AES256-SHA",
    "AES128-SHA",
    "AES128-GCM-SHA256",
    "AES128-SHA256",
    "AES256-GCM-SHA384",
    "AES256-SHA256",
    "ECDHE-ECDSA-AES128-SHA",
    "ECDHE-RSA-AES128-SHA",
    "ECDHE-RSA-AES256-SHA",
    "ECDHE-ECDSA-AES256-SHA",
]


class Authority(NamedTuple):
    ca: trustme.CA
    file: Path
    rsa: trustme.LeafCert
    ecdsa: trustme.LeafCert

    def context(self, certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        (certificate or self.ecdsa).configure_cert(context)
        return context

    def one_suite(self, suite: str) -> ssl.SSLContext:
        context = self.context(self.ecdsa if "ECDSA" in suite else self.rsa)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(f"{suite}:@SECLEVEL=0")
        return context


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    ca.cert_pem.write_to_path(file)
    rsa = ca.issue_cert(HOST, "localhost", key_type=trustme.KeyType.RSA)
    return Authority(ca, file, rsa, ca.issue_cert(HOST, "localhost", key_type=trustme.KeyType.ECDSA))


@pytest.fixture
def _fresh_contexts() -> Iterator[None]:
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


def read(client: Any) -> Any:
    return client.payments.get("imp_1")


def call(flavour: Flavour, server: RawServer, **options: Any) -> Any:
    client = flavour.client(base_url=server.url, max_retries=0, **options)
    try:
        return client.call(read)
    finally:
        client.close()


def refusal(flavour: Flavour, server: RawServer, **options: Any) -> str:
    with pytest.raises(NotSentError) as caught:
        call(flavour, server, **options)
    assert server.requests == []
    assert caught.value.operation == "payments.get"
    return str(caught.value)


def hello(data: bytes) -> tuple[list[int], list[int]]:
    """Return the suites and the versions that a ClientHello offers."""
    assert data[0] == 22
    assert data[5] == 1
    at = 5 + 4 + 2 + 32
    at += 1 + data[at]
    length = int.from_bytes(data[at : at + 2])
    suites = [int.from_bytes(data[i : i + 2]) for i in range(at + 2, at + 2 + length, 2)]
    at += 2 + length
    at += 1 + data[at]
    end = at + 2 + int.from_bytes(data[at : at + 2])
    at += 2
    versions: list[int] = []
    while at < end:
        kind, size = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        if kind == 43:
            versions = [int.from_bytes(data[i : i + 2]) for i in range(at + 5, at + 4 + size, 2)]
        at += 4 + size
    return suites, versions


def test_the_lists_are_the_vendors() -> None:
    assert sorted(TLS_1_2_SUITES) == sorted(name for name in CODES.values() if name.startswith("ECDHE"))
    assert sorted(TLS_1_3_SUITES) == sorted(name for name in CODES.values() if name.startswith("TLS"))


def test_what_is_offered_on_the_wire(flavour: Flavour, authority: Authority) -> None:
    with RawServer(context=authority.context()) as server:
        call(flavour, server, ca_file=authority.file)
    suites, versions = hello(server.hellos[0])
    assert {CODES[suite] for suite in suites} - {"no renegotiation"} == {*TLS_1_2_SUITES, *TLS_1_3_SUITES}
    assert sorted(versions) == [0x0303, 0x0304]


@pytest.mark.parametrize("suite", TLS_1_2_SUITES)
def test_each_suite_of_1_2_is_spoken(flavour: Flavour, authority: Authority, suite: str) -> None:
    with RawServer(context=authority.one_suite(suite)) as server:
        assert call(flavour, server, ca_file=authority.file).imp_uid == "imp_1"
    assert server.sessions == [("TLSv1.2", suite)]


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_1_3_is_spoken(flavour: Flavour, authority: Authority, kind: str) -> None:
    context = authority.context(getattr(authority, kind))
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    with RawServer(context=context) as server:
        assert call(flavour, server, ca_file=authority.file).imp_uid == "imp_1"
    ((version, suite),) = server.sessions
    assert version == "TLSv1.3"
    assert suite in TLS_1_3_SUITES


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1], ids=["1.0", "1.1"])
def test_an_older_protocol_is_refused(flavour: Flavour, authority: Authority, version: ssl.TLSVersion) -> None:
    context = authority.context(authority.rsa)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    with RawServer(context=context) as server:
        assert "TLS: " in refusal(flavour, server, ca_file=authority.file)
    assert server.sessions == []
    # Whatever this machine's OpenSSL still speaks as a server: the older versions are not even offered.
    _, versions = hello(server.hellos[0])
    assert min(versions) >= 0x0303


@pytest.mark.parametrize("suite", OUTSIDE)
def test_a_suite_outside_the_list_is_refused(flavour: Flavour, authority: Authority, suite: str) -> None:
    with RawServer(context=authority.one_suite(suite)) as server:
        assert "TLS: " in refusal(flavour, server, ca_file=authority.file)
        assert server.sessions == []
        lenient = ssl.create_default_context(cafile=str(authority.file))
        lenient.set_ciphers("ALL:@SECLEVEL=0")
        port = int(server.url.rpartition(":")[2])
        with socket.create_connection((HOST, port)) as plain, lenient.wrap_socket(plain, server_hostname=HOST) as tls:
            cipher = tls.cipher()
    assert cipher is not None
    assert cipher[0] == suite  # the server does support it


def test_no_exchange_of_keys_without_elliptic_curves_is_offered() -> None:
    names = {str(cipher["name"]) for cipher in tls_context().get_ciphers()}
    assert names == {*TLS_1_2_SUITES, *TLS_1_3_SUITES}


def test_a_wrong_host_name_is_refused(flavour: Flavour, authority: Authority) -> None:
    with RawServer(context=authority.context(authority.ca.issue_cert("api.example.com"))) as server:
        reason = refusal(flavour, server, ca_file=authority.file)
    assert "ip address mismatch, certificate is not valid for '127.0.0.1'" in reason
    with RawServer(context=authority.context(authority.ca.issue_cert("api.example.com")), name="localhost") as server:
        assert "hostname mismatch" in refusal(flavour, server, ca_file=authority.file)


def test_an_unknown_authority_is_refused(flavour: Flavour, authority: Authority) -> None:
    with RawServer(context=authority.context(trustme.CA().issue_cert(HOST))) as server:
        assert "unable to get local issuer certificate" in refusal(flavour, server, ca_file=authority.file)


@pytest.mark.usefixtures("_fresh_contexts")
def test_the_public_authorities_do_not_know_it(flavour: Flavour, authority: Authority) -> None:
    with RawServer(context=authority.context()) as server:
        assert "unable to get local issuer certificate" in refusal(flavour, server)


def test_a_certificate_of_its_own_is_refused(flavour: Flavour, authority: Authority) -> None:
    own = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with own.cert_pem.tempfile() as certificate, own.private_key_pem.tempfile() as key:
        context.load_cert_chain(certificate, key)
    with RawServer(context=context) as server:
        assert "self-signed certificate" in refusal(flavour, server, ca_file=authority.file)


def test_an_expired_certificate_is_refused(flavour: Flavour, authority: Authority) -> None:
    expired = authority.ca.issue_cert(HOST, not_after=datetime.now(UTC) - timedelta(days=1))
    with RawServer(context=authority.context(expired)) as server:
        assert "certificate has expired" in refusal(flavour, server, ca_file=authority.file)


def test_a_server_that_never_shakes_hands(flavour: Flavour, authority: Authority) -> None:
    with socket.create_server((HOST, 0)) as listener:
        url = f"https://{HOST}:{listener.getsockname()[1]}"
        client = flavour.client(base_url=url, max_retries=0, ca_file=authority.file, timeout=0.05)
        error = client.failure(read)
    assert type(error) is NotSentError
    assert "could not connect (ConnectTimeout)" in str(error)


@pytest.mark.usefixtures("_fresh_contexts")
@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_the_authorities_of_the_environment(
    flavour: Flavour, authority: Authority, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    if variable == "SSL_CERT_FILE":
        monkeypatch.setenv(variable, str(authority.file))
    else:
        monkeypatch.setenv(variable, str(tmp_path))  # holds none
    with RawServer(context=authority.context()) as server:
        if variable == "SSL_CERT_FILE":
            assert call(flavour, server).imp_uid == "imp_1"
        else:
            assert "unable to get local issuer certificate" in refusal(flavour, server)


@pytest.mark.usefixtures("_fresh_contexts")
def test_authorities_of_the_environment_that_are_not_there(
    flavour: Flavour, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        flavour.client()


class Mine(NamedTuple):
    both: str
    certificate: str
    key: str
    locked: str


PASSWORD = "hunter2"


@pytest.fixture(scope="module")
def mine(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Mine:
    folder = tmp_path_factory.mktemp("mine")
    leaf = authority.ca.issue_cert("shop.example.com")
    leaf.private_key_and_cert_chain_pem.write_to_path(folder / "both.pem")
    leaf.cert_chain_pems[0].write_to_path(folder / "certificate.pem")
    leaf.private_key_pem.write_to_path(folder / "key.pem")
    key = serialization.load_pem_private_key(leaf.private_key_pem.bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )
    (folder / "locked.pem").write_bytes(locked)
    return Mine(*(str(folder / f"{name}.pem") for name in Mine._fields))


def wanting_a_certificate(authority: Authority) -> ssl.SSLContext:
    context = authority.context()
    context.verify_mode = ssl.CERT_REQUIRED
    authority.ca.configure_trust(context)
    return context


@pytest.mark.parametrize("form", ["one file", "two files", "with a password"])
def test_a_client_certificate_is_shown(flavour: Flavour, authority: Authority, mine: Mine, form: str) -> None:
    given: Any = {
        "one file": mine.both,
        "two files": (mine.certificate, mine.key),
        "with a password": (mine.certificate, mine.locked, PASSWORD),
    }[form]
    with RawServer(context=wanting_a_certificate(authority)) as server:
        assert call(flavour, server, ca_file=authority.file, client_cert=given).imp_uid == "imp_1"


def test_without_a_client_certificate_nothing_is_sent(flavour: Flavour, authority: Authority) -> None:
    with RawServer(context=wanting_a_certificate(authority)) as server:
        refusal(flavour, server, ca_file=authority.file)


def test_a_client_certificate_that_can_not_be_used(flavour: Flavour, authority: Authority, mine: Mine) -> None:
    for given, why in (
        ((mine.certificate, mine.locked), "key is encrypted"),
        ((mine.certificate, mine.locked, "wrong-password"), "cannot load"),
        (mine.certificate, "cannot load"),
        (mine.key, "cannot load"),
        ((mine.certificate, str(authority.file)), "cannot load"),
    ):
        with pytest.raises(ConfigurationError, match=why) as caught:
            flavour.client(client_cert=given, ca_file=authority.file)
        assert "wrong-password" not in str(caught.value)


def test_one_context_for_every_client(flavour: Flavour, authority: Authority) -> None:
    context = flavour.tls_context
    first, second = flavour.client(), flavour.client()
    assert context(first) is context(second) is tls_context(None, None)
    other = flavour.client(ca_file=authority.file)
    assert context(other) is not context(first)
    assert context(other) is context(flavour.client(ca_file=str(authority.file))) is tls_context(authority.file, None)


def test_the_context_verifies() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
