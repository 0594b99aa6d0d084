"""How to send one process, one browser profile or one device through the proxy. Nothing is installed system-wide."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from .store import JAVA_PASSWORD

if TYPE_CHECKING:
    from .certificate import Certificate
    from .store import Files

__all__ = ["DIRECT", "SHELLS", "browser_flags", "environment", "how_to", "pac", "spelled"]

DIRECT: Final = "localhost,127.0.0.1,::1"
HOST: Final = "127.0.0.1"
PORT: Final = 8766
"""The default port of the proxy."""
SHELLS: Final = ("sh", "powershell", "json")


def pac(url: str, names: Iterable[str]) -> str:
    """Return a PAC file that sends the names to the proxy, and never anywhere else."""
    tests = " || ".join(f'host == "{name}"' for name in names)
    place = urlsplit(url).netloc
    return (
        "function FindProxyForURL(url, host) {\n"
        '  host = host.toLowerCase().replace(/\\.$/, "");\n'
        f'  return {tests} ? "PROXY {place}" : "DIRECT";\n'
        "}\n"
    )


def environment(url: str, files: Files) -> dict[str, str]:
    """Return the variables by which a process goes through the proxy and trusts its authority."""
    place = urlsplit(url)
    java = [f"-D{scheme}.proxy{name}={value}" for scheme in ("http", "https")
            for name, value in (("Host", place.hostname), ("Port", place.port))]  # fmt: skip
    java += [f"-Djavax.net.ssl.trustStore={files.java}", "-Djavax.net.ssl.trustStoreType=PKCS12"]
    java += [f"-Djavax.net.ssl.trustStorePassword={JAVA_PASSWORD}"]
    bundle = str(files.bundle)
    return {
        **dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), url),
        **dict.fromkeys(("NO_PROXY", "no_proxy"), DIRECT),
        **dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), bundle),
        "NODE_EXTRA_CA_CERTS": str(files.authority),
        "NODE_USE_ENV_PROXY": "1",
        "JAVA_TOOL_OPTIONS": " ".join(f'"{word}"' if " " in word else word for word in java),
        "PHP_INI_SCAN_DIR": f":{files.php}",
    }


def spelled(variables: Mapping[str, str], shell: str) -> str:
    """Return the variables as a shell takes them."""
    if shell == "json":
        return json.dumps(dict(variables), indent=2) + "\n"
    if shell == "powershell":
        quoted = {name: value.replace("'", "''") for name, value in variables.items()}
        return "".join(f"$env:{name} = '{value}'\n" for name, value in quoted.items())
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())


def browser_flags(url: str, certificate: Certificate) -> list[str]:
    """Return Chromium's flags for a profile that is used for nothing else."""
    return [f"--proxy-server={url}", f"--ignore-certificate-errors-spki-list={certificate.spki}"]


def print_env(url: str, folder: str | None) -> str:
    """Return the command that prints the variables of the proxy at this address."""
    place = urlsplit(url)
    words = ["portone-v1-sandbox", "proxy"]
    if place.hostname and place.hostname != HOST:
        words += ["--host", place.hostname]
    if place.port != PORT:
        words += ["--port", str(place.port)]
    return shlex.join([*words, *(["--folder", folder] if folder else []), "--print-env"])


def how_to(certificate: Certificate, url: str, folder: str | None = None) -> str:
    """Return how to trust the certificate where it is needed, and nowhere else."""
    return f"""\
The certificate ends on {certificate.ends:%Y-%m-%d}. Its authority (SHA-256 {certificate.fingerprint})
may speak for V1's two host names only, and its key was dropped when it had signed. Nothing is installed
by itself, and no system's trust store needs a change.

One process (curl, Python, Node, Java, PHP, Go, Ruby):
  eval "$({print_env(url, folder)})"
  Node before 24.5 ignores HTTPS_PROXY in fetch; PHP's streams ignore it too, its curl functions do not.

One profile of Chromium, Chrome or Edge, used for nothing else:
  chromium --user-data-dir=/tmp/portone-v1-shop {" ".join(browser_flags(url, certificate))}

One profile of Firefox:
  Settings, Network Settings: automatic proxy URL {url}/proxy.pac
  Settings, Certificates, Authorities, Import: {url}/ca.pem, for websites

An Android device or emulator, in the same network (start the proxy with --host and --expose-to-network):
  Wi-Fi, Proxy, Auto-config: {url}/proxy.pac
  Settings, Security, Install a certificate, CA certificate: {url}/ca.crt
  An app trusts it only if its network_security_config names user certificates, in debug builds.

An iPhone or a simulator:
  Wi-Fi, Configure Proxy, Automatic: {url}/proxy.pac
  Open {url}/ca.crt in Safari, install the profile, then switch it on under
  General, About, Certificate Trust Settings. Remove the profile when you are done.
"""
