"""Parts that other programs write and ours does not: what is read of them, and what becomes of them."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from openpyxl.worksheet.table import Table

import xlprofit
from tests.bad_input.plain import GROSS, HEADERS, plain, put
from tests.lossless.books import change, parts_of, with_relation
from tests.packages import sheets_of
from tests.refusals import figures_of, list_figures
from xlprofit.addresses import parse_row_number
from xlprofit.errors import FileError, XlprofitError
from xlprofit.ooxml import archive, package, swelling
from xlprofit.ooxml.additions import list_lost_additions
from xlprofit.ooxml.drawn import find_free_part_name
from xlprofit.ooxml.listing import Listing, extend_sheet_list, read_sheet_list
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.rows import WrittenColumn, write_row_elements
from xlprofit.workflow import Refreshed

SHEET, TEXTS, BOOK = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return plain(tmp_path / "book.xlsx")


# --- zip files -----------------------------------------------------------------------------------------


def test_a_part_beyond_four_gigabytes_is_found(path: Path, tmp_path: Path) -> None:
    long, copied = tmp_path / "long.zip", tmp_path / "copied.zip"
    with zipfile.ZipFile(path) as book, long.open("wb") as target:
        target.seek(5 << 30)  # a hole, which takes no room on the disk
        archive.rewrite_archive(book, target, {"new.txt": b"new"})
    with zipfile.ZipFile(long) as book, copied.open("wb") as target:
        assert book.testzip() is None and book.read("new.txt") == b"new"
        assert min(entry.header_offset for entry in book.infolist()) == 5 << 30
        archive.rewrite_archive(book, target, {})  # and back to where short offsets do
    assert parts_of(copied) == parts_of(path) | {"new.txt": b"new"}


def test_a_part_that_would_be_larger_than_its_sums_can_say(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "_LARGE", 1_000)
    with zipfile.ZipFile(path) as book, pytest.raises(zipfile.BadZipFile, match=r"new\.bin"):
        archive.rewrite_archive(book, io.BytesIO(), {"new.bin": bytes(1_000)})


@pytest.mark.parametrize(
    ("mark", "what"), [(b"PK\x01\x02", "directory"), (b"PK\x03\x04", "header"), (b"", "Trunc")]
)
def test_a_file_that_changes_while_it_is_copied_is_damage(mark: bytes, what: str, path: Path) -> None:
    content = path.read_bytes()
    held = io.BytesIO(content)
    with zipfile.ZipFile(held) as book:
        at = content.rindex(mark) if mark else len(content) - 40
        held.seek(at)
        held.write(b"PK\0\0") if mark else held.truncate(at)
        with pytest.raises(zipfile.BadZipFile, match=what):
            archive.rewrite_archive(book, io.BytesIO(), {})


def test_a_zip_with_a_password_and_a_sheet_part_of_two_sheets(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in (m.start() for m in re.finditer(rb"PK\x01\x02", content)):
        content[at + 8] |= 1  # encrypted, says the directory
    other = path.with_name("secret.xlsx")
    other.write_bytes(content)
    with pytest.raises(FileError) as caught:
        read_input_tables(other)
    assert figures_of(caught.value)["path"] == other
    twice = b'<sheet name="Again" sheetId="77" r:id="rId1"/></sheets>'
    change(path, {BOOK: lambda old: old.replace(b"</sheets>", twice)})
    with pytest.raises(FileError) as caught:
        read_input_tables(path)
    assert SHEET in str(caught.value)


def test_a_binary_workbook_under_another_name(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="xl/workbook.bin"/></Relationships>',
        )
        book.writestr("xl/workbook.bin", b"x")
    with pytest.raises(FileError, match="xlsb"):
        read_input_tables(path)


def test_macros_in_an_xlsx_and_none_in_an_xlsm(path: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.xlsm"
    bare.write_bytes(path.read_bytes())
    with pytest.raises(FileError) as caught:
        read_input_tables(bare)
    assert figures_of(caught.value)["name"] == "bare.xlsx"
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    with_macros = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    change(path, {"[Content_Types].xml": lambda old: old.replace(usual, with_macros)})
    with pytest.raises(FileError) as caught:
        read_input_tables(path)
    assert figures_of(caught.value)["name"] == "book.xlsm"


def test_a_part_of_more_tags_than_excel_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MOST_TAGS", 5)
    with pytest.raises(FileError) as caught:
        read_input_tables(path)
    assert figures_of(caught.value)["n"] == 5


def add_deep_names(old: bytes) -> bytes:
    return old.replace(b"</sheets>", b"</sheets><extLst>" + b"<a>" * 300 + b"</a>" * 300 + b"</extLst>")


SPOILT: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "two parts of one name": (SHEET.upper(), lambda _: b"<worksheet/>"),
    "elements 300 deep": (BOOK, add_deep_names),
    "two bytes a character": (BOOK, lambda old: old.decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    "another encoding": (BOOK, lambda old: old.replace(b'encoding="UTF-8"', b'encoding="iso-8859-1"')),
    "a document type": (BOOK, lambda old: old.replace(b"<workbook", b"<!DOCTYPE a><workbook", 1)),
    "letters that are not UTF-8": (TEXTS, lambda old: old.replace(b"customer", b"custom\xff\xfe")),
    "no XML at all": (BOOK, lambda _: b"PK"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_parts_that_no_excel_wrote_are_refused_in_a_line(name: str, path: Path) -> None:
    part, spoil = SPOILT[name]
    change(path, {part: spoil})
    before = path.read_bytes()
    with pytest.raises(FileError) as caught:
        xlprofit.refresh(path)
    assert "\n" not in str(caught.value) and caught.value.fix
    assert path.read_bytes() == before


def test_a_list_without_sheets_takes_none() -> None:
    old = Listing("xl/workbook.xml", b"<workbook/>", (), (), {})
    with pytest.raises(zipfile.BadZipFile):
        extend_sheet_list(old, {}, (), (), {})


def test_two_tables_side_by_side_end_where_the_other_begins(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    for row in (
        ("date", "customer", "gross_revenue", "customer", "segment"),
        ("2024-01-31", "A", 5.0, "A", "x"),
        (None, None, None, "B", "y"),
    ):
        sheet.append(row)
    for name, ref in (("Sales", "A1:C2"), ("Customers", "D1:E3")):
        sheet.add_table(Table(displayName=name, ref=ref))
    book.save(tmp_path / "book.xlsx")
    found = read_input_tables(tmp_path / "book.xlsx")
    assert list(found["Sales"].frame.columns) == ["date", "customer", "gross_revenue"]
    assert found["Customers"].frame["segment"].tolist() == ["x", "y"]
    assert len(found["Sales"].frame) == 1 and found["Sales"].beside == 0


def test_a_table_of_two_total_rows_is_damage(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("date", "customer"), ("2024-01-31", "A"), ("Total", 1), ("Total", 2)):
        book.worksheets[0].append(row)
    book.worksheets[0].add_table(Table(displayName="Sales", ref="A1:B4", totalsRowCount=2))
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(FileError):
        read_input_tables(tmp_path / "book.xlsx")


def test_a_part_that_ends_with_a_cell_is_given_to_its_end(path: Path) -> None:
    change(path, {"x/cells.xml": lambda _: b"<x><c>1</c>" + b"<c><v>22</v></c><c><t>abc></t></c>" * 9})
    with package.open_package(path) as book:
        for size in range(
            8, 60
        ):  # wherever a piece ends: behind <c>, within a text that looks like the end of a cell
            pieces = list(package.read_part_pieces(book, "x/cells.xml", size))
            assert b"".join(pieces) == book.read("x/cells.xml")
            assert all(piece.endswith(b"</c>") for piece in pieces)


def test_paths_that_the_system_itself_refuses(tmp_path: Path) -> None:
    (tmp_path / "other.xlsx").write_bytes(b"")
    for name in ("x" * 300 + ".xlsx", "a\0b.xlsx"):
        with pytest.raises(FileError) as caught:
            xlprofit.check(tmp_path / name)
        assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(FileError):
        xlprofit.check(tmp_path / "nowhere" / "book.xlsx")  # no folder to look for a near name in


# --- sheets --------------------------------------------------------------------------------------------


def with_formats(path: Path) -> Path:
    book: Any = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Sales")
    put(sheet)
    dollars = book.add_format({"num_format": "[$$-409]#,##0.00"})
    for row in (1, 3):
        sheet.write_number(row, 2, 7.0, dollars)
    sheet.write_blank(4, 2, None, dollars)
    book.close()
    return path


def test_formats_are_found_whether_cells_say_their_address_or_not(tmp_path: Path) -> None:
    path = with_formats(tmp_path / "book.xlsx")

    def list_formats() -> dict[tuple[int, str], list[int]]:
        found = read_input_tables(path)["Sales"].formats
        return {(at, code): rows.tolist() for at, codes in found.items() for code, rows in codes.items()}

    addressed = list_formats()
    assert [rows for (at, _code), rows in addressed.items() if at == 2] == [[0, 2]]
    change(path, {SHEET: lambda old: re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", old)})
    assert list_formats() == addressed
    change(path, {SHEET: lambda old: re.sub(rb'<row r="[0-9]+"', b"<row", old)})
    assert list_formats() == addressed


def test_a_workbook_without_styles_is_read(path: Path) -> None:
    def drop(old: bytes) -> bytes:
        return re.sub(rb'<Relationship [^>]*styles"[^>]*/>', b"", old)

    parts = parts_of(path)
    del parts["xl/styles.xml"]
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, drop(content) if name.endswith("workbook.xml.rels") else content)
    assert read_input_tables(path)["Sales"].frame["gross_revenue"].sum() == sum(GROSS.values())


def test_texts_behind_a_long_remark_are_read(path: Path) -> None:
    remark = b"<!--" + b"x" * 10_000 + b"-->"
    change(path, {TEXTS: lambda old: old.replace(b"<sst", remark + b"<sst")})
    frame = read_input_tables(path)["Sales"].frame
    assert frame.groupby("customer")["gross_revenue"].sum().to_dict() == GROSS


def test_texts_that_break_off_behind_a_false_count_are_damage(path: Path) -> None:
    change(path, {TEXTS: lambda old: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="999999999"', old)[:-20]})
    before = path.read_bytes()
    with pytest.raises(FileError):
        read_input_tables(path)
    assert path.read_bytes() == before


def test_a_sheet_of_texts_that_are_shared_over_and_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swelling, "MOST_TEXT", 100)
    monkeypatch.setattr(swelling, "MOST_TIMES", 0)
    held = sum(len(header) for header in HEADERS)
    with pytest.raises(FileError) as caught:
        read_input_tables(path)
    assert figures_of(caught.value)["sheet"] == "Sales"
    monkeypatch.setattr(swelling, "MOST_TEXT", 10 * held + 800)  # what is there, and its marks
    assert read_input_tables(path)["Sales"].frame["customer"].nunique() == 2


def test_rows_behind_the_end_of_the_cells_are_damage(path: Path) -> None:
    behind = b'</sheetData><row r="99"><c r="A99"><v>1</v></c></row>'
    change(path, {SHEET: lambda old: old.replace(b"</sheetData>", behind)})
    with pytest.raises(FileError):
        read_input_tables(path)


def test_numbers_of_rows_and_of_parts() -> None:
    assert (parse_row_number("", 6), parse_row_number("1048576", 0)) == (7, 1_048_576)
    for said in ("0", "1048577", "9" * 5_000, "٣", "x"):
        with pytest.raises(ValueError, match="is no row"):
            parse_row_number(said, 0)
    with pytest.raises(ValueError, match="has no number"):
        find_free_part_name("xl/theme/theme.xml", ())


# --- what a user added to a result sheet ---------------------------------------------------------------


def test_threaded_comments_are_named_and_arrows_that_lead_nowhere_passed_over(
    refreshed: Refreshed, tmp_path: Path
) -> None:
    path = Path(shutil.copy(refreshed.path, tmp_path / "book.xlsx"))
    part = sheets_of(parts_of(path))["Dashboard"]
    said = b'<ThreadedComments xmlns="x"><threadedComment ref="C7"/><threadedComment/></ThreadedComments>'
    with_relation(path, part, "threadedComment", "xl/threadedComments/tc1.xml", said)
    folder, _slash, name = part.rpartition("/")
    lost = b'<Relationship Id="gone" Type="x/comments" Target="/xl/nowhere.xml"/></Relationships>'
    change(path, {f"{folder}/_rels/{name}.rels": lambda old: old.replace(b"</Relationships>", lost)})
    with package.open_package(path) as book:
        (told,) = list_lost_additions(book, read_sheet_list(book), {"Dashboard": 99, "No sheet": 0})
    assert {"sheet": "Dashboard", "cells": "C7"}.items() <= dict(list_figures(told)).items()


# --- the list of sheets --------------------------------------------------------------------------------


def test_a_name_of_a_sheet_that_is_no_number_stays_as_it_is(path: Path) -> None:
    names = b'<definedNames><definedName name="mine" localSheetId="x">Sales!$A$1</definedName></definedNames>'
    change(
        path,
        {BOOK: lambda old: re.sub(rb"<calcPr[^>]*/>", b"", old).replace(b"</sheets>", b"</sheets>" + names)},
    )
    assert xlprofit.refresh(path).results.customers["gross_revenue"].to_dict() == GROSS
    main = parts_of(path)[BOOK]
    assert b'name="mine" localSheetId="x"' in main
    assert re.search(rb'<calcPr [^>]*fullCalcOnLoad="1"', main)  # it had no word on calculation


# --- cells that are written ----------------------------------------------------------------------------


def test_values_of_every_kind_are_written_as_cells() -> None:
    values = [
        dt.time(6, 0),
        dt.timedelta(days=1, hours=12),
        np.bool_(True),
        Decimal("2.5"),
        10**400,  # more than a number of the machine
        -(10**400),
        {"a": 1},
        [1, 2],
        dt.date(1850, 1, 1),
        None,
    ]
    column = WrittenColumn(pd.Series(values, dtype=object))
    xml = b"".join(write_row_elements([column], 1)).decode()
    found = re.findall(r"<v>([^<]*)</v>|<t[^>]*>([^<]*)</t>", xml)
    said = [number or text for number, text in found]
    assert said == [
        "0.25",
        "1.5",
        "1",
        "2.5",
        "1" + "0" * 400,
        "-1" + "0" * 400,
        "{'a': 1}",
        "[1, 2]",
        "1850-01-01",
    ]
    for endless in (float("inf"), 10**5_000, Decimal("-Infinity"), np.float64("inf")):
        with pytest.raises(XlprofitError):
            list(write_row_elements([WrittenColumn(pd.Series([endless], dtype=object))], 1))
