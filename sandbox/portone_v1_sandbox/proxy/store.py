"""The folder of one user, with the certificate and the files that programs read it from."""

from __future__ import annotations

import os
import secrets
import ssl
import stat
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from .errors import ProxyError

if TYPE_CHECKING:
    from .certificate import Certificate

__all__ = ["JAVA_PASSWORD", "Files", "default_folder", "is_kept", "open_certificate", "write_files"]

LEAF: Final = "proxy.pem"
RENEWED: Final = timedelta(days=2)
"""If a certificate is valid for less than this, a start makes a new one."""
JAVA_PASSWORD: Final = "changeit"  # noqa: S105 - Java's own; the file holds public certificates only
MISSING: Final = "the proxy needs the package cryptography: pip install 'portone-v1-sandbox[proxy]'"


class Files(NamedTuple):
    """Files that programs read the certificate from."""

    authority: Path
    bundle: Path
    """The authorities that this machine's programs trust, and the proxy's."""
    java: Path
    """The same authorities, as Java reads them."""
    php: Path
    """A folder with settings for PHP."""


def default_folder() -> Path:
    return Path.home() / ".portone-v1-sandbox"


def is_kept(folder: Path) -> bool:
    """Return whether there is a certificate in the folder."""
    return (folder / LEAF).exists()


def open_certificate(folder: Path, now: datetime) -> tuple[Certificate, bool]:
    """Return the certificate in the folder, and whether it had to be made. Raises ProxyError."""
    try:
        from .certificate import make, read
    except ImportError:
        raise ProxyError(MISSING) from None
    path = folder / LEAF
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _require_own(folder)
        if path.exists():
            _require_own(path)
            try:
                found = read(path.read_bytes())
            except ValueError:
                raise ProxyError(f"{path} is damaged: delete it, and a new certificate is made") from None
            if found.ends - now > RENEWED:
                return found, False
        made = make(now)
        write(path, made.leaf, secret=True)
    except OSError as error:
        raise ProxyError(f"cannot keep the certificate in {folder}: {error.strerror or error}") from None
    return made, True


def write_files(folder: Path, certificate: Certificate, environment: Mapping[str, str]) -> Files:
    """Write the files that programs read, and return their paths. Raises ProxyError."""
    from .truststore import java_truststore

    files = Files(folder / "ca.pem", folder / "bundle.pem", folder / "java.p12", folder / "php")
    trusted = _trusted(environment, files.bundle) + certificate.authority
    settings = f'curl.cainfo = "{files.bundle}"\nopenssl.cafile = "{files.bundle}"\n'
    try:
        files.php.mkdir(mode=0o700, exist_ok=True)
        write(files.authority, certificate.authority)
        write(files.bundle, trusted)
        write(files.java, java_truststore(trusted, JAVA_PASSWORD))
        write(files.php / "portone-v1-sandbox.ini", settings.encode("utf-8"))
    except OSError as error:
        raise ProxyError(f"cannot write to {folder}: {error.strerror or error}") from None
    return files


def write(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Replace a file in one step, so that no reader sees half of it."""
    if not secret and path.is_file() and path.read_bytes() == content:
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _require_own(path: Path) -> None:
    """Raise ProxyError if other users could read or exchange the key."""
    if os.name == "nt":
        return  # Windows keeps other users out of a profile.
    about = path.stat()
    if about.st_uid != os.getuid():
        raise ProxyError(f"{path} belongs to another user")
    if stat.S_IMODE(about.st_mode) & 0o077:
        raise ProxyError(f"other users may reach {path}: chmod go-rwx {path}")


def _trusted(environment: Mapping[str, str], bundle: Path) -> bytes:
    """Return the authorities trusted so far: of the environment's file, else of the system's, else of certifi's."""
    import certifi

    named = environment.get("SSL_CERT_FILE") or ""
    system = ssl.get_default_verify_paths().openssl_cafile  # `cafile` would be the environment's
    # `--print-env` may run in a shell that already has its variables, which name this very file.
    for path in (named, system, certifi.where()):
        if path and Path(path).resolve() != bundle.resolve() and Path(path).is_file():
            return Path(path).read_bytes().rstrip() + b"\n"
    return b""
