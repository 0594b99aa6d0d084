"""Put the sandbox and its dependencies into one file, `portone-v1-sandbox.pyz`, that a bare Python 3.11 or newer runs.

Every library in it is pure Python, in the version that this environment has from its pinned hashes. Two builds of the
same tree give the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from functools import partial
from pathlib import Path
from typing import Final

from ..steps import ROOT, Options, StepError, step
from .distributions import DISTRIBUTIONS, version_of
from .materials import closure, files_of

NAME: Final = "portone-v1-sandbox.pyz"
SANDBOX: Final = "portone-v1-sandbox"
SHEBANG: Final = b"#!/usr/bin/env python3\n"
EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
LEFT_OUT: Final = (".pyc", ".pyi")
# An older Python must be able to read this much.
MAIN: Final = """\
import sys

if sys.version_info < (3, 11):
    sys.exit("the PortOne V1 sandbox needs Python 3.11 or newer; this is " + sys.version.split()[0])

from portone_v1_sandbox.__main__ import main

sys.exit(main())
"""


def contents(root: Path) -> dict[str, bytes]:
    """Return every file of the archive by its name, in the order of names."""
    ours = {one.name: one for one in DISTRIBUTIONS}
    version = version_of(root)
    files = {"__main__.py": MAIN.encode()}
    for name, found in closure([SANDBOX]).items():
        if one := ours.get(name):  # from the tree, with only the metadata for version and licence
            info = f"{one.stem}-{version}.dist-info"
            metadata = f"Metadata-Version: 2.3\nName: {name}\nVersion: {version}\n"
            licence = (root / one.folder / "LICENSE").read_bytes()
            files |= one.files(root) | {f"{info}/METADATA": metadata.encode(), f"{info}/licenses/LICENSE": licence}
        elif "Root-Is-Purelib: true" in (found.read_text("WHEEL") or ""):
            files |= dict(files_of(found))
        else:
            raise StepError(f"{name} is not pure Python")
    return {name: files[name] for name in sorted(files) if not name.endswith(LEFT_OUT)}


def write(root: Path, target: Path) -> str:
    """Write the file and return its SHA-256. It runs without being unpacked or installed."""
    buffer = io.BytesIO()
    buffer.write(SHEBANG)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in contents(root).items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on Windows
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
    made = buffer.getvalue()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(made)
    target.chmod(0o755)
    return hashlib.sha256(made).hexdigest()


def _run(options: Options) -> None:
    digest = write(ROOT, options.output)
    print(f"pyz: {options.output.name}  {digest}  {options.output.stat().st_size // 1024} KiB")


OPTIONS: Final = {"--output": {"type": Path, "default": ROOT / "dist" / NAME, "help": f"default: dist/{NAME}"}}
main = partial(step, "scripts.release.pyz", __doc__, OPTIONS, _run)


if __name__ == "__main__":
    sys.exit(main())
