"""The user's cells, carried over byte for byte while openpyxl handles only what stands around them.

openpyxl is given a slim copy of the workbook whose sheets have no cells; when it saves, the cells of
the original go back into their sheets. So the values beside formulas, bold words within a text, the
spilling of dynamic arrays and the exact digits of numbers stay; and it takes a tenth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import IO
from xml.etree import ElementTree
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit.sheets.parts import Value
from xlprofit.workbook.package import SheetPart, local, main_part, part, pieces, relations, sheets, tree
from xlprofit.workbook.saving import ExtraPart, Rewrite

_ROOT = re.compile(rb"<worksheet\b[^>]*>")
_START = re.compile(rb"<sheetData\s*/?>")
_END = b"</sheetData>"
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_PICTURE_IN_CELL = re.compile(rb'(<c\s[^>]*?)\s(?:vm|cm)="\d+"(?:\s(?:vm|cm)="\d+")?')
_FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f[^>]*>[^<]*</f>)<v ?(?:/>|></v>)</c>')
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CONTENT = {
    "sharedStrings": f"{_SPREADSHEET}.sharedStrings+xml",
    "sheetMetadata": f"{_SPREADSHEET}.sheetMetadata+xml",
}
_EMPTY_STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'


def slim(book: ZipFile) -> IO[bytes]:
    """Return a copy of a workbook whose worksheets have no cells, for openpyxl to load."""
    carried = {sheet.part for sheet in sheets(book) if carries(book, sheet)}
    whole = any(sheet.kind == "worksheet" and sheet.part not in carried for sheet in sheets(book))
    strings = {a.target for a in relations(book, main_part(book)).values() if a.kind == "sharedStrings"}
    copy = BytesIO()
    with ZipFile(copy, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for name in dict.fromkeys(book.namelist()):
            if name in carried:
                target.writestr(name, b"".join(_around_cells(book, name)))
            elif name in strings and not whole:
                target.writestr(name, _EMPTY_STRINGS)
            else:
                target.writestr(name, part(book, name))
    copy.seek(0)
    return copy


def carries(book: ZipFile, sheet: SheetPart) -> bool:
    """Whether a sheet's cells can be carried over; a sheet with prefixed element names goes through openpyxl."""
    if sheet.kind != "worksheet":
        return False
    head = next(pieces(book, sheet.part), b"")
    return _ROOT.search(head) is not None and b"sheetData" in head


def rewrites(
    book: ZipFile, workbook: Workbook, own: Collection[str], values: Mapping[str, Mapping[str, Value]]
) -> dict[str, Rewrite]:
    """Return what puts each sheet's cells in: the user's as they were, and ours with their ``values``.

    ``values`` is by sheet name and address: what a formula that was drawn comes to.
    """
    metadata = keeps_metadata(book)
    found: dict[str, Rewrite] = {}
    for sheet in sheets(book):
        if sheet.name not in own and sheet.name in workbook.sheetnames and carries(book, sheet):
            found[sheet.name] = _carrying(book, sheet, metadata)
    for name in set(values) & set(workbook.sheetnames) - set(found):
        found[name] = _valued(values[name])
    return found


def extra_parts(book: ZipFile) -> tuple[ExtraPart, ...]:
    """Return the parts that carried cells need: the shared strings, and what makes an array spill."""
    kinds = {"sharedStrings"} | ({"sheetMetadata"} if keeps_metadata(book) else set())
    return tuple(
        ExtraPart(arrow.target, arrow.type, _CONTENT[arrow.kind], part(book, arrow.target))
        for arrow in relations(book, main_part(book)).values()
        if arrow.kind in kinds and arrow.target in book.NameToInfo
    )


def keep_note_sizes(book: ZipFile, workbook: Workbook) -> None:
    """Give notes the sizes that they have in the file; openpyxl would make them all alike."""
    for sheet in sheets(book):
        worksheet = workbook[sheet.name] if sheet.name in workbook.sheetnames else None
        if isinstance(worksheet, Worksheet):
            for (row, column), (width, height) in _note_sizes(book, sheet).items():
                comment = worksheet.cell(row, column).comment
                if comment is not None:
                    comment.width, comment.height = width, height


# --- the user's cells ------------------------------------------------------------------------------


def _carrying(book: ZipFile, sheet: SheetPart, metadata: bool) -> Rewrite:
    def rewrite(written: IO[bytes]) -> Iterator[bytes]:
        around = written.read()
        head = next(pieces(book, sheet.part))
        root, dimension = _ROOT.search(head), _DIMENSION.search(head)
        around = _ROOT.sub(lambda _: root[0] if root else b"", around, count=1)
        around = _DIMENSION.sub(lambda _: dimension[0] if dimension else b"", around, count=1)
        start = _START.search(around)
        if start is None:
            yield around
            return
        yield around[: start.start()]
        for piece in _cells(book, sheet.part):
            marked = b' vm="' in piece or b' cm="' in piece
            yield _PICTURE_IN_CELL.sub(rb"\1", piece) if marked and not metadata else piece
        end = around.find(_END)
        yield around[end + len(_END) :] if end >= 0 else around[start.end() :]

    return rewrite


def _cells(book: ZipFile, name: str) -> Iterator[bytes]:
    """Give a sheet's bytes from the start of ``<sheetData>`` to its end."""
    started = False
    for piece in pieces(book, name):
        rest = piece
        if not started:
            start = _START.search(rest)
            if start is None:
                continue
            started, rest = True, rest[start.start() :]
            if start[0].endswith(b"/>"):
                yield start[0]
                return
        end = rest.find(_END)
        if end >= 0:
            yield rest[: end + len(_END)]
            return
        yield rest


def _around_cells(book: ZipFile, name: str) -> Iterator[bytes]:
    """Give a sheet's bytes with ``<sheetData/>`` in place of its cells."""
    before, after = True, False
    for piece in pieces(book, name):
        rest = piece
        if before:
            start = _START.search(rest)
            if start is None:
                yield rest
                continue
            yield rest[: start.start()] + b"<sheetData/>"
            before, after = False, start[0].endswith(b"/>")
            rest = rest[start.end() :]
        if not after:
            end = rest.find(_END)
            after, rest = end >= 0, rest[end + len(_END) :] if end >= 0 else b""
        yield rest


def keeps_metadata(book: ZipFile) -> bool:
    """Whether the marks on cells can stay: not where they lead to pictures, whose parts openpyxl drops."""
    kinds = {arrow.kind for arrow in relations(book, main_part(book)).values()}
    return "sheetMetadata" in kinds and not any(kind.startswith(("rdRich", "richValue")) for kind in kinds)


# --- our own cells ---------------------------------------------------------------------------------


def _valued(values: Mapping[str, Value]) -> Rewrite:
    def rewrite(written: IO[bytes]) -> Iterable[bytes]:
        yield _FORMULA.sub(lambda cell: _with_value(cell, values.get(cell[1].decode())), written.read())

    return rewrite


def _with_value(cell: re.Match[bytes], value: Value) -> bytes:
    if value is None or value != value:
        return cell[0]
    if isinstance(value, bool):
        kind, text = b' t="b"', str(int(value))
    elif isinstance(value, str):
        kind, text = (b' t="e"' if value.startswith("#") else b' t="str"'), escape(value)
    else:
        kind, text = b"", repr(float(value)) if isinstance(value, float) else str(value)
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (cell[1], cell[2], kind, cell[3], text.encode())


# --- notes -----------------------------------------------------------------------------------------


def _note_sizes(book: ZipFile, sheet: SheetPart) -> dict[tuple[int, int], tuple[float, float]]:
    """Return the width and height of each note, in pixels, by row and column from 1."""
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for arrow in relations(book, sheet.part).values():
        if arrow.kind == "vmlDrawing" and arrow.target in book.NameToInfo:
            with suppress(ElementTree.ParseError):  # drawings of this old kind need not be sound XML
                for shape in tree(book, arrow.target):
                    data = {local(e): e.text or "" for e in shape.iter()}
                    size = _size(shape.get("style", ""))
                    if size and data.get("Row", "").isdigit() and data.get("Column", "").isdigit():
                        found[int(data["Row"]) + 1, int(data["Column"]) + 1] = size
    return found


def _size(style: str) -> tuple[float, float] | None:
    sizes = {}
    for name, number, unit in re.findall(r"(?:^|;)\s*(width|height):([\d.]+)(pt|px)", style):
        sizes[name] = float(number) * (4 / 3 if unit == "pt" else 1)
    return (sizes["width"], sizes["height"]) if len(sizes) == 2 else None
