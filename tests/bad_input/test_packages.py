"""Packages that are unlike Excel's: read right, and refreshed with nothing lost."""

from __future__ import annotations

import zipfile
from pathlib import Path
from unittest import mock
from urllib.parse import unquote

import openpyxl
import pytest

import xlprofit
from tests.bad_input.packages import ARROWS, BOOK, ODD, SHEET, STYLES, TYPES, made
from tests.bad_input.plain import GROSS
from xlprofit.sheets import names
from xlprofit.workbook import read
from xlprofit.workbook.package import opened

CHANGED = {TYPES, BOOK, ARROWS, STYLES, "xl/workbook2.xml", "book/wb.xml", "wb.xml"}


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
    with opened(path) as book:
        assert len({n.casefold() for n in book.namelist()}) == len(book.namelist())


@pytest.mark.parametrize(
    "name", [n for n in ODD if "capitals" not in n and "letters" not in n and "extent" not in n]
)
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
