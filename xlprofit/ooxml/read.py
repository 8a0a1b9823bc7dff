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
a cell that the file holds twice       :data:`~xlprofit.ooxml.marks.TWO_VALUES`
blank, or an empty text                ``None``
=====================================  ==========================================================

Calamine alone gives a blank for an error and for a formula without a value, fails on the errors of
newer Excels, and takes as much memory as the rectangle down to the last cell; so the bytes of a sheet
are looked through first, which takes about a quarter of the time of reading it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import ZipFile

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.addresses import format_column, parse_address
from xlprofit.errors import FileError
from xlprofit.headings import known_keys, table_meant
from xlprofit.languages import list_reading_words, list_terms, read_months
from xlprofit.messages import N_, _, term
from xlprofit.ooxml import columns, handed
from xlprofit.ooxml.columns import Cells
from xlprofit.ooxml.formats import (
    Formats,
    FormattedCells,
    find_sheet_formats,
    find_telling_styles,
    note_formats,
    select_noted_styles,
)
from xlprofit.ooxml.marks import TWO_VALUES, UNCALCULATED, Marks, find_sheet_marks
from xlprofit.ooxml.memory import require_sheet_memory
from xlprofit.ooxml.package import (
    SheetPart,
    build_damage_error,
    list_sheet_parts,
    open_package,
    read_part_tree,
    read_relations,
    strip_namespace,
)
from xlprofit.ooxml.swelling import refuse_swelling_sheet
from xlprofit.tables import TABLES, Raw, TableSpec, header_key

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["UNCALCULATED", "ListObject", "list_excel_tables", "locate_input_tables", "read_input_tables"]

HEADER_DEPTH = 20
"""In how many rows from the top a sheet without a Table is searched for its header."""

HEADERS_NEEDED = 2
"""How many known headers make a row a header."""

LONG = 1 << 20
"""The bytes from which on a sheet is worth reading by its columns: some 3,000 rows."""

ROWS_AT_ONCE = 1 << 16
"""Rows turned into columns at a time: enough to be fast, little enough to need no second copy."""

Objects = npt.NDArray[np.object_]


@dataclass(frozen=True)
class ListObject:
    """An Excel Table on a sheet: from its header to its last body row; all counted from 1.

    Where it shows no header row (``bare``), ``first_row`` is the row above its body; ``total`` says that a
    total row stands under the last one. ``next_row`` is the first row of the Excel Table that stands next below it
    on the sheet; 0 where none does. ``next_column`` is the first column of the one that stands next to the right of it.
    """

    name: str
    sheet: SheetPart
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    headers: tuple[str, ...]
    bare: bool = False
    total: bool = False
    next_row: int = 0
    next_column: int = 0


@dataclass(frozen=True)
class CellGrid:
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


def read_input_tables(
    path: str | Path, meanwhile: Callable[[], None] = lambda: None, only: Iterable[str] = TABLES
) -> dict[str, Raw]:
    """Read the input tables that a workbook holds, by table name; what is not there is left out.

    A table is the Excel Table of its name, on whatever sheet (its total row is left out), or else
    the sheet of its name: the Excel Table on it with the most known headers, or its rows under the
    header row. Names are compared without case, blanks, underscores and dashes. Hidden sheets are
    read too. Blank rows at the end are dropped, those between are kept, so that rows keep their
    numbers. Headers stay as they are written, also where two are alike; a column without one is ``""``.

    ``meanwhile`` is called while the other core reads the long sheets. Of other tables than ``only`` nothing is read.

    :raises FileError: the file is not there, is no .xlsx or .xlsm, is damaged, password protected, …
    """
    path = Path(path)
    with open_package(path) as book:
        wanted = frozenset(only)
        found_at = {name: at for name, at in locate_input_tables(book).items() if name in wanted}
        handed.refuse_unsound_parts(book)
        held_on = tuple(dict.fromkeys(sheet for sheet, _ in found_at.values()))
        refuse_swelling_sheet(book, held_on)
        require_sheet_memory(book, held_on)
        others = [sheet.name for sheet in _list_worksheets(book) if sheet not in held_on]
        noted = _note_styles_by_sheet(book, found_at)
        found, whole = _scan_table_sheets(path, book, found_at, meanwhile, noted)
        needed = tuple(dict.fromkeys(sheet for name, (sheet, _) in found_at.items() if name not in whole))
        grids = read_cell_grids(path, book, needed, found) if needed else {}
        formats = {sheet.part: find_sheet_formats(book, sheet, noted[sheet]) for sheet in held_on}
    raws: dict[str, Raw] = {}
    for name, (sheet, where) in found_at.items():
        raw = whole.get(name) or extract_input_table(TABLES[name], grids[sheet.part], sheet, where)
        raws[name] = replace(
            _attach_formats(raw, formats[sheet.part]),
            shuffled=found[sheet.part].shuffled,
            further=find_further_sheets(others, name, sheet.name),
        )
    return raws


def _note_styles_by_sheet(
    book: ZipFile, found_at: Mapping[str, tuple[SheetPart, ListObject | None]]
) -> dict[SheetPart, FormattedCells]:
    """Return where the cells of each sheet with tables are noted whose format says what a number is."""
    styles = find_telling_styles(book)
    on: dict[SheetPart, list[str]] = {}
    for name, (sheet, _where) in found_at.items():
        on.setdefault(sheet, []).append(name)
    return {sheet: select_noted_styles(tables, styles) for sheet, tables in on.items()}


def _attach_formats(raw: Raw, formats: Formats) -> Raw:
    """Return a table that knows which of its cells bear a format that says what a number is."""
    size, width = raw.frame.shape
    found: dict[int, dict[str, npt.NDArray[np.int64]]] = {}
    for column, by_code in formats.items():
        for code, rows in by_code.items():
            at = rows[(rows > raw.row) & (rows <= raw.row + size)] - raw.row - 1
            if len(at) and raw.column <= column < raw.column + width:
                found.setdefault(column - raw.column, {})[code] = at
    return replace(raw, formats=found) if found else raw


# --- where the tables stand ------------------------------------------------------------------------


def locate_input_tables(book: ZipFile) -> dict[str, tuple[SheetPart, ListObject | None]]:
    """Return where each table stands: its sheet and, if any, its Excel Table.

    Errors as for :func:`read_input_tables`.
    """
    worksheets = _list_worksheets(book)
    return match_table_places(
        worksheets, [found for sheet in worksheets for found in list_excel_tables(book, sheet)]
    )


def _list_worksheets(book: ZipFile) -> list[SheetPart]:
    """Return the sheets of cells, without those of charts, dialogs and macros."""
    return [sheet for sheet in list_sheet_parts(book) if sheet.kind == "worksheet"]


def match_table_places(
    worksheets: Sequence[SheetPart], objects: Sequence[ListObject]
) -> dict[str, tuple[SheetPart, ListObject | None]]:
    """Return where each table stands: its sheet and, where there is one, its Excel Table.

    :raises FileError: two Excel Tables, or two sheets where no Excel Table says which, could be the same table.
    """
    places: dict[str, tuple[SheetPart, ListObject | None]] = {}
    for name, table in TABLES.items():
        found = [o for o in objects if table_meant(o.name) == name]
        named = _find_named_sheets(worksheets, name)
        if found:
            _refuse_two_places(_TWO_TABLES, name, [o.name for o in found])
            places[name] = (found[0].sheet, _bound_excel_table(found[0], objects))
        elif named:
            _refuse_two_places(_TWO_SHEETS, name, [s.name for s in named])
            places[name] = (named[0], _find_nearest_excel_table(table, named[0], objects))
    return places


def _find_nearest_excel_table(
    table: TableSpec, sheet: SheetPart, objects: Sequence[ListObject]
) -> ListObject | None:
    """Return the Excel Table on a sheet whose headers suit a table best, if there is one."""
    nearest = find_best_excel_table(table, [o for o in objects if o.sheet == sheet])
    return nearest and _bound_excel_table(nearest, objects)


def _bound_excel_table(one: ListObject, objects: Sequence[ListObject]) -> ListObject:
    """Return an Excel Table that knows where the next ones below it and to the right of it begin."""
    others = [o for o in objects if o.sheet == one.sheet]
    right = [
        o.first_column for o in others if o.first_column > one.last_column and _stand_side_by_side(o, one)
    ]
    below = [
        o.first_row + o.bare
        for o in others
        if o.first_row + o.bare > one.last_row
        and o.first_column <= one.last_column
        and one.first_column <= o.last_column
    ]
    return replace(one, next_row=min(below, default=0), next_column=min(right, default=0))


def _stand_side_by_side(one: ListObject, other: ListObject) -> bool:
    """Whether two Excel Tables of a sheet have rows in common."""
    return one.first_row <= other.last_row and other.first_row <= one.last_row


def _find_named_sheets(worksheets: Sequence[SheetPart], table: str) -> list[SheetPart]:
    """Return the sheets that bear a table's name, in English or else in the next language that any bears."""
    for word in list_terms("table", table):
        found = [sheet for sheet in worksheets if header_key(sheet.name) == header_key(word)]
        if found:
            return found
    return []


_FURTHER = re.compile(
    r"(?:[()\[\]'’,/&]|[0-9]|q[1-4]|h[12]|fy"
    rf"|{'|'.join(map(re.escape, (*list_reading_words('further_sheets'), *read_months())))})+"
)
"""What stands behind a table's name where a sheet holds more of its rows: a year, a month, a number."""

_LONGEST_NAME = 31
"""So many letters the name of a sheet has at most in Excel: on more the pattern is not tried, which might take long."""


def find_further_sheets(names: Iterable[str], table: str, sheet: str) -> tuple[str, ...]:
    """Return those of some names that say that more rows of a table stand there than on the sheet that it is read from.

    They are its name with something behind, ``Sales 2025``, ``Sales (2)``; or, where the sheet bears its name, that in
    another language.
    """
    words = [header_key(word) for word in list_terms("table", table)]
    named = table_meant(sheet) == table
    meant = {name: table_meant(name) for name in names}
    return tuple(
        name
        for name, other in meant.items()
        if (named and other == table) or (other is None and _is_further(name, words))
    )


def _is_further(name: str, words: Sequence[str]) -> bool:
    """Whether a name begins with one of some words and has no more than a year, a month or a number behind it."""
    key = header_key(name)
    return len(name) <= _LONGEST_NAME and any(
        key.startswith(word) and _FURTHER.fullmatch(key[len(word) :]) for word in words
    )


_TWO_TABLES = N_('Two Excel Tables could be the table {table}: "{one}" and "{other}"')
_TWO_SHEETS = N_('Two sheets could be the table {table}: "{one}" and "{other}"')


def _refuse_two_places(told: str, table: str, found: Sequence[str]) -> None:
    if len(found) > 1:
        raise FileError(
            _(told, table=term("table", table), one=found[0], other=found[1]),
            _("Rename the one that is not meant, or delete it"),
        )


def list_excel_tables(book: ZipFile, sheet: SheetPart) -> list[ListObject]:
    """Return the Excel Tables of a sheet."""
    parts = [arrow.target for arrow in read_relations(book, sheet.part).values() if arrow.kind == "table"]
    try:
        return [_read_excel_table(book, sheet, name) for name in parts]
    except ValueError as error:
        raise build_damage_error(book.filename, error) from error


def _read_excel_table(book: ZipFile, sheet: SheetPart, name: str) -> ListObject:
    """Return an Excel Table; ValueError where it says to stand where no sheet has a cell, or upside down."""
    root = read_part_tree(book, name)
    first, _, last = root.get("ref", "A1").replace("$", "").partition(":")
    (first_row, first_column), (last_row, last_column) = parse_address(first), parse_address(last or first)
    bare = root.get("headerRowCount", "1") == "0"
    totals = _read_total_rows(root.get("totalsRowCount", "0"))
    if last_row - totals < first_row - 1 or last_column < first_column:
        raise ValueError(f'"{root.get("ref", "")[:40]}" is no place of a table')
    return ListObject(
        name_excel_table(root),
        sheet,
        first_row - bare,
        last_row - totals,
        first_column,
        last_column,
        tuple(e.get("name", "") for e in root.iter() if strip_namespace(e) == "tableColumn"),
        bare,
        totals > 0,
    )


def name_excel_table(root: ElementTree.Element) -> str:
    """Return what an Excel Table is called, given its part."""
    return root.get("displayName", "") or root.get("name", "")


def _read_total_rows(said: str) -> int:
    """Return how many total rows an Excel Table has: none or one, which is all that Excel knows."""
    if said not in ("0", "1"):
        raise ValueError(f'a table has "{said[:20]}" total rows')
    return int(said)


def find_best_excel_table(table: TableSpec, among: Sequence[ListObject]) -> ListObject | None:
    """Return the Excel Table of another name that holds the most of a table's columns, if any does."""
    free = [o for o in among if table_meant(o.name) is None]
    nearest = max(free, key=lambda o: _count_matching_headers(table, o.headers), default=None)
    return (
        nearest
        if nearest is not None and _count_matching_headers(table, nearest.headers) >= HEADERS_NEEDED
        else None
    )


def _count_matching_headers(table: TableSpec, headers: Iterable[object]) -> int:
    """Count the columns of a table that a row of headers names."""
    keys = {header_key(header) for header in headers if header is not None}
    return sum(not known_keys(table.name, column).isdisjoint(keys) for column in table.columns)


# --- long sheets, whole columns at a time -----------------------------------------------------------


_Begun = tuple[Callable[[], Raw | None], Future[Raw | None]]
"""The reading of a table, and where it stands on the other core."""


def _scan_table_sheets(
    path: Path,
    book: ZipFile,
    found_at: Mapping[str, tuple[SheetPart, ListObject | None]],
    meanwhile: Callable[[], None],
    noted: Mapping[SheetPart, FormattedCells],
) -> tuple[dict[str, Marks], dict[str, Raw]]:
    """Return the marks of every sheet with a table, and the tables that could be read by their columns.

    Those stand alone on a long sheet. They are read on the other core while the next sheet is looked through, and
    after that on this one too; none before it was looked through itself: a sheet that is not sound must not reach
    calamine. In ``noted`` the cells of each sheet are noted whose format says what a number is.
    """
    alone = {sheet: name for name, (sheet, _) in found_at.items()}
    tables_on = Counter(sheet for sheet, _ in found_at.values())
    found: dict[str, Marks] = {}
    begun: dict[str, _Begun] = {}
    usual = handed.is_usual(book)
    with ThreadPoolExecutor(max_workers=1) as beside:
        for sheet in sorted(alone, key=lambda s: book.NameToInfo[s.part].file_size, reverse=True):
            found[sheet.part] = seen = find_sheet_marks(book, sheet, partial(note_formats, noted[sheet]))
            where = found_at[alone[sheet]][1]
            plain = usual and tables_on[sheet] == 1 and not _is_odd_sheet(seen, where)
            if plain and book.NameToInfo[sheet.part].file_size >= LONG:
                work = partial(_read_table_by_columns, TABLES[alone[sheet]], columns.Book(path), sheet, where)
                begun[alone[sheet]] = work, beside.submit(work)
        meanwhile()
        read = _finish_reading(begun)
    return found, {name: raw for name, raw in read.items() if raw is not None}


def _finish_reading(begun: dict[str, _Begun]) -> dict[str, Raw | None]:
    """Return what is read on the other core; what it has not begun by now is read here, the last first."""
    read = {name: work() for name, (work, there) in reversed(begun.items()) if there.cancel()}
    return read | {name: there.result() for name, (_, there) in begun.items() if name not in read}


def _is_odd_sheet(seen: Marks, where: ListObject | None) -> bool:
    """Whether the cells of a sheet must be looked at one by one, or something stands below its Excel Table."""
    if seen.texts or seen.large_styles or seen.odd_extent or seen.shuffled:
        return True
    return where is not None and not where.total and seen.last_row > where.last_row


def _read_table_by_columns(
    table: TableSpec, reader: columns.Book, sheet: SheetPart, where: ListObject | None
) -> Raw | None:
    """Return a table read by its columns; ``None`` where they are not plain or its header is not just there."""
    if where is None:
        found = reader.read(sheet.name, 1)
        if found is None or _count_matching_headers(table, found.headers) < HEADERS_NEEDED:
            return None
        return _build_raw_table(table, sheet, found.headers, found.cells, 1, found.first)
    if where.bare:
        return None
    held = range(where.first_column, where.last_column + 1)
    found = reader.read(sheet.name, where.first_row, where.last_row, held)
    if found is None or found.headers != where.headers:
        return None
    return _build_raw_table(table, sheet, found.headers, found.cells, where.first_row, where.first_column)


# --- cells -----------------------------------------------------------------------------------------


def read_cell_grids(
    path: Path, book: ZipFile, needed: Sequence[SheetPart], found: dict[str, Marks]
) -> dict[str, CellGrid]:
    """Return the cells of some sheets by part, given the marks of each."""
    with handed.guard_cell_reader(path):
        cells = handed.open_cells(book, {sheet.part: found[sheet.part] for sheet in needed})
        return {s.part: _build_sheet_grid(cells.get_sheet_by_name(s.name), found[s.part]) for s in needed}


def read_sheet_rows(book: ZipFile, sheet: SheetPart) -> list[list[object]]:
    """Return the rows of any sheet, whose first cells are in the first column that has any.

    :raises FileError: the sheet is not sound, or a cell of it stands far out.
    """
    handed.refuse_unsound_parts(book)
    refuse_swelling_sheet(book, (sheet,))
    found = {sheet.part: find_sheet_marks(book, sheet)}
    grid = read_cell_grids(Path(book.filename or ""), book, (sheet,), found)[sheet.part]
    return [grid.row(number) for number in range(1, grid.height + 1)]


def _build_sheet_grid(sheet: CalamineSheet, found: Marks) -> CellGrid:
    left = right = bottom = 0  # counted from 1; none of a blank sheet
    if sheet.start is not None and sheet.end is not None:
        left, right, bottom = sheet.start[1] + 1, sheet.end[1] + 1, sheet.end[0] + 1
    first = min([c for _, c in found.texts] + ([left] if left else []), default=1)
    last = max([c for _, c in found.texts] + [right])
    height = max([r for r, _ in found.texts] + [bottom])
    columns = tuple(np.full(height, None, dtype=object) for _ in range(first, last + 1))
    _fill_sheet_columns(sheet, columns[left - first :])
    for (row, number), text in found.texts.items():
        columns[number - first][row - 1] = text
    return CellGrid(columns, first, height)


def _fill_sheet_columns(sheet: CalamineSheet, columns: Sequence[Objects]) -> None:
    """Put a sheet's cells into columns, the first of which is the first that the sheet has; ``None`` for a blank."""
    rows = iter(sheet.iter_rows())
    at = 0
    while block := list(islice(rows, ROWS_AT_ONCE)):
        cells = np.array(block, dtype=object)
        cells[cells == ""] = None
        for column, below in zip(columns, cells.T, strict=False):
            column[at : at + len(block)] = below
        at += len(block)


def _read_shown_headers(grid: CellGrid, row: int, first: int, last: int) -> list[str]:
    """Return the headers that the cells of a row show, from one column to another."""
    return [_format_header_text(grid.body(column, row, row)[0]) for column in range(first, last + 1)]


def extract_input_table(table: TableSpec, grid: CellGrid, sheet: SheetPart, where: ListObject | None) -> Raw:
    """Return an input table as it stands on a sheet: in an Excel Table, or below its header row.

    Rows that stand right below an Excel Table, without a blank row between, belong to it, and so do columns right
    beside it: Excel makes the Table reach over what is typed there, other programs do not.
    """
    below = beside = 0
    if where is None:
        row = _find_header_row(table, grid)
        first, last = _find_used_columns(grid, row)
        headers = [_format_header_text(cell) for cell in grid.row(row)][first - grid.first :] if first else []
        last_row = grid.height
    else:
        below = _count_below(grid, where)
        row, first = where.first_row, where.first_column
        last_row = min(where.last_row + below, max(grid.height, row))  # nothing stands past the last cell
        beside = _count_beside(table, grid, where)
        last = min(where.last_column + beside, grid.first + len(grid.columns) - 1)
        headers = list(where.headers)
        if where.bare:
            last = min(where.last_column, first + len(headers) - 1)
        else:
            headers = _read_shown_headers(grid, row, first, last)
    cells = [grid.body(c, row + 1, last_row) for c in range(first, last + 1)] if first else []
    raw = _build_raw_table(table, sheet, headers[: len(cells)], cells, row, first or 1)
    return raw if where is None else replace(raw, below=below, below_row=where.last_row + 1, beside=beside)


def _count_below(grid: CellGrid, where: ListObject) -> int:
    """Return how many rows stand right below an Excel Table with at least two cells filled in its columns.

    A single cell is a remark; what stands below a total row, or in the next Excel Table, is none of its rows.
    """
    if where.total:
        return 0
    first, last = where.last_row + 1, min(grid.height, where.next_row - 1 if where.next_row else grid.height)
    columns = [grid.body(c, first, last) for c in range(where.first_column, where.last_column + 1)]
    count = 0
    while count < last - where.last_row and sum(not _is_blank_cell(cells[count]) for cells in columns) >= 2:
        count += 1
    return count


def _count_beside(table: TableSpec, grid: CellGrid, where: ListObject) -> int:
    """Return how many columns stand right beside an Excel Table, each with a text in the row of its headers.

    Cells of them must be filled beside the Table's rows. They count up to the last one that the table knows; in a table
    that makes something of any column, all of them do.
    """
    headers = [] if where.bare else list(_list_headers_beside(grid, where))
    if table.drivers or table.attributes:
        return len(headers)
    known = [at for at, head in enumerate(headers, 1) if _count_matching_headers(table, [head])]
    return max(known, default=0)


def _list_headers_beside(grid: CellGrid, where: ListObject) -> Iterator[str]:
    """Yield the headers right beside an Excel Table, up to the first column without one or without any cell."""
    for column in range(where.last_column + 1, where.next_column or grid.first + len(grid.columns)):
        head, *cells = grid.body(column, where.first_row, where.last_row)
        if not isinstance(head, str) or _is_blank_cell(head) or all(map(_is_blank_cell, cells)):
            return
        yield head


def _build_raw_table(
    table: TableSpec, sheet: SheetPart, headers: Sequence[str], cells: Sequence[Cells], row: int, column: int
) -> Raw:
    """Return a table with these columns, down to the last row that has anything under a header."""
    _refuse_two_values(sheet, headers, row, column)
    rows = _count_used_rows(headers, cells)
    frame = pd.DataFrame({i: pd.Series(c[:rows], dtype=c.dtype) for i, c in enumerate(cells)}, copy=False)
    frame.columns = pd.Index(headers, dtype=object)
    return Raw(table.name, sheet.name, frame, row, column)


def _refuse_two_values(sheet: SheetPart, headers: Sequence[str], row: int, column: int) -> None:
    if TWO_VALUES in headers:
        address = f"{format_column(column + headers.index(TWO_VALUES))}{row}"
        raise FileError(
            _(
                'The header {cell} of sheet "{sheet}" stands in the file more than once, '
                "and which one is meant cannot be told",
                cell=address,
                sheet=sheet.name,
            ),
            _("Export the file again, or open it in Excel, check the header and save"),
        )


def _find_header_row(table: TableSpec, grid: CellGrid) -> int:
    """Return the first row with enough known headers, or else the first that is not blank, or 1.

    Headers in two languages may stand one under the other: of such rows the one that more is known of.
    """
    depth = range(1, min(HEADER_DEPTH, grid.height) + 1)
    for number in depth:
        known = _count_matching_headers(table, grid.row(number))
        if known >= HEADERS_NEEDED:
            below = _count_matching_headers(table, grid.row(number + 1)) if number + 1 in depth else 0
            return number + (below > known)
    filled = (n for n in range(1, grid.height + 1) if any(cell is not None for cell in grid.row(n)))
    return next(filled, 1)


def _find_used_columns(grid: CellGrid, row: int) -> tuple[int, int]:
    """Return the first and last sheet column with anything in or below a row; (0, -1) if none."""
    used = [i for i, column in enumerate(grid.columns) if any(cell is not None for cell in column[row - 1 :])]
    return (grid.first + used[0], grid.first + used[-1]) if used else (0, -1)


def _count_used_rows(headers: Sequence[str], cells: Sequence[Cells]) -> int:
    """Return the number of rows down to the last that has anything under a header."""
    last = 0
    for header, column in zip(headers, cells, strict=True):
        if header:
            at = len(column)
            while at > last and _is_blank_cell(column[at - 1]):
                at -= 1
            last = at
    return last


def _is_blank_cell(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip()) or cell != cell


def _format_header_text(cell: object) -> str:
    """Return a header as it reads: 2024 and not 2024.0, a date as 2024-03-01."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (date, datetime)):
        return cell.isoformat()
    return str(cell)
