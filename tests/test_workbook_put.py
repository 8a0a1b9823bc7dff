"""Putting result sheets into a workbook: what survives, what is refused, and every kind of mishap."""

from __future__ import annotations

import datetime as dt
import errno
import multiprocessing
import os
import re
import signal
import stat
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from xlprofit.errors import FileError
from xlprofit.workbook.losses import losses
from xlprofit.workbook.put import Values, put, stamp_of
from xlprofit.workbook.read import read
from xlprofit.workbook.saving import replacing

OWN = ("Dashboard",)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def draw(workbook: Workbook) -> Values:
    """Draw one result sheet with a chart, and say what its formulas come to."""
    if "Dashboard" in workbook.sheetnames:
        del workbook["Dashboard"]
    sheet = workbook.create_sheet("Dashboard", 0)
    for row, value in enumerate((5, 7, "=A1+A2", '=IF(A1>1,"a & b","")', "=A1<A2", "=A1/0"), 1):
        sheet.cell(row, 1, value)
    sheet["A1"].font = Font(bold=True, color="FF112233")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=2))
    sheet.add_chart(chart, "C2")
    return {"Dashboard": {"A3": 12.0, "A4": "a & b", "A5": True, "A6": "#DIV/0!"}}


def user_book(path: Path) -> Path:
    """Make a workbook with all that a user's sheets have and openpyxl writes back."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Sales"
    sheet.append(["date", "customer", "gross_revenue", "kind"])
    for day in range(1, 4):
        sheet.append([dt.datetime(2024, 3, day), f"{day:05}", day * 1000 / 3, "a"])
        sheet.cell(day + 1, 1).number_format = "yyyy-mm-dd"
    sheet["C2"].fill = PatternFill("solid", fgColor="FFFFEE00")
    sheet["F1"], sheet["F2"] = "=C2*2", '=B2&"x"'
    sheet.add_table(Table(displayName="Sales", ref="A1:D4"))
    listed: Any = DataValidation(type="list", formula1='"a,b"')
    listed.add("D2:D4")
    sheet.add_data_validation(listed)
    below_zero = Rule(
        "cellIs", operator="lessThan", formula=["0"], dxf=DifferentialStyle(Font(color="FFFF0000"))
    )
    sheet.conditional_formatting.add("C2:C4", below_zero)
    sheet["B1"].comment = Comment("the customer's number", "me", height=50, width=300)
    sheet["D1"].hyperlink = "https://example.org/a?b=1&c=2"
    sheet.column_dimensions["B"].width = 33
    sheet.row_dimensions[3].height = 40
    sheet.freeze_panes = "A2"
    sheet.sheet_properties.tabColor = "FF00FF00"
    sheet.merge_cells("H1:J2")
    book.create_sheet("Hidden").sheet_state = "hidden"
    book.defined_names["everything"] = DefinedName("everything", attr_text="Sales!$A$1:$D$4")
    book.save(path)
    calculate = {
        rb"<f>C2\*2</f><v ?(/>|></v>)": rb"<f>C2*2</f><v>666.6666666666666</v>",
        rb'<c r="F2"><f>B2&amp;"x"</f><v ?(/>|></v>)': rb'<c r="F2" t="str"><f>B2&amp;"x"</f><v>00001x</v>',
    }

    def calculated(old: bytes) -> bytes:
        for pattern, value in calculate.items():
            old, times = re.subn(pattern, value, old)
            assert times == 1
        return old

    return change(path, {"xl/worksheets/sheet1.xml": calculated})


def change(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> Path:
    """Change or add parts of a workbook in place, byte by byte."""
    parts = parts_of(path)
    for name, change_part in changes.items():
        parts[name] = change_part(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return {name: book.read(name) for name in book.namelist()}


def sheet_data(path: Path, sheet: int) -> bytes:
    content = parts_of(path)[f"xl/worksheets/sheet{sheet}.xml"]
    return content[content.index(b"<sheetData") : content.index(b"</sheetData>")]


def add_before_end(tag: bytes, xml: str) -> Callable[[bytes], bytes]:
    return lambda old: old.replace(b"</" + tag + b">", xml.encode() + b"</" + tag + b">")


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".new")]


# --- what survives ---------------------------------------------------------------------------------


def test_everything_that_openpyxl_knows_survives_in_place(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    cells = sheet_data(path, 1)
    assert put(path, None, draw, OWN).losses == ()
    assert sheet_data(path, 2) == cells  # byte for byte, the values of formulas included
    book = load_workbook(path)
    assert book.sheetnames == ["Dashboard", "Sales", "Hidden"]
    sheet: Any = book["Sales"]
    assert sheet["A2"].value == dt.datetime(2024, 3, 1)
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    assert (sheet["B3"].value, sheet["F1"].value) == ("00002", "=C2*2")
    assert sheet["C2"].fill.fgColor.rgb == "FFFFEE00"
    assert sheet.tables["Sales"].ref == "A1:D4"
    assert [c.name for c in sheet.tables["Sales"].tableColumns][:2] == ["date", "customer"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"a,b"'
    assert [str(r.sqref) for r in sheet.conditional_formatting] == ["C2:C4"]
    assert sheet["B1"].comment.text == "the customer's number"
    assert sheet["D1"].hyperlink.target == "https://example.org/a?b=1&c=2"
    assert (sheet.column_dimensions["B"].width, sheet.row_dimensions[3].height) == (33, 40)
    assert (sheet.freeze_panes, sheet.sheet_properties.tabColor.rgb) == ("A2", "FF00FF00")
    assert [str(r) for r in sheet.merged_cells.ranges] == ["H1:J2"]
    assert book["Hidden"].sheet_state == "hidden"
    assert book.defined_names["everything"].attr_text == "Sales!$A$1:$D$4"
    assert read(path)["Sales"].frame["customer"].tolist() == ["00001", "00002", "00003"]


def test_notes_keep_their_size(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    put(path, None, draw, OWN)
    put(path, None, draw, OWN)
    drawings = [c for name, c in parts_of(path).items() if name.endswith(".vml")]
    assert len(drawings) == 1
    assert b"width:300" in drawings[0]
    assert b"height:50" in drawings[0]


def test_formulas_drawn_carry_their_values(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    put(path, None, draw, OWN)
    values: Any = load_workbook(path, data_only=True)["Dashboard"]
    assert [values.cell(row, 1).value for row in range(1, 7)] == [5, 7, 12, "a & b", True, "#DIV/0!"]
    formulas: Any = load_workbook(path)["Dashboard"]
    assert [formulas.cell(row, 1).value for row in (3, 6)] == ["=A1+A2", "=A1/0"]


def test_shared_strings_and_rich_text_are_carried(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    strings = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="2" uniqueCount="2">'
        b"<si><t>_x005F_x0041_ 00123</t></si>"
        b'<si><r><t xml:space="preserve">half </t></r><r><rPr><b/></rPr><t>bold</t></r></si></sst>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    changes: dict[str, Callable[[bytes], bytes]] = {
        "xl/sharedStrings.xml": lambda _: strings,
        "xl/worksheets/sheet1.xml": add_before_end(
            b"sheetData", '<row r="9"><c r="B9" t="s"><v>0</v></c><c r="C9" t="s"><v>1</v></c></row>'
        ),
        "[Content_Types].xml": add_before_end(
            b"Types", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
        ),
        "xl/_rels/workbook.xml.rels": add_before_end(
            b"Relationships",
            f'<Relationship Id="rId99" Type="{RELATION}/sharedStrings" Target="sharedStrings.xml"/>',
        ),
    }
    change(path, changes)
    for _ in range(3):
        put(path, None, draw, OWN)
    parts = parts_of(path)
    assert parts["xl/sharedStrings.xml"] == strings
    assert parts["[Content_Types].xml"].count(b"sharedStrings") == 2  # its name and its type, once
    assert parts["xl/_rels/workbook.xml.rels"].count(b"/xl/sharedStrings.xml") == 1
    sheet: Any = load_workbook(path, rich_text=True)["Sales"]
    assert sheet["B9"].value == "_x0041_ 00123"
    assert [str(run) for run in sheet["C9"].value] == ["half ", "bold"]


def test_a_sheet_with_prefixed_elements_goes_through_openpyxl(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")

    def prefixed(old: bytes) -> bytes:
        start = old.index(b"<sheetData")
        end = old.index(b"</sheetData>") + len(b"</sheetData>")
        cells = old[start:end].replace(b"</", b"\0").replace(b"<", b"<x:").replace(b"\0", b"</x:")
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return f'<x:worksheet xmlns:x="{main}">'.encode() + cells + b"</x:worksheet>"

    change(path, {"xl/worksheets/sheet1.xml": prefixed})
    put(path, None, draw, OWN)
    sheet: Any = load_workbook(path)["Sales"]
    assert (sheet["B2"].value, sheet["C2"].fill.fgColor.rgb, sheet["F1"].value) == (
        "00001",
        "FFFFEE00",
        "=C2*2",
    )


def test_rows_may_bear_attributes_of_another_namespace(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    x14ac = b'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'

    def spaced(old: bytes) -> bytes:
        old = old.replace(b"<worksheet ", b"<worksheet " + x14ac + b" ", 1)
        return re.sub(rb'<row r="2"', b'<row r="2" x14ac:dyDescent="0.25"', old)

    change(path, {"xl/worksheets/sheet1.xml": spaced})
    put(path, None, draw, OWN)
    assert b'x14ac:dyDescent="0.25"' in sheet_data(path, 2)
    assert read(path)["Sales"].frame.shape == (3, 4)


def test_macros_are_kept(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx").rename(tmp_path / "book.xlsm")
    enabled = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    vba = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    changes: dict[str, Callable[[bytes], bytes]] = {
        "xl/vbaProject.bin": lambda _: b"\xcc\x61 macros \x00\x01",
        "[Content_Types].xml": lambda old: add_before_end(
            b"Types",
            '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        )(old.replace(plain, enabled)),
        "xl/_rels/workbook.xml.rels": add_before_end(
            b"Relationships", f'<Relationship Id="rId99" Type="{vba}" Target="vbaProject.bin"/>'
        ),
    }
    change(path, changes)
    assert put(path, None, draw, OWN).losses == ()
    parts = parts_of(path)
    assert parts["xl/vbaProject.bin"] == b"\xcc\x61 macros \x00\x01"
    assert parts["[Content_Types].xml"].count(enabled) == 1
    assert plain not in parts["[Content_Types].xml"]
    assert vba.encode() in parts["xl/_rels/workbook.xml.rels"]


def test_an_xlsm_without_macros_stays_one(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx").rename(tmp_path / "book.xlsm")
    put(path, None, draw, OWN)
    parts = parts_of(path)
    assert b"macroEnabled.main+xml" in parts["[Content_Types].xml"]
    assert b"vbaProject" not in parts["xl/_rels/workbook.xml.rels"]


def test_twice_the_same_sheets_are_the_same_bytes(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    put(path, None, draw, OWN)
    first = parts_of(path)
    time.sleep(0.01)
    for _ in range(3):
        put(path, None, draw, OWN)
    second = parts_of(path)
    first.pop("docProps/core.xml")
    second.pop("docProps/core.xml")
    assert first == second
    with zipfile.ZipFile(path) as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_another_file_is_written_and_the_source_is_as_it_was(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    output = tmp_path / "Tulos é 表.xlsx"
    report = put(path, output, draw, OWN)
    assert (report.path, report.losses) == (output, ())
    assert path.read_bytes() == before
    assert "Dashboard" in load_workbook(output).sheetnames


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    real = user_book(tmp_path / "real.xlsx")
    real.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(real)
    put(link, None, draw, OWN)
    assert link.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "Dashboard" in load_workbook(real).sheetnames


# --- what would be lost ----------------------------------------------------------------------------


def with_relation(path: Path, part: str, kind: str, target: str, content: bytes = b"<x/>") -> Path:
    """Add a part and a relation to it."""
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels".lstrip("/")

    def related(old: bytes) -> bytes:
        old = (
            old
            or b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        )
        return add_before_end(
            b"Relationships",
            f'<Relationship Id="new{len(old)}" Type="{RELATION}/{kind}" Target="/{target}"/>',
        )(old)

    return change(path, {relations: related, target: lambda _: content})


def behind_cells(path: Path, xml: str) -> Path:
    """Add elements behind the cells of the Sales sheet."""
    return change(path, {"xl/worksheets/sheet1.xml": add_before_end(b"worksheet", xml)})


X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'


def extension(uri: str, inner: str) -> str:
    return f'<extLst><ext uri="{uri}" {X14}>{inner}</ext></extLst>'


@pytest.mark.parametrize(
    ("kind", "phrase"),
    [
        ("pivotTable", "1 pivot table"),
        ("slicer", "1 slicer"),
        ("ctrlProp", "1 form control"),
        ("image", "1 background picture"),
        ("oleObject", "1 embedded object"),
        ("somethingNew", "the part xl/new.xml"),
    ],
)
def test_parts_of_a_sheet_that_would_be_lost(tmp_path: Path, kind: str, phrase: str) -> None:
    path = with_relation(user_book(tmp_path / "b.xlsx"), "xl/worksheets/sheet1.xml", kind, "xl/new.xml")
    assert losses(path, OWN) == (f'{phrase} on sheet "Sales"',)
    assert losses(path, ("Sales",)) == ()


@pytest.mark.parametrize(
    ("part", "kind", "phrase"),
    [
        ("xl/workbook.xml", "connections", "1 list of data connections"),
        ("xl/workbook.xml", "customXml", "1 custom XML part"),
        ("xl/workbook.xml", "novelty", "the part xl/new.xml"),
        ("", "webextensiontaskpanes", "1 Office add-in pane"),
        ("", "origin", "1 digital signature"),
    ],
)
def test_parts_of_the_workbook_that_would_be_lost(tmp_path: Path, part: str, kind: str, phrase: str) -> None:
    path = with_relation(user_book(tmp_path / "b.xlsx"), part, kind, "xl/new.xml")
    assert losses(path, OWN) == (phrase,)


@pytest.mark.parametrize(
    ("uri", "inner", "phrase"),
    [
        (
            "{05C60535-1F16-4fd2-B633-F4F36F0B64E0}",
            "<x14:sparklineGroups><x14:sparklineGroup/><x14:sparklineGroup/></x14:sparklineGroups>",
            "2 sparkline groups",
        ),
        (
            "{78C0D931-6437-407d-A8EE-F0AAD7539E65}",
            "<x14:conditionalFormattings><x14:conditionalFormatting/></x14:conditionalFormattings>",
            "1 extended conditional format",
        ),
        (
            "{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}",
            "<x14:dataValidations><x14:dataValidation/></x14:dataValidations>",
            "1 extended drop-down list",
        ),
        (
            "{00000000-0000-0000-0000-00000000000A}",
            "<x14:a/>",
            "the extension {00000000-0000-0000-0000-00000000000A}",
        ),
    ],
)
def test_extensions_that_would_be_lost(tmp_path: Path, uri: str, inner: str, phrase: str) -> None:
    path = behind_cells(user_book(tmp_path / "b.xlsx"), extension(uri, inner))
    assert losses(path, OWN) == (f'{phrase} on sheet "Sales"',)


def drawing(*objects: str) -> bytes:
    xdr = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    anchors = "".join(f"<xdr:twoCellAnchor>{o}</xdr:twoCellAnchor>" for o in objects)
    return f'<xdr:wsDr xmlns:xdr="{xdr}" xmlns:mc="{mc}">{anchors}</xdr:wsDr>'.encode()


CHART = '<xdr:graphicFrame><graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/></xdr:graphicFrame>'
NEW_CHART = (
    '<mc:AlternateContent><mc:Choice Requires="cx1"><xdr:graphicFrame>'
    '<graphicData uri="http://schemas.microsoft.com/office/drawing/2014/chartex"/>'
    "</xdr:graphicFrame></mc:Choice><mc:Fallback><xdr:sp/></mc:Fallback></mc:AlternateContent>"
)
CONTROL = '<mc:AlternateContent><mc:Choice Requires="a14"><xdr:sp/></mc:Choice></mc:AlternateContent>'


def test_what_is_drawn_on_a_sheet_would_be_lost(tmp_path: Path) -> None:
    drawn = drawing(CHART, CHART, "<xdr:pic/>", "<xdr:sp/>", "<xdr:grpSp/>", NEW_CHART, CONTROL)
    path = user_book(tmp_path / "b.xlsx")
    with_relation(path, "xl/worksheets/sheet1.xml", "drawing", "xl/drawings/drawing9.xml", drawn)
    assert [phrase.removesuffix(' on sheet "Sales"') for phrase in losses(path, OWN)] == [
        "2 charts",
        "1 picture",
        "1 shape or text box",
        "1 group of shapes",
        "1 chart of a newer kind",
    ]


def test_a_chart_of_the_users_is_a_loss_and_one_of_ours_is_none(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    put(path, None, draw, OWN)
    assert losses(path, OWN) == ()
    assert losses(path) == ('1 chart on sheet "Dashboard"',)


def test_pictures_in_cells_would_be_lost_and_arrays_that_spill_not(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    cells = '<row r="20"><c r="A20" cm="1"><f t="array" ref="A20:A22">SORT(C2:C4)</f><v>1</v></c></row>'
    change(path, {"xl/worksheets/sheet1.xml": add_before_end(b"sheetData", cells)})
    with_relation(path, "xl/workbook.xml", "sheetMetadata", "xl/metadata.xml", b"<metadata/>")
    assert losses(path, OWN) == ()
    put(path, None, draw, OWN)
    assert cells.encode() in sheet_data(path, 2)
    assert parts_of(path)["xl/metadata.xml"] == b"<metadata/>"
    with_relation(path, "xl/workbook.xml", "rdRichValue", "xl/richData/rdrichvalue.xml")
    picture = '<row r="21"><c r="C21" t="e" vm="1"><v>#VALUE!</v></c></row>'
    change(path, {"xl/worksheets/sheet2.xml": add_before_end(b"sheetData", picture)})
    assert losses(path, OWN) == (
        '1 dynamic array formula on sheet "Sales"',
        '1 picture or data type in a cell on sheet "Sales"',
    )
    output = tmp_path / "out.xlsx"
    put(path, output, draw, OWN)
    assert b' vm="' not in sheet_data(output, 2)
    assert b' cm="' not in sheet_data(output, 2)
    assert "xl/metadata.xml" not in parts_of(output)


def test_in_place_is_refused_where_something_would_be_lost(tmp_path: Path) -> None:
    path = with_relation(user_book(tmp_path / "b.xlsx"), "xl/worksheets/sheet1.xml", "slicer", "xl/new.xml")
    before = path.read_bytes()
    for output in (None, path, tmp_path / "." / "b.xlsx"):
        with pytest.raises(
            FileError, match=r'would drop from it: 1 slicer on sheet "Sales".* -o b-results.xlsx'
        ):
            put(path, output, draw, OWN)
    assert path.read_bytes() == before
    report = put(path, tmp_path / "out.xlsx", draw, OWN)
    assert report.losses == ('1 slicer on sheet "Sales"',)
    assert "xl/new.xml" not in parts_of(report.path)


# --- what is refused -------------------------------------------------------------------------------


def refusal(source: Path, output: Path | None, words: str) -> None:
    """Assert a refusal in these words, after which every file is as it was and none is new."""
    before = {p: p.read_bytes() for p in source.parent.iterdir() if p.is_file()}
    with pytest.raises(FileError, match=words) as caught:
        put(source, output, draw, OWN)
    assert caught.value.mend
    assert "\n" not in str(caught.value)
    assert {p: p.read_bytes() for p in source.parent.iterdir() if p.is_file()} == before


@pytest.mark.parametrize("mark", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_workbook_open_elsewhere(tmp_path: Path, mark: str) -> None:
    path = user_book(tmp_path / "book.xlsx")
    (tmp_path / mark).write_bytes(b"me")
    refusal(path, None, "is open in .* Close it there, or write to another file with -o")
    assert put(path, tmp_path / "out.xlsx", draw, OWN).path.exists()
    refusal(tmp_path / "out.xlsx", path, "is open in")


def test_another_ending(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    for name in ("out.xlsm", "out.xls", "out"):
        refusal(path, tmp_path / name, r"an .xlsx stays an .xlsx. Name the output out.xlsx")


def test_a_place_that_is_none(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    refusal(path, tmp_path / "nowhere" / "out.xlsx", "There is no folder")
    (tmp_path / "folder.xlsx").mkdir()
    refusal(path, tmp_path / "folder.xlsx", "is a folder")
    refusal(tmp_path / "missing.xlsx", None, "There is no file")


def test_a_read_only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = user_book(tmp_path / "book.xlsx")
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    if os.access(locked, os.W_OK):  # the superuser may write anywhere
        monkeypatch.setattr("xlprofit.workbook.saving.os.access", lambda *_: False)
    refusal(path, locked / "out.xlsx", "may not be written in. Give another place with -o")
    locked.chmod(0o755)


def test_a_workbook_changed_meanwhile(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")

    def draw_slowly(workbook: Workbook) -> None:
        draw(workbook)
        change(path, {"docProps/app.xml": lambda old: old + b"<!-- saved by Excel meanwhile -->"})

    with pytest.raises(FileError, match="was changed by somebody else"):
        put(path, None, draw_slowly, OWN)
    assert b"meanwhile" in parts_of(path)["docProps/app.xml"]
    assert "Dashboard" not in load_workbook(path).sheetnames
    assert left_over(tmp_path) == []


def test_a_workbook_changed_since_its_tables_were_read(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    seen = stamp_of(path)
    change(path, {"docProps/app.xml": lambda old: old + b"<!-- -->"})
    with pytest.raises(FileError, match="was changed by somebody else"):
        put(path, None, draw, OWN, seen=seen)
    put(path, None, draw, OWN, seen=stamp_of(path))


def test_a_workbook_that_openpyxl_stumbles_on(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    change(
        path,
        {"xl/styles.xml": lambda old: old.replace(b"<fonts", b"<fonts><font><sz val='x'/></font></fonts><f")},
    )
    refusal(path, None, "openpyxl stumbles on it|is damaged")


# --- mishaps ---------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = user_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    real = zipfile.ZipFile.writestr

    for part in ("xl/workbook.xml", "[Content_Types].xml"):

        def full(self: zipfile.ZipFile, entry: Any, *rest: Any, at: str = part) -> None:
            if getattr(entry, "filename", entry) == at and self.filename and self.filename.endswith(".new"):
                raise OSError(errno.ENOSPC, "No space left on device")
            real(self, entry, *rest)

        monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
        with pytest.raises(FileError, match=r"No space left on device.*it is as it was. Make room"):
            put(path, None, draw, OWN)
        assert path.read_bytes() == before
        assert left_over(tmp_path) == []


@pytest.mark.parametrize("mishap", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_whatever_breaks_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mishap: type[BaseException]
) -> None:
    path = user_book(tmp_path / "book.xlsx")
    before = path.read_bytes()

    def broken(_: int) -> None:
        raise mishap

    def broken_draw(_: Workbook) -> None:
        raise mishap

    with pytest.raises(mishap):
        put(path, None, broken_draw, OWN)
    monkeypatch.setattr("xlprofit.workbook.saving.os.fsync", broken)
    with pytest.raises(mishap):
        put(path, None, draw, OWN)
    assert path.read_bytes() == before
    assert left_over(tmp_path) == []


def test_a_file_held_open_by_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = user_book(tmp_path / "book.xlsx")

    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(Path, "replace", held)
    refusal(path, None, "cannot access the file.*Close it in Excel")


def test_replacing_gives_a_new_file_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    with replacing(tmp_path / "new.xlsx") as beside:
        beside.write_bytes(b"whole")
        assert not (tmp_path / "new.xlsx").exists()
    assert (tmp_path / "new.xlsx").read_bytes() == b"whole"
    assert (tmp_path / "new.xlsx").stat().st_mode == (tmp_path / "usual").stat().st_mode


def put_for_ever(path: Path, ready: Any) -> None:
    ready.set()
    while True:
        put(path, None, draw, OWN)


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork; there too a rename is one step")
def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path) -> None:
    path = user_book(tmp_path / "book.xlsx")
    cells = sheet_data(path, 1)
    fork = multiprocessing.get_context("fork")
    for moment in range(25):
        ready = fork.Event()
        process = fork.Process(target=put_for_ever, args=(path, ready))
        process.start()
        ready.wait()
        time.sleep(moment * 0.0017)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        book = load_workbook(path)
        assert sheet_data(path, 1 + book.sheetnames.index("Sales")) == cells  # and every part's sum is right
