"""The list of authorities as Java reads it."""

from __future__ import annotations

import re
import warnings
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

__all__ = ["java_truststore"]

ONE: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\n?", re.DOTALL)


def java_truststore(bundle: bytes, password: str) -> bytes:
    """Return a PKCS#12 store with the certificates of a PEM bundle."""
    held: list[PKCS12Certificate] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Some old authorities have serial numbers that are not valid.
        for number, found in enumerate(ONE.findall(bundle)):
            try:
                held.append(PKCS12Certificate(x509.load_pem_x509_certificate(found), f"{number}".encode()))
            except ValueError:
                continue  # No program here can read it.
    return serialize_java_truststore(held, BestAvailableEncryption(password.encode("ascii")))
