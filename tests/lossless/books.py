"""Workbooks by other programs and libraries, each with a sheet Sales, for a refresh to leave as they are."""

from __future__ import annotations

import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from openpyxl.chart import PieChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import IconSetRule
from openpyxl.pivot.cache import CacheDefinition, CacheField, CacheSource, SharedItems, WorksheetSource
from openpyxl.pivot.table import Location, PivotField, PivotTableStyle, RowColItem, TableDefinition

from tests.needs import SOFFICE

HEADER = ("date", "customer", "gross_revenue", "cogs")
ROWS = tuple((f"2024-0{1 + i % 6}-15", f"C{i % 5:03}", 100.0 + 7 * i, 60.0 + 5 * i) for i in range(30))
DATED = tuple((45292 + 31 * (i % 6), *row[1:]) for i, row in enumerate(ROWS))
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


# --- parts -----------------------------------------------------------------------------------------


def parts_of(path: Path) -> dict[str, bytes]:
    """Return every part of a package by its name; the archive must be whole."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


def packed(path: Path) -> dict[str, tuple[bytes, object]]:
    """Return the compressed bytes of each part, with what the directory says of it."""
    found: dict[str, tuple[bytes, object]] = {}
    with zipfile.ZipFile(path) as book, path.open("rb") as file:
        for entry in book.infolist():
            file.seek(entry.header_offset + 26)
            name, extra = struct.unpack("<HH", file.read(4))
            file.seek(name + extra, 1)
            said = (entry.date_time, entry.flag_bits, entry.compress_type, entry.CRC, entry.external_attr)
            found[entry.filename] = (file.read(entry.compress_size), (said, entry.extra, entry.comment))
    return found


def change(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """Change or add parts of a workbook in place, byte by byte."""
    parts = parts_of(path)
    for name, change_part in changes.items():
        parts[name] = change_part(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def before_end(tag: str, xml: str) -> Callable[[bytes], bytes]:
    """Return what puts XML in before the last end tag of this name."""

    def put_in(old: bytes) -> bytes:
        at = old.rindex(f"</{tag}>".encode())
        return old[:at] + xml.encode() + old[at:]

    return put_in


def with_relation(path: Path, part: str, kind: str, target: str, content: bytes = b"<x/>") -> Path:
    """Add a part, and a relation of a kind that leads to it."""
    folder, _, name = part.rpartition("/")
    source = f"{folder}/_rels/{name}.rels".lstrip("/")
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'

    def related(old: bytes) -> bytes:
        new = f'<Relationship Id="new{len(old)}" Type="{RELATIONS}/{kind}" Target="/{target}"/>'
        return before_end("Relationships", new)(old or empty)

    return change(path, {source: related, target: lambda _: content})


def with_sales(path: Path) -> Path:
    """Add a sheet Sales to a workbook that somebody else made, as bytes."""
    rows = "".join(
        f'<row r="{i}"><c r="A{i}" t="inlineStr"><is><t>{day}</t></is></c>'
        f'<c r="B{i}" t="inlineStr"><is><t>{name}</t></is></c>'
        f'<c r="C{i}"><v>{revenue}</v></c><c r="D{i}"><v>{cogs}</v></c></row>'
        for i, (day, name, revenue, cogs) in enumerate(ROWS, 2)
    )
    head = "".join(
        f'<c r="{a}1" t="inlineStr"><is><t>{h}</t></is></c>' for a, h in zip("ABCD", HEADER, strict=True)
    )
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{head}</row>{rows}</sheetData></worksheet>'
    listed = f'<sheet xmlns:r="{RELATIONS}" name="Sales" sheetId="9001" r:id="rId9001"/>'
    related = f'<Relationship Id="rId9001" Type="{RELATIONS}/worksheet" Target="worksheets/sales.xml"/>'
    typed = f'<Override PartName="/xl/worksheets/sales.xml" ContentType="{WORKSHEET}"/>'
    return change(
        path,
        {
            "xl/worksheets/sales.xml": lambda _: sheet.encode(),
            "xl/workbook.xml": before_end("sheets", listed),
            "xl/_rels/workbook.xml.rels": before_end("Relationships", related),
            "[Content_Types].xml": before_end("Types", typed),
        },
    )


# --- the makers ------------------------------------------------------------------------------------


def _picture() -> bytes:
    """Return a red square as a PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress(b"".join(b"\0" + b"\xff\0\0" * 16 for _ in range(16)))
    head = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def by_xlsxwriter(path: Path, options: Mapping[str, object] | None = None) -> Path:
    """Make a workbook with what XlsxWriter can: charts, sparklines, tables, pictures, notes, rules, shapes."""
    picture = path.with_suffix(".png")
    picture.write_bytes(_picture())
    book: Any = xlsxwriter.Workbook(path, dict(options or {}))
    sales = book.add_worksheet("Sales")
    day = book.add_format({"num_format": "d.m.yyyy", "bold": True, "font_color": "#00aa00"})
    sales.add_table(
        0, 0, len(ROWS), 3, {"name": "Sales", "columns": [{"header": h} for h in HEADER], "data": DATED}
    )
    sales.set_column(0, 0, 12, day)
    own = book.add_worksheet("My board")
    own.write_formula("A1", "=SUM(Sales[gross_revenue])", None, sum(r[2] for r in ROWS))
    own.write_dynamic_array_formula("B1:B5", "=UNIQUE(Sales[customer])", None, "C000")
    own.write_rich_string("C1", "half ", book.add_format({"bold": True}), "bold")
    own.write_url("C2", "https://example.org/?a=1&b=2", None, "a link")
    own.write_column("E1", [3, -1, 4, -1, 5])
    own.add_sparkline("F1", {"range": "'My board'!E1:E5", "type": "column", "negative_points": True})
    own.insert_image("H1", str(picture), {"description": "a picture"})
    own.insert_textbox("H10", "a text box")
    own.insert_checkbox("D5", True)
    own.insert_button("K1", {"caption": "Press"})
    own.write_comment("A1", "the whole of it", {"author": "me", "x_scale": 2})
    own.data_validation("G1:G5", {"validate": "list", "source": "=Sales!$B$2:$B$9"})
    own.conditional_format("E1:E5", {"type": "data_bar", "data_bar_2010": True, "bar_negative_color": "red"})
    own.conditional_format("E1:E5", {"type": "icon_set", "icon_style": "3_arrows"})
    own.conditional_format("E1:E5", {"type": "cell", "criteria": "<", "value": 0, "format": day})
    own.set_header("&L&G", {"image_left": str(picture)})
    own.set_background(str(picture))
    for kind in ("column", "scatter", "pie"):
        chart = book.add_chart({"type": kind})
        chart.add_series({"categories": "=Sales!$B$2:$B$9", "values": "=Sales!$C$2:$C$9", "trendline": None})
        own.insert_chart("M1", chart)
    sheet_of_chart = book.add_chartsheet("Picture")
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=Sales!$C$2:$C$9"})
    sheet_of_chart.set_chart(chart)
    pointing = book.add_worksheet("Pointing")
    pointing.write_formula("A1", "=IFERROR('Customer P&L'!A1,\"none yet\")", None, "none yet")
    pointing.protect("secret")
    book.define_name("Pointing!mine", "=Pointing!$A$1")
    book.define_name("revenue", "=Sales!$C$2:$C$31")
    book.set_custom_property("Checked by", "me")
    book.close()
    return path


def by_xlsxwriter_with_macros(path: Path) -> Path:
    """Make a macro-enabled workbook with a VBA project."""
    book: Any = xlsxwriter.Workbook(path)
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "vbaProject.bin"
        project.write_bytes(
            parts_of(_shipped("pyopenvba", "_templates/blank_files/blank_workbook.xlsm"))["xl/vbaProject.bin"]
        )
        book.add_vba_project(str(project))
        book.set_vba_name("ThisWorkbook")
        sheet = book.add_worksheet("Sales")
        sheet.set_vba_name("Sheet1")
        sheet.write_row(0, 0, HEADER)
        for i, row in enumerate(ROWS, 1):
            sheet.write_row(i, 0, row)
        book.close()
    return path


def by_xlsxwriter_since_1904(path: Path) -> Path:
    """Make a workbook that counts its days from 1904, its parts written one after the other without going back."""
    return by_xlsxwriter(path, {"date_1904": True, "constant_memory": False, "use_zip64": True})


def by_openpyxl(path: Path) -> Path:
    """Make a workbook with a pivot table, a chart, a note, icons and a very hidden sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Sales"
    for row in (HEADER, *ROWS):
        sheet.append(row)
    sheet["B1"].comment = Comment("the customer's number", "me", height=50, width=300)
    icons: Any = IconSetRule
    sheet.conditional_formatting.add("C2:C31", icons("3Arrows", "percent", [0, 33, 67]))
    chart: Any = PieChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=9), titles_from_data=True)
    sheet.add_chart(chart, "H2")
    board: Any = book.create_sheet("Pivot")
    board.append(("customer", "Sum of gross_revenue"))
    board.add_pivot(_pivot())
    book.create_sheet("Kept away").sheet_state = "veryHidden"
    book["Kept away"]["A1"] = "=SUM(Sales!C2:C31)"
    book.save(path)
    return path


def _pivot() -> Any:
    names = sorted({row[1] for row in ROWS})
    fields: list[Any] = [CacheField(name=h, sharedItems=SharedItems()) for h in HEADER]
    source: Any = CacheSource(type="worksheet", worksheetSource=WorksheetSource(ref="A1:D31", sheet="Sales"))
    cache: Any = CacheDefinition(refreshOnLoad=True, recordCount=0, cacheSource=source, cacheFields=fields)
    from openpyxl.pivot.record import RecordList

    cache.records = RecordList(r=())
    location: Any = Location(ref=f"A1:B{len(names) + 1}", firstHeaderRow=1, firstDataRow=1, firstDataCol=1)
    table: Any = TableDefinition(
        name="Pivot",
        cacheId=1,
        dataCaption="Values",
        location=location,
        pivotFields=[PivotField() for _ in HEADER],
        rowItems=[RowColItem()],
        pivotTableStyleInfo=PivotTableStyle(
            name="PivotStyleLight16", showRowHeaders=True, showColHeaders=True
        ),
    )
    table.cache = cache
    return table


def by_libreoffice(path: Path) -> Path:
    """Make a workbook with LibreOffice, from one that has all that XlsxWriter can."""
    if SOFFICE is None:
        raise RuntimeError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory(prefix="xlprofit-lo-") as folder:
        source = by_xlsxwriter(Path(folder) / path.name)
        out = Path(folder) / "out"
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [SOFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
        subprocess.run([*command, "--outdir", out, source], check=True, capture_output=True, timeout=180)
        path.write_bytes((out / path.name).read_bytes())
    return path


def by_a_streaming_writer(path: Path) -> Path:
    """Make a workbook written to a pipe, its sums behind each part, its elements with a prefix."""
    plain = by_openpyxl(path.with_name("plain.xlsx"))
    parts = parts_of(plain)
    plain.unlink()
    book = parts["xl/workbook.xml"].replace(b"</", b"\0").replace(b"<", b"<x:").replace(b"\0", b"</x:")
    book = book.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=", 1)
    styles = parts["xl/styles.xml"].replace(b"</", b"\0").replace(b"<", b"<x:").replace(b"\0", b"</x:")
    styles = styles.replace(b"<x:?xml", b"<?xml").replace(b"xmlns=", b"xmlns:x=", 1)
    parts |= {"xl/workbook.xml": book, "xl/styles.xml": styles}

    class Pipe:
        def __init__(self, file: Any) -> None:
            self._file = file

        def write(self, data: bytes) -> int:
            return int(self._file.write(data))

        def flush(self) -> None:
            self._file.flush()

    with path.open("wb") as file, zipfile.ZipFile(Pipe(file), "w", zipfile.ZIP_DEFLATED) as target:  # type: ignore[call-overload]
        for name, content in parts.items():
            target.writestr(name, content)
        target.comment = b"written to a pipe"
    return path


def _shipped(package: str, name: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed")
    return Path(spec.origin).parent / name


def _macro_book(package: str, name: str) -> Callable[[Path], Path]:
    """Return what makes a macro-enabled workbook of one that a package ships, be it an add-in."""

    def made(path: Path) -> Path:
        path.write_bytes(_shipped(package, name).read_bytes())
        addin, book = (
            b"application/vnd.ms-excel.addin.macroEnabled",
            b"application/vnd.ms-excel.sheet.macroEnabled",
        )
        return with_sales(change(path, {"[Content_Types].xml": lambda old: old.replace(addin, book)}))

    return made


MAKERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "xlsxwriter": ("xlsx", by_xlsxwriter),
    "xlsxwriter, macros": ("xlsm", by_xlsxwriter_with_macros),
    "xlsxwriter, 1904": ("xlsx", by_xlsxwriter_since_1904),
    "openpyxl": ("xlsx", by_openpyxl),
    "streamed": ("xlsx", by_a_streaming_writer),
    "libreoffice": ("xlsx", by_libreoffice),
    "xlwings": ("xlsm", _macro_book("xlwings", "quickstart.xlsm")),
    "xlwings, alone": ("xlsm", _macro_book("xlwings", "quickstart_standalone.xlsm")),
    "xlwings, ribbon": ("xlsm", _macro_book("xlwings", "quickstart_addin_ribbon.xlam")),
    "xlwings, add-in": ("xlsm", _macro_book("xlwings", "addin/xlwings.xlam")),
    "pyopenvba": ("xlsm", _macro_book("pyopenvba", "_templates/blank_files/blank_workbook.xlsm")),
}
"""What makes each workbook, by who wrote it, with the ending of its name."""
