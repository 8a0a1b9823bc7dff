"""Reading the input tables of a workbook: cells as they are, under the headers as they are written.

The cells come through calamine, many times faster than openpyxl; what each kind of cell
comes out as was measured with python-calamine 0.9 and is kept by tests:

=====================================  ==========================================================
in the cell                            in the frame
=====================================  ==========================================================
text, also ``00123`` and ``1,5``       ``str``, as it stands (never turned into a number)
a number, money, ``12 %``              ``float`` (0.12 for 12 %)
a date; a date with a time             ``datetime.date``; ``datetime.datetime`` (1904 workbooks too)
a time of day; a duration ``[h]:mm``   ``datetime.time``; ``datetime.timedelta``
a day 0 or before it, shown as a date  ``datetime.time``; past the year 9999 the ``float`` itself
TRUE, FALSE                            ``bool``
a formula                              its value as last calculated
an error                               its text: ``#N/A``, ``#DIV/0!``, ``#SPILL!``, …
a formula never calculated             :data:`UNCALCULATED`
blank, or an empty text                ``None``
=====================================  ==========================================================

Calamine alone gives a blank for an error and for a formula without a value, fails on the errors of
newer Excels, and takes as much memory as the rectangle down to the last cell; so the bytes of a sheet
are looked through first, which takes about a quarter of the time of reading it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from xlprofit.tables import TABLES, Raw, Table, header_key
from xlprofit.workbook.marks import UNCALCULATED, Marks, marks, tamed
from xlprofit.workbook.package import SheetPart, damaged, local, opened, relations, sheets, tree

__all__ = ["UNCALCULATED", "ListObject", "list_objects", "read"]

HEADER_DEPTH = 20
"""In how many rows from the top a sheet without a Table is searched for its header."""

HEADERS_NEEDED = 2
"""How many known headers make a row a header."""

ROWS_AT_ONCE = 1 << 16
"""Rows turned into columns at a time: enough to be fast, little enough to need no second copy."""

Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class ListObject:
    """An Excel Table on a sheet: from its header to its last body row; all counted from 1.

    Where it shows no header row (``bare``), ``first_row`` is the row above its body.
    """

    name: str
    sheet: SheetPart
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    headers: tuple[str, ...]
    bare: bool = False


@dataclass(frozen=True)
class Grid:
    """A sheet's cells by column; ``columns[0]`` is sheet column ``first``, every column starts at row 1."""

    columns: tuple[Objects, ...]
    first: int
    height: int

    def row(self, number: int) -> list[object]:
        """Return the cells of a sheet row, from column ``first`` on."""
        return [column[number - 1] for column in self.columns]

    def body(self, column: int, first_row: int, last_row: int) -> Objects:
        """Return a sheet column's cells between two rows, both counted; blank outside the grid."""
        cells = np.full(max(last_row - first_row + 1, 0), None, dtype=object)
        if 0 <= column - self.first < len(self.columns):
            found = self.columns[column - self.first][first_row - 1 : last_row]
            cells[: len(found)] = found
        return cells


def read(path: str | Path) -> dict[str, Raw]:
    """Read the input tables that a workbook holds, by table name; what is not there is left out.

    A table is the Excel Table of its name, on whatever sheet (its total row is left out), or else
    the sheet of its name: the Excel Table on it with the most known headers, or its rows under the
    header row. Names are compared without case, blanks, underscores and dashes. Hidden sheets are
    read too. Blank rows at the end are dropped, those between are kept, so that rows keep their
    numbers. Headers stay as they are written, also where two are alike; a column without one is ``""``.

    :raises FileError: the file is not there, is no .xlsx or .xlsm, is damaged, password protected, …
    """
    path = Path(path)
    with opened(path) as book:
        places = _places(book)
        needed = tuple(dict.fromkeys(sheet for sheet, _ in places.values()))
        found = {sheet.part: marks(book, sheet) for sheet in needed}
        grids = _grids(path, book, needed, found)
    return {
        name: table_of(TABLES[name], grids[sheet.part], sheet, where)
        for name, (sheet, where) in places.items()
    }


# --- where the tables stand ------------------------------------------------------------------------


def _places(book: ZipFile) -> dict[str, tuple[SheetPart, ListObject | None]]:
    """Find each table: its sheet and, where there is one, its Excel Table."""
    worksheets = [sheet for sheet in sheets(book) if sheet.kind == "worksheet"]
    objects = [found for sheet in worksheets for found in list_objects(book, sheet)]
    by_object = {header_key(o.name): o for o in reversed(objects)}
    by_sheet = {header_key(s.name): s for s in reversed(worksheets)}
    places: dict[str, tuple[SheetPart, ListObject | None]] = {}
    for name, table in TABLES.items():
        key = header_key(name)
        if key in by_object:
            places[name] = (by_object[key].sheet, by_object[key])
        elif key in by_sheet:
            sheet = by_sheet[key]
            places[name] = (sheet, best(table, [o for o in objects if o.sheet == sheet]))
    return places


def list_objects(book: ZipFile, sheet: SheetPart) -> list[ListObject]:
    """Return the Excel Tables of a sheet."""
    parts = [arrow.target for arrow in relations(book, sheet.part).values() if arrow.kind == "table"]
    try:
        return [_list_object(book, sheet, name) for name in parts]
    except ValueError as error:
        raise damaged(book.filename, error) from error


def _list_object(book: ZipFile, sheet: SheetPart, name: str) -> ListObject:
    root = tree(book, name)
    first, _, last = root.get("ref", "A1").replace("$", "").partition(":")
    (first_row, first_column), (last_row, last_column) = _cell(first), _cell(last or first)
    bare = root.get("headerRowCount", "1") == "0"
    return ListObject(
        root.get("displayName", "") or root.get("name", ""),
        sheet,
        first_row - bare,
        last_row - int(root.get("totalsRowCount", "0")),
        first_column,
        last_column,
        tuple(e.get("name", "") for e in root.iter() if local(e) == "tableColumn"),
        bare,
    )


def best(table: Table, among: Sequence[ListObject]) -> ListObject | None:
    """Return the Excel Table of another name that holds the most of a table's columns, if any does."""
    taken = {header_key(name) for name in TABLES}
    free = [o for o in among if header_key(o.name) not in taken]
    nearest = max(free, key=lambda o: _known(table, o.headers), default=None)
    return nearest if nearest is not None and _known(table, nearest.headers) >= HEADERS_NEEDED else None


def _known(table: Table, headers: Iterable[object]) -> int:
    """Count the columns of a table that a row of headers names."""
    keys = {header_key(header) for header in headers if header is not None}
    return sum(
        any(header_key(word) in keys for word in (column.name, *column.synonyms)) for column in table.columns
    )


def _cell(address: str) -> tuple[int, int]:
    """Return the row and the column, counted from 1, of an address such as ``B5``."""
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(address[len(letters) :]), column


# --- cells -----------------------------------------------------------------------------------------


def _grids(
    path: Path, book: ZipFile, needed: Sequence[SheetPart], found: dict[str, Marks]
) -> dict[str, Grid]:
    copy = tamed(book, found)
    try:
        cells = (
            CalamineWorkbook.from_path(str(path)) if copy is None else CalamineWorkbook.from_filelike(copy)
        )
        return {s.part: _grid(cells.get_sheet_by_name(s.name), found[s.part]) for s in needed}
    except CalamineError as error:
        raise damaged(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what calamine raises instead of an Exception
            raise
        raise damaged(path, error) from error


def _grid(sheet: CalamineSheet, found: Marks) -> Grid:
    left = right = bottom = 0  # counted from 1; none of a blank sheet
    if sheet.start is not None and sheet.end is not None:
        left, right, bottom = sheet.start[1] + 1, sheet.end[1] + 1, sheet.end[0] + 1
    first = min([c for _, c in found.texts] + ([left] if left else []), default=1)
    last = max([c for _, c in found.texts] + [right])
    height = max([r for r, _ in found.texts] + [bottom])
    columns = tuple(np.full(height, None, dtype=object) for _ in range(first, last + 1))
    rows = iter(sheet.iter_rows())
    at = 0
    while block := list(islice(rows, ROWS_AT_ONCE)):
        cells = np.array(block, dtype=object)
        cells[cells == ""] = None
        for column, below in zip(columns[left - first :], cells.T, strict=False):
            column[at : at + len(block)] = below
        at += len(block)
    for (row, number), text in found.texts.items():
        columns[number - first][row - 1] = text
    return Grid(columns, first, height)


def table_of(table: Table, grid: Grid, sheet: SheetPart, where: ListObject | None) -> Raw:
    """Return an input table as it stands on a sheet: in an Excel Table, or below its header row."""
    if where is None:
        row = _header_row(table, grid)
        first, last = _width(grid, row)
        headers = [_text(cell) for cell in grid.row(row)][first - grid.first :] if first else []
        last_row = grid.height
    else:
        row, first, last, last_row = where.first_row, where.first_column, where.last_column, where.last_row
        headers = list(where.headers)
        if not where.bare:
            headers = [_text(grid.body(c, row, row)[0]) for c in range(first, last + 1)]
    columns = [grid.body(c, row + 1, last_row) for c in range(first, last + 1)] if first else []
    headers = headers[: len(columns)]
    rows = _used(headers, columns)
    frame = pd.DataFrame({i: column[:rows] for i, column in enumerate(columns)}, dtype=object)
    frame.columns = pd.Index(headers, dtype=object)
    return Raw(table.name, sheet.name, frame, row, first or 1)


def _header_row(table: Table, grid: Grid) -> int:
    """Return the first row with enough known headers, or else the first that is not blank, or 1."""
    depth = range(1, min(HEADER_DEPTH, grid.height) + 1)
    for number in depth:
        if _known(table, grid.row(number)) >= HEADERS_NEEDED:
            return number
    filled = (n for n in range(1, grid.height + 1) if any(cell is not None for cell in grid.row(n)))
    return next(filled, 1)


def _width(grid: Grid, row: int) -> tuple[int, int]:
    """Return the first and last sheet column with anything in or below a row; (0, -1) if none."""
    used = [i for i, column in enumerate(grid.columns) if any(cell is not None for cell in column[row - 1 :])]
    return (grid.first + used[0], grid.first + used[-1]) if used else (0, -1)


def _used(headers: Sequence[str], columns: Sequence[Objects]) -> int:
    """Return the number of rows down to the last that has anything under a header."""
    last = 0
    for header, column in zip(headers, columns, strict=True):
        if header:
            at = len(column)
            while at > last and _blank(column[at - 1]):
                at -= 1
            last = at
    return last


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _text(cell: object) -> str:
    """Return a header as it reads: 2024 and not 2024.0, a date as 2024-03-01."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)
