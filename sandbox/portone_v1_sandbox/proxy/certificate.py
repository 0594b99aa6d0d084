"""The certificate of the proxy. Its authority is made for it, and the authority's key is dropped after signing.

The authority is valid for the two host names only, so a program that trusts it trusts nothing else through it.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .names import ANSWERED

__all__ = ["LIFETIME", "Certificate", "make", "read"]

LIFETIME: Final = timedelta(days=30)
SKEW: Final = timedelta(hours=12)
"""How much the certificate is backdated, because the clock of a phone may be behind."""
NO_ADDRESS: Final = (ip_network("0.0.0.0/0"), ip_network("::/0"))


@dataclass(frozen=True, slots=True, repr=False)
class Certificate:
    """A key with its certificate and the authority's, as PEM."""

    leaf: bytes
    """The secret key, its certificate and the authority."""
    authority: bytes
    ends: datetime
    spki: str
    """SHA-256 of the public key in base64, as Chromium's flag takes it."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority, as devices show it."""
        digest = hashlib.sha256(self.authority_der).hexdigest().upper()
        return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))

    @property
    def authority_der(self) -> bytes:
        return ssl.PEM_cert_to_DER_cert(self.authority.decode("ascii"))


def make(now: datetime) -> Certificate:
    """Make an authority, and the only certificate that it signs."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    named = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"portone-v1-sandbox of {now:%Y-%m-%d} (not for payments)")]
    )
    common = x509.CertificateBuilder().issuer_name(named).not_valid_before(now - SKEW).not_valid_after(now + LIFETIME)
    only = x509.NameConstraints(
        [x509.DNSName(name) for name in ANSWERED], [x509.IPAddress(network) for network in NO_ADDRESS]
    )
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    own = x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key())
    authority = (
        common.subject_name(named)
        .public_key(authority_key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(only, critical=True)
        .add_extension(_may(sign=True), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(own, critical=False)
        .sign(authority_key, SHA256())
    )
    certificate = (
        common.subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portone-v1-sandbox proxy")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in ANSWERED]), critical=False)
        .add_extension(_may(sign=False), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), critical=False)
        .sign(authority_key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = [one.public_bytes(Encoding.PEM) for one in (certificate, authority)]
    return read(secret + b"".join(chain))


def read(leaf: bytes) -> Certificate:
    """Return what a file of `Certificate.leaf` holds. Raises ValueError."""
    key = load_pem_private_key(leaf, None)
    certificate, authority = x509.load_pem_x509_certificates(leaf)
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public:
        raise ValueError("key and certificate are not a pair")
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if names.get_values_for_type(x509.DNSName) != [*ANSWERED]:
        raise ValueError("the certificate has other names")
    return Certificate(
        leaf=leaf,
        authority=authority.public_bytes(Encoding.PEM),
        ends=min(certificate.not_valid_after_utc, authority.not_valid_after_utc).astimezone(UTC),
        spki=base64.b64encode(hashlib.sha256(public).digest()).decode("ascii"),
    )


def _may(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign,
        crl_sign=sign,
        encipher_only=False,
        decipher_only=False,
    )
