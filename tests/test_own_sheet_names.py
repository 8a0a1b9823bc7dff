"""The user's sheet names win: ours takes a free name, points to it everywhere, and keeps it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

import xlprofit
from xlprofit.sheets import names

OURS = [f"{names.DASHBOARD} (xlprofit)", f"{names.CHECKS} (xlprofit)"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sales"
    sheet.append(["date", "customer", "gross_revenue", "cogs"])
    for at in range(24):
        sheet.append([date(2024, 1 + at % 12, 1), f"C{at % 4}", 100.0 + at, 60.0])
    for own in ("dashboard", names.CHECKS):
        book.create_sheet(own)["A1"] = "mine"
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def sheets_of(path: Path) -> list[str]:
    return openpyxl.load_workbook(path, read_only=True).sheetnames


def test_ours_takes_a_free_name_and_keeps_it(path: Path) -> None:
    xlprofit.refresh(path)
    first = sheets_of(path)
    assert set(OURS) < set(first)
    assert names.DASHBOARD not in first
    xlprofit.refresh(path)
    assert sheets_of(path) == first
    book = openpyxl.load_workbook(path)
    assert [book[own]["A1"].value for own in ("dashboard", names.CHECKS)] == ["mine", "mine"]
    del book["dashboard"]
    book.save(path)
    xlprofit.refresh(path)
    assert [name for name in sheets_of(path) if name in OURS] == OURS


def test_links_lead_to_ours(path: Path) -> None:
    xlprofit.refresh(path)
    book = openpyxl.load_workbook(path)
    links = {
        cell.hyperlink.location.rpartition("!")[0].strip("'")
        for sheet in book
        if sheet.title not in ("dashboard", names.CHECKS)
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.location
    }
    assert OURS[1] in links
    assert not links & {names.DASHBOARD, names.CHECKS}
