"""What another program makes of number formats: every code of a workbook by SheetJS."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from tests.node import run_script
from tests.witness.book import Book, M

VALUES = (1234.5, -1234.5, 0.0, 0.075, 45292.5)
"""What is formatted; a date has no negative day."""


def format_values(pairs: Sequence[tuple[str, float | str]]) -> list[str | dict[str, str]]:
    """Return what SheetJS shows for each code and value; what it finds wrong as ``{"fault": why}``."""
    found: list[str | dict[str, str]] = json.loads(run_script("formats.cjs", given=json.dumps(list(pairs))))
    return found


def find_format_faults(path: Path) -> list[str]:
    """Return the number formats of a workbook that SheetJS refuses or cannot make sense of."""
    styles = Book.read(path).shared("styles")
    codes = [] if styles is None else sorted({e.get("formatCode", "") for e in styles.iter(f"{M}numFmt")})
    pairs = [
        (_escape_dots(code) if _is_dated(code) else code, value)
        for code in codes
        for value in VALUES
        if value >= 0 or not _is_dated(code)
    ]
    shown = format_values(pairs)
    return [
        f"{code!r} of {value:g}: {text}"
        for (code, value), text in zip(pairs, shown, strict=True)
        if isinstance(text, dict) or "undefined" in text or "NaN" in text
    ]


def _escape_dots(code: str) -> str:
    """Return a date's code with the dots between its parts marked as letters; bare ones SheetJS takes for seconds."""
    return re.sub(r"(?<=[dmy])\.(?=[dmy]|$)", r"\\.", code)


def _is_dated(code: str) -> bool:
    return any(letter in code.casefold() for letter in ("yy", "mm", "d.", "h:"))
