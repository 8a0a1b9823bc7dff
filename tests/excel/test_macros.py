"""The macros, run as scripts by xlwings' own engine; what they do to a workbook, and what they leave alone."""

from __future__ import annotations

import copy
from typing import Any

import pandas as pd
import pytest
import xlwings as xw

import xlprofit
from tests.companies import make_small_demo
from tests.drawn import RESULT_SHEETS
from tests.excel.on_server import Office, Server
from tests.figures import read_names
from tests.needs import takes_minutes
from xlprofit.excel import macros, result_sheets, session
from xlprofit.formulas import SHEET
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.ooxml.listing import MARK
from xlprofit.results import Results
from xlprofit.sheets import explanation, names
from xlprofit.sheets.parts import Figure

TABLES = make_small_demo(20, 500, 300)


@pytest.fixture(scope="module")
def results() -> Results:
    """Return what the library itself says of the same tables."""
    return xlprofit.analyze(TABLES)


@pytest.fixture(scope="module")
def refreshed_once(server: Server) -> Office:
    """Return a workbook after its first refresh; not to be changed."""
    office = Office(TABLES, objects=("Sales", "ActivityLog"))
    office.run(server, "refresh_results")
    return office


@pytest.fixture
def refreshed(refreshed_once: Office) -> Office:
    """Return a workbook after its first refresh."""
    return copy.deepcopy(refreshed_once)


def _values(office: Office) -> dict[str, dict[tuple[int, int], Any]]:
    return {page.name: dict(page.values) for page in office.pages}


def _amount_cell(office: Office, customer: str, header: str) -> str:
    """Return the address of a customer's cell on Customer P&L."""
    values = office[names.CUSTOMER_PNL].values
    column = next(c for (r, c), v in values.items() if r == 6 and v == header)
    row = next(r for (r, c), v in values.items() if c == 1 and f'"{customer}"' in str(v))
    return f"{chr(64 + column)}{row}"


# --- refresh ---------------------------------------------------------------------------------------


def test_the_first_refresh_makes_every_result_sheet_behind_the_users(refreshed: Office) -> None:
    assert refreshed.sheet_names == [*TABLES, *RESULT_SHEETS, SHEET]
    assert refreshed.alerts == []
    assert refreshed.sheet_names[refreshed.active] == names.DASHBOARD
    assert refreshed[SHEET].visibility == "Hidden"


def test_a_refresh_leaves_the_users_sheets_as_they_are(server: Server) -> None:
    office = Office(TABLES)
    before = _values(office)
    actions = office.run(server, "refresh_results")
    written = [a for a in actions if a["func"] != "activateSheet" and a["sheet_position"] is not None]
    assert min(a["sheet_position"] for a in written) >= len(TABLES)
    assert {name: dict(office[name].values) for name in TABLES} == before


def test_a_second_refresh_draws_the_same_in_place(server: Server, refreshed: Office) -> None:
    before, looks = _values(refreshed), copy.deepcopy([p.looks for p in refreshed.pages])
    rules = copy.deepcopy([p.rules for p in refreshed.pages])
    charts = {p.name: len(p.charts) for p in refreshed.pages if p.charts}
    actions = refreshed.run(server, "refresh_results")
    assert refreshed.sheet_names == [*TABLES, *RESULT_SHEETS, SHEET, result_sheets.PREVIOUS]
    assert not [a for a in actions if a["func"] == "sheetDelete"]
    after = _values(refreshed)
    after.pop(result_sheets.PREVIOUS)
    assert after == before
    assert [p.looks for p in refreshed.pages][:-1] == looks
    assert [p.rules for p in refreshed.pages][:-1] == rules
    assert {p.name: len(p.charts) for p in refreshed.pages if p.charts} == charts
    assert (charts[names.DASHBOARD], charts[names.CUSTOMER], charts[names.CAPACITY]) == (2, 1, 1)
    assert all(refreshed[name].cleared == 1 for name in RESULT_SHEETS)


def test_a_refresh_puts_the_settings_of_excel_back(refreshed: Office) -> None:
    assert refreshed.settings == [("setCalculation", "Manual"), ("setCalculation", "Automatic")]


def test_the_sheets_are_marked_as_ours(refreshed: Office) -> None:
    marks = {n["scope_sheet_name"]: n["refers_to"] for n in refreshed.names if n["name"] == MARK}
    assert marks == {name: f'="{name}"' for name in (*RESULT_SHEETS, SHEET)}


def test_a_sheet_of_the_users_own_is_never_written(server: Server) -> None:
    office = Office({**TABLES, "dashboard": pd.DataFrame({"mine": [1.0, 2.0]})})
    mine = dict(office["dashboard"].values)
    office.run(server, "refresh_results")
    assert office.alerts == []
    assert office["dashboard"].values == mine
    marks = {n["scope_sheet_name"] for n in office.names if n["name"] == MARK}
    assert "Dashboard (xlprofit)" in marks
    assert marks.isdisjoint(("dashboard", "Dashboard"))


@takes_minutes
def test_a_result_sheet_that_was_renamed_is_the_users(server: Server, refreshed: Office) -> None:
    refreshed[names.TRENDS].name = "Trends of March"
    for name in refreshed.names:
        if name["scope_sheet_name"] == names.TRENDS:
            name["scope_sheet_name"] = "Trends of March"
    kept = dict(refreshed["Trends of March"].values)
    refreshed.run(server, "refresh_results")
    assert refreshed.alerts == []
    assert refreshed["Trends of March"].values == kept
    assert names.TRENDS in refreshed.sheet_names


def test_what_a_refresh_replaces_is_kept_and_can_be_put_back(server: Server, refreshed: Office) -> None:
    before = {n: v for n, v in _values(refreshed).items() if n in RESULT_SHEETS}
    page = refreshed["Sales"]
    for row in range(2, 40):
        page.values[row, 3] = 2.0 * float(page.values.get((row, 3), 0.0))
    refreshed.run(server, "refresh_results")
    assert refreshed[names.CUSTOMER_PNL].values != before[names.CUSTOMER_PNL]
    assert refreshed[result_sheets.PREVIOUS].visibility == "Hidden"
    refreshed.run(server, "restore_results")
    assert "Last refresh undone" in refreshed.alerts[-1]
    assert {n: v for n, v in _values(refreshed).items() if n in RESULT_SHEETS} == before


def test_without_an_earlier_refresh_there_is_nothing_to_put_back(server: Server, refreshed: Office) -> None:
    refreshed.run(server, "restore_results")
    assert len(refreshed.alerts) == 1 and "earlier results" in refreshed.alerts[0]


def _turned(office: Office, language: str) -> None:
    """Have a workbook's results told in another language."""
    settings = office["Settings"].values
    row = max(row for row, _ in settings) + 1
    settings[row, 1], settings[row, 2] = "language", language


@takes_minutes
def test_results_of_before_the_language_changed_are_put_back_on_the_sheets_new_names(
    server: Server, refreshed: Office
) -> None:
    before = dict(refreshed[names.CUSTOMER_PNL].values)
    _turned(refreshed, "fi")
    refreshed.run(server, "refresh_results")
    assert refreshed.alerts == []
    refreshed.run(server, "restore_results")
    assert refreshed.alerts[0].startswith("Viimeisin päivitys kumottu")
    assert "Asiakaskannattavuus" in refreshed.alerts[0]
    assert refreshed["Asiakaskannattavuus"].values == before


@takes_minutes
def test_only_what_a_refresh_draws_anew_is_put_back(
    server: Server, refreshed: Office, results: Results
) -> None:
    best, worst = str(results.whale.index[0]), str(results.whale.index[-1])
    for name in (best, worst):
        row = 2 + TABLES["Sales"]["customer"].tolist().index(name)
        refreshed.select("Sales", f"B{row}")
        refreshed.run(server, "explain_cell")
        if name == best:
            refreshed.run(server, "refresh_results")
    refreshed.run(server, "restore_results")
    assert names.TRENDS in refreshed.alerts[-1]
    assert refreshed[explanation.NAME].values[1, 1] == f"{worst}: customer profit"


@takes_minutes
def test_where_the_result_sheets_are_gone_put_back_says_so(server: Server, refreshed: Office) -> None:
    refreshed.run(server, "refresh_results")
    refreshed.pages = [page for page in refreshed.pages if page.name not in RESULT_SHEETS]
    refreshed.names = [n for n in refreshed.names if n["scope_sheet_name"] not in RESULT_SHEETS]
    for name in refreshed.names:
        name["scope_sheet_index"] = refreshed.sheet_names.index(name["scope_sheet_name"])
    refreshed.active = 0
    refreshed.run(server, "restore_results")
    assert [read_names(alert) for alert in refreshed.alerts] == [["Dashboard"]]


def test_findings_that_stop_the_work_are_shown_and_nothing_else_is_drawn(server: Server) -> None:
    office = Office({n: t for n, t in TABLES.items() if n != "Sales"})
    office.run(server, "refresh_results")
    assert [n for n in office.sheet_names if n not in TABLES] == [names.CHECKS]
    assert office.sheet_names[office.active] == names.CHECKS
    assert "Nothing was computed" in office.alerts[0]
    assert "Traceback" not in office.alerts[0]


def test_an_unforeseen_error_is_a_message_and_excel_is_put_back(server: Server) -> None:
    office = Office(TABLES)
    payload = office.payload()
    payload["sheets"][2]["tables"] = [{"name": "Sales"}]  # what no client sends
    actions = server.ask(payload, script="refresh_results", args=())
    assert [a["func"] for a in actions] == ["setCalculation", "setCalculation", "alert"]
    said = actions[-1]["args"][0]
    assert said.startswith("Unexpected error")
    assert session.LOG in said
    assert "Traceback" not in said


# --- the others ------------------------------------------------------------------------------------


def test_check_draws_the_checks_alone(server: Server, results: Results) -> None:
    office = Office(TABLES)
    office.run(server, "check_inputs")
    assert office.sheet_names == [*TABLES, names.CHECKS]
    codes = [v for (r, c), v in sorted(office[names.CHECKS].values.items()) if c == 2 and r > 5]
    assert codes == [f.code for f in results.findings]
    assert office.sheet_names[office.active] == names.CHECKS


@takes_minutes
def test_in_lite_the_formulas_answer_from_the_last_refresh_that_python_saw(
    server: Server, refreshed: Office
) -> None:
    stamp = refreshed[SHEET].values[1, 2]
    Office({"Notes": pd.DataFrame({"mine": [1.0]})}).run(server, "use_last_refresh")
    assert server.known == []
    refreshed.run(server, "use_last_refresh")
    assert (server.known, refreshed.alerts) == ([stamp], [])
    fresh = Office(TABLES)
    fresh.run(server, "use_last_refresh")
    assert server.known == []
    assert "was never refreshed" in fresh.alerts[0]
    fresh.run(server, "refresh_results")
    assert server.known == [stamp]


# --- customer ----------------------------------------------------------------------------------------


def test_the_button_shows_the_customer_whose_name_is_selected(
    server: Server, refreshed: Office, results: Results
) -> None:
    other = str(results.whale.index[-1])
    row = 2 + TABLES["Sales"]["customer"].tolist().index(other)
    refreshed.select("Sales", f"B{row}")
    refreshed.run(server, "look_up_customer")
    assert refreshed.alerts == []
    assert refreshed.sheet_names[refreshed.active] == names.CUSTOMER
    page = refreshed[names.CUSTOMER]
    assert page.values[CHOSEN_PLACE] == other
    ((sheet, (top, left, bottom, right)),) = page.lists.values()
    assert (sheet, left, right, bottom - top + 1) == (names.CUSTOMER_PNL, 1, 1, len(results.whale))
    refreshed.run(server, "refresh_results")
    assert refreshed[names.CUSTOMER].values[CHOSEN_PLACE] == other


def test_no_name_selected_leaves_the_customer_that_was_chosen(
    server: Server, refreshed: Office, results: Results
) -> None:
    other = str(results.whale.index[-1])
    refreshed[names.CUSTOMER].values[CHOSEN_PLACE] = other
    refreshed.select("Resources", "A2")
    refreshed.run(server, "look_up_customer")
    assert refreshed[names.CUSTOMER].values[CHOSEN_PLACE] == other
    assert refreshed.sheet_names[refreshed.active] == names.CUSTOMER
    (said,) = refreshed.alerts
    assert f"“{TABLES['Resources'].iloc[0, 0]!s}”" in said


def test_a_figure_of_a_customers_row_leads_there_and_nothing_is_computed(
    server: Server, refreshed: Office, results: Results
) -> None:
    best = str(results.whale.index[0])
    changed = (2, 1 + list(TABLES["Sales"]).index("gross_revenue"))
    before = dict(refreshed[names.CUSTOMER_PNL].values)
    refreshed["Sales"].values[changed] = 1e6
    refreshed.select(names.CUSTOMER_PNL, "F7")
    refreshed.run(server, "look_up_customer")
    assert refreshed.alerts == []
    assert refreshed[names.CUSTOMER].values[CHOSEN_PLACE] == best
    assert refreshed.sheet_names[refreshed.active] == names.CUSTOMER
    assert refreshed[names.CUSTOMER_PNL].values == before


@takes_minutes
def test_a_sheet_customer_of_the_users_own_is_left_alone(server: Server) -> None:
    office = Office({**TABLES, names.CUSTOMER: pd.DataFrame({"mine": [1.0]})})
    mine = dict(office[names.CUSTOMER].values)
    office.run(server, "refresh_results")
    assert office.alerts == []
    office.run(server, "look_up_customer")
    assert office.alerts == []
    assert f"{names.CUSTOMER} (xlprofit)" in {
        n["scope_sheet_name"] for n in office.names if n["name"] == MARK
    }
    assert office[names.CUSTOMER].values == mine


def test_go_to_sheet_shows_a_sheet_or_says_how_to_make_it(server: Server, refreshed: Office) -> None:
    refreshed[names.DECISIONS].visibility = "Hidden"
    refreshed.run(server, "show_sheet", names.DECISIONS)
    assert refreshed.sheet_names[refreshed.active] == names.DECISIONS
    assert refreshed[names.DECISIONS].visibility == "Visible"
    fresh = Office(TABLES)
    fresh.run(server, "show_sheet", names.DECISIONS)
    assert [read_names(alert) for alert in fresh.alerts] == [["Decisions"]]


def test_about_says_the_versions(server: Server) -> None:
    office = Office(TABLES)
    office.run(server, "about_xlprofit")
    assert all(word in office.alerts[0] for word in ("xlprofit", "xlwings 0.37", "Python 3."))


def test_where_there_are_no_files_new_adds_the_tables_that_are_missing(server: Server) -> None:
    office = Office({"Sales": TABLES["Sales"]})
    office.run(server, "add_input_tables")
    assert office["Customers"].values[1, 1] == "customer"
    assert office["Sales"].values[2, 2] == TABLES["Sales"].iloc[0, 1]
    assert len(office.sheet_names) == len(TABLES)
    office.run(server, "add_input_tables")
    assert len(office.alerts) == 1 and "already" in office.alerts[0]


def test_an_explanation_of_very_many_rows_still_adds_up(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explanation, "MOST_ROWS", 5)
    customer = str(results.whale.index[0])
    table = explanation.describe_explanation_sheet(results, Figure(customer=customer)).table(
        explanation.TABLE
    )
    assert table.rows == 6
    assert str(table.columns[0].values[-1]).endswith("smaller rows")
    units, rates = (table.columns[table.position(key) - 1].values for key in ("units", "rate"))
    worth = sum(float(u or 0) * float(r or 0) for u, r in zip(units, rates, strict=True))
    assert worth == pytest.approx(results.customers.loc[customer, "profit"])


# --- the same implementation for RunPython ---------------------------------------------------------


class _Caller:
    """A workbook that can be told something."""

    def __init__(self) -> None:
        self.app = self
        self.sheet_names: list[str] = []
        self.said: list[str] = []
        self.engine: Any = None

    def alert(self, text: str, *_: str) -> None:
        self.said.append(text)


@pytest.mark.parametrize(
    ("macro", "work"),
    [
        ("refresh", "_refresh_book"),
        ("check", "_check_book"),
        ("explain", "_explain_selection"),
        ("look_up", "_show_selected_customer"),
        ("new", "_open_new_book"),
        ("about", "_show_versions"),
        ("restore", "_restore_sheets"),
    ],
)
def test_an_entry_point_for_runpython_runs_on_the_calling_workbook(
    macro: str, work: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = _Caller()
    ran: list[object] = []
    monkeypatch.setattr(xw.Book, "caller", lambda: caller)
    monkeypatch.setattr(macros, work, ran.append)
    getattr(macros, macro)()
    assert ran == [caller]


def test_go_to_sheet_for_runpython_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    caller = _Caller()
    monkeypatch.setattr(xw.Book, "caller", lambda: caller)
    macros.go_to_sheet("Decisions")
    assert [read_names(said) for said in caller.said] == [["Decisions"]]


def test_where_python_is_not_on_the_users_computer_sources_are_refused_and_nothing_is_drawn(
    server: Server,
) -> None:
    sources = pd.DataFrame({"table": ["Sales"], "source": ["/etc/hostname.csv"]})
    for script in ("refresh_results", "check_inputs", "explain_cell", "look_up_customer"):
        office = Office({**TABLES, "Sources": sources})
        office.run(server, script)
        assert len(office.alerts) == 1
        assert "this Python" in office.alerts[0]
        assert office.sheet_names == [*TABLES] if "Sources" in TABLES else [*TABLES, "Sources"]
