"""Sheets laid out as no table should be; each with the figures that come of it and the findings that say why."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.bad_input.plain import GROSS, HEADERS, ROWS, Draw, drawn, put
from tests.lossless.books import change

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The rows and columns that a sheet of Excel has."""

LAST_DAY = dt.datetime(2024, 1, 31)


@dataclass(frozen=True)
class Shape:
    """A sheet: what draws it, the gross revenue of each customer, and where each finding above a note stands.

    ``stops``: a pattern of what is told where all figures are refused instead.
    """

    draw: Draw
    gross: Mapping[str, float] = field(default_factory=lambda: GROSS)
    codes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    stops: str = ""

    def made(self, path: Path) -> Path:
        """Make the workbook."""
        return drawn(path, self.draw, self.options)


def _band(book: Any, sheet: Any) -> None:
    sheet.merge_range("A1:B1", "Sale")
    sheet.merge_range("C1:D1", "Money")
    put(sheet, 1)


def _tall(book: Any, sheet: Any) -> None:
    for column, header in enumerate(HEADERS):
        sheet.merge_range(0, column, 1, column, header)
    for row, cells in enumerate(ROWS, 2):
        sheet.write_row(row, 0, cells)


def _wide(book: Any, sheet: Any) -> None:
    put(sheet)
    sheet.merge_range("C1:D1", HEADERS[2], book.add_format())


def _units(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, HEADERS)
    sheet.write_row(1, 2, ("EUR", "EUR"))
    for row, cells in enumerate(ROWS, 2):
        sheet.write_row(row, 0, cells)


def _headed_twice(book: Any, sheet: Any) -> None:
    put(sheet, 1)
    sheet.write_row(0, 0, HEADERS)


def _foreign(book: Any, sheet: Any) -> None:
    sheet.write_row(0, 0, ("Datum", "Kunde", "Umsatz", "Einkauf"))
    put(sheet, 1)


def _hidden(book: Any, sheet: Any) -> None:
    put(sheet)
    sheet.autofilter("A1:D7")
    sheet.filter_column("B", "x == C0")
    for row in (2, 4, 6):
        sheet.set_row(row, None, None, {"hidden": True, "level": 1})
    sheet.set_column("D:D", None, None, {"hidden": True})


def _table(
    book: Any, sheet: Any, *, total: bool = False, below: bool = False, beside: Sequence[str] = ()
) -> None:
    columns = [
        {"header": h, "total_function": "sum" if h == "gross_revenue" and total else ""} for h in HEADERS
    ]
    for column, header in enumerate(beside, len(HEADERS)):
        sheet.write_column(0, column, [header, *(1.0 for _row in ROWS)] if header else [])
    last = len(ROWS) + total
    sheet.add_table(0, 0, last, 3, {"name": "Sales", "columns": columns, "data": ROWS, "total_row": total})
    if below:
        sheet.write_row(last + 1, 0, (LAST_DAY, "C9", 999.0, 1.0))
        sheet.write_row(last + 2, 0, (LAST_DAY, "C9", 1.0))
        sheet.write(last + 3, 0, "checked by Ann")


def _then(book: Any, sheet: Any, *cells: object, row: int = len(ROWS) + 1) -> None:
    put(sheet)
    sheet.write_row(row, 0, cells)


def _beside(book: Any, sheet: Any, *, column: int) -> None:
    put(sheet)
    put(sheet, 0, column)


def _to_the_edge(book: Any, sheet: Any) -> None:
    put(sheet)
    for column in range(len(HEADERS), LAST_COLUMN):
        sheet.write_string(0, column, f"x{column}")


def _cell(book: Any, sheet: Any, row: int, column: int, value: object = "x") -> None:
    put(sheet)
    sheet.write(row, column, value)


def _days(book: Any, sheet: Any) -> None:
    """Put days before 1900 on a sheet: as numbers shown as days, and as texts."""
    put(sheet)
    shown = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, day in enumerate((-400.25, -1.0, 0.0, 0.5), 1):
        sheet.write_number(row, 0, day, shown)
    sheet.write_string(5, 0, "1899-12-31")
    sheet.write_string(6, 0, "1.1.1850")


def _headers(book: Any, sheet: Any, *headers: str) -> None:
    put(sheet)
    sheet.write_row(0, 0, headers)


_NAMES = ("=1+1", "+1", "-1", "@x", "'x", "#N/A x", "TRUE", "1e5", "00123", "http://x.invalid", "a\tb\nc")


def _names(book: Any, sheet: Any) -> None:
    put(sheet, rows=[(LAST_DAY, name, 10.0 + i, 5.0) for i, name in enumerate(_NAMES)])


LONG = "y" * 32_767

SHAPES: Mapping[str, Shape] = {
    "a band of merged cells above the header": Shape(_band),
    "headers merged over two rows": Shape(_tall),
    "a header merged over two columns": Shape(_wide, codes={"H05": "D1", "H06": ""}),
    "a second header row, of units": Shape(_units, codes={"C12": "A2", "C01": "C2 D2"}),
    "the header twice": Shape(_headed_twice, codes={"C06": "A2", "C01": "C2 D2"}),
    "a header in another language above": Shape(_foreign),
    "rows and columns hidden, a filter set": Shape(_hidden),
    "an Excel Table": Shape(_table),
    "an Excel Table with a total row": Shape(partial(_table, total=True)),
    "rows below an Excel Table": Shape(partial(_table, below=True), {**GROSS, "C9": 1_000.0}, {"T04": "A8"}),
    "columns beside an Excel Table": Shape(
        partial(_table, beside=["remark", "discount", "checked"]), codes={"T08": "E1", "H07": "E1"}
    ),
    "columns of one's own beside an Excel Table": Shape(partial(_table, beside=["remark"])),
    "a column apart from an Excel Table": Shape(partial(_table, beside=["", "discount"])),
    "a total typed below": Shape(lambda b, s: _then(b, s, "Total", None, 615.0), codes={"C06": "A8"}),
    "a total with a day typed below": Shape(
        lambda b, s: _then(b, s, LAST_DAY, "TOTAL:", 615.0), GROSS, {"K04": "B8"}
    ),
    "rows far below": Shape(lambda b, s: _then(b, s, LAST_DAY, "C9", 5.0, row=40), {**GROSS, "C9": 5.0}),
    "two lists side by side": Shape(partial(_beside, column=6), codes={"H02": "G1 H1 I1 J1"}),
    "a header to the last column": Shape(_to_the_edge),
    "a cell in the last column": Shape(lambda b, s: _cell(b, s, 0, LAST_COLUMN - 1)),
    "a row at the very end": Shape(
        lambda b, s: _then(b, s, LAST_DAY, "C9", 5.0, row=LAST_ROW - 1), {**GROSS, "C9": 5.0}
    ),
    "a cell in the last row and column": Shape(
        lambda b, s: _cell(b, s, LAST_ROW - 1, LAST_COLUMN - 1), stops="stray cell"
    ),
    "a cell in the last row, not too far right": Shape(
        lambda b, s: _cell(b, s, LAST_ROW - 1, 40), stops="stray cell"
    ),
    "days before 1900": Shape(_days, stops=r"none of its 6\b"),
    "days from 1904": Shape(lambda b, s: put(s), options={"date_1904": True}),
    "a header twice in another case": Shape(
        lambda b, s: _headers(b, s, *HEADERS[:3], "Gross Revenue"), codes={"H02": "D1", "H06": ""}
    ),
    "headers like formulas": Shape(lambda b, s: _headers(b, s, *HEADERS[:3], "=1+1"), codes={"H06": "D1"}),
    "names like formulas": Shape(
        _names,
        {" ".join(name.split()): 10.0 + i for i, name in enumerate(_NAMES)},
        {"N01": "B12", "M11": ""},
    ),
    "the longest name": Shape(lambda b, s: _then(b, s, LAST_DAY, LONG, 5.0), {**GROSS, LONG: 5.0}),
    "nothing at all": Shape(lambda b, s: None, stops="no sales lines"),
    "a header and nothing below": Shape(lambda b, s: put(s, rows=()), stops="no sales lines"),
}


def swollen(path: Path, cells: int = 20_000) -> Path:
    """Make a workbook of half a megabyte whose texts would take a thousand times as much memory."""
    rows = [(LAST_DAY, "x" * 32_767, 1.0, 1.0)] * 2
    drawn(path, lambda book, sheet: put(sheet, rows=rows))

    def longer(sheet: bytes) -> bytes:
        at, end = sheet.index(b'<row r="3"'), sheet.index(b"</sheetData>")
        row = sheet[at:end]
        more = (re.sub(rb'(r="[A-D]?)3"', rb'\g<1>%d"' % i, row) for i in range(3, cells + 3))
        return sheet[:at] + b"".join(more) + sheet[end:]

    return change(path, {"xl/worksheets/sheet1.xml": longer})
