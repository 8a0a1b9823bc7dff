"""Remembering: rows of the table Sources written into a workbook that is there, all else as it stood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from xlprofit.addresses import format_address, format_block, format_column, parse_address, parse_whole_number
from xlprofit.drawing.cell_xml import escape_cell_text
from xlprofit.errors import FileError
from xlprofit.headings import known_keys, table_meant
from xlprofit.markup import quote_attribute
from xlprofit.messages import _, name_in_workbook
from xlprofit.ooxml.archive import Content, rewrite_archive
from xlprofit.ooxml.blanking import find_cell_elements, find_row_elements
from xlprofit.ooxml.package import (
    SheetPart,
    build_damage_error,
    open_package,
    read_part,
    read_part_tree,
    read_relations,
)
from xlprofit.ooxml.read import ListObject, locate_input_tables, name_excel_table, read_input_tables
from xlprofit.ooxml.splice import (
    Edit,
    Element,
    build_append_edits,
    encode_ascii_xml,
    remove_tag_attribute,
    set_tag_attribute,
    splice_edits,
)
from xlprofit.ooxml.splice import find_element_places as find_elements
from xlprofit.tables import TABLES, Raw, header_key

Row = Mapping[str, object]
"""The values of a row of Sources by their columns."""

Cells = Mapping[int, object]
"""The values of a sheet row's cells by their columns, counted from 1; ``None`` for a blank one."""


def remember_sources(book: Path, copy: Path, rows: Sequence[Row]) -> None:
    """Write a copy of a workbook whose table Sources has some rows, in place of those of the same tables.

    Raises:
        FileError: the workbook cannot be read, or has no sheet Sources.
    """
    with open_package(book) as package, copy.open("xb") as file:
        rewrite_archive(package, file, _change_sources(book, package, rows), set())


def _change_sources(path: Path, book: ZipFile, rows: Sequence[Row]) -> dict[str, Content]:
    """Return the parts that change: the sheet, and where the table grows its Excel Table."""
    found = locate_input_tables(book).get("Sources")
    if found is None:
        raise FileError(
            _(
                "{path} has no sheet {sheet}, in which it could remember an export",
                path=str(path),
                sheet=name_in_workbook("Sources"),
            ),
            _(
                "Import into a new workbook with -o, or add a sheet {sheet} to it",
                sheet=name_in_workbook("Sources"),
            ),
        )
    sheet, table = found
    raw = read_input_tables(path)["Sources"]
    columns, added = _find_source_columns(raw, rows)
    cells = _list_changed_cells(raw, rows, columns)
    if added and not (table is not None and table.bare):
        cells[raw.row] = {columns[name]: name for name in added}
    xml = read_part(book, sheet.part)
    try:
        total = [(table.last_row + 1, table.first_column)] if table is not None and table.total else []
        _refuse_narrow_sheet(path, raw, cells, [*total, *_list_used_cells(xml)])
        contents: dict[str, Content] = {sheet.part: _write_sheet(xml, cells)}
    except ValueError as error:
        raise build_damage_error(path, error) from error
    if table is not None and (added or max(cells) > table.last_row):
        part = _find_table_part(book, sheet, table)
        contents[part] = _write_excel_table(read_part(book, part), table, max(cells), added)
    return contents


def _find_source_columns(raw: Raw, rows: Sequence[Row]) -> tuple[dict[str, int], list[str]]:
    """Return the sheet column of each column of the table, and which are added since new rows have a value there."""
    headers = [str(header) for header in raw.frame.columns]
    known = {column.name: _find_header(headers, column.name) for column in TABLES["Sources"].columns}
    added = [name for name, at in known.items() if at < 0 and any(row.get(name) for row in rows)]
    known |= {name: at for at, name in enumerate(added, len(headers))}
    return {name: raw.column + at for name, at in known.items() if at >= 0}, added


def _list_changed_cells(raw: Raw, rows: Sequence[Row], columns: Mapping[str, int]) -> dict[int, Cells]:
    """Return the new values of cells by row and column; ``None`` for one that is blank then.

    A new row stands where the first one of its table did, or else in the first blank row, or below the last; the cells
    of further rows of its table are blanked.
    """
    height, width = raw.frame.shape
    held = [table_meant(value) for value in raw.frame.iloc[:, columns["table"] - raw.column].tolist()]
    blank = np.flatnonzero(raw.frame.isna().all(axis=1).to_numpy()).tolist()
    free = chain(blank, count(height))
    cells: dict[int, Cells] = {}
    for row in rows:
        own = [at for at, table in enumerate(held) if table == row["table"]] or [next(free)]
        for at in own[1:]:
            cells[raw.row + 1 + at] = dict.fromkeys(range(raw.column, raw.column + width))
        cells[raw.row + 1 + own[0]] = {column: row.get(name) or None for name, column in columns.items()}
    return cells


def _refuse_narrow_sheet(
    path: Path, raw: Raw, cells: Mapping[int, Cells], used: Sequence[tuple[int, int]]
) -> None:
    """Refuse to write over what stands beside or below the table, given the cells that are in use.

    Raises:
        FileError: something does.
    """
    height, width = raw.frame.shape
    right = max(column for values in cells.values() for column in values)
    reached = range(raw.row, max(cells) + 1), range(raw.column, right + 1)
    own = range(raw.row, raw.row + height + 1), range(raw.column, raw.column + width)
    for row, column in used:
        inside = row in own[0] and column in own[1]
        if row in reached[0] and column in reached[1] and not inside:
            raise FileError(
                _(
                    "{path} has no room for the export in its sheet {sheet}: the cell {cell} is in use",
                    path=str(path),
                    sheet=name_in_workbook("Sources"),
                    cell=format_address(row, column),
                ),
                _("Move what stands there, or import into a new workbook with -o"),
            )


def _list_used_cells(xml: bytes) -> Iterator[tuple[int, int]]:
    """Give the row and the column of the cells of a sheet that hold something."""
    for number, row in find_row_elements(xml):
        for column, (cell, _style) in find_cell_elements(row[3] or b"").items():
            if cell.count(b"<") > len(("begin", "end")):
                yield number, column


def _find_table_part(book: ZipFile, sheet: SheetPart, table: ListObject) -> str:
    """Return the part of an Excel Table on a sheet."""
    parts = [arrow.target for arrow in read_relations(book, sheet.part).values() if arrow.kind == "table"]
    roots = {part: read_part_tree(book, part) for part in parts}
    return next(part for part, root in roots.items() if name_excel_table(root) == table.name)


def _find_header(headers: Sequence[str], name: str) -> int:
    keys = known_keys("Sources", TABLES["Sources"].column(name))
    return next((at for at, header in enumerate(headers) if header_key(header) in keys), -1)


def _write_sheet(xml: bytes, cells: Mapping[int, Cells]) -> bytes:
    """Return a sheet in which some cells hold other values; all else stays as it stands."""
    places = find_elements(xml, 1)
    data = next(place for place in places if place.name == "sheetData")
    rows = list(find_row_elements(xml))
    left, edits = sorted(cells.keys() - {number for number, _row in rows}), list[Edit]()
    for number, row in rows:
        while left and left[0] < number:
            edits.append(Edit(row.start(), row.start(), _build_row(data.prefix, left[0], cells[left.pop(0)])))
        if number in cells:
            edits.append(Edit(row.start(), row.end(), _change_row(row, number, cells[number])))
    behind = b"".join(_build_row(data.prefix, number, cells[number]) for number in left)
    edits += build_append_edits(xml, data, behind.decode("ascii"))
    return splice_edits(xml, [*edits, *_build_extent_edits(xml, places, cells)])


def _build_extent_edits(xml: bytes, places: Sequence[Element], cells: Mapping[int, Cells]) -> Iterator[Edit]:
    """Yield the edit that says how far a sheet reaches, where it says so; what is no extent stays as it is."""
    for place in (p for p in places if p.name == "dimension"):
        with suppress(ValueError):
            corners = list(map(parse_address, place.attribute("ref").split(":")))
            corners += [(row, column) for row, values in cells.items() for column in values]
            rows, columns = zip(*corners, strict=True)
            extent = format_block(min(rows), min(columns), max(rows), max(columns))
            tag = set_tag_attribute(xml[place.start : place.inner], "ref", extent)
            yield Edit(place.start, place.inner, tag)


def _build_row(prefix: str, number: int, cells: Cells) -> bytes:
    written = [
        _write_cell(prefix, format_address(number, column), "", cells[column]) for column in sorted(cells)
    ]
    return encode_ascii_xml(f'<{prefix}row r="{number}">{"".join(written)}</{prefix}row>')


def _change_row(row: re.Match[bytes], number: int, cells: Cells) -> bytes:
    """Return a row in which some cells hold other values, and look as before."""
    prefix = row[1].decode()
    there = find_cell_elements(row[3] or b"")
    kept = {column: cell for column, (cell, _style) in there.items()}
    for column, value in cells.items():
        style = there.get(column, (b"", b""))[1].decode("ascii")
        kept[column] = encode_ascii_xml(_write_cell(prefix, format_address(number, column), style, value))
    inner = b"".join(kept[column] for column in sorted(kept))
    tag = remove_tag_attribute(b"<" + row[1] + b"row" + row[2].rstrip() + b">", "spans")
    return tag + inner + f"</{prefix}row>".encode()


def _write_cell(prefix: str, address: str, style: str, value: object) -> str:
    """Return a cell with a text; a blank one where it has none, and none at all where it has no look either."""
    looks = f" s={quote_attribute(style)}" if style.strip("0") else ""
    if value is None:
        return f'<{prefix}c r="{address}"{looks}/>' if looks else ""
    text = escape_cell_text(str(value)).replace("\n", "&#10;")
    return (
        f'<{prefix}c r="{address}"{looks} t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}'
        f"</{prefix}t></{prefix}is></{prefix}c>"
    )


def _write_excel_table(xml: bytes, table: ListObject, last: int, added: Sequence[str]) -> bytes:
    """Return the part of an Excel Table that reaches down to a row, and has further columns."""
    right = table.last_column + len(added)
    ref = f"{format_column(table.first_column)}{table.first_row + table.bare}:{format_column(right)}{last}"
    edits: list[Edit] = []
    found = find_elements(xml, 2)
    for place in found:
        if place.attribute("ref"):
            edits.append(
                Edit(place.start, place.inner, set_tag_attribute(xml[place.start : place.inner], "ref", ref))
            )
    columns = next((place for place in found if place.name == "tableColumns"), None)
    if added and columns is not None:
        edits += _add_columns(xml, columns, found, added)
    return splice_edits(xml, edits)


def _add_columns(xml: bytes, columns: Element, found: Sequence[Element], added: Sequence[str]) -> list[Edit]:
    said = [place.attribute("id") for place in found if place.name == "tableColumn"]
    ids = [parse_whole_number(number) or 0 for number in said]
    count = len(ids) + len(added)
    content = "".join(
        f'<{columns.prefix}tableColumn id="{max(ids, default=0) + at}" name="{name}"/>'
        for at, name in enumerate(added, 1)
    )
    tag = set_tag_attribute(xml[columns.start : columns.inner], "count", str(count))
    return [
        Edit(columns.start, columns.inner, tag),
        Edit(columns.outer, columns.outer, encode_ascii_xml(content)),
    ]
