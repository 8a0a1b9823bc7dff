"""Reading the input tables out of an open workbook: by Excel Table, by sheet, by header row."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from xlprofit.errors import XlprofitError
from xlprofit.excel import live_tables

SALES: list[list[Any]] = [
    ["date", "customer", "gross_revenue"],
    [datetime(2024, 1, 31), "ACME", 100.0],
    [None, "Beta", "#N/A"],
]


class _Cells:
    """A block of a sheet, as xlwings gives it."""

    def __init__(self, sheet: _Sheet, first: tuple[int, int], last: tuple[int, int]) -> None:
        self.sheet, self.first, self.last = sheet, first, last
        self.row, self.column = first
        self.shape = (last[0] - first[0] + 1, last[1] - first[1] + 1)

    def options(self, *, ndim: int, err_to_str: bool) -> _Cells:
        self.sheet.reads += 1
        self.flat = ndim == 1
        return self

    @property
    def value(self) -> Any:
        cells = [
            [self.sheet.cell(row, column) for column in range(self.first[1], self.last[1] + 1)]
            for row in range(self.first[0], self.last[0] + 1)
        ]
        return cells[0] if self.flat else cells

    @property
    def rows(self) -> list[_Cells]:
        return [_Cells(self.sheet, self.first, (self.first[0], self.last[1]))]


class _Sheet:
    def __init__(self, name: str, cells: list[list[Any]], row: int = 1, column: int = 1) -> None:
        self.name, self.cells, self.top, self.left = name, cells, row, column
        self.tables: list[Any] = []
        self.reads = 0

    @property
    def used_range(self) -> Any:
        corner = SimpleNamespace(
            row=self.top + len(self.cells) - 1, column=self.left + len(self.cells[0]) - 1
        )
        return SimpleNamespace(last_cell=corner)

    def cell(self, row: int, column: int) -> Any:
        if row < self.top or column < self.left:
            return None
        return self.cells[row - self.top][column - self.left]

    def range(self, first: tuple[int, int], last: tuple[int, int]) -> _Cells:
        return _Cells(self, first, last)

    def as_table(self, name: str, *, totals: bool = False) -> _Sheet:
        """Lay an Excel Table over all cells."""
        last = (self.top + len(self.cells) - 1, self.left + len(self.cells[0]) - 1)
        whole = _Cells(self, (self.top, self.left), last)
        self.tables = [SimpleNamespace(name=name, range=whole, show_headers=True, show_totals=totals)]
        return self


def _book(*sheets: _Sheet) -> Any:
    return SimpleNamespace(sheet_names=[s.name for s in sheets], sheets={s.name: s for s in sheets})


def test_a_sheet_of_the_tables_name_is_read_under_its_header_row() -> None:
    sheet = _Sheet("Sales", [["Sales of the year", None, None], [None, None, None], *SALES], row=2, column=3)
    raw = live_tables.read_live_tables(_book(sheet))["Sales"]
    assert (raw.sheet, raw.row, raw.column) == ("Sales", 4, 3)
    assert list(raw.frame.columns) == SALES[0]
    assert raw.frame.to_numpy().tolist() == SALES[1:]
    assert sheet.reads == 1


def test_an_excel_table_is_found_on_any_sheet_and_its_total_row_left_out() -> None:
    sheet = _Sheet("ERP export", [*SALES, ["Total", None, 100.0]], row=5, column=2).as_table(
        "sales", totals=True
    )
    raw = live_tables.read_live_tables(_book(_Sheet("Notes", [["a"]]), sheet))["Sales"]
    assert (raw.sheet, raw.row, raw.column) == ("ERP export", 5, 2)
    assert raw.frame.to_numpy().tolist() == SALES[1:]


def test_a_table_goes_before_a_sheet_of_the_same_name() -> None:
    table = _Sheet("Lines", SALES).as_table("Sales")
    raws = live_tables.read_live_tables(_book(_Sheet("Sales", [["x"], [1.0]]), table))
    assert raws["Sales"].sheet == "Lines"


def test_only_sheets_with_tables_are_read() -> None:
    other = _Sheet("Notes", [["a"]])
    live_tables.read_live_tables(_book(other, _Sheet("Sales", SALES)))
    assert other.reads == 0


def test_a_stray_cell_far_out_is_said_and_not_read() -> None:
    sheet = _Sheet("Sales", SALES, row=1_048_570, column=16_000)
    with pytest.raises(
        XlprofitError, match=r'Sheet "Sales" has a stray cell far out: it reaches to row 1,048,572'
    ):
        live_tables.read_live_tables(_book(sheet))
    assert sheet.reads == 0


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
