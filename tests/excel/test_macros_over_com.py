"""The buttons' commands through xlwings' own code for Excel on Windows: tables read over COM, sheets drawn over COM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.drawn import RESULT_SHEETS
from tests.excel import stand_in
from xlprofit.samples import demo
from xlprofit.sheets import names

SETUP = """
import pandas as pd
import xlwings as xw
from tests.excel.live_com import Excel
from xlprofit.samples import demo
from xlprofit.excel import session
from xlprofit.formulas import SHEET, Lookup

def shown(excel, name):
    return excel[name].rows

def press(live, macro):
    said = []
    kept = session.show_message, xw.Book.caller
    session.show_message = lambda book, text, grave=False: said.append(text)
    xw.Book.caller = staticmethod(lambda: live)
    try:
        exec(f"import xlprofit.excel.macros; xlprofit.excel.macros.{macro}", {})
    finally:
        session.show_message, xw.Book.caller = kept
    return said

tables = demo.tables(customers=15, sales_lines=200, activity_rows=200)
"""


@pytest.fixture(scope="module")
def pressed() -> Any:
    """Return what pressing the buttons one after the other came to."""
    return stand_in.run(
        SETUP
        + """
excel = Excel.hold(tables)
live = excel.live()
app = excel.application
before = [app.ScreenUpdating, app.EnableEvents, app.Calculation, app.StatusBar]
mine = {name: shown(excel, name) for name in tables}
said = press(live, "refresh()")
first = excel.names
page = shown(excel, "Customer P&L")
said += press(live, "refresh()")
vars(app)["Selection"] = excel["Sales"].block(3, 2, 1, 1)
said += press(live, "look_up()")
said += press(live, "explain()")
explained = [shown(excel, "Explanation")[0][0], shown(excel, "Sales")[2][1]]
said += press(live, "check()")
excel["Customer P&L"].fill([["changed by hand"]])
put_back = press(live, "restore()")
result = {
    "said": said, "put back": put_back, "first": first,
    "explained": explained, "restored": shown(excel, "Customer P&L")[6][1:3] == page[6][1:3],
    "mine": all(shown(excel, name) == rows for name, rows in mine.items()),
    "sheets": excel.names,
    "settings": [before, [app.ScreenUpdating, app.EnableEvents, app.Calculation, app.StatusBar]],
}
"""
    )


def test_a_refresh_makes_every_sheet_and_says_nothing(pressed: Any) -> None:
    assert pressed["said"] == []
    assert pressed["first"][-len(RESULT_SHEETS) - 1 :] == [*RESULT_SHEETS, "xlprofit_results"]


def test_a_selected_customer_is_explained(pressed: Any) -> None:
    title, customer = pressed["explained"]
    assert title == f"{customer}: customer profit"


def test_what_stood_before_is_put_back(pressed: Any) -> None:
    assert pressed["put back"][0].startswith("Last refresh undone: Dashboard, ")
    assert pressed["restored"]


def test_only_sheets_of_ours_are_written_or_added(pressed: Any) -> None:
    assert pressed["mine"]
    added = [name for name in pressed["sheets"] if name not in pressed["first"]]
    assert added == ["xlprofit_previous", names.EXPLANATION]


def test_excel_is_left_as_it_was_found(pressed: Any) -> None:
    before, after = pressed["settings"]
    assert before == after == [True, True, -4105, False]


def test_a_figure_that_a_formula_asks_for_is_explained() -> None:
    said, title, customer = stand_in.run(
        SETUP
        + """
excel = Excel.hold({**tables, "Board": pd.DataFrame({"our best": [12.5]})})
live = excel.live()
customer = tables["Customers"]["customer"].iloc[0]
board = excel["Board"]
formula = f'=1+CUSTOMER_PROFIT("{customer}","net_revenue")'
board.fill([["our best"], [12.5]], Formula=[["our best"], [formula]])
vars(excel.application)["Selection"] = board.block(2, 1, 1, 1)
result = [press(live, "explain()"), shown(excel, "Explanation")[0][0], customer]
"""
    )
    assert (said, title) == ([], f"{customer}: net revenue")


def test_a_formula_gives_the_source_rows_until_the_tables_change() -> None:
    rows, total, changed = stand_in.run(
        SETUP
        + """
from xlprofit.excel import functions
functions._kept.clear()
excel = Excel.hold(tables)
live = excel.live()
press(live, "refresh()")
customer = tables["Sales"]["customer"].iloc[0]
caller = live.sheets["Sales"].range("A1")
asked = lambda: functions.EXPLAIN_PROFIT(customer, "net_revenue", "rows", caller, None)
rows = asked()
sales = shown(excel, "Sales")
total = functions.CUSTOMER_PROFIT(customer, "net_revenue", None, None, caller, None)[0][0]
at = [str(cell) for cell in sales[0]].index("gross_revenue")
row = next(i for i, cells in enumerate(sales) if customer in cells)
excel["Sales"].cells[row + 1, at + 1] += 100
functions._kept.clear()
result = [rows, total, asked()]
"""
    )
    amount, place = rows[0].index("amount"), rows[0].index("source_row")
    assert sum(row[amount] for row in rows[1:]) == pytest.approx(total)
    assert {str(row[place]).split("!")[0] for row in rows[1:]} <= {"Sales", "Rebates", "DirectCosts"}
    assert "last refresh" in changed[0][0]


# --- tables that come from sources -------------------------------------------------------------------

SOURCED = """
import pathlib
folder = pathlib.Path(folder)
few = {"Sales": tables["Sales"], "Sources": pd.DataFrame({"table": ["Sales"], "source": [source]})}
excel = Excel.hold(few)
live = excel.live()
vars(excel.book)["FullName"] = str(folder / "book.xlsx") if saved else "Book1"
vars(excel.application)["Selection"] = excel["Sales"].block(2, 2, 1, 1)
said = press(live, macro)
there = excel.names
profits = {}
if SHEET in there:
    lookup = Lookup.from_rows(shown(excel, SHEET))
    profits = {row[0]: row[lookup.where["measure", "profit", "", ""]] for row in lookup.rows}
result = {"said": said, "there": there, "profits": profits}
"""


def _pressed_with_source(
    folder: Path, source: str, *, saved: bool = True, macro: str = "refresh()"
) -> dict[str, Any]:
    """Return what a button came to in a workbook whose Sales come from a source, other rows being on the sheet."""
    answer: dict[str, Any] = stand_in.run(
        SETUP + SOURCED, folder=str(folder), source=source, saved=saved, macro=macro
    )
    return answer


def _sales(path: Path) -> pd.DataFrame:
    frame = demo.tables(customers=15, sales_lines=200, activity_rows=200)["Sales"]
    frame = frame[["date", "customer", "gross_revenue", "cogs"]].assign(
        gross_revenue=lambda found: found["gross_revenue"] * 3
    )
    frame.to_csv(path, index=False, date_format="%Y-%m-%d")
    return frame


@pytest.mark.parametrize(
    ("macro", "source", "saved", "words"),
    [
        ("refresh()", "sales.csv", False, "no folder"),
        ("check()", "nowhere.csv", True, "nowhere.csv"),
        ("look_up()", "postgresql://me@db.example.invalid/x#sales", True, "db.example.invalid"),
    ],
)
def test_where_a_source_cannot_be_read_the_ribbon_says_so_and_draws_nothing(
    macro: str, source: str, saved: bool, words: str, tmp_path: Path
) -> None:
    _sales(tmp_path / "sales.csv")
    pressed = _pressed_with_source(tmp_path, source, saved=saved, macro=macro)
    assert len(pressed["said"]) == 1
    assert words in pressed["said"][0]
    assert "\n" not in pressed["said"][0]
    assert pressed["there"] == ["Sales", "Sources"]


def test_a_workbook_never_saved_reads_a_source_by_its_whole_path(tmp_path: Path) -> None:
    _sales(tmp_path / "sales.csv")
    saved = _pressed_with_source(tmp_path, "sales.csv")
    unsaved = _pressed_with_source(tmp_path, str(tmp_path / "sales.csv"), saved=False)
    assert unsaved["said"] == []
    assert unsaved["profits"] == saved["profits"] != {}


# --- import ------------------------------------------------------------------------------------------

IMPORT = """
import pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
export = folder / "orders.csv"
lines = ["Order Date;Client No;Net Amount", "31.01.2026;10001;1.250,00", "02.02.2026;10002;90,50"]
export.write_text(chr(10).join(lines), encoding="utf-8")
sources = pd.DataFrame({column.name: [None] * len(listed) for column in TABLES["Sources"].columns})
sources["table"], sources["source"] = listed, ["old.csv" if table else None for table in listed]
excel = Excel.hold({"Sources": sources} if with_sources else {"Mine": pd.DataFrame({"a": [1]})})
live = excel.live()
vars(excel.book)["FullName"] = str(folder / "book.xlsx")
asked, opened_files = [], []
vars(excel.application)["GetOpenFilename"] = lambda *filters: str(export) if chosen else False
app, books = type(live.app), type(live.app.books)
kept = app.alert, books.open
app.alert = lambda app, text, *rest: asked.append(text) or answer
books.open = lambda books, path, *rest: opened_files.append(path)
try:
    said = press(live, "import_export()")
finally:
    app.alert, books.open = kept
there = excel.names
rows = [row[:2] for row in shown(excel, "Sources")[1:]] if with_sources else None
"""


def _press_import(
    with_sources: bool, chosen: bool, answer: str, result: str, listed: Sequence[str | None] = (None,)
) -> Any:
    setup = SETUP + "from xlprofit.tables import TABLES\n"
    given = f"with_sources, chosen, answer = {with_sources}, {chosen}, {answer!r}\nlisted = {list(listed)}\n"
    return stand_in.run(f"{setup}{given}{IMPORT}result = {result}\n")


def test_import_asks_for_a_file_and_remembers_it_in_the_workbook() -> None:
    said, asked, rows, there = _press_import(True, True, "ok", "[said, asked, list(rows[0]), there]")
    assert said == []
    assert "gross_revenue = Net Amount (sure, decimal comma)" in asked[0]
    assert rows == ["Sales", "orders.csv"]
    assert names.CUSTOMER_PNL in there


def test_an_import_takes_the_place_of_every_row_of_its_table() -> None:
    listed = ("Sales", None, "Sales")
    said, rows, there = _press_import(True, True, "ok", "[said, [list(row) for row in rows], there]", listed)
    assert said == []
    assert rows[0] == ["Sales", "orders.csv"]
    assert [any(row) for row in rows[1:]] == [False] * len(rows[1:])
    assert names.CUSTOMER_PNL in there


def test_import_into_a_workbook_without_sources_makes_one_of_its_own_and_opens_it() -> None:
    said, opened, there = _press_import(False, True, "ok", "[said, opened_files, there]")
    assert said == []
    assert [Path(path).name for path in opened] == ["orders-xlprofit.xlsx"]
    assert there == ["Mine"]


@pytest.mark.parametrize(("chosen", "answer"), [(False, "ok"), (True, "cancel")])
def test_import_that_is_given_up_changes_nothing(chosen: bool, answer: str) -> None:
    said, opened, there = _press_import(True, chosen, answer, "[said, opened_files, there]")
    assert (said, opened, there) == ([], [], ["Sources"])
