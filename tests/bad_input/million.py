"""A workbook of a million rows, made in seconds, and commands run on it under limits of the system."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bad_input.plain import plain
from tests.lossless.books import parts_of

ROWS = 1_000_000
GROSS = {"C0": 500_000 * 100.0, "C1": 500_000 * 101.0}
"""The gross revenue of each customer."""

SHEET = "xl/worksheets/sheet1.xml"
MB = 1 << 20

_ROW = (
    '<row r="{0}"><c r="A{0}" s="1"><v>45301</v></c><c r="B{0}" t="s"><v>{1}</v></c><c r="C{0}"><v>{2}</v></c>'
    '<c r="D{0}"><v>50</v></c></row>'
)
_AT_ONCE = 10_000


def million(path: Path) -> Path:
    """Make the workbook."""
    parts = parts_of(plain(path))
    sheet = parts.pop(SHEET).decode()
    start, end = sheet.index('<row r="2"'), sheet.index("</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name, content in parts.items():
            target.writestr(name, content)
        with target.open(SHEET, "w") as file:
            file.write(sheet[:start].encode())
            for first in range(2, ROWS + 2, _AT_ONCE):
                rows = range(first, first + _AT_ONCE)
                file.write("".join(_ROW.format(row, 4 + row % 2, 100 + row % 2) for row in rows).encode())
            file.write(sheet[end:].encode())
    return path


def limited(limits: Mapping[int, int], words: Sequence[str], folder: Path) -> subprocess.Popen[str]:
    """Start Python with some words, under limits of the system by their numbers in ``resource``."""

    def limit() -> None:
        for which, most in limits.items():
            resource.setrlimit(which, (most, most))

    return subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=limit,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # each would take memory of its own
    )
