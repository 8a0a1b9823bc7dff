"""This package as a wheel, made of the files that run here: what a workbook carries until there is a release."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from xlprofit import __version__

NAME = f"xlprofit-{__version__}-py3-none-any.whl"

LEFT_OUT = (".po", ".pyc", ".bas", ".cls", ".rdb", ".xcu", ".xcs", ".xdl", ".idl", ".bmp", ".png")
"""The endings of files that no Python in a browser needs: sources of translations, and parts of other add-ins."""

PARTS_LEFT_OUT = (
    "calc",
    "importing",
    "samples",
    "cli.py",
    "terminal.py",
    "cubes.py",
    "excel/addin",
    "excel/commands.py",
)
"""What of the package a workbook has no use for: other hosts, files to take in, the command line, sample companies."""

_DATE = (1980, 1, 1, 0, 0, 0)
_FORM = "Wheel-Version: 1.0\nGenerator: xlprofit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_wheel() -> bytes:
    """Return the wheel, not compressed, for it is to be compressed as a whole; the same files give the same bytes.

    It names no requirement: what xlwings Lite is to install stands in the workbook's own list.
    """
    package = Path(__file__).parents[1]
    left_out = tuple(package / part for part in PARTS_LEFT_OUT)
    files = {
        path.relative_to(package.parent).as_posix(): path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.is_file()
        and path.suffix not in LEFT_OUT
        and not any(path.is_relative_to(part) for part in left_out)
    }
    described = f"xlprofit-{__version__}.dist-info"
    files[f"{described}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: xlprofit\nVersion: {__version__}\n"
    ).encode()
    files[f"{described}/WHEEL"] = _FORM.encode()
    record = "".join(f"{name},{_hash_file(content)},{len(content)}\n" for name, content in files.items())
    files[f"{described}/RECORD"] = f"{record}{described}/RECORD,,\n".encode()
    written = BytesIO()
    with ZipFile(written, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(ZipInfo(name, _DATE), content)
    return written.getvalue()


def _hash_file(content: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"
