"""`refund-bank` and `pg`: code tables and PG profiles, without a network."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer
from portone_v1 import codes, pg_profiles

from .exit_codes import EXIT_CODES, ExitCode, Stop
from .output import show_rows
from .session import OutputOption, session_of

__all__ = ["pg", "refund_bank"]


def refund_bank(
    context: typer.Context,
    pg: Annotated[str, typer.Argument(help="PG사 코드나 이름. · Code or name of the PG.")],
    bank: Annotated[str, typer.Argument(help="은행 이름이나 표준코드. · Name or standard code of the bank.")],
    *,
    output: OutputOption = None,
) -> int:
    session = session_of(context, output=output)
    try:
        code = codes.pg(pg).code
        found = codes.bank(bank)
        wanted = codes.refund_bank(code, bank)
    except codes.UnknownCodeError as error:
        raise Stop(ExitCode.REFUSED, "알 수 없는 코드입니다", str(error)) from None
    show_rows(session, [{"pg": code, "bank": found.name, "standard_code": found.code, "refund_bank": wanted}])
    return ExitCode.SUCCESS


refund_bank.__doc__ = f"""환불 계좌 은행코드(refund_bank)를 찾습니다.

Look up the code of a refund bank at a PG.

{EXIT_CODES}"""


def pg(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="PG사 코드나 이름. · Code or name of the PG.")],
    *,
    output: OutputOption = None,
) -> int:
    session = session_of(context, output=output)
    try:
        found = codes.pg(name)
    except codes.UnknownCodeError as error:
        raise Stop(ExitCode.REFUSED, "알 수 없는 PG사입니다", str(error)) from None
    facts = pg_profiles.get(found.code).facts
    show_rows(
        session, [{"what": what, "value": _shown(fact.value), "grade": fact.grade} for what, fact in facts.items()]
    )
    return ExitCode.SUCCESS


pg.__doc__ = f"""PG사의 특성과 근거 등급을 출력합니다.

Print the known properties of a PG, with the grade of each value.

{EXIT_CODES}"""


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_shown, cast("tuple[object, ...]", value)))
    if hasattr(value, "items"):
        return "; ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    return "" if value is None else str(value)
