"""The page that the rehearsal of the CI is written down in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from .jobs import Job

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


def told(text: str) -> dict[str, str]:
    """What an earlier page says of each job."""
    rows = [
        [cell.strip(" `") for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| `")
    ]
    return {f"{file}: {name}": result for file, name, _, result in rows}


def page(jobs: Sequence[Job], results: Mapping[str, str]) -> str:
    lines = [HEADER, "| file | job | Python | result |", "|---|---|---|---|"]
    lines += [
        f"| `{job.file}` | {job.name} | {job.python or '-'} | {results.get(job.shown, 'not rehearsed yet')} |"
        for job in jobs
    ]
    return "\n".join(lines) + "\n"
