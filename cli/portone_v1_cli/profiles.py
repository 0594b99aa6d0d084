"""Read API key and secret from the environment, from a file that only its owner can read, or from the keyring."""

from __future__ import annotations

import difflib
import os
import shlex
import stat
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any, Final, cast

from attrs import field, frozen

from .exit_codes import usage_error

__all__ = ["Profile", "profile_names", "profiles_file", "read_profile"]

BASE_URL: Final = "https://api.iamport.kr"
"""The URL of a profile without `base_url`, so that an environment variable never leads it to a sandbox."""
KEYRING_SERVICE: Final = "portone-v1"
KNOWN: Final = frozenset({"base_url", "imp_key", "imp_secret", "tier"})


@frozen
class Profile:
    """Settings of one merchant. A profile of a file is complete: no setting of the environment is mixed in."""

    name: str | None = None
    imp_key: str | None = field(default=None, repr=False)
    imp_secret: str | None = field(default=None, repr=False)
    tier: str | None = None
    base_url: str | None = None
    source: str = "environment"

    def options(self) -> dict[str, Any]:
        """Return the arguments of `PortOne`."""
        return {name: value for name in KNOWN if (value := getattr(self, name)) is not None}


def profiles_file() -> Path:
    """Return the path of profiles.toml, whether or not it exists."""
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "portone-v1" / "profiles.toml"


def read_profile(name: str | None) -> Profile:
    """Return the named profile; without a name, the environment's keys or the profile `default`."""
    if name is None and os.environ.get("PORTONE_V1_KEY"):
        return Profile()
    path = profiles_file()
    wanted = name or "default"
    tables = _read(path) if path.exists() else {}
    table: Any = tables.get(wanted)
    if table is None and name is None:
        usage_error(
            f"API 키가 없습니다: 환경변수 PORTONE_V1_KEY와 PORTONE_V1_SECRET 또는 {path}의 [default]를 설정하세요",
            f"API key not set: set PORTONE_V1_KEY and PORTONE_V1_SECRET, or add a [default] profile to {path}",
        )
    if not isinstance(table, dict):
        available = ", ".join(sorted(tables)) or "none"
        close = difflib.get_close_matches(wanted, tables, 1)
        usage_error(
            f"프로필 없음: {wanted}" + (f". 혹시 {close[0]}인가요?" if close else ""),
            f"profile {wanted!r} not found in {path}; available: {available}"
            + (f". Did you mean {close[0]!r}?" if close else ""),
        )
    return _profile(wanted, cast("dict[str, Any]", table), path)


def profile_names(incomplete: str = "") -> list[str]:
    """Return the names of all profiles that begin with the text; for completion, so it never fails."""
    try:
        with profiles_file().open("rb") as file:
            names = tomllib.loads(file.read().decode("utf-8-sig"))
            return sorted(name for name in names if name.startswith(incomplete))
    except (OSError, ValueError):
        return []


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if os.name == "posix" and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                usage_error(
                    f"다른 사용자가 키를 읽을 수 있습니다: chmod 600 {shlex.quote(str(path))}",
                    f"other users can read {path}, which contains API keys: chmod 600 {shlex.quote(str(path))}",
                )
            return tomllib.loads(file.read().decode("utf-8-sig"))  # Windows editors write a byte order mark
    except OSError as error:
        usage_error(f"{path}: 읽을 수 없습니다", f"cannot read {path}: {error.strerror}")
    except ValueError:  # its text could quote a secret
        usage_error(
            f"{path}: TOML 형식이 아닙니다",
            f'{path} is not valid TOML: write [name] and below it imp_key = "…" and imp_secret = "…"',
        )


def _profile(name: str, table: dict[str, Any], path: Path) -> Profile:
    unknown = sorted(table.keys() - KNOWN)
    if unknown or not all(isinstance(value, str) for value in table.values()):
        usage_error(
            f"[{name}]에 지원하지 않거나 따옴표가 없는 설정이 있습니다: {', '.join(sorted(KNOWN))}만 쓸 수 있습니다",
            f"unknown or unquoted setting in [{name}] of {path}; allowed: {', '.join(sorted(KNOWN))}",
        )
    if "imp_key" not in table:
        usage_error(f"[{name}]에 imp_key가 없습니다", f"[{name}] in {path} has no imp_key")
    secret, source = table.get("imp_secret"), "file"
    if secret is None:
        secret, source = _from_keyring(table["imp_key"], name, path), "keyring"
    return Profile(name, table["imp_key"], secret, table.get("tier"), table.get("base_url", BASE_URL), source)


def _from_keyring(imp_key: str, name: str, path: Path) -> str:
    try:
        keyring: Any = import_module("keyring")
    except ModuleNotFoundError:
        usage_error(
            f"[{name}]에 imp_secret이 없습니다. 추가하거나 키링을 쓰세요: pip install keyring",
            f"[{name}] in {path} has no imp_secret: add it, or use a keyring (pip install keyring)",
        )
    try:
        secret = keyring.get_password(KEYRING_SERVICE, imp_key)
    except Exception as error:
        usage_error(
            f"키링을 열 수 없습니다. 잠금을 풀거나 {path}에 imp_secret을 추가하세요",
            f"cannot open the keyring ({type(error).__name__}): unlock it, or add imp_secret to {path}",
        )
    if not isinstance(secret, str):
        usage_error(
            f"키링에 [{name}]의 Secret이 없습니다: keyring set {KEYRING_SERVICE} <imp_key>",
            f"no secret for [{name}] in the keyring: keyring set {KEYRING_SERVICE} <imp_key>",
        )
    return secret
