"""Where keys come from, and that they go nowhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from portone_v1_cli.exit_codes import ExitCode
from portone_v1_cli.session import Session
from portone_v1_sandbox import Sandbox

from .conftest import COMMAND, Run
from .network import Network

SECRET = "another-secret-that-nobody-may-see"
KEYRING = f"def get_password(*asked):\n    return {SECRET!r} if asked == ('portone-v1', 'sandbox_key') else None"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(imp_secret=SECRET)


@pytest.fixture
def profiles(tmp_path: Path, network: Network) -> Path:
    """Write profiles.toml under `tmp_path`, which is HOME."""
    path = tmp_path / ".config" / "portone-v1" / "profiles.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f'[shop]\nimp_key = "sandbox_key"\nimp_secret = "{SECRET}"\nbase_url = "{network.url}"\n')
    path.chmod(0o600)
    return path


@pytest.fixture(autouse=True)
def no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORTONE_V1_KEY", "PORTONE_V1_SECRET", "PORTONE_V1_BASE_URL"):
        monkeypatch.delenv(name)


def test_a_profile_of_the_file(run: Run, profiles: Path) -> None:
    for arguments in (["--profile", "shop", "channels", "list"], ["channels", "list", "--profile", "shop"]):
        ended = run(*arguments)
        assert (ended.code, ended.err) == (0, "")
        assert SECRET not in ended.out


def test_a_byte_order_mark_is_no_fault(run: Run, profiles: Path) -> None:
    profiles.write_text(profiles.read_text(), encoding="utf-8-sig")
    assert run("channels", "list", "--profile", "shop").code == ExitCode.SUCCESS
    profiles.write_text(profiles.read_text(), encoding="utf-16")
    ended = run("channels", "list", "--profile", "shop")
    assert (ended.code, SECRET in ended.err) == (ExitCode.USAGE, False)


def test_the_profile_called_default_needs_no_name(run: Run, profiles: Path) -> None:
    assert run("channels", "list").code == ExitCode.USAGE
    profiles.write_text(profiles.read_text().replace("[shop]", "[default]"))
    assert run("channels", "list").code == ExitCode.SUCCESS


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused_with_what_to_type(run: Run, profiles: Path, mode: int) -> None:
    profiles.chmod(mode)
    ended = run("channels", "list", "--profile", "shop")
    assert ended.code == ExitCode.USAGE
    assert f"chmod 600 {profiles}" in ended.err
    assert SECRET not in ended.err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'[shop]\nimp_key = "k"\nimp_secret = {SECRET}', "not valid TOML"),
        (f'[shop]\nimp_key = "k"\nimp_secrte = "{SECRET}"', "unknown or unquoted"),
        (f'[shop]\nimp_secret = "{SECRET}"', "no imp_key"),
        (f'[shop]\nimp_key = 5\nimp_secret = "{SECRET}"', "unquoted setting"),
        ('shop = "x"', "not found"),
        ('[other]\nimp_key = "k"', "available: other"),
        ("", "available: none"),
    ],
)
def test_a_wrong_file_is_one_line_without_the_secret(run: Run, profiles: Path, text: str, expected: str) -> None:
    profiles.write_text(text)
    ended = run("channels", "list", "--profile", "shop")
    assert ended.code == ExitCode.USAGE
    assert expected in ended.err
    assert len(ended.err.splitlines()) == 1
    assert SECRET not in ended.err


@pytest.mark.parametrize(
    ("module", "code", "expected"),
    [
        (KEYRING, ExitCode.SUCCESS, ""),
        ("def get_password(service, user):\n    return None", ExitCode.USAGE, "keyring set portone-v1"),
        ("def get_password(service, user):\n    raise RuntimeError('locked')", ExitCode.USAGE, "unlock"),
        ("raise ModuleNotFoundError('no', name='keyring')", ExitCode.USAGE, "pip install keyring"),
    ],
    ids=["there", "no secret", "locked", "not installed"],
)  # fmt: skip
def test_the_secret_may_be_in_the_keyring(
    environment: dict[str, str], profiles: Path, tmp_path: Path, module: str, code: ExitCode, expected: str
) -> None:
    profiles.write_text("\n".join(line for line in profiles.read_text().splitlines() if "imp_secret" not in line))
    (tmp_path / "keyring.py").write_text(module)
    ended = subprocess.run(
        [*COMMAND, "channels", "list", "--profile", "shop"],
        env={**environment, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    assert expected in ended.stderr
    assert SECRET not in ended.stdout + ended.stderr


def test_a_named_profile_goes_before_the_environment(run: Run, profiles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTONE_V1_KEY", "sandbox_key")
    monkeypatch.setenv("PORTONE_V1_SECRET", "wrong")
    assert run("channels", "list", "--profile", "shop").code == ExitCode.SUCCESS


def test_nothing_of_the_environment_is_mixed_with_a_profile(
    run: Run, profiles: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a refund would be made in a developer's sandbox, or in another sub-merchant, and reported as made."""
    paid = sandbox.pay(merchant_uid="order-1", amount=1000)
    monkeypatch.setenv("PORTONE_V1_TIER", "AAA")
    assert run("payments", "get", paid.imp_uid, "--profile", "shop").code == ExitCode.SUCCESS
    profiles.write_text("\n".join(line for line in profiles.read_text().splitlines() if "base_url" not in line))
    monkeypatch.setenv("PORTONE_V1_BASE_URL", "http://127.0.0.1:9")
    with Session(profile_name="shop").client() as client:
        assert (client.base_url, client.tier) == ("https://api.iamport.kr", None)
    with Session(profile_name="shop", tier="BBB").client() as client:
        assert client.tier == "BBB"
