"""The certificate: what it may speak for, where it is kept, and who can read it."""

from __future__ import annotations

import os
import socket
import ssl
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from portone_v1_sandbox.proxy import ProxyError, open_certificate

from tests.sandbox.proxy.conftest import Material

NOW = datetime(2026, 3, 10, 1, tzinfo=UTC)
NAMES = ["api.iamport.kr", "cdn.iamport.kr"]


def authority_of(material: Material) -> x509.Certificate:
    return x509.load_pem_x509_certificate(material.certificate.authority)


def test_the_authority_may_speak_for_two_names_only(material: Material) -> None:
    only = authority_of(material).extensions.get_extension_for_class(x509.NameConstraints)
    assert only.critical
    assert only.value.permitted_subtrees == [x509.DNSName(name) for name in NAMES]
    assert only.value.excluded_subtrees == [x509.IPAddress(ip_network(net)) for net in ("0.0.0.0/0", "::/0")]
    basic = authority_of(material).extensions.get_extension_for_class(x509.BasicConstraints).value
    assert (basic.ca, basic.path_length) == (True, 0)
    usage = authority_of(material).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert [*usage] == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_it_is_short_lived(material: Material) -> None:
    for pem in (material.certificate.authority, material.certificate.leaf):
        certificate = x509.load_pem_x509_certificates(pem)[0]
        assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=31)


def test_the_key_of_the_authority_is_kept_nowhere(material: Material) -> None:
    own = authority_of(material).public_key()
    keys = [path for path in material.folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    assert [path.name for path in keys] == ["proxy.pem"]
    assert keys[0].read_bytes().count(b"BEGIN PRIVATE KEY") == 1
    assert load_pem_private_key(keys[0].read_bytes(), None).public_key() != own


@pytest.mark.skipif(os.name == "nt", reason="Windows closes a user's profile to others")
def test_only_its_user_reads_the_key(material: Material) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (material.folder, material.folder / "proxy.pem")}
    assert modes == {material.folder.name: 0o700, "proxy.pem": 0o600}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("name", [".", "proxy.pem"])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "kept"
    open_certificate(folder, NOW)
    (folder / name).chmod(0o755)
    with pytest.raises(ProxyError, match=r"^other users may reach .*: chmod go-rwx "):
        open_certificate(folder, NOW)


def test_it_is_made_once_and_renewed_before_it_ends(tmp_path: Path) -> None:
    first, is_new = open_certificate(tmp_path / "kept", NOW)
    again, is_new_again = open_certificate(tmp_path / "kept", NOW + timedelta(days=27))
    assert (is_new, is_new_again, again.fingerprint) == (True, False, first.fingerprint)
    renewed, is_new = open_certificate(tmp_path / "kept", NOW + timedelta(days=29))
    assert is_new
    assert renewed.fingerprint != first.fingerprint
    assert renewed.spki != first.spki


@pytest.mark.parametrize(
    "content", [b"", b"garbage", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_damaged_file_is_one_line(tmp_path: Path, content: bytes) -> None:
    open_certificate(tmp_path / "kept", NOW)
    (tmp_path / "kept" / "proxy.pem").write_bytes(content)
    with pytest.raises(ProxyError, match=r"^\S+ is damaged: delete it, and a new certificate is made$"):
        open_certificate(tmp_path / "kept", NOW)


def test_a_key_of_another_certificate(tmp_path: Path) -> None:
    one, _ = open_certificate(tmp_path / "one", NOW)
    other, _ = open_certificate(tmp_path / "other", NOW)
    mixed = one.leaf.partition(b"-----BEGIN CERT")[0] + b"-----BEGIN CERT" + other.leaf.partition(b"-----BEGIN CERT")[2]
    (tmp_path / "one" / "proxy.pem").write_bytes(mixed)
    with pytest.raises(ProxyError, match="damaged"):
        open_certificate(tmp_path / "one", NOW)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ProxyError, match=r"^cannot keep the certificate in \S+: Not a directory$"):
        open_certificate(tmp_path / "file" / "folder", NOW)


@pytest.mark.parametrize("name", [*NAMES, "example.com", "static-api.iamport.kr", "127.0.0.1"])
def test_what_a_program_that_trusts_it_believes(material: Material, name: str) -> None:
    theirs, ours = socket.socketpair()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(material.folder / "proxy.pem")

    def answer() -> None:
        try:
            with server.wrap_socket(theirs, server_side=True) as wrapped:
                wrapped.recv(1)
        except OSError:
            theirs.close()

    thread = Thread(target=answer)
    thread.start()
    try:
        if name in NAMES:
            material.trusting.wrap_socket(ours, server_hostname=name).close()
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                material.trusting.wrap_socket(ours, server_hostname=name)
    finally:
        ours.close()
        thread.join()
