"""Remembering: rows of the table Sources written into a workbook that is there, all else as it stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipFile

from xlprofit.addresses import format_column
from xlprofit.drawing.cell_xml import escape_cell_text
from xlprofit.errors import FileError
from xlprofit.headings import known_keys, table_meant
from xlprofit.messages import _, name_in_workbook
from xlprofit.ooxml.archive import Content, rewrite_archive
from xlprofit.ooxml.package import SheetPart, open_package, read_part, read_part_tree, read_relations
from xlprofit.ooxml.read import ListObject, locate_input_tables, read_input_tables
from xlprofit.ooxml.splice import Edit, Element, encode_ascii_xml, set_tag_attribute, splice_edits
from xlprofit.ooxml.splice import find_element_places as find_elements
from xlprofit.tables import TABLES, Raw, header_key

Row = Mapping[str, object]


def remember_sources(book: Path, copy: Path, rows: Sequence[Row]) -> None:
    """Write a copy of a workbook whose table Sources has some rows, in place of those of the same tables.

    Raises:
        FileError: the workbook cannot be read, or has no sheet Sources.
    """
    with open_package(book) as package, copy.open("xb") as file:
        rewrite_archive(package, file, _change_sources(book, package, rows), set())


def _change_sources(path: Path, book: ZipFile, rows: Sequence[Row]) -> dict[str, Content]:
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
    headers = [str(header) for header in raw.frame.columns]
    columns = {name: _find_header(headers, name) for name in (c.name for c in TABLES["Sources"].columns)}
    added = [name for name in ("profile",) if columns[name] < 0]
    for name in added:
        columns[name] = len(headers)
        headers.append(name)
    kept = [*_list_kept_rows(raw, rows, columns["table"]), *_list_new_rows(rows, columns)]
    contents: dict[str, Content] = {
        sheet.part: _write_sheet(
            read_part(book, sheet.part),
            raw.row,
            raw.column,
            headers[-1:] if added else [],
            len(headers),
            kept,
        )
    }
    if table is not None:
        part = _find_table_part(book, sheet, table)
        contents[part] = _write_excel_table(read_part(book, part), table, raw.row + max(len(kept), 1), added)
    return contents


def _find_table_part(book: ZipFile, sheet: SheetPart, table: ListObject) -> str:
    """Return the part of an Excel Table on a sheet."""
    parts = [arrow.target for arrow in read_relations(book, sheet.part).values() if arrow.kind == "table"]
    return next(part for part in parts if read_part_tree(book, part).get("displayName") == table.name)


def _list_kept_rows(raw: Raw, rows: Sequence[Row], at_table: int) -> list[dict[int, object]]:
    """Return the rows that stay, those of tables that no new row is of; each by the columns' places."""
    fresh = {str(row["table"]) for row in rows}
    return [
        {at: value for at, value in enumerate(values) if value is not None}
        for values in raw.frame.itertuples(index=False, name=None)
        if any(value is not None for value in values) and table_meant(values[at_table]) not in fresh
    ]


def _list_new_rows(rows: Sequence[Row], columns: Mapping[str, int]) -> list[dict[int, object]]:
    """Return new rows by the columns' places; what is blank, or has no column, is left out."""
    return [
        {
            columns[name]: value
            for name, value in row.items()
            if value not in (None, "") and columns[name] >= 0
        }
        for row in rows
    ]


def _find_header(headers: Sequence[str], name: str) -> int:
    keys = known_keys("Sources", TABLES["Sources"].column(name))
    return next((at for at, header in enumerate(headers) if header_key(header) in keys), -1)


def _write_sheet(
    xml: bytes,
    header_row: int,
    first: int,
    added: Sequence[str],
    width: int,
    rows: Sequence[Mapping[int, object]],
) -> bytes:
    """Return a sheet with these rows below its header, and no other row there."""
    found = find_elements(xml, 3)
    data = next(place for place in found if place.name == "sheetData")
    prefix = data.prefix
    held = _number_rows(found, data)
    edits = [Edit(place.start, place.end, b"") for number, place in held if number > header_row]
    written = "".join(
        _write_row(prefix, number, first, row) for number, row in enumerate(rows, header_row + 1)
    )
    last = format_column(first + width - 1)
    for head in (place for number, place in held if added and number == header_row):
        cell = _write_cell(prefix, f"{last}{header_row}", added[0])
        edits.append(Edit(head.outer, head.outer, encode_ascii_xml(cell)))
    edits.append(Edit(data.outer, data.outer, encode_ascii_xml(written)))
    extent = f"{format_column(first)}1:{last}{header_row + max(len(rows), 1)}"
    return splice_edits(xml, [*edits, *_build_extent_edits(xml, found, extent)])


def _build_extent_edits(xml: bytes, found: Sequence[Element], extent: str) -> list[Edit]:
    """Return the edits that say how far a sheet reaches, where it says so."""
    return [
        Edit(place.start, place.inner, set_tag_attribute(xml[place.start : place.inner], "ref", extent))
        for place in found
        if place.name == "dimension"
    ]


def _number_rows(found: Sequence[Element], data: Element) -> list[tuple[int, Element]]:
    """Return the rows of a sheet, each with its number."""
    rows = [place for place in found if place.name == "row" and data.start <= place.start < data.end]
    return [(int(place.attribute("r") or 0), place) for place in rows]


def _write_row(prefix: str, number: int, first: int, cells: Mapping[int, object]) -> str:
    """Return a row; its cells' places count from the column ``first``."""
    inner = "".join(
        _write_cell(prefix, f"{format_column(first + at)}{number}", cells[at]) for at in sorted(cells)
    )
    return f'<{prefix}row r="{number}">{inner}</{prefix}row>'


def _write_cell(prefix: str, address: str, value: object) -> str:
    if isinstance(value, int | float):
        return f'<{prefix}c r="{address}"><{prefix}v>{value!r}</{prefix}v></{prefix}c>'
    text = escape_cell_text(str(value)).replace("\n", "&#10;")
    return (
        f'<{prefix}c r="{address}" t="inlineStr"><{prefix}is><{prefix}t xml:space="preserve">{text}</{prefix}t>'
        f"</{prefix}is></{prefix}c>"
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
    ids = [
        int(number) if number.isascii() and number.isdecimal() and len(number) < 9 else 0 for number in said
    ]
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
