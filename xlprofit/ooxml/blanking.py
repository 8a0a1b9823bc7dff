"""Cells of a sheet blanked in its bytes: whatever else stands on it stays, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from xlprofit.addresses import (
    MOST_COLUMNS,
    format_address,
    parse_address,
    parse_row_number,
    parse_whole_number,
)
from xlprofit.ooxml.splice import (
    Edit,
    find_element_places,
    remove_tag_attribute,
    set_tag_attribute,
    splice_edits,
)
from xlprofit.ooxml.tags import match_elements, match_tags, read_attribute

_FORMULA = match_tags("f")
_NEUTRAL = ("r", "spans", "x14ac:dyDescent")
"""What a row says of itself that is no look of its own: its number, and what Excel notes to draw it sooner."""

Cells = dict[int, tuple[bytes, bytes]]
"""The cells of a row by their column: the whole cell, and its style's number."""


def find_formula_rows(sheet: bytes, columns: Collection[int]) -> set[int]:
    """Return the numbers of the rows that have a formula in one of some columns."""
    return {
        number
        for number, row in find_row_elements(sheet)
        if row[3] and _FORMULA.search(row[3])
        if any(
            column in columns and _FORMULA.search(cell[0])
            for column, cell in find_cell_elements(row[3]).items()
        )
    }


def blank_row_cells(
    sheet: bytes,
    columns: Collection[int],
    rows: Collection[int],
    moved: Mapping[int, int],
    left_out: Collection[int] = (),
) -> bytes:
    """Return a sheet with the cells of some rows blanked within some columns.

    A blank cell keeps its style where that is not its column's own; a row that is left with nothing goes.

    Args:
        sheet: the sheet's bytes.
        columns: the columns, counted from 1, that are blanked.
        rows: the numbers of the rows that are blanked.
        moved: of those rows, the ones in which the cells of another row stand then, and which row's.
        left_out: the columns that do not move with them.
    """
    styles = _read_column_styles(sheet)
    wanted = set(moved.values())
    sources = {
        number: find_cell_elements(row[3] or b"")
        for number, row in find_row_elements(sheet)
        if number in wanted
    }
    out, at = [], 0
    for number, row in find_row_elements(sheet):
        if number not in rows:
            continue
        cells = _blank_cells_of_row(row, number, columns, styles)
        for column, (cell, _) in sources.get(moved.get(number, 0), {}).items():
            if column in columns and column not in left_out:
                cells[column] = _set_cell_address(cell, column, number)
        out += [
            sheet[at : row.start()],
            _build_row_element(row, number, [cells[column] for column in sorted(cells)]),
        ]
        at = row.end()
    return b"".join((*out, sheet[at:]))


def _blank_cells_of_row(
    row: re.Match[bytes], number: int, columns: Collection[int], styles: Mapping[int, bytes]
) -> dict[int, bytes]:
    """Return the cells that a row keeps by their column: those outside ``columns``, and blank ones with a style."""
    cells: dict[int, bytes] = {}
    for column, (cell, style) in find_cell_elements(row[3] or b"").items():
        if column not in columns:
            cells[column] = _set_cell_address(cell, column, number)
        elif style != styles.get(column, b"0"):
            cells[column] = b'<%sc r="%s" s="%s"/>' % (row[1], _build_cell_address(column, number), style)
    return cells


def remove_row_cells(sheet: bytes, rows: Collection[int]) -> bytes:
    """Return a sheet in which some rows have no cells, whatever their styles; their heights stay."""
    out, at = [], 0
    for number, row in find_row_elements(sheet):
        if number in rows:
            out += [sheet[at : row.start()], _build_row_element(row, number, [])]
            at = row.end()
    return b"".join((*out, sheet[at:]))


def remove_all_cells(sheet: bytes) -> bytes:
    """Return a sheet without any cell."""
    return match_elements("sheetData").sub(lambda data: b"<%ssheetData/>" % data[1], sheet, count=1)


def shorten_excel_table(table: bytes, last: int, new_last: int) -> bytes:
    """Return the part of an Excel Table that ends in another row, with its filter and its order."""
    edits = []
    for place in find_element_places(table, 2):
        first, _, end = place.attribute("ref").partition(":")
        column = end.removesuffix(str(last))
        if column.isalpha():
            tag = set_tag_attribute(table[place.start : place.inner], "ref", f"{first}:{column}{new_last}")
            edits.append(Edit(place.start, place.inner, tag))
    return splice_edits(table, edits)


def find_row_elements(sheet: bytes) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Give the rows with their numbers; one that bears none follows the one before it."""
    number = 0
    for row in match_elements("row").finditer(sheet):
        number = parse_row_number((read_attribute(row[2], "r") or b"").decode(), number)
        yield number, row


def find_cell_elements(row: bytes) -> Cells:
    """Return the cells of a row, given what stands between its tags; one without an address follows the one before."""
    cells: Cells = {}
    column = 0
    for cell in match_elements("c").finditer(row):
        said = read_attribute(cell[2], "r")
        column = parse_address(said.decode())[1] if said else column + 1
        cells[column] = (cell[0], read_attribute(cell[2], "s") or b"0")
    return cells


def _build_row_element(row: re.Match[bytes], number: int, cells: list[bytes]) -> bytes:
    """Return a row with other cells; nothing where it has none and no height or style of its own."""
    prefix, attributes = row[1], row[2]
    if not cells and read_attribute(attributes, "r") and not _drop_neutral_attributes(attributes).strip():
        return b""
    if not cells:
        return b"<%srow%s/>" % (prefix, attributes)
    return b"<%srow%s>%s</%srow>" % (prefix, attributes, b"".join(cells), prefix)


def _drop_neutral_attributes(attributes: bytes) -> bytes:
    for name in _NEUTRAL:
        attributes = remove_tag_attribute(attributes, name)
    return attributes


def _set_cell_address(cell: bytes, column: int, row: int) -> bytes:
    """Return a cell with its address, which may be another one than it had."""
    end = cell.index(b">") + 1
    return set_tag_attribute(cell[:end], "r", _build_cell_address(column, row).decode()) + cell[end:]


def _build_cell_address(column: int, row: int) -> bytes:
    return format_address(row, column).encode()


def _read_column_styles(sheet: bytes) -> dict[int, bytes]:
    """Return the number of each column's own style."""
    styles: dict[int, bytes] = {}
    for column in match_tags("col").finditer(sheet, 0, max(sheet.find(b"sheetData"), 0)):
        first, last, style = (read_attribute(column[1], name) or b"" for name in ("min", "max", "style"))
        ends = [parse_whole_number(end.decode()) or 0 for end in (first, last)]
        styles.update(dict.fromkeys(range(ends[0], min(ends[1], MOST_COLUMNS) + 1) if style else (), style))
    return styles
