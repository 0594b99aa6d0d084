"""Fresh processes: what an import costs, CPU time, interleaved."""

from __future__ import annotations

import json
import os
import random
import subprocess
from typing import NamedTuple

from .environments import ROOT, child_environment, python_of

__all__ = ["FIRST_ANSWERS", "STATEMENTS", "Start", "first_answers", "loaded_by_import", "measure"]

PROGRAM = """
import time
{before}
began = time.process_time()
{timed}
print(time.process_time() - began)
"""

READY_TLS = "import ssl; ssl.SSLContext.load_verify_locations = lambda *_, **__: None"
"""Reading the certificates is what makes a context dear: a ready one is a context that need not read them."""

OUR_CLIENT = "from portone_v1 import PortOne; PortOne(imp_key='k', imp_secret='s').payments.get"
HTTPX_CLIENT = "import httpx, attrs; httpx.Client(verify=context)"


class Start(NamedTuple):
    environment: str
    timed: str
    before: str = ""


STATEMENTS: dict[str, Start] = {
    "import portone_v1": Start("ours", "import portone_v1"),
    "import httpx": Start("ours", "import httpx"),
    "first call ready": Start("ours", OUR_CLIENT, READY_TLS),
    "httpx client ready": Start("ours", HTTPX_CLIENT, "import ssl; context = ssl.create_default_context()"),
    "first call ready, certificates read": Start("ours", OUR_CLIENT),
    "httpx client, certificates read": Start("ours", "import httpx, attrs; httpx.Client()"),
    "import requests": Start("raw", "import requests"),
    "import aiohttp": Start("raw", "import aiohttp"),
    "import stock_client, payments_get": Start("stock", "import stock_client.api.payments.payments_get"),
    "import iamport": Start("iamport-rest-client", "import iamport"),
    "import iamporter": Start("iamporter", "import iamporter"),
    "import async_iamport": Start("async-iamport", "import async_iamport"),
    "import portone_server_sdk": Start("portone-server-sdk", "import portone_server_sdk"),
    "import stripe": Start("stripe", "import stripe"),
    "import openai": Start("openai", "import openai"),
}

KEYS = "imp_key='k', imp_secret='s', base_url='{url}'"
UID = "imp_100000000001"
TOKEN = "'{url}/users/getToken'"
FIRST_ANSWERS: dict[str, Start] = {
    "portone-v1": Start("ours", f"from portone_v1 import PortOne; PortOne({KEYS}).payments.get('{UID}')"),
    "portone-v1, extras installed": Start(
        "speed", f"from portone_v1 import PortOne; PortOne({KEYS}).payments.get('{UID}')"
    ),
    "httpx, certificates read": Start(
        "raw",
        f"import httpx; c = httpx.Client(); c.post({TOKEN}, json={{{{}}}}).json();"
        f" c.get('{{url}}/payments/{UID}').json()",
    ),
    "urllib3": Start(
        "raw",
        f"import urllib3; c = urllib3.PoolManager(); c.request('POST', {TOKEN}).json();"
        f" c.request('GET', '{{url}}/payments/{UID}').json()",
    ),
    "requests": Start(
        "raw",
        f"import requests; c = requests.Session(); c.post({TOKEN}, json={{{{}}}}).json();"
        f" c.get('{{url}}/payments/{UID}').json()",
    ),
    "stripe": Start(
        "stripe",
        "import stripe;"
        " stripe.StripeClient('sk_test_example', base_addresses={{'api': '{url}'}}).v1.charges.retrieve('ch_1')",
    ),
    "the interpreter alone": Start("raw", "pass"),
}
"""A token and a payment, from a server on the other core, over plain HTTP."""

WHOLE = "{timed}\nimport time; print(time.process_time())"


def _fresh(environment: str, program: str) -> str:
    done = subprocess.run(
        [str(python_of(environment)), "-c", program],
        cwd=ROOT / ".bench",
        env=child_environment(),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=_pin,
    )
    return done.stdout


def _pin() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def measure(rounds: int, missing: dict[str, str]) -> dict[str, list[float]]:
    """Return the CPU seconds of each statement in each round, except the first one, which may write byte code."""
    starts = {name: start for name, start in STATEMENTS.items() if start.environment not in missing}
    series: dict[str, list[float]] = {name: [] for name in starts}
    order, shuffle = list(starts), random.Random(2)
    for number in range(rounds + 1):
        shuffle.shuffle(order)
        for name in order:
            start = starts[name]
            seconds = float(_fresh(start.environment, PROGRAM.format(before=start.before, timed=start.timed)))
            if number:
                series[name].append(seconds)
    return series


def first_answers(url: str, rounds: int, missing: dict[str, str]) -> dict[str, list[float]]:
    """Return the CPU seconds of a fresh process from its start to its first payment."""
    starts = {name: start for name, start in FIRST_ANSWERS.items() if start.environment not in missing}
    series: dict[str, list[float]] = {name: [] for name in starts}
    order, shuffle = list(starts), random.Random(6)
    for number in range(rounds + 1):
        shuffle.shuffle(order)
        for name in order:
            program = WHOLE.format(timed=starts[name].timed.format(url=url))
            seconds = float(_fresh(starts[name].environment, program))
            if number:
                series[name].append(seconds)
    return series


def loaded_by_import() -> list[str]:
    """Return the modules that `import portone_v1` loads though it must not."""
    text = _fresh("ours", "import sys, json, portone_v1; print(json.dumps(sorted(sys.modules)))")
    modules: list[str] = json.loads(text)
    return [name for name in modules if name == "httpx" or name.startswith("portone_v1_generated.models")]
