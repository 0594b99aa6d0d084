"""No call whose missing, empty or wrong unit means *everything* or *never*: tried on every write of the table."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from portone_v1 import ALL, FULL, PortOne
from portone_v1.models import Schedule
from portone_v1.operations import OPERATIONS, OperationInfo, ParameterInfo, method_of
from portone_v1_runtime.unset import UNSET
from portone_v1_sandbox import TEST_CARDS, Request, Sandbox

from tests.generated.arguments import SOON, WRITES, right_arguments, split_path


class Sent(BaseException):
    """A request left: nothing refused it."""


def _transport(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/users/getToken":
        token = {"access_token": "t", "now": SOON, "expired_at": SOON + 1800}
        return httpx.Response(200, json={"code": 0, "message": None, "response": token})
    raise Sent(request.url.path, request.content)


@pytest.fixture
def client() -> Iterator[PortOne]:
    with PortOne(
        imp_key="k",
        imp_secret="s",
        base_url="http://localhost",
        transport=httpx.MockTransport(_transport),
        max_retries=0,
    ) as client:
        yield client


def _wrong(parameter: ParameterInfo) -> Iterator[tuple[str, Any]]:
    if parameter.everything:
        yield "not said", UNSET
    if parameter.filled:
        yield from (("empty", []), ("None", None), ("empty text", [""]), ("blank text", [" "]))
    if parameter.kind == "texts" and parameter.filled:
        yield from (("an empty text alone", ""), ("a blank text alone", " \u3000"))
    if parameter.kind == "time":
        yield from (("zero", 0), ("milliseconds", SOON * 1000), ("negative", -1))
    if parameter.kind == "money":
        yield from (("negative", -1), ("a float", 1000.5), ("NaN", Decimal("NaN")))
    if parameter.whole:
        yield "a fraction", Decimal("1000.5")
    if parameter.name == "merchant_uid" and parameter.location == "body" and parameter.max_length == 40:
        yield from (("empty", ""), ("blank", " "))
    if parameter.location == "path" and parameter.required:
        yield from (("empty", ""), ("blank", " "), ("None", None))


CASES = [
    (operation, parameter, what, value)
    for operation in WRITES
    for parameter in operation.parameters
    for what, value in _wrong(parameter)
]


@pytest.mark.parametrize(
    ("operation", "parameter", "what", "value"), CASES, ids=[f"{o.id}-{p.python_name}-{w}" for o, p, w, _ in CASES]
)
def test_a_wrong_value_of_a_write_is_refused_before_it_is_sent(
    client: PortOne, operation: OperationInfo, parameter: ParameterInfo, what: str, value: Any
) -> None:
    arguments = {**right_arguments(operation), parameter.python_name: value}
    path, arguments = split_path(operation, arguments)
    with pytest.raises((TypeError, ValueError)) as refused:
        _call(method_of(operation, client), *path, **arguments)
    assert parameter.python_name in str(refused.value), what


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.id)
def test_the_right_arguments_are_sent(client: PortOne, operation: OperationInfo) -> None:
    arguments = right_arguments(operation)
    path, arguments = split_path(operation, arguments)
    with pytest.raises(Sent):
        _call(method_of(operation, client), *path, **arguments)


def _call(method: Callable[..., Any], *path: Any, **arguments: Any) -> Any:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return method(*path, **arguments)


def test_every_list_and_every_time_of_a_write_has_a_limit() -> None:
    open_lists = {
        f"{o.id}.{p.name}" for o in WRITES for p in o.parameters if p.kind in ("texts", "models") and not p.filled
    }
    assert open_lists == {  # lists whose absence means nothing
        "benepia_pay.notice_url", "cvs_issue.notice_url", "vbanks_issue.notice_url",
        "escrow_register.products", "escrow_update.products",
    }  # fmt: skip
    times = [p for o in OPERATIONS.values() for p in o.parameters if p.kind == "time"]
    assert len(times) > 15
    assert all(p.maximum is not None and p.minimum is not None for p in times)


@pytest.mark.parametrize("operation", ["again", "onetime"])
def test_won_has_no_fractions_and_dollars_have(client: PortOne, operation: str) -> None:
    call = right_arguments(OPERATIONS[f"subscribe_{operation}"]) | {"amount": Decimal("10.5")}
    method = getattr(client.subscribe, operation)
    for currency in ({}, {"currency": "KRW"}, {"currency": "krw"}, {"currency": None}, {"currency": "JPY"}):
        with pytest.raises(ValueError, match="no fractions"):
            method(**call, **currency)
    with pytest.raises(Sent):
        method(**call, currency="USD")


def test_an_order_number_that_a_pg_would_cut(client: PortOne) -> None:
    arguments = right_arguments(OPERATIONS["subscribe_again"])
    with pytest.raises(ValueError, match="merchant_uid is too long: 41 characters, at most 40"):
        client.subscribe.again(**arguments | {"merchant_uid": "x" * 41})
    with pytest.raises(Sent):
        client.subscribe.again(**arguments | {"merchant_uid": "가" * 40})


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("schedule_at", SOON * 1000, "milliseconds"), ("schedule_at", 0, "out of range"), ("merchant_uid", "", "empty"),
        ("merchant_uid", "x" * 41, "too long"), ("amount", Decimal("0.5"), "no fractions"),
    ],
)  # fmt: skip
def test_an_entry_of_a_schedule_is_held_to_the_same(client: PortOne, field: str, value: Any, expected: str) -> None:
    entry = {"merchant_uid": "order-1", "schedule_at": SOON, "amount": 1000, field: value}
    for item in (entry, Schedule(**entry)):
        with pytest.raises(ValueError, match=expected):
            client.subscribe.schedule(customer_uid="c", schedules=[item])


class TestOfTheSandbox:
    """What another client, without these guards, is told."""

    @pytest.fixture
    def sandbox(self) -> Sandbox:
        sandbox = Sandbox()
        client = sandbox.client()
        client.billing_keys.issue(
            "c-1", card_number=TEST_CARDS["ordinary"].number, expiry="2039-12", birth="880101", pwd_2digit="00"
        )
        entries = [
            {
                "merchant_uid": f"order-{n}",
                "schedule_at": sandbox.clock.now() + n * 86_400,
                "amount": 100,
                "name": "구독",
            }
            for n in (1, 2)
        ]
        client.subscribe.schedule(customer_uid="c-1", schedules=entries)
        return sandbox

    @staticmethod
    def post(sandbox: Sandbox, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        token = sandbox.client().auth.get_token(imp_key="sandbox_key", imp_secret="sandbox_secret").access_token
        headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
        answer = sandbox.handle(Request("POST", path, "", headers, json.dumps(body).encode()))
        return answer.status, json.loads(answer.body)

    @pytest.mark.parametrize("none", [[], "", [""]])
    def test_an_empty_list_revokes_nothing(self, sandbox: Sandbox, none: Any) -> None:
        status, _ = self.post(sandbox, "/subscribe/payments/unschedule", {"customer_uid": "c-1", "merchant_uid": none})
        assert status == 400
        left = sandbox.client().subscribe.list_customer_schedules("c-1", schedule_status="scheduled")
        assert len([*left]) == 2

    @pytest.mark.parametrize(
        ("field", "value"),
        [("schedule_at", SOON * 1000), ("schedule_at", 0), ("amount", 0.5), ("merchant_uid", "x" * 41)],
    )
    def test_an_entry_in_another_unit_is_refused(self, sandbox: Sandbox, field: str, value: Any) -> None:
        entry = {"merchant_uid": "order-3", "schedule_at": SOON, "amount": 1000, "name": "구독", field: value}
        status, _ = self.post(sandbox, "/subscribe/payments/schedule", {"customer_uid": "c-1", "schedules": [entry]})
        assert status == 400


def test_a_time_that_is_none_is_read_as_the_number_that_came() -> None:
    from portone_v1.models import ScheduleResult

    read = ScheduleResult.from_dict({"schedule_at": SOON * 1000, "executed_at": 0, "revoked_at": SOON})
    assert read.schedule_at == SOON * 1000
    assert read.executed_at is None
    assert read.revoked_at == datetime.fromtimestamp(SOON, UTC)
    assert read.to_dict()["schedule_at"] == SOON * 1000


EVERYTHING = [operation for operation in WRITES if any(p.everything for p in operation.parameters)]


def test_a_list_whose_absence_means_everything_is_required() -> None:
    assert len(EVERYTHING) == 12
    for operation in WRITES:
        for parameter in operation.parameters:
            described = str(method_of(operation).__doc__).partition(f"{parameter.python_name}:")[2].partition(".\n")[0]
            assert parameter.everything or "every product order" not in described


@pytest.mark.parametrize("operation", EVERYTHING, ids=lambda operation: operation.id)
def test_all_leaves_the_field_out(client: PortOne, operation: OperationInfo) -> None:
    (name,) = (p.name for p in operation.parameters if p.everything)
    path, others = split_path(operation, right_arguments(operation) | {"customer_uid": "c-1", name: ALL})
    known = inspect.signature(method_of(operation)).parameters
    others = {key: value for key, value in others.items() if key in known}
    with pytest.raises(Sent) as sent:
        method_of(operation, client)(*path, **others)
    assert name not in json.loads(sent.value.args[1] or b"{}")
    with pytest.raises(TypeError, match=name):
        method_of(operation, client)(*path, **{key: value for key, value in others.items() if key != name})


def test_all_schedules_of_an_unknown_customer(client: PortOne) -> None:
    with pytest.raises(ValueError, match="customer_uid or merchant_uid"):
        client.subscribe.unschedule(merchant_uid=ALL)


def test_the_full_amount_must_be_explicit(client: PortOne) -> None:
    with pytest.raises(TypeError):
        client.payments.cancel(imp_uid="imp_1")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="FULL"):
        client.payments.cancel(imp_uid="imp_1", amount=0)
    with pytest.raises(Sent):
        client.payments.cancel(imp_uid="imp_1", amount=FULL)
