"""Packages that are unlike Excel's: read right, and refreshed with nothing lost."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from unittest import mock
from urllib.parse import unquote

import openpyxl
import pytest

import xlprofit
from tests.bad_input.packages import ARROWS, BOOK, ODD, SHEET, STYLES, TYPES, made
from tests.bad_input.plain import GROSS
from tests.lossless.books import change
from tests.needs import takes_minutes
from xlprofit.ooxml import read
from xlprofit.ooxml.package import open_package
from xlprofit.sheets import names

Change = Callable[[bytes], bytes]

CHANGED = {TYPES, BOOK, ARROWS, STYLES, "xl/workbook2.xml", "book/wb.xml", "wb.xml"}

OPENPYXL_CANNOT = {
    *("capitals in entries", "all in capitals", "types in small letters", "capitals in targets"),
    *("backslashes in targets", "targets with percent signs", "names with percent signs"),
    *("styles elsewhere", "everything elsewhere"),
}
"""Packages that openpyxl does not open before a refresh either: it takes names as they are, and styles from xl/."""


def gross(path: Path) -> dict[str, float]:
    """Return the gross revenue of each customer."""
    found = xlprofit.analyze(path).customers["gross_revenue"]
    return {str(name): float(value) for name, value in found.items()}


def contents(path: Path) -> dict[str, bytes]:
    """Return the parts of a package by the names that a reader of packages knows them by."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        return {
            unquote(e.filename).replace("\\", "/").lstrip("/").casefold(): book.read(e)
            for e in book.infolist()
            if not e.is_dir()
        }


@pytest.mark.parametrize("name", ODD)
def test_a_package_unlike_excels_is_read_right(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "book.xlsx", *ODD[name])
    assert gross(path) == GROSS
    with mock.patch.object(read, "LONG", 0):  # by its columns, where that can be
        assert gross(path) == GROSS


@takes_minutes
@pytest.mark.parametrize("name", ODD)
def test_a_package_unlike_excels_is_refreshed_twice_and_loses_nothing(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "book.xlsx", *ODD[name])
    before = contents(path)
    xlprofit.refresh(path)
    after = contents(path)
    for part, content in before.items():
        if not part.endswith(
            (*(n.rpartition("/")[2].casefold() for n in CHANGED), ".rels", "u.xml", "styles1.xml")
        ):
            assert after[part] == content, part
    assert set(before) <= set(after)
    assert gross(path) == GROSS
    once = path.read_bytes()
    xlprofit.refresh(path)
    assert path.read_bytes() == once
    with open_package(path) as book:
        assert len({n.casefold() for n in book.namelist()}) == len(book.namelist())


@takes_minutes
@pytest.mark.parametrize("name", [name for name in ODD if name not in OPENPYXL_CANNOT])
def test_a_refreshed_package_is_opened_by_another_reader(name: str, tmp_path: Path) -> None:
    path = made(tmp_path / "book.xlsx", *ODD[name])
    xlprofit.refresh(path)
    book = openpyxl.load_workbook(path)
    assert names.DASHBOARD in book.sheetnames
    assert book["Sales"]["C2"].value == 100


def test_entries_with_backslashes_are_written_with_slashes(tmp_path: Path) -> None:
    path = made(tmp_path / "book.xlsx", *ODD["backslashes"])
    assert b"xl\\worksheets\\sheet1.xml" in path.read_bytes()
    xlprofit.refresh(path)
    assert b"\\" not in b"".join(e.orig_filename.encode() for e in zipfile.ZipFile(path).infolist())
    assert SHEET in zipfile.ZipFile(path).namelist()


# --- cells that are there twice, or out of order -------------------------------------------------------


def with_cells(path: Path, change: Change) -> Path:
    """Make the plain workbook with changed cells."""
    return made(path, lambda parts: parts | {SHEET: change(parts[SHEET])})


def row(number: int) -> re.Pattern[bytes]:
    return re.compile(rb'<row r="%d".*?</row>' % number)


def twice(cell: str, value: str) -> Change:
    """Return what puts a cell into the file once more, right behind itself."""
    found = re.compile(rf'<c r="{cell}"[^>]*><v>[^<]*</v></c>'.encode())
    return lambda xml: found.sub(lambda old: old[0] + f'<c r="{cell}"><v>{value}</v></c>'.encode(), xml)


def same_number(xml: bytes) -> bytes:
    """Number row 4 as row 3, its cells too."""
    return row(4).sub(lambda old: re.sub(rb'r="([A-D]?)4"', rb'r="\g<1>3"', old[0]), xml)


def same_number_bare(xml: bytes) -> bytes:
    """Number row 4 as row 3, with no address on any cell."""
    return re.sub(rb' r="[A-D]\d"', b"", xml.replace(b'<row r="4"', b'<row r="3"'))


def swapped(xml: bytes) -> bytes:
    """Put row 3 behind row 4."""
    found = row(3).search(xml)
    assert found is not None
    return row(4).sub(lambda old: old[0] + found[0], xml.replace(found[0], b""))


def last_first(xml: bytes) -> bytes:
    """Put the last row right behind the header."""
    found = row(7).search(xml)
    assert found is not None
    return row(1).sub(lambda old: old[0] + found[0], xml.replace(found[0], b""))


def backwards(xml: bytes) -> bytes:
    """Turn the cells of every row round."""
    cells = re.compile(rb"<c .*?</c>")
    return re.sub(
        rb"(<row [^>]*>)(.*?)(</row>)",
        lambda old: old[1] + b"".join(reversed(cells.findall(old[2]))) + old[3],
        xml,
    )


TWICE: Mapping[str, tuple[Change, list[str], dict[str, float]]] = {
    "a number": (twice("C3", "999"), ["C3"], {"C0": 306.0, "C1": 208.0}),
    "a number, the same": (twice("C3", "101"), ["C3"], {"C0": 306.0, "C1": 208.0}),
    "a customer": (twice("B3", "7"), ["B3"], {"C0": 306.0, "C1": 208.0}),
    "a date": (twice("A3", "45000"), ["A3"], {"C0": 306.0, "C1": 208.0}),
    "two cells": (
        lambda xml: twice("C3", "5")(twice("C4", "5")(xml)),
        ["C3"],
        {"C0": 204.0, "C1": 208.0},
    ),
    "a row's number": (same_number, ["A3", "B3", "C3", "D3"], {"C0": 204.0, "C1": 208.0}),
    "a row's number, without addresses": (
        same_number_bare,
        ["A3", "B3", "C3", "D3"],
        {"C0": 204.0, "C1": 208.0},
    ),
}


@pytest.mark.parametrize("name", TWICE)
@pytest.mark.parametrize("long", [False, True])
def test_a_cell_that_is_there_twice_is_told_and_its_row_left_out(
    name: str, long: bool, tmp_path: Path
) -> None:
    spoilt, cells, figures = TWICE[name]
    path = with_cells(tmp_path / "book.xlsx", spoilt)
    with mock.patch.object(read, "LONG", 0 if long else read.LONG):
        results = xlprofit.analyze(path)
    found = [f for f in results.findings if f.code == "T05"]
    assert [f.cell for f in found] == cells  # one for each column
    assert {f.severity for f in found} == {"error"}
    assert results.customers["gross_revenue"].to_dict() == figures


@pytest.mark.parametrize("shuffle", [swapped, last_first, backwards])
@pytest.mark.parametrize("long", [False, True])
def test_cells_out_of_order_are_read_where_they_belong_and_told(
    shuffle: Change, long: bool, tmp_path: Path
) -> None:
    path = with_cells(tmp_path / "book.xlsx", shuffle)
    with mock.patch.object(read, "LONG", 0 if long else read.LONG):
        results = xlprofit.analyze(path)
    assert results.customers["gross_revenue"].to_dict() == GROSS
    assert [(f.code, f.severity, f.sheet) for f in results.findings if f.code in ("T05", "T06")] == [
        ("T06", "warning", "Sales")
    ]


def test_a_blank_cell_beside_a_filled_one_of_its_address_is_no_second_value(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path / "book.xlsx", lambda xml: xml.replace(b'<c r="D3">', b'<c r="C3" s="0"/><c r="D3">')
    )
    assert gross(path) == GROSS
    with mock.patch.object(read, "LONG", 0):
        assert gross(path) == GROSS
    assert {"T05", "T06"}.isdisjoint(f.code for f in xlprofit.check(path))


def test_a_header_that_is_there_twice_is_refused_in_a_line(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "book.xlsx", twice("C1", "3"))
    with pytest.raises(xlprofit.FileError, match=r'\bC1 of sheet "Sales"'):
        xlprofit.refresh(path)


def test_cells_twice_on_a_sheet_that_is_not_read_are_nobodys_business(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(made(tmp_path / "book.xlsx", dict))
    book.create_sheet("Notes")["A1"] = 1
    book.save(tmp_path / "book.xlsx")
    change(tmp_path / "book.xlsx", {"xl/worksheets/sheet2.xml": twice("A1", "2")})
    assert gross(tmp_path / "book.xlsx") == GROSS
