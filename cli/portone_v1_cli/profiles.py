"""Where the key pair comes from: the environment, a file that only its owner can read, or the keyring."""

from __future__ import annotations

import os
import shlex
import stat
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from attrs import field, frozen

from .exit_codes import misused

__all__ = ["Profile", "profiles_file", "read_profile"]

KEYRING_SERVICE: Final = "portone-v1"
KNOWN: Final = frozenset({"base_url", "imp_key", "imp_secret", "tier"})


@frozen
class Profile:
    """One merchant's settings. None is left to the environment."""

    name: str | None = None
    imp_key: str | None = field(default=None, repr=False)
    imp_secret: str | None = field(default=None, repr=False)
    tier: str | None = None
    base_url: str | None = None
    source: str = "environment"

    def options(self) -> dict[str, Any]:
        """Arguments of `PortOne`."""
        return {name: value for name in KNOWN if (value := getattr(self, name)) is not None}


def profiles_file() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "portone-v1" / "profiles.toml"


def read_profile(name: str | None) -> Profile:
    """The named profile; without a name the environment's keys, else the profile `default`."""
    if name is None and os.environ.get("PORTONE_V1_KEY"):
        return Profile()
    path = profiles_file()
    wanted = name or "default"
    tables = _read(path) if path.exists() else {}
    table: Any = tables.get(wanted)
    if table is None and name is None:
        misused(
            f"no key: set PORTONE_V1_KEY and PORTONE_V1_SECRET, or write a profile [default] into {path}",
            "키가 없습니다",
        )
    if not isinstance(table, dict):
        there = ", ".join(sorted(tables)) or "none"
        misused(f"there is no profile {wanted!r} in {path}; there are: {there}", "프로필이 없습니다")
    return _profile(wanted, cast("dict[str, Any]", table), path)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                misused(f"others can read the keys in {path}: chmod 600 {shlex.quote(str(path))}", "권한 오류")
            return tomllib.load(file)
    except OSError as error:
        misused(f"{path} can not be read: {error.strerror}")
    except ValueError:  # whose text could quote a secret
        misused(f'{path} is not TOML: write [name] and below it imp_key = "…" and imp_secret = "…"')


def _profile(name: str, table: dict[str, Any], path: Path) -> Profile:
    unknown = sorted(table.keys() - KNOWN)
    if unknown or not all(isinstance(value, str) for value in table.values()):
        misused(f"[{name}] in {path} takes only {', '.join(sorted(KNOWN))}, each a text in quotes")
    if "imp_key" not in table:
        misused(f"[{name}] in {path} has no imp_key")
    secret, source = table.get("imp_secret"), "file"
    if secret is None:
        secret, source = _from_keyring(table["imp_key"], name, path), "keyring"
    return Profile(name, table["imp_key"], secret, table.get("tier"), table.get("base_url"), source)


def _from_keyring(imp_key: str, name: str, path: Path) -> str:
    try:
        keyring: Any = import_module("keyring")
    except ModuleNotFoundError:
        misused(f"[{name}] in {path} has no imp_secret; write it there, or: pip install keyring")
    try:
        secret = keyring.get_password(KEYRING_SERVICE, imp_key)
    except Exception as error:
        misused(f"the keyring does not open ({type(error).__name__}); unlock it, or write imp_secret into {path}")
    if not isinstance(secret, str):
        misused(f"the keyring holds no secret of [{name}]: keyring set {KEYRING_SERVICE} <its imp_key>")
    return secret
