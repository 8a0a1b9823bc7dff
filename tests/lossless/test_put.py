"""Putting result sheets into a workbook: in their place, nothing else touched, and every kind of mishap."""

from __future__ import annotations

import errno
import multiprocessing
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName

from tests.lossless.books import before_end, by_openpyxl, change, packed, parts_of, with_relation
from tests.needs import is_first_tier, takes_minutes
from tests.packages import sheets_of, targets
from tests.refusals import figures_of
from xlprofit.errors import FileError
from xlprofit.ooxml import renames
from xlprofit.ooxml.listing import MARK
from xlprofit.ooxml.lock import lock_workbook
from xlprofit.ooxml.package import open_package
from xlprofit.ooxml.put import PutReport, examine_workbook, put_result_sheets
from xlprofit.ooxml.saving import replace_file
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Formula,
    Link,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
    Value,
)
from xlprofit.workflow import refresh

LISTS = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
OWN = ("Dashboard", "Figures", "kept")


def described(existing: tuple[str, ...] = (), figures: Sequence[float] = (5.0, -7.25)) -> list[Sheet]:
    """Describe three result sheets: cells with formulas and a chart; a table with all it can have; a hidden one."""
    columns = (
        Column("name", "Name", ["a & b", "=1+1"], note="who", links=[Link("Dashboard"), None], total=""),
        Column("amount", "Amount", list(figures), Format.MONEY, total="sum", rules=(SignRule(),)),
        Column("double", "Double", [2 * f for f in figures], Format.MONEY, formula="{amount}*2"),
        Column("day", "Day", [45292, None], Format.DATE),
    )
    chart = Chart("bar", "Amounts", 8, 1, ("t", "name"), (Series("t", "amount", "Amount"),), sheet="Figures")
    formulas: dict[int, Value] = {1: 12.0, 2: "a & b", 3: True, 4: "#DIV/0!"}
    texts = ("5+7", 'IF(A1>1,"a & b","")', "A1<13", "A1/0")
    cells = tuple(Cell(row, 1, Formula(text, formulas[row])) for row, text in enumerate(texts, 1))
    merged = Cell(6, 1, "over two", Meaning.TITLE, across=2, link=Link("Sales", "B2"))
    return [
        Sheet("Dashboard", (*cells, merged), charts=(chart,)),
        Sheet(
            "Figures", tables=(Table("t", 2, 2, columns, total_first=True),), freeze="C3", repeat_rows=(1, 2)
        ),
        Sheet(
            "kept",
            tables=(Table("k", 1, 1, (Column("x", "x", [1.5, None, "y"]),), filtered=False),),
            hidden=True,
        ),
    ]


def put_in(source: Path, output: Path | None = None, **options: Any) -> PutReport:
    return put_result_sheets(source, output, described, **options)


def left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith((".new", ".lock"))]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return by_openpyxl(tmp_path / "book.xlsx")


# --- what is written -------------------------------------------------------------------------------


def test_cells_hold_what_was_described_and_what_it_comes_to(path: Path) -> None:
    put_in(path)
    values, formulas = load_workbook(path, data_only=True), load_workbook(path)
    board: Any = values["Dashboard"]
    assert [board.cell(row, 1).value for row in range(1, 5)] == [12, "a & b", True, "#DIV/0!"]
    assert board["A6"].value == "over two"
    assert [str(r) for r in board.merged_cells.ranges] == ["A6:B6"]
    assert board["A6"].hyperlink.location == "'Sales'!B2"
    rows = [[cell.value for cell in row] for row in values["Figures"]["B1:E4"]]
    assert rows[0] == ["Total", -2.25, None, None]
    assert rows[1] == ["Name", "Amount", "Double", "Day"]
    assert [row[:3] for row in rows[2:]] == [["a & b", 5, 10], ["=1+1", -7.25, -14.5]]
    figures: Any = formulas["Figures"]
    assert (figures["B4"].data_type, figures["D4"].value, figures["C1"].value) == (
        "s",
        "=C4*2",
        "=SUM(C3:C4)",
    )
    assert figures["B2"].comment.text == "who"
    assert figures["B3"].hyperlink.location == "'Dashboard'!A1"
    assert figures["C3"].font.name == "Arial"
    assert figures["C3"].number_format.startswith("#,##0")  # the currency stands above, once
    assert figures.freeze_panes == "C3"
    assert figures.print_title_rows == "$1:$2"
    assert figures.auto_filter.ref == "B2:E4"
    assert formulas["kept"].sheet_state == "veryHidden"
    assert [cell.value for cell in formulas["kept"]["A"]] == ["x", 1.5, None, "y"]
    drawn: Any = formulas["Dashboard"]
    assert len(drawn._charts) == 1


def test_sheets_keep_their_place_number_name_and_state(path: Path) -> None:
    put_in(path)
    change(
        path,
        {"xl/workbook.xml": lambda old: re.sub(rb'(name="Figures" [^>]*?)/>', rb'\1 state="hidden"/>', old)},
    )
    listed = re.findall(rb"<sheet .*?/>", parts_of(path)["xl/workbook.xml"])
    moved = [*listed[3:], *listed[:3]]  # as if the user had dragged the tabs

    def reorder(old: bytes) -> bytes:
        for before, after in zip(listed, moved, strict=True):
            old = old.replace(before, b"\0" + after[1:], 1)
        old = old.replace(b"\0sheet", b"<sheet")
        places = {str(i).encode(): str((i + 3) % 6).encode() for i in range(6)}
        return re.sub(rb'localSheetId="(\d)"', lambda m: b'localSheetId="' + places[m[1]] + b'"', old)

    change(path, {"xl/workbook.xml": reorder})
    before = sheets_of(parts_of(path))
    put_result_sheets(path, None, lambda names: described(names, (1.0, 2.0)))
    assert sheets_of(parts_of(path)) == before
    book = load_workbook(path)
    assert book.sheetnames == ["Dashboard", "Figures", "kept", "Sales", "Pivot", "Kept away"]
    assert book["Figures"].sheet_state == "hidden"
    assert book["Figures"]["C3"].value == 1
    assert book["Figures"].print_title_rows == "$1:$2"


def test_a_second_refresh_leaves_no_orphan_and_many_do_not_grow_the_file(path: Path) -> None:
    names = set(parts_of(path))
    put_in(path)
    first, size = parts_of(path), path.stat().st_size
    for i in range(10 if is_first_tier() else 100):
        put_result_sheets(path, None, partial(described, figures=(float(i % 9), -1.0)))
    put_in(path)
    assert parts_of(path) == first
    assert path.stat().st_size == size
    put_result_sheets(path, None, lambda _: [replace_charts(sheet) for sheet in described()])
    left = set(parts_of(path)) - names
    assert not [name for name in left if "chart" in name]


@pytest.mark.parametrize("name", ["Päätökset", 'Quoted "twice" & more', "利益", "it's < 3"])
def test_a_sheet_of_any_name_is_found_again(path: Path, name: str) -> None:
    named = [Sheet(name, described()[0].cells)]
    put_result_sheets(path, None, lambda _: named)
    first = path.read_bytes()
    put_result_sheets(path, None, lambda _: named)
    assert path.read_bytes() == first


def replace_charts(sheet: Sheet) -> Sheet:
    return Sheet(sheet.name, sheet.cells, sheet.tables, hidden=sheet.hidden)


def test_what_the_user_hung_on_a_result_sheet_goes_and_what_others_need_stays(path: Path) -> None:
    put_in(path)
    parts = parts_of(path)
    board = sheets_of(parts)["Dashboard"]
    picture = before_end(
        "Relationships", '<Relationship Id="p" Type="x/image" Target="/xl/media/shared.png"/>'
    )
    sales = sheets_of(parts)["Sales"]
    relations = {name: name.replace("worksheets/", "worksheets/_rels/") + ".rels" for name in (board, sales)}
    change(
        path, {relations[board]: picture, relations[sales]: picture, "xl/media/shared.png": lambda _: b"png"}
    )
    with_relation(path, board, "image", "xl/media/only.png", b"png")
    put_in(path)
    assert "xl/media/shared.png" in parts_of(path)
    assert "xl/media/only.png" not in parts_of(path)


def test_the_calculation_chain_goes_and_excel_is_told_to_calculate(path: Path) -> None:
    with_relation(path, "xl/workbook.xml", "calcChain", "xl/calcChain.xml")
    kind = '<Override PartName="/xl/calcChain.xml" ContentType="application/x-chain"/>'
    change(path, {"[Content_Types].xml": before_end("Types", kind)})
    put_in(path)
    parts = parts_of(path)
    assert "xl/calcChain.xml" not in parts
    assert not [name for name in LISTS if b"calcChain" in parts[name]]
    assert parts["xl/workbook.xml"].count(b'fullCalcOnLoad="1"') == 1


def _with_formula(path: Path, formula: str, name: str = "") -> Path:
    """Put a formula on a sheet of the user's, with a value that Excel would not come to; the engine is an old one."""
    book = load_workbook(path)
    book.create_sheet("Mine")["A1"] = 1
    if name:
        book.defined_names[name] = DefinedName(name, attr_text=formula)
    book.save(path)
    cell = f'<c r="A1"><f>{escape("1+1" if name else formula)}</f><v>77</v></c>'.encode()
    mine = sheets_of(parts_of(path))["Mine"]
    old = re.compile(rb"<calcPr[^>]*/>")
    return change(
        path,
        {
            mine: lambda xml: re.sub(rb'<c r="A1".*?</c>', lambda _: cell, xml),
            "xl/workbook.xml": lambda xml: old.sub(b'<calcPr calcId="152511"/>', xml),
        },
    )


@pytest.mark.parametrize(
    "formula",
    [
        'BDH("ACME US Equity","PX_LAST",A1)',
        "[1]!BDP(Sales!A1)",
        "_xll.QUERY(Sales!A1)",
        "_xldudf_OTHER_RATE(1)",
        "IF(Sales!A1>0,MyRate(Sales!A1),0)",
        'RTD("prices.server",,"EURUSD")',
        'CUBEVALUE("Sales","[Measures].[Net]")',
        "'C:\\addins\\rates.xla'!Rate(1)",
    ],
)
@pytest.mark.parametrize("name", ["", "rate"])
def test_values_of_other_add_ins_are_not_calculated_away_on_opening(
    formula: str, name: str, path: Path
) -> None:
    _with_formula(path, formula, name)
    mine = sheets_of(parts_of(path))["Mine"]
    before = parts_of(path)[mine]
    report = put_in(path)
    assert b'<calcPr calcId="152511"/>' in parts_of(path)["xl/workbook.xml"]
    assert parts_of(path)[mine] == before
    assert report.notes == ()


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(Sales!C:C)",
        'IF(Sales!A1="BDH(1)",1,2)',
        "_xlfn.XLOOKUP(1,Sales!A:A,Sales!C:C)",
        "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)",
        "XLOOKUP(1,Sales!A:A,Sales!C:C)",
        "_xlfn._xlws.SORT(Sales!A:A)",
        "SUM(Table1[net (EUR)])",
        "SUM('Jan (old)'!A1)",
        'CUSTOMER_PROFIT("ACME")',
        '[1]!CUSTOMER_PROFIT("ACME")',
        "(1+2)*(3)",
    ],
)
def test_a_workbook_with_excels_own_functions_is_calculated_on_opening(formula: str, path: Path) -> None:
    _with_formula(path, formula)
    assert put_in(path).notes == ()
    assert b'fullCalcOnLoad="1"' in parts_of(path)["xl/workbook.xml"]


def test_a_name_that_the_user_gave_a_lambda_is_no_add_in(path: Path) -> None:
    book = load_workbook(path)
    book.defined_names["Twice"] = DefinedName("Twice", attr_text="_xlfn.LAMBDA(_xlpm.x,2*_xlpm.x)")
    book.save(path)
    _with_formula(path, "Twice(Sales!C2)")
    put_in(path)
    assert b'fullCalcOnLoad="1"' in parts_of(path)["xl/workbook.xml"]


def test_a_name_of_a_macros_function_is_one_of_an_add_in(path: Path) -> None:
    """Such a name stands for code that is not in the workbook, as that of a formula does not."""
    book = load_workbook(path)
    book.defined_names["BDH"] = DefinedName("BDH", attr_text="Sales!$A$1", function=True)
    book.save(path)
    _with_formula(path, "BDH(Sales!C2)")
    put_in(path)
    assert b"fullCalcOnLoad" not in parts_of(path)["xl/workbook.xml"]


def test_formulas_over_result_sheets_that_stay_old_are_told(path: Path) -> None:
    _with_formula(path, "BDH(Sales!A1)+Figures!B2")
    (note,) = put_in(path).notes
    assert "Ctrl+Alt+F9" in note
    assert b"fullCalcOnLoad" not in parts_of(path)["xl/workbook.xml"]


def test_a_workbook_without_a_word_on_calculation_and_with_an_add_in_stays_without(path: Path) -> None:
    _with_formula(path, "BDH(Sales!A1)")
    change(path, {"xl/workbook.xml": lambda xml: xml.replace(b'<calcPr calcId="152511"/>', b"")})
    put_in(path)
    assert b"calcPr" not in parts_of(path)["xl/workbook.xml"]


# --- a workbook whose structure is protected ----------------------------------------------------------


def _protected(path: Path, said: str = 'lockStructure="1"') -> Path:
    return change(
        path,
        {
            "xl/workbook.xml": lambda xml: re.sub(rb"<workbookProtection[^>]*/>", b"", xml).replace(
                b"<bookViews>", f"<workbookProtection {said}/><bookViews>".encode()
            )
        },
    )


def test_no_sheet_is_added_to_a_workbook_whose_structure_is_protected(path: Path) -> None:
    _protected(path)
    before = path.read_bytes()
    with pytest.raises(FileError) as refused:
        put_in(path)
    assert figures_of(refused.value) == {"path": str(path), "option": "-o book-results.xlsx"}
    assert "Review > Protect Workbook" in refused.value.fix
    assert path.read_bytes() == before
    assert left_over(path.parent) == []


def test_a_copy_of_a_protected_workbook_gets_its_sheets_stays_protected_and_that_is_told(path: Path) -> None:
    report = put_in(_protected(path), path.with_name("out.xlsx"))
    (note,) = report.notes
    assert "protected" in note
    assert b'<workbookProtection lockStructure="1"/>' in parts_of(report.path)["xl/workbook.xml"]
    assert {"Dashboard", "Figures"} <= set(load_workbook(report.path, read_only=True).sheetnames)


def test_result_sheets_that_are_there_are_replaced_in_a_protected_workbook(path: Path) -> None:
    put_in(path)
    once = parts_of(path)
    assert put_in(_protected(path)).notes == ()
    assert parts_of(path) == once | {"xl/workbook.xml": parts_of(path)["xl/workbook.xml"]}


@pytest.mark.parametrize("said", ['lockWindows="1"', 'lockStructure="0"', 'lockStructure="false"'])
def test_a_protection_that_is_not_of_the_structure_is_in_nobodys_way(said: str, path: Path) -> None:
    assert put_in(_protected(path, said)).notes == ()


def test_names_code_names_and_what_newer_excels_add_stay(path: Path) -> None:
    put_in(path)
    board = sheets_of(parts_of(path))["Dashboard"]
    added = '<extLst><ext uri="{0}"><a:b xmlns:a="urn:a">&#8364;</a:b></ext></extLst>'
    changes: dict[str, Callable[[bytes], bytes]] = {
        board: lambda old: old.replace(b"<sheetPr>", b'<sheetPr codeName="Sheet7">'),
        "xl/workbook.xml": lambda old: before_end("workbook", added)(
            before_end(
                "definedNames", '<definedName name="mine" localSheetId="3">Dashboard!$A$1</definedName>'
            )(old)
        ),
    }
    change(path, changes)
    put_in(path)
    parts = parts_of(path)
    assert b'codeName="Sheet7"' in parts[board]
    assert added.encode() in parts["xl/workbook.xml"]
    assert b'<definedName name="mine" localSheetId="3">' in parts["xl/workbook.xml"]
    assert parts["xl/workbook.xml"].count(MARK.encode()) == 3


def test_a_workbook_without_styles(path: Path) -> None:
    def without(old: bytes) -> bytes:
        return re.sub(rb"<(?:Override|Relationship)\b[^>]*styles[^>]*>", b"", old)

    change(path, {"[Content_Types].xml": without, "xl/_rels/workbook.xml.rels": without})
    put_in(path)
    put_in(path)
    book: Any = load_workbook(path)
    assert book["Figures"]["C3"].font.name == "Arial"
    assert targets(parts_of(path), "xl/workbook.xml").keys() >= {"rId1"}


def test_days_count_from_1904_where_the_workbook_does(path: Path) -> None:
    change(path, {"xl/workbook.xml": lambda old: re.sub(rb"<workbookPr\b", b'<workbookPr date1904="1"', old)})
    put_in(path)
    figures: Any = load_workbook(path)["Figures"]
    assert str(figures["E3"].value) == "2024-01-01 00:00:00"


def test_another_file_is_written_and_the_source_is_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    output = path.with_name("Tulos é 表.xlsx")
    assert put_in(path, output).path == output
    assert path.read_bytes() == before
    assert "Dashboard" in load_workbook(output, read_only=True).sheetnames


def test_permissions_and_links_are_kept(path: Path) -> None:
    path.chmod(0o640)
    link = path.with_name("link.xlsx")
    link.symlink_to(path)
    put_in(link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert "Dashboard" in load_workbook(path, read_only=True).sheetnames


def test_a_backup_is_the_old_file(path: Path) -> None:
    before = path.read_bytes()
    assert put_in(path, backup=True).backup == path.with_name("book.backup.xlsx")
    assert path.with_name("book.backup.xlsx").read_bytes() == before
    assert put_in(path, path.with_name("new.xlsx"), backup=True).backup is None  # nothing was written over


# --- what is refused -------------------------------------------------------------------------------


def refusal(source: Path, output: Path | None, told: str) -> None:
    """Assert a refusal that tells this pattern of names and options; every file is as it was then, and none new."""
    before = {p: p.read_bytes() for p in source.parent.iterdir() if p.is_file()}
    for work in (put_in, lambda s, o: examine_workbook(s, o, OWN)):
        try:
            work(source, output)
        except FileError as error:
            assert re.search(told, str(error)), error
            assert error.fix
            assert "\n" not in str(error)
        else:
            assert work is not put_in, "nothing was refused"
    assert {p: p.read_bytes() for p in source.parent.iterdir() if p.is_file()} == before


@pytest.mark.parametrize("name", ["Dashboard", "DASHBOARD"])
def test_a_sheet_of_the_users_that_bears_the_name_of_ours(path: Path, name: str) -> None:
    change(path, {"xl/workbook.xml": lambda old: old.replace(b'name="Pivot"', f'name="{name}"'.encode())})
    refusal(path, None, rf'book\.xlsx .*sheet "{name}"')
    refusal(path, path.with_name("out.xlsx"), rf'sheet "{name}"')


def test_a_result_sheet_that_was_renamed_or_copied_is_the_users(path: Path) -> None:
    put_in(path)
    change(path, {"xl/workbook.xml": lambda old: old.replace(b'name="Figures"', b'name="Figures Q1"')})
    kept = packed(path)[sheets_of(parts_of(path))["Figures Q1"]]
    put_in(path)
    assert load_workbook(path, read_only=True).sheetnames[-4:] == [
        "Dashboard",
        "Figures Q1",
        "kept",
        "Figures",
    ]
    assert packed(path)[sheets_of(parts_of(path))["Figures Q1"]] == kept


def test_a_signed_workbook(path: Path) -> None:
    with_relation(path, "", "origin", "_xmlsignatures/origin.sigs")
    with_relation(path, "_xmlsignatures/origin.sigs", "signature", "_xmlsignatures/sig1.xml")
    with pytest.raises(FileError, match=r"signature.*-o book-results\.xlsx"):
        examine_workbook(path, None, OWN)
    report = put_in(path, path.with_name("out.xlsx"))
    (lost,) = report.losses
    assert "signature" in lost
    assert not [name for name in parts_of(report.path) if name.startswith("_xmlsignatures")]
    assert b"origin" not in parts_of(report.path)["_rels/.rels"]


def test_a_workbook_shared_in_the_old_way(path: Path) -> None:
    with_relation(path, "xl/workbook.xml", "revisionHeaders", "xl/revisions/revisionHeaders.xml")
    with pytest.raises(FileError, match=r"shared .*Review > Unshare Workbook"):
        examine_workbook(path, None, OWN)


@pytest.mark.parametrize("mark", ["~$book.xlsx", ".~lock.book.xlsx#"])
def test_a_workbook_open_elsewhere(path: Path, mark: str) -> None:
    path.with_name(mark).write_bytes(b"me")
    refusal(path, None, rf"is open in .*{re.escape(mark)}.* -o\b")
    assert put_in(path, path.with_name("out.xlsx")).path.exists()
    refusal(path.with_name("out.xlsx"), path, "is open in")


def test_another_ending(path: Path) -> None:
    for name in ("out.xlsm", "out.xls", "out"):
        refusal(path, path.with_name(name), r"\.xlsx .*\.xlsx\. .*\bout\.xlsx\.$")


def test_a_place_that_is_none(path: Path) -> None:
    refusal(path, path.parent / "nowhere" / "out.xlsx", r"folder \S*nowhere\.")
    path.with_name("folder.xlsx").mkdir()
    refusal(path, path.with_name("folder.xlsx"), "is a folder")
    refusal(path.with_name("missing.xlsx"), None, r"no file \S*missing\.xlsx")


def test_a_read_only_folder(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = path.with_name("read-only")
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):  # the superuser may write anywhere
        monkeypatch.setattr("xlprofit.ooxml.saving.os.access", lambda *_: False)
    refusal(path, folder / "out.xlsx", r"folder \S*read-only .* -o\b")
    folder.chmod(0o755)


def test_styles_that_are_no_xml(path: Path) -> None:
    change(path, {"xl/styles.xml": lambda old: old.replace(b"<fonts", b"<fonts><font></fonts><f")})
    refusal(path, None, r"damaged .*\(mismatched tag: line 1\b")


# --- mishaps ---------------------------------------------------------------------------------------


def test_a_workbook_changed_meanwhile(path: Path) -> None:
    def slowly(existing: tuple[str, ...]) -> list[Sheet]:
        change(path, {"docProps/app.xml": lambda old: old + b"<!-- saved by Excel meanwhile -->"})
        return described(existing)

    with pytest.raises(FileError) as refused:
        put_result_sheets(path, None, slowly)
    assert figures_of(refused.value) == {"path": str(path)} and "changed" in refused.value.what
    assert b"meanwhile" in parts_of(path)["docProps/app.xml"]
    assert "Dashboard" not in load_workbook(path, read_only=True).sheetnames
    assert left_over(path.parent) == []


def test_a_workbook_changed_since_its_tables_were_read(path: Path) -> None:
    seen = examine_workbook(path, None, OWN)
    change(path, {"docProps/app.xml": lambda old: old + b"<!-- -->"})
    with pytest.raises(FileError, match=r"book\.xlsx \w+ changed"):
        put_in(path, seen=seen)
    put_in(path, seen=examine_workbook(path, None, OWN))


@pytest.mark.parametrize("after", [0, 1, 5, 40, 60])
def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    before = path.read_bytes()
    real_open, written = Path.open, [0]

    class Full:
        def __init__(self, file: Any) -> None:
            self._file = file

        def write(self, data: bytes) -> int:
            written[0] += 1
            if written[0] > after:
                raise OSError(errno.ENOSPC, "No space left on device")
            return int(self._file.write(data))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            self._file.close()

    def full(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        file = real_open(self, mode, *rest, **named)
        return Full(file) if mode == "wb" and self.name.endswith(".new") else file

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(FileError, match=r"\(No space left on device\).*\. \w"):
        put_in(path)
    assert path.read_bytes() == before
    assert left_over(path.parent) == []


@pytest.mark.parametrize("mishap", [KeyboardInterrupt, RuntimeError, MemoryError])
def test_whatever_breaks_off_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, mishap: type[BaseException]
) -> None:
    before = path.read_bytes()

    def broken(_: object) -> list[Sheet]:
        raise mishap

    with pytest.raises(mishap):
        put_result_sheets(path, None, broken)
    monkeypatch.setattr("xlprofit.ooxml.saving.os.fsync", broken)
    with pytest.raises(mishap):
        put_in(path)
    assert path.read_bytes() == before
    assert left_over(path.parent) == []


def test_a_file_held_open_by_windows(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(renames, "exchange_files", lambda *_: False)
    monkeypatch.setattr(Path, "replace", held)
    refusal(path, None, r"cannot access the file.*\. .*\bExcel\b")


def test_replacing_gives_a_new_file_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").write_bytes(b"")
    with replace_file(tmp_path / "new.xlsx") as beside:
        beside.write_bytes(b"whole")
        assert not (tmp_path / "new.xlsx").exists()
    assert (tmp_path / "new.xlsx").read_bytes() == b"whole"
    assert (tmp_path / "new.xlsx").stat().st_mode == (tmp_path / "usual").stat().st_mode


def put_for_ever(path: Path, ready: Any) -> None:
    ready.set()
    figure = 0.0
    while True:
        put_result_sheets(path, None, partial(described, figures=(figure, -1.0)))
        figure += 1


@pytest.mark.skipif(os.name == "nt", reason="Windows cannot fork; there too a rename is one step")
@takes_minutes
def test_killed_at_any_moment_the_file_is_whole(path: Path) -> None:
    before = packed(path)
    untouched = set(before) - LISTS
    fork = multiprocessing.get_context("fork")
    for moment in range(25):
        ready = fork.Event()
        process = fork.Process(target=put_for_ever, args=(path, ready))
        process.start()
        ready.wait()
        time.sleep(moment * 0.004)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        parts_of(path)  # every part's sum is right
        after = packed(path)
        assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
        with open_package(path) as book:
            assert book.testzip() is None


# --- two at once -----------------------------------------------------------------------------------


def test_of_two_refreshes_at_once_the_second_is_told(path: Path) -> None:
    before = path.read_bytes()
    with lock_workbook(path), pytest.raises(FileError, match="another xlprofit") as refused:
        refresh(path)
    assert figures_of(refused.value) == {"path": path}
    assert path.read_bytes() == before
    assert refresh(path).path == path
    assert left_over(path.parent) == []


def test_the_lock_of_a_killed_process_holds_nobody_up(path: Path) -> None:
    code = (
        "import sys, time, pathlib; from xlprofit.ooxml.lock import lock_workbook\n"
        "with lock_workbook(pathlib.Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(FileError, match="by another xlprofit"), lock_workbook(path):
            pass
        holder.kill()
        holder.wait()
    with lock_workbook(path):
        assert path.with_name(".book.xlsx.lock").exists()
    assert left_over(path.parent) == []


def test_no_lock_can_be_made_where_nothing_can_be_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the file system itself refuses, whoever runs the tests
    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path.with_name(".book.xlsx.lock")))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileError) as refused, lock_workbook(path):
        pass
    assert isinstance(refused.value.__cause__, OSError) and refused.value.__cause__.errno == errno.EROFS
    assert str(path) in str(refused.value)


@pytest.mark.skipif(os.name == "nt", reason="Windows always knows locks")
def test_a_disk_that_knows_no_locks_is_written_without(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert refresh(path).path == path
    assert left_over(path.parent) == []
