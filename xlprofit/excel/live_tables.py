"""Reading the input tables out of a workbook that is open in Excel: what is on the screen, saved or not.

The same rules as for a file (:mod:`xlprofit.ooxml.read`) say where a table stands. Hidden and filtered rows are
read like any others. A sheet is read in one call.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import xlwings as xw

from xlprofit.drawing import native
from xlprofit.errors import XlprofitError
from xlprofit.headings import table_meant
from xlprofit.ooxml import read as files
from xlprofit.ooxml.formats import MONEY_TABLES
from xlprofit.ooxml.marks import LARGEST_SHEET
from xlprofit.ooxml.package import SheetPart
from xlprofit.ooxml.read import ListObject
from xlprofit.tables import TABLES, Raw
from xlprofit.words.speech import _


class TablePlace(NamedTuple):
    """Where a table stands: its sheet and, where there is one, its Excel Table."""

    sheet: SheetPart
    table: ListObject | None


def read_live_tables(book: xw.Book) -> dict[str, Raw]:
    """Read the input tables that an open workbook holds, by table name; what is not there is left out.

    Raises:
        XlprofitError: a stray cell far out would make the sheet too large to read; two sheets, or two Excel
            Tables, could be the same table.
    """
    places = _locate_live_tables(book)
    grids = {
        name: _read_live_grid(book.sheets[name]) for name in {place.sheet.name for place in places.values()}
    }
    raws = {
        name: files.extract_input_table(TABLES[name], grids[place.sheet.name], place.sheet, place.table)
        for name, place in places.items()
    }
    others = [name for name in book.sheet_names if name not in grids]
    return {
        name: replace(
            _note_live_formats(raw, book.sheets[places[name].sheet.name]),
            further=files.find_further_sheets(others, name, places[name].sheet.name),
        )
        for name, raw in raws.items()
    }


def _note_live_formats(raw: Raw, sheet: xw.Sheet) -> Raw:
    """Return a table that knows which of its cells bear a format that names a currency or a percentage."""
    if raw.name not in MONEY_TABLES or not len(raw.frame):
        return raw
    found: dict[int, dict[str, npt.NDArray[np.int64]]] = {}
    with suppress(NotImplementedError, AttributeError):  # some clients do not tell formats
        for at in range(raw.frame.shape[1]):
            if any(isinstance(cell, float | int) for cell in raw.frame.iloc[:, at]):
                by_code = find_live_formats(_Column(sheet, raw.row + 1, raw.column + at), 0, len(raw.frame))
                found |= {at: by_code} if by_code else {}
    return replace(raw, formats=found) if found else raw


class Formatted(Protocol):
    """A column of cells whose number formats can be asked for."""

    def code(self, first: int, after: int) -> object:
        """Return the format code that the cells from ``first`` to before ``after`` have, a text only if one is."""


class _Column(NamedTuple):
    sheet: xw.Sheet
    row: int
    column: int

    def code(self, first: int, after: int) -> object:
        cells = self.sheet.range((self.row + first, self.column), (self.row + after - 1, self.column))
        return cells.number_format


def find_live_formats(cells: Formatted, first: int, after: int) -> dict[str, npt.NDArray[np.int64]]:
    """Return the telling format codes of a column's cells and where each stands, counted from 0.

    A stretch of cells with one format is one call; one with several is asked for by halves.
    """
    code = cells.code(first, after)
    if isinstance(code, str):
        telling = "%" in code or "[$" in code.replace("[$-", "")
        return {code: np.arange(first, after, dtype=np.int64)} if telling else {}
    if after - first < 2:
        return {}
    middle = (first + after) // 2
    left, right = find_live_formats(cells, first, middle), find_live_formats(cells, middle, after)
    none = np.zeros(0, dtype=np.int64)
    return {
        code: np.concatenate([left.get(code, none), right.get(code, none)])
        for code in sorted({*left, *right})
    }


def read_live_settings(book: xw.Book) -> Raw | None:
    """Return the table of settings of an open workbook, by the sheet of its name; ``None`` where there is none."""
    name = next((name for name in book.sheet_names if table_meant(name) == "Settings"), None)
    if name is None:
        return None
    return files.extract_input_table(
        TABLES["Settings"], _read_live_grid(book.sheets[name]), SheetPart(name, name, "worksheet"), None
    )


def _locate_live_tables(book: xw.Book) -> dict[str, TablePlace]:
    """Find each table; an Excel Table of its name first, then the sheet of its name."""
    parts = [SheetPart(name, name, "worksheet") for name in book.sheet_names]
    objects = [found for part in parts for found in _list_live_objects(book.sheets[part.name], part)]
    return {name: TablePlace(*place) for name, place in files.match_table_places(parts, objects).items()}


def _list_live_objects(sheet: xw.Sheet, part: SheetPart) -> Iterator[ListObject]:
    with suppress(NotImplementedError):  # some clients know no tables; then the sheets' names tell
        for table in sheet.tables:
            whole, bare = table.range, not table.show_headers
            if whole is None:
                continue
            rows, columns = whole.shape
            last = whole.row + rows - 1 - bool(table.show_totals)
            headers: tuple[str, ...] = ()
            if not bare:
                named = whole.rows[0].options(ndim=1, err_to_str=True).value
                headers = tuple("" if name is None else str(name) for name in named)
            yield ListObject(
                table.name,
                part,
                whole.row - bare,
                last,
                whole.column,
                whole.column + columns - 1,
                headers,
                bare,
                bool(table.show_totals),
            )


def _read_live_grid(sheet: xw.Sheet) -> files.CellGrid:
    """Return the cells of a sheet from A1 on, each column by itself."""
    corner = sheet.used_range.last_cell
    if corner.row * corner.column > LARGEST_SHEET:
        raise XlprofitError(
            _(
                'Sheet "{sheet}" has a stray cell far out: it reaches to row {row:,}, column {column:,}',
                sheet=sheet.name,
                row=corner.row,
                column=corner.column,
            ),
            _("Press Ctrl+End on that sheet, delete the rows and columns past your data, and save"),
        )
    rows = native.read_block_cells(sheet.range((1, 1), (corner.row, corner.column)))
    columns = []
    for cells in zip(*rows, strict=True):
        column = np.full(len(cells), None, dtype=object)
        column[:] = cells
        columns.append(column)
    return files.CellGrid(tuple(columns), 1, len(rows))
