"""Sheets: the cells of a workbook's sheets as an export has them, whatever they are called."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path
from string import ascii_uppercase
from zipfile import ZIP_STORED, ZipFile

import numpy as np

from xlprofit.importing.exports.export import ExportSheet
from xlprofit.importing.exports.marks import strip_columns
from xlprofit.ooxml import handed
from xlprofit.ooxml.formats import (
    find_sheet_formats,
    find_telling_styles,
    note_formats,
    select_noted_styles,
)
from xlprofit.ooxml.listing import read_sheet_list
from xlprofit.ooxml.marks import find_sheet_marks
from xlprofit.ooxml.memory import require_sheet_memory
from xlprofit.ooxml.package import (
    SheetPart,
    list_sheet_parts,
    open_package,
    read_part,
    read_part_pieces,
)
from xlprofit.ooxml.read import read_cell_grids
from xlprofit.ooxml.swelling import refuse_swelling_sheet
from xlprofit.ooxml.tags import match_tags, read_attribute

GLANCE = 3_000
"""So many rows of a long sheet are read at a glance."""

LONG = 4 << 20
"""The bytes from which on a sheet is long: some 10,000 rows."""


def read_sheets(path: Path, content: BytesIO, glance: bool) -> list[ExportSheet]:
    """Return the cells of every sheet of a workbook but those that xlprofit made; of long ones a glance.

    ``content`` is that of the file, which is not opened anew.

    Raises:
        FileError: the workbook cannot be read.
    """
    with open_package(path, content) as book:
        held = _list_foreign_parts(book)
        handed.refuse_unsound_parts(book)
        refuse_swelling_sheet(book, held)
        require_sheet_memory(book, held)
        long = [s for s in held if glance and book.NameToInfo[s.part].file_size >= LONG]
        whole = _read_whole(path, book, [s for s in held if s not in long])
        return [whole[s.name] if s.name in whole else _glance_at(path, book, s) for s in held]


def _list_foreign_parts(book: ZipFile) -> list[SheetPart]:
    """Return the worksheets of a workbook but those that xlprofit made."""
    ours = {sheet.name for sheet in read_sheet_list(book).sheets if sheet.ours}
    return [part for part in list_sheet_parts(book) if part.kind == "worksheet" and part.name not in ours]


def _read_whole(path: Path, book: ZipFile, held: list[SheetPart]) -> dict[str, ExportSheet]:
    if not held:
        return {}
    styles = find_telling_styles(book)
    noted = {sheet: select_noted_styles(("Sales",), styles) for sheet in held}
    found = {sheet.part: find_sheet_marks(book, sheet, partial(note_formats, noted[sheet])) for sheet in held}
    grids = read_cell_grids(path, book, held, found)
    return {
        sheet.name: ExportSheet(
            path,
            sheet.name,
            strip_columns(column.tolist() for column in grids[sheet.part].columns),
            grids[sheet.part].height,
            grids[sheet.part].first,
            formats=find_sheet_formats(book, sheet, noted[sheet]),
            rows=grids[sheet.part].height,
            hidden=sheet.hidden,
        )
        for sheet in held
    }


def _glance_at(path: Path, book: ZipFile, sheet: SheetPart) -> ExportSheet:
    """Return the first rows of a sheet: those of a copy of the book in which it has no others."""
    part, rows = _cut_short(book, sheet.part)
    copy = BytesIO()
    with ZipFile(copy, "w", ZIP_STORED) as short:
        for info in book.infolist():
            if info.filename == sheet.part:
                short.writestr(sheet.part, part)
            elif not info.filename.startswith(_UNREAD):
                short.writestr(info.filename, read_part(book, info.filename))
    with ZipFile(copy) as short:
        short.filename = str(path)  # what messages call it
        marks = find_sheet_marks(short, sheet)
        with handed.guard_cell_reader(path):
            found = handed.open_cells(short, {sheet.part: marks}).get_sheet_by_name(sheet.name)
            block, start = list(found.iter_rows()), found.start
    if start is None:
        return ExportSheet(path, sheet.name, (), 0)
    cells = np.array(block, dtype=object)
    cells[cells == ""] = None
    return ExportSheet(
        path,
        sheet.name,
        strip_columns(c.tolist() for c in cells.T),
        len(block),
        start[1] + 1,
        rows=max(rows, len(block)),
        hidden=sheet.hidden,
    )


_UNREAD = ("xl/worksheets/", "xl/drawings/", "xl/media/", "xl/charts/", "xl/pivot", "xl/calcChain")
"""Parts of a workbook that tell nothing of the cells of a sheet."""

_CHUNK = 1 << 20


def _cut_short(book: ZipFile, part: str) -> tuple[bytes, int]:
    """Return the part of a sheet with its first rows alone, and how many rows it says that it has."""
    read = bytearray()
    begins: list[int] = []
    prefix = b""
    for more in read_part_pieces(book, part, _CHUNK):
        found = list(match_tags("row").finditer(more))
        prefix = found[0][0][1:].partition(b"row")[0] if found and not begins else prefix
        begins += [len(read) + row.start() for row in found]
        read += more
        if len(begins) > GLANCE:
            break
    rows = _read_stated_rows(bytes(read[: begins[0]] if begins else read))
    if len(begins) <= GLANCE:
        return bytes(read), rows
    return bytes(read[: begins[GLANCE]]) + b"</%ssheetData></%sworksheet>" % (prefix, prefix), rows


def _read_stated_rows(head: bytes) -> int:
    """Return how many rows a sheet says that it has, before the first of them; 0 where it says nothing."""
    extent = match_tags("dimension").search(head)
    said = (read_attribute(extent[1], "ref") or b"") if extent else b""
    digits = said.rpartition(b":")[2].lstrip(ascii_uppercase.encode())
    return int(digits) if b":" in said and digits.isdigit() else 0
