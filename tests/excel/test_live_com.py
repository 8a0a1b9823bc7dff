"""The renderer and the macros' frame through xlwings' own code for Excel on Windows, up to the calls of COM."""

from __future__ import annotations

from typing import Any

import pytest

from tests.excel import stand_in

START = """
from tests.excel.live_com import Excel
import xlprofit
from xlprofit.samples import demo
from xlprofit.errors import XlprofitError
from xlprofit.excel import result_sheets, session
from xlprofit.drawing import layout
from xlprofit.formulas import SHEET
from xlprofit.sheets import book
from xlprofit.words import sheet_names as names
from xlprofit.words.sheets import say_sheets

def described(customers=20):
    results = xlprofit.analyze(demo.tables(customers=customers, sales_lines=600, activity_rows=400))
    return tuple(say_sheets(book.describe_refreshed_sheets(results), "en"))

def opened(*sheets):
    excel = Excel(*sheets)
    return excel, excel.live()
"""


def _run(script: str, **given: object) -> Any:
    return stand_in.run(START + script, **given)


@pytest.fixture(scope="module")
def drawn() -> Any:
    """Return what two refreshes on one workbook came to."""
    return _run(
        """
sheets = described()
excel, live = opened("Sales")
result_sheets.put_live_sheets(live, sheets)
first, calls, said = excel.total, dict(excel.calls), list(excel.set)
excel.calls.clear(), excel.set.clear()
result_sheets.put_live_sheets(live, sheets)
result = {
    "sheets": excel.names,
    "described": [sheet.name for sheet in sheets],
    "filtered": [s.name for s in sheets if (t := layout.find_filtered_table(s)) and not layout.can_be_listed(t)],
    "listed": [s.name for s in sheets if (t := layout.find_filtered_table(s)) and layout.can_be_listed(t)],
    "hidden": excel[SHEET].Visible,
    "marks": [[name.Name, name.RefersTo, name.Visible] for item in excel.sheets.items for name in item.Names.items],
    "first": first, "second": excel.total, "calls": calls, "again": dict(excel.calls),
    "formats": [value for path, value in said if path.endswith("FormatConditions().NumberFormat")],
    "series": [value for path, value in said if path == "Series.Name"],
    "filter": [path for path, _ in excel.set if "AutoFilterMode" in path],
}
"""
    )


def test_every_sheet_is_drawn_and_the_results_sheet_is_very_hidden(drawn: Any) -> None:
    assert sorted(drawn["sheets"]) == sorted(["Sales", *drawn["described"]])
    assert len(drawn["described"]) > 12
    assert drawn["hidden"] == 2


def test_the_marks_are_made_once_and_hidden(drawn: Any) -> None:
    assert drawn["marks"] == [
        ["x!_xlprofit_sheet", f'="{name}"', False] for name in drawn["sheets"] if name != "Sales"
    ]


def test_a_sheet_that_is_there_is_shown_whole_and_cleared_and_nothing_is_deleted(drawn: Any) -> None:
    assert len(drawn["filter"]) == len(drawn["described"])
    assert drawn["again"]["Sheet.Cells.Clear()"] == len(drawn["described"])
    assert "Sheet.Delete()" not in drawn["again"]
    assert "Sheets.Add()" not in drawn["again"]


def test_what_only_windows_has_is_asked_of_excel_itself(drawn: Any) -> None:
    calls = drawn["calls"]
    for what in ("Range.IndentLevel=", "Range.ShrinkToFit=", "Range.Font.Underline=", "Sheet.Tab.Color="):
        assert calls[what] > 0, what
    assert calls["Range.AutoFilter()"] == len(drawn["filtered"])
    assert "Trends" in drawn["filtered"]
    assert "Customer P&L" in drawn["listed"]  # an Excel Table has buttons of its own
    assert "Dashboard" not in drawn["filtered"] + drawn["listed"]
    assert any("●" in code for code in drawn["formats"])
    assert "Cumulative profit" in drawn["series"]


def test_the_calls_of_com_do_not_grow_with_the_customers() -> None:
    few, many, sheets = _run(
        """
totals = []
for customers in (20, 60):
    excel, live = opened("Sales")
    result_sheets.put_live_sheets(live, described(customers))
    totals.append(excel.total)
result = [*totals, len(excel.names)]
"""
    )
    assert abs(many - few) <= 60  # some calls for each of the stretches that depend on the figures
    assert many < 450 * sheets


def test_figures_in_a_currency_format_are_read_in_full() -> None:
    """Excel's Value gives four decimals of them: a rate of a third of a cent a minute would be one per cent off."""
    rates, kinds, single, asked = _run(
        """
from decimal import Decimal
from xlprofit.excel import live_tables
excel, live = opened("Activities", "One")
day = stand_in.TimeType(2024, 3, 1)
head = ["activity", "group", "rate", "unit_cost"]
excel["Activities"].fill(
    [head, ["Call", "service", 2.0, Decimal("0.0033")], [day, -2146826246, None, Decimal("12.5")]],
    Value2=[head, ["Call", "service", 2.0, 0.0033333333], [45352.0, -2146826246, None, 12.5]],
)
frame = live_tables.read_live_tables(live)["Activities"].frame
excel["One"].fill([[Decimal("0.0033")]], Value2=[[0.0033333333]])
from xlprofit.drawing import native
result = [
    frame["unit_cost"].tolist(),
    [type(frame["activity"].iloc[1]).__name__, frame["group"].tolist()],
    native.read_block_cells(live.sheets["One"].range((1, 1))),
    native.read_block_cells(live.sheets["Activities"].range((1, 1), (1, 4))),
]
"""
    )
    assert rates == [0.0033333333, 12.5]
    assert kinds == ["datetime", ["service", "#N/A"]]
    assert single == [[0.0033333333]]
    assert asked == [["activity", "group", "rate", "unit_cost"]]


@pytest.mark.parametrize(("since_1904", "expected"), [(False, 45352.0), (True, 45352.0 - 1462)])
def test_days_are_written_as_the_workbook_counts_them(since_1904: bool, expected: float) -> None:
    """A workbook of an old Mac counts from 1904; what is kept of its dates is counted alike."""
    written, kept = _run(
        """
from xlprofit.sheets.parts import Column, Format, Sheet, Table
excel, live = opened("Sales")
vars(excel.book)["Date1904"] = since_1904
columns = (Column("line", "Line", ["a"]), Column("date", "Date", [45352.0], Format.DATE))
result_sheets.put_live_sheets(live, [Sheet("Dashboard", tables=(Table("t", 1, 1, columns),))])
written = [value for path, value in excel.set if path == "Range.Value"][0]
day = stand_in.TimeType(2024, 3, 1)
excel["Dashboard"].fill([["Line", "Date"], ["a", day]])
excel.set.clear()
result_sheets.keep_shown_results(live)
kept = [value for path, value in excel.set if path == "Range.Value"][0]
result = [written[1][1], kept[1][3]]
""",
        since_1904=since_1904,
    )
    assert (written, kept) == (expected, expected)


@pytest.mark.parametrize("fails", [False, True])
def test_excel_is_left_as_it_was_found(fails: bool) -> None:
    before, during, after = _run(
        """
excel, live = opened("Sales")
def state():
    app = excel.application
    return [app.ScreenUpdating, app.EnableEvents, app.Calculation, app.StatusBar]
before = state()
try:
    with session.quiet_excel(live) as stage:
        stage("Computing")
        during = state()
        if fails:
            raise XlprofitError("no")
except XlprofitError:
    pass
result = [before, during, state()]
""",
        fails=fails,
    )
    assert during == [False, False, -4135, "xlprofit: Computing …"]
    assert after == before == [True, True, -4105, False]


@pytest.mark.parametrize(
    ("protect", "said"),
    [
        (["Trends"], 'Sheet "Trends" '),
        (["Trends", "Checks"], 'Sheets "Trends", "Checks" '),
    ],
)
def test_protected_sheets_are_named_and_nothing_is_written(protect: list[str], said: str) -> None:
    message, calls = _run(
        """
excel, live = opened("Sales")
result_sheets.put_live_sheets(live, described())
for name in protect:
    vars(excel[name])["ProtectContents"] = True
excel.set.clear()
try:
    result_sheets.refuse_live_sheets(live, names.order())
    message = ""
except XlprofitError as error:
    message = str(error)
result = [message, [path for path, _ in excel.set]]
""",
        protect=protect,
    )
    assert said in message
    assert "nothing was changed" in message
    assert calls == []


def test_a_protected_sheet_is_named_by_the_name_that_it_has_yet() -> None:
    """A workbook whose language was changed: its sheets are renamed by the refresh that is refused."""
    message, called = _run(
        """
from xlprofit.words import sheet_names
from xlprofit.words.speech import speaking
excel, live = opened("Sales")
result_sheets.put_live_sheets(live, described())
vars(excel["Trends"])["ProtectContents"] = True
with speaking("fi"):
    try:

        result_sheets.refuse_live_sheets(live, names.order())
        message = ""
    except XlprofitError as error:
        message = str(error)
result = [message, excel.names]
"""
    )
    assert '"Trends"' in message
    assert "Trends" in called


def test_a_sheet_that_is_very_hidden_is_not_hidden_again(drawn: Any) -> None:
    """Where the structure is protected, Excel lets nobody hide a sheet, and the sheet is hidden already."""
    assert drawn["calls"]["Sheet.Visible="] == 1
    assert "Sheet.Visible=" not in drawn["again"]


def test_a_protected_structure_stops_only_where_a_sheet_must_be_added() -> None:
    new, old = _run(
        """
def refused(live):
    try:
        result_sheets.refuse_live_sheets(live, [sheet.name for sheet in sheets])
    except XlprofitError as error:
        return str(error)
    return ""
sheets = described()
excel, live = opened("Sales")
vars(excel.book)["ProtectStructure"] = True
new = refused(live)
vars(excel.book)["ProtectStructure"] = False
result_sheets.put_live_sheets(live, sheets)
vars(excel.book)["ProtectStructure"] = True
result = [new, refused(live)]
"""
    )
    assert "structure" in new and "protected" in new
    assert old == ""


def test_a_sheet_that_is_not_there_yet_is_named_with_what_makes_it() -> None:
    told = _run(
        """
from xlprofit.hosts.live import LiveHost, show_live_sheet
excel, live = opened("Sales")
told = []
for name in (names.EXPLANATION, names.DASHBOARD):
    try:
        show_live_sheet(live, name)
    except XlprofitError as error:
        told.append([str(error), error.fix])
result = [*told, LiveHost(live).read_chosen([names.CUSTOMER], (3, 2))]
"""
    )
    (explained, press), (dashboard, refresh), chosen = told
    assert "Explanation" in explained and "Dashboard" in dashboard
    assert press != refresh
    assert list(chosen) == [False, None]
