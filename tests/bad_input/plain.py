"""A plain workbook of two customers, written by XlsxWriter, for a corpus to spoil."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

HEADERS = ("date", "customer", "gross_revenue", "cogs")
ROWS = tuple((dt.datetime(2024, 1, 10 + i), f"C{i % 2}", 100.0 + i, 50.0) for i in range(6))
GROSS = {"C0": 306.0, "C1": 309.0}
"""The gross revenue of each customer."""

OPTIONS = {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False, "strings_to_urls": False}

Draw = Callable[[Any, Any], None]
"""Fills the sheet Sales of a workbook: given the workbook and the sheet, both of XlsxWriter."""


def drawn(path: Path, draw: Draw, options: Mapping[str, object] | None = None) -> Path:
    """Make a workbook with one sheet, Sales."""
    book: Any = xlsxwriter.Workbook(path, {**OPTIONS, **(options or {})})
    draw(book, book.add_worksheet("Sales"))
    book.close()
    return path


def put(sheet: Any, row: int = 0, column: int = 0, rows: Sequence[Sequence[object]] = ROWS) -> None:
    """Put the header and the rows on a sheet; row and column count from 0."""
    sheet.write_row(row, column, HEADERS)
    for at, cells in enumerate(rows, row + 1):
        sheet.write_row(at, column, cells)


def plain(path: Path) -> Path:
    """Make the workbook in which nothing is wrong."""
    return drawn(path, lambda book, sheet: put(sheet))
