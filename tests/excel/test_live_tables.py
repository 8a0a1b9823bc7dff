"""Reading the input tables out of an open workbook: by Excel Table, by sheet, by header row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.excel import stand_in
from xlprofit.excel import live_tables

START = """
from datetime import datetime
from tests.excel.live_com import Excel
from xlprofit.excel import live_tables
sales = [
    ["date", "customer", "gross_revenue"], [stand_in.TimeType(2024, 1, 31), "ACME", 100.0], [None, "Beta", "#N/A"]
]

def read(excel):
    raws = live_tables.read_live_tables(excel.live())
    return {name: [raw.sheet, raw.row, raw.column, list(raw.frame.columns), raw.frame["customer"].tolist()]
            for name, raw in raws.items()}
"""
HEADERS, CUSTOMERS = ["date", "customer", "gross_revenue"], ["ACME", "Beta"]


def _read(script: str) -> Any:
    """Return where tables were found: sheet, row and column of the header row, headers, and their customers."""
    return stand_in.run(START + script)


def test_a_sheet_of_the_tables_name_is_read_under_its_header_row() -> None:
    raws, times = _read(
        """
excel = Excel("Sales")
excel["Sales"].fill([["Sales of the year", None, None], [None, None, None], *sales], 2, 3)
result = [read(excel), excel.calls["Range.Value"]]
"""
    )
    assert raws == {"Sales": ["Sales", 4, 3, HEADERS, CUSTOMERS]}
    assert times == 1


def test_an_excel_table_is_found_on_any_sheet_and_its_total_row_left_out() -> None:
    raws = _read(
        """
excel = Excel("Notes", "ERP export")
excel["Notes"].fill([["a"]])
excel["ERP export"].fill([*sales, ["Total", None, 100.0]], 5, 2).lay_table("sales", totals=True)
result = read(excel)
"""
    )
    assert raws == {"Sales": ["ERP export", 5, 2, HEADERS, CUSTOMERS]}


def test_a_table_goes_before_a_sheet_of_the_same_name_and_other_sheets_are_not_read() -> None:
    raws, times = _read(
        """
excel = Excel("Sales", "Lines", "Notes")
excel["Sales"].fill([["customer"], ["X"]])
excel["Lines"].fill(sales).lay_table("Sales")
excel["Notes"].fill([["a"]])
result = [read(excel), excel.calls["Sheet.UsedRange"]]
"""
    )
    assert raws == {"Sales": ["Lines", 1, 1, HEADERS, CUSTOMERS]}
    assert times == 1


def test_a_stray_cell_far_out_is_said_and_not_read() -> None:
    said, read = _read(
        """
from xlprofit.errors import XlprofitError
excel = Excel("Sales")
excel["Sales"].fill(sales, 1_048_570, 16_000)
try:
    said = read(excel)
except XlprofitError as error:
    said = [type(error).__name__, str(error)]
result = [said, excel.calls.get("Range.Value", 0)]
"""
    )
    assert said[0] == "XlprofitError"
    assert "1,048,572" in said[1]
    assert read == 0


def test_sheets_that_hold_more_rows_are_known_as_in_a_file() -> None:
    found = _read(
        """
excel = Excel("Sales", "Sales 2025", "Myynti", "Notes")
for name in ("Sales", "Sales 2025", "Myynti"):
    excel[name].fill(sales)
result = live_tables.read_live_tables(excel.live())["Sales"].further
"""
    )
    assert list(found) == ["Sales 2025", "Myynti"]


class Column:
    """A column whose formats are known, and how often it was asked for them."""

    def __init__(self, *codes: str) -> None:
        self.codes, self.asked = codes, 0

    def code(self, first: int, after: int) -> object:
        self.asked += 1
        some = set(self.codes[first:after])
        return some.pop() if len(some) == 1 else None


def test_formats_that_name_a_currency_are_found_in_stretches() -> None:
    column = Column(*["General"] * 500, *["[$$-409]#,##0.00"] * 300, *["General"] * 199, "0%")
    found = live_tables.find_live_formats(column, 0, 1000)
    assert {code: (rows[0], rows[-1], len(rows)) for code, rows in found.items()} == {
        "0%": (999, 999, 1),
        "[$$-409]#,##0.00": (500, 799, 300),
    }
    assert column.asked < 60


@pytest.mark.parametrize("code", ["General", "#,##0.00", "[$-409]d/m/yyyy", '_("$"* #,##0.00_)'])
def test_formats_that_name_no_currency_say_nothing(code: str) -> None:
    assert live_tables.find_live_formats(Column(code, code), 0, 2) == {}
