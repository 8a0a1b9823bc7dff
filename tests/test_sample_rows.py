"""Sample rows of workbooks that no template looks like: what is found of them, and what goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.table import Table

import xlprofit
from tests.bad_input.plain import plain
from xlprofit.ooxml import clearing, sample
from xlprofit.ooxml.package import SheetPart, open_package
from xlprofit.tables import TABLES, Raw

SALES = (("date", "customer", "gross_revenue"), ("2024-01-31", "A", 5.0), ("2024-02-29", "B", 7.0))
CUSTOMERS = (("customer", "segment"), ("C", "own"), ("A", "x"), ("B", "y"))
REFERRALS = (("referrer", "referred"), ("A", "B"))


def fingerprint(rows: Sequence[Sequence[object]]) -> list[str]:
    return sample.compute_row_fingerprints([str(name) for name in rows[0]], zip(*rows[1:], strict=True))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A workbook with samples: one without an Excel Table, one beside another Excel Table, one that was changed."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("Sales", SALES), ("Customers", CUSTOMERS), ("Referrals", REFERRALS)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    sheet = book["Customers"]
    sheet.add_table(Table(displayName="Customers", ref="A1:B4"))
    for at, text in enumerate(("mine", "x", "y"), 1):
        sheet.cell(at, 5, text)
    sheet.add_table(Table(displayName="Mine", ref="E1:E3"))
    prints = {
        "Sales": fingerprint(SALES),
        "Customers": fingerprint([CUSTOMERS[0], *CUSTOMERS[2:]]),
        "Referrals": ["0" * 16],
        "Of tomorrow": ["1" * 16],
    }
    sample.add_fingerprint_sheet(book, prints)
    book.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_samples_go_from_sheets_of_every_make(path: Path) -> None:
    found = xlprofit.clear(path)
    assert (dict(found.removed), dict(found.kept)) == (
        {"Sales": 2, "Customers": 2, "Referrals": 0},
        {"Sales": 0, "Customers": 1, "Referrals": 1},
    )
    book = openpyxl.load_workbook(path)
    assert [cell.value for cell in book["Sales"]["B"]][1:] in ([], [None, None])
    assert [cell.value for cell in book["Customers"]["A"]] == ["customer", "C", None]
    assert [cell.value for cell in book["Customers"]["E"]][:3] == ["mine", "x", "y"]
    tables: Any = book["Customers"].tables
    assert {table.displayName: table.ref for table in tables.values()} == {
        "Customers": "A1:B2",
        "Mine": "E1:E3",
    }
    assert [cell.value for cell in book["Referrals"][2]] == ["A", "B"]


def test_fingerprints_of_tables_that_are_not_known_are_passed_over(path: Path) -> None:
    with open_package(path) as book:
        part, prints = sample.read_fingerprint_sheet(book)
    assert part is not None and list(prints) == ["Sales", "Customers", "Referrals"]
    assert prints["Sales"] == fingerprint(SALES)


def test_a_workbook_without_a_sample_has_neither_fingerprints_nor_a_notice(tmp_path: Path) -> None:
    with open_package(plain(tmp_path / "plain.xlsx")) as book:
        assert sample.read_fingerprint_sheet(book) == (None, {})
        assert sample.find_sample_notice(book) is None


def test_of_each_name_one_sample_row_stays_unless_the_user_has_it() -> None:
    table = next(iter(sample.EMPTIED))
    first = TABLES[table].columns[0].name
    raw = Raw(table, table, pd.DataFrame({first: ["A", "A", "B", "B", "C"]}), 1)
    found = clearing._choose_named_rows(raw, made=(2, 3, 4, 6), own=(5,))
    assert found == (2, 6)
    share = clearing._Share(raw, SheetPart(table, "x", "worksheet"), None, (2, 3, 4, 6), found, (5,))
    assert share.moved == {2: 2, 3: 6}
