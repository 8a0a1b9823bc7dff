"""Exports remembered in a workbook that is there: new rows in the table Sources, all else as it stood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import openpyxl
import pytest
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

import xlprofit
from tests.lossless.books import change, parts_of
from tests.refusals import figures_of
from xlprofit.errors import FileError
from xlprofit.ooxml.read import read_input_tables
from xlprofit.ooxml.remembering import remember_sources

SHEET = "xl/worksheets/sheet1.xml"
HEADERS = ("table", "source", "query", "profile")
CellValue = str | bool | None
LISTED = (("Sales", "one.csv", None, "a"), ("Customers", "c.csv", None, "b"), ("Sales", "two.csv", "q", "c"))
NEW = {"table": "Sales", "source": "new.csv", "query": "", "profile": "[file]\nx = 1"}
INVOICES = {"table": "Invoices", "source": "i.csv", "profile": "i"}


def write(
    path: Path,
    cells: Mapping[str, CellValue] = MappingProxyType({}),
    *,
    table: bool = True,
    totals: int | None = None,
) -> Path:
    """Write a workbook with the three sources listed, and further cells."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Sources"
    for row in (HEADERS, *LISTED):
        sheet.append(row)
    for address, value in cells.items():
        sheet[address] = value
    sheet["B3"].number_format = "@"
    if table:
        sheet.add_table(Table(displayName="Sources", ref="A1:D4", totalsRowCount=totals))
    book.save(path)
    return path


def read(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of the table Sources, those without anything left out."""
    frame = read_input_tables(path)["Sources"].frame
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return [row for row in rows if any(row)]


def show(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path)["Sources"]
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.mark.parametrize("table", [True, False], ids=["Excel Table", "sheet"])
def test_new_rows_stand_where_those_of_their_tables_did(table: bool, tmp_path: Path) -> None:
    path, copy = write(tmp_path / "a.xlsx", table=table), tmp_path / "b.xlsx"
    remember_sources(path, copy, [NEW, INVOICES])
    assert read(copy) == [
        ("Sales", "new.csv", None, "[file]\nx = 1"),
        ("Customers", "c.csv", None, "b"),
        ("Invoices", "i.csv", None, "i"),
    ]
    drawn = show(copy)
    assert drawn["B3"].number_format == "@"
    assert drawn.dimensions == "A1:D5"
    assert not table or drawn.tables["Sources"].ref == "A1:D5"


def test_what_stands_beside_and_below_stays(tmp_path: Path) -> None:
    own: dict[str, CellValue] = {
        "F2": "ask Matti",
        "F3": True,
        "G3": "=1+1",
        "B9": "a note",
        "A3": "customers",
    }
    path, copy = write(tmp_path / "a.xlsx", own), tmp_path / "b.xlsx"
    remember_sources(path, copy, [NEW])
    drawn = show(copy)
    assert {address: drawn[address].value for address in own} == own
    assert drawn.tables["Sources"].ref == "A1:D4"
    before, after = (parts_of(book)[SHEET] for book in (path, copy))
    between = tmp_path / "c.xlsx"
    remember_sources(path, between, [INVOICES])  # whose row comes before the note
    numbers = re.findall(rb'<row r="(\d+)"', parts_of(between)[SHEET])
    assert numbers == [b"1", b"2", b"3", b"4", b"5", b"9"]
    assert (show(between)["B5"].value, show(between)["B9"].value) == ("i.csv", "a note")
    for row in (b"1", b"3", b"9"):  # which no new row is of
        (kept,) = re.findall(rb'<row r="%s".*?</row>' % row, before)
        assert kept in after


@pytest.mark.parametrize(
    "cells",
    [{"B6": "a note"}, {"A5": "in use", "C6": "x"}],
    ids=["two rows below", "right below"],
)
def test_what_stands_in_the_way_is_not_written_over(cells: Mapping[str, CellValue], tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", cells)
    rows = [INVOICES, {**INVOICES, "table": "Balances"}]
    with pytest.raises(FileError) as caught:
        remember_sources(path, tmp_path / "b.xlsx", rows)
    assert figures_of(caught.value)["cell"] == next(iter(cells))
    remember_sources(path, tmp_path / "c.xlsx", [NEW])


def test_a_column_that_is_missing_is_added_only_where_there_is_room(tmp_path: Path) -> None:
    asked = {**NEW, "options": "delimiter=;"}
    remember_sources(write(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", [asked])
    frame = read_input_tables(tmp_path / "b.xlsx")["Sources"].frame
    assert frame["options"].dropna().tolist() == [
        "delimiter=;"
    ]  # without it the file would be read in another way
    with pytest.raises(FileError):
        remember_sources(write(tmp_path / "c.xlsx", {"E3": "mine"}), tmp_path / "d.xlsx", [asked])


def test_a_table_without_a_header_row_gets_no_header(tmp_path: Path) -> None:
    path = change(
        write(tmp_path / "a.xlsx"),
        {
            SHEET: lambda old: re.sub(rb'<row r="1".*?</row>', b"", old, count=1),
            "xl/tables/table1.xml": lambda old: old.replace(b'Count="1"', b'Count="0"').replace(
                b"A1:D4", b"A2:D4"
            ),
        },
    )
    remember_sources(path, tmp_path / "b.xlsx", [{**INVOICES, "options": "decimal=,"}])
    drawn = show(tmp_path / "b.xlsx")
    assert [cell.value for cell in drawn[1]] == [None] * 5
    assert drawn.tables["Sources"].ref == "A2:E5" and [c.value for c in drawn[5]][3:] == ["i", "decimal=,"]


def test_a_total_row_stays_the_last(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", totals=1)
    remember_sources(path, tmp_path / "b.xlsx", [NEW])
    assert [row[1] for row in read(tmp_path / "b.xlsx")] == ["new.csv", "c.csv"]
    blank = {"A4": None, "B4": None, "C4": None, "D4": None}
    for book in (path, write(tmp_path / "blank.xlsx", blank, totals=1)):
        with pytest.raises(FileError) as caught:
            remember_sources(book, tmp_path / f"{book.stem}-copy.xlsx", [INVOICES])
        assert figures_of(caught.value)["cell"] == "A4"


def test_rows_without_numbers_and_a_table_without_a_name_to_show(tmp_path: Path) -> None:
    """Programs other than Excel write such."""
    path = change(
        write(tmp_path / "a.xlsx"),
        {
            SHEET: lambda old: re.sub(rb'(<(?:row|c)) r="[^"]*"', rb"\1", old),
            "xl/tables/table1.xml": lambda old: old.replace(b' displayName="Sources"', b""),
        },
    )
    remember_sources(path, tmp_path / "b.xlsx", [INVOICES, NEW])
    assert sorted(str(row[1]) for row in read(tmp_path / "b.xlsx")) == ["c.csv", "i.csv", "new.csv"]


def test_rows_out_of_order_are_changed_where_they_stand(tmp_path: Path) -> None:
    def swap(old: bytes) -> bytes:
        rows = re.findall(rb"<row .*?</row>", old, re.DOTALL)
        return old.replace(rows[1] + rows[2], rows[2] + rows[1])

    path = change(write(tmp_path / "a.xlsx"), {SHEET: swap})
    remember_sources(path, tmp_path / "b.xlsx", [NEW])
    assert read(tmp_path / "b.xlsx")[0][1] == "new.csv"
    assert parts_of(tmp_path / "b.xlsx")[SHEET].count(b'<row r="2"') == 1


def test_an_extent_that_is_none_stays_as_it_is(tmp_path: Path) -> None:
    path = change(write(tmp_path / "a.xlsx"), {SHEET: lambda old: old.replace(b'"A1:D4"', b'"A:D"', 1)})
    remember_sources(path, tmp_path / "b.xlsx", [INVOICES])
    assert b'<dimension ref="A:D"' in parts_of(tmp_path / "b.xlsx")[SHEET]
    assert [row[1] for row in read(tmp_path / "b.xlsx")][-1] == "i.csv"


@pytest.mark.parametrize("number", ["x", "9" * 5_000, "0"])
def test_a_row_whose_number_is_none_is_damage(number: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    change(path, {SHEET: lambda old: old.replace(b'<row r="3"', f'<row r="{number}"'.encode())})
    with pytest.raises(FileError):
        remember_sources(path, tmp_path / "b.xlsx", [NEW])


def test_a_template_remembers_from_its_first_row(tmp_path: Path) -> None:
    path = xlprofit.new(tmp_path / "a.xlsx")
    remember_sources(path, tmp_path / "b.xlsx", [NEW, INVOICES])
    assert [row[:2] for row in read(tmp_path / "b.xlsx")] == [("Sales", "new.csv"), ("Invoices", "i.csv")]
