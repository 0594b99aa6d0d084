"""The page that the rehearsal of the CI is written down in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .jobs import Job

__all__ = ["page"]

HEADER: Final = """\
# The CI, rehearsed

`make ci-rehearsal` runs the jobs of `.github/workflows/` and `.gitlab-ci.yml` on your machine: each with the scripts
that stand in those files, from a clean clone, in an environment without your variables, in a fresh environment of its
Python. What belongs to the host is played: artifacts are folders, the repository that is pushed to and the index that
is published to are on this machine, `apt-get` and `gh` only note how they were called.
`ONLY="regenerate release.yml"` takes some jobs, `TESTS=tests/release` some tests.

`make ci-rehearsal`은 두 호스트의 CI 작업을 내 컴퓨터에서 실행합니다. 각 작업은 파일에 적힌 스크립트를 그대로,
새로 복제한 저장소와 깨끗한 환경에서 실행합니다. 산출물 보관, 푸시할 저장소, 패키지 인덱스는 이 컴퓨터의 것으로
대신합니다.
"""


def page(rows: Sequence[tuple[Job, str]], tests: str) -> str:
    lines = [HEADER, "| file | job | Python | result |", "|---|---|---|---|"]
    lines += [f"| `{job.file}` | {job.name} | {job.python or '-'} | {result} |" for job, result in rows]
    if tests:
        lines += [
            "",
            f"Where a job runs every test, this run took `{tests}` alone, and no floor of coverage was asked for.",
        ]
    return "\n".join(lines) + "\n"
