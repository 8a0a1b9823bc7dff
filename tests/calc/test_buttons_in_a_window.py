"""The buttons pressed with the mouse in a real window: what the sheets then show, and what the message boxes say."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import xlprofit
from tests.calc.office import needs_office, needs_window
from tests.calc.window import Window, shown
from tests.drawn import find_column_letter, list_described_sheets
from tests.figures import read_figures
from tests.golden.test_activity_costs import worley
from xlprofit import samples
from xlprofit.errors import FileError
from xlprofit.sheets.parts import Meaning
from xlprofit.sheets.theme import find_look
from xlprofit.tables import TABLES
from xlprofit.words import sheet_names as names
from xlprofit.words.speech import speaking
from xlprofit.workflow import new

pytestmark = [needs_office, needs_window]

LOSS = find_look(Meaning.LOSS).fill


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with shown() as window:
        yield window


@cache
def find_profit() -> str:
    """Return the column in which the profit of each customer stands."""
    return find_column_letter(worley(), "Customer P&L", "profit")


LAST = get_column_letter(len(TABLES["Sales"].columns))
"""The last column of the sheet Sales in a new workbook."""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return G03 as a workbook that was never refreshed."""
    return new(tmp_path / "worley.xlsx", worley())


def test_refresh_is_pressed_and_the_result_sheets_are_looked_at(window: Window, book: Path) -> None:
    inputs = window.office.ask(("visited", str(book)))[0]
    before = window.colours()[LOSS]
    window.press("Refresh")
    said = window.box(picture="refreshed")
    assert read_figures(said)[:3] == [2, 1, -3_104], said

    shown, _, customers, profits = window.office.ask(
        ("names",),
        ("selected", "Customer P&L", "L7"),
        ("shown", "Customer P&L", "A7:A8"),
        ("shown", "Customer P&L", f"{find_profit()}7:{find_profit()}8"),
    )
    assert shown == [*inputs, *list_described_sheets(worley()), "xlprofit_results"]
    assert customers == [["University"], ["Memorial"]]
    assert profits == [[pytest.approx(725)], [pytest.approx(-3_829)]]
    window.picture("customer-pnl")
    assert window.colours()[LOSS] > before + 1_000


def test_pressed_again_it_refills_the_sheets_and_formulas_keep_their_targets(
    window: Window, book: Path
) -> None:
    window.office.ask(("visited", str(book)))
    window.press("Refresh")
    window.box()
    before, value, formula, charts = window.office.ask(
        ("names",),
        ("typed", "Guide", "F1", f"=$'Customer P&L'.{find_profit()}8+CUSTOMER_PROFIT(\"University\")"),
        ("formula", "Guide", "F1"),
        ("charted", "Dashboard"),
    )
    assert value == pytest.approx(725 - 3_829)
    assert {area.partition(".")[0] for area, _size in charts} == {"$Dashboard", "$'Customer P&L'"}
    for more in (1_000, 2_000):
        window.office.ask(("replaced", "Sales", str(37_000 + more), str(38_000 + more)))
        window.press("Refresh")
        window.box()
        again = window.office.ask(
            ("names",), ("formula", "Guide", "F1"), ("charted", "Dashboard"), ("shown", "Guide", "F1")
        )
        assert again[:3] == [before, formula, charts]
        assert again[3] == pytest.approx(725 - 3_829 - 2 * more)


def _said(window: Window, button: str) -> str:
    """Press a button; return the message box's text, the document being as it was."""
    before = window.office.ask(("names",), ("changed",))
    window.press(button)
    said = window.box()
    assert window.office.ask(("names",), ("changed",)) == before
    return said


def test_what_cannot_be_done_is_a_message_with_the_mend(window: Window, book: Path, tmp_path: Path) -> None:
    window.office.ask(("visited", str(book)), ("selected", "Guide", "A1"))
    assert "Select" in _said(window, "Explain this cell")

    window.office.ask(("visited", str(book), True))
    assert "another name" in _said(window, "Refresh")
    window.office.ask(("visited", ""))
    assert _said(window, "Refresh").count("there is no Sales table") == 1


def test_a_sheet_of_the_users_own_stays_and_ours_takes_another_name(
    window: Window, book: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken.xlsx"
    own = openpyxl.load_workbook(book)
    own.create_sheet("Dashboard")["A1"] = "mine"
    own.save(taken)
    window.office.ask(("visited", str(taken)))
    window.press("Refresh")
    window.box()
    (there,) = window.office.ask(("names",))
    assert {"Dashboard", "Dashboard (xlprofit)"} <= set(there)


def test_check_lists_what_is_wrong_and_selects_the_first_cell(
    window: Window, book: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.xlsx"
    own = openpyxl.load_workbook(book)
    own["Sales"]["C2"] = "many"
    own.save(bad)
    window.office.ask(("visited", str(bad)))
    said = _said(window, "Check")
    assert 'Sales!C2: "many" ' in said
    assert window.office.ask(("selection",)) == [["Sales", "$C$2"]]


def test_what_is_being_typed_counts_though_enter_was_not_pressed(window: Window, book: Path) -> None:
    window.office.ask(("visited", str(book)), ("selected", "Sales", "C3"))
    assert window.office.ask(("shown", "Sales", "B3:C3"))[0] == [["Memorial", 40_660]]
    window.type("50000")
    window.press("Refresh")
    assert read_figures(window.box())[:3] == [2, 2, 6_236]
    typed, name, profit = window.office.ask(
        ("shown", "Sales", "C3"),
        ("shown", "Customer P&L", "A7"),
        ("shown", "Customer P&L", f"{find_profit()}7"),
    )
    assert [typed, name] == [50_000, "Memorial"]
    assert profit == pytest.approx(50_000 - 40_660 - 3_829)


def test_rows_typed_below_a_table_are_read_though_calc_grows_no_table(window: Window, tmp_path: Path) -> None:
    path, saved = new(tmp_path / "new.xlsx"), tmp_path / "saved.xlsx"
    lines = [[f"2024-01-0{day}", "ABC"[day % 3], 100 * day] for day in range(1, 7)]
    window.office.ask(
        ("visited", str(path)),
        ("filled", "Sales", "A2:C7", lines),
        ("stored", str(saved), "Calc MS Excel 2007 XML"),
        ("visited", str(saved)),
    )
    assert openpyxl.load_workbook(saved)["Sales"].tables["Sales"].ref == f"A1:{LAST}2"
    assert re.search(r"\b5 rows [^.]*Excel Table", _said(window, "Check"))
    window.press("Refresh")
    assert read_figures(window.box())[:3] == [3, 3, 2_100]
    window.office.ask(("stored", str(saved), "Calc MS Excel 2007 XML"))
    assert openpyxl.load_workbook(saved)["Sales"].tables["Sales"].ref == f"A1:{LAST}7"
    with pytest.raises(FileError, match="another program"):  # Calc has it open still
        xlprofit.refresh(saved)
    copied = Path(shutil.copy(saved, tmp_path / "copied.xlsx"))
    assert len(xlprofit.refresh(copied).results.customers) == 3


def test_the_customer_that_was_chosen_stays_chosen(window: Window, book: Path) -> None:
    xlprofit.refresh(book)
    window.office.ask(
        ("visited", str(book)),
        ("typed", names.CUSTOMER, "B3", "Memorial"),
        ("typed", "Sales", "B3", "Zeta"),
    )
    window.press("Refresh")
    assert read_figures(window.box())[:3] == [3, 2, -3_104]
    chosen, profit = window.office.ask(("shown", names.CUSTOMER, "B3"), ("shown", names.CUSTOMER, "B6"))
    assert (chosen, profit) == ("Memorial", pytest.approx(-4_137 - 2_352))


def test_the_button_customer_sets_the_name_and_goes_there(window: Window, book: Path) -> None:
    window.office.ask(("visited", str(book)), ("selected", "Sales", "B3"))
    window.press("Customer")
    assert read_figures(window.box())[:3] == [2, 1, -3_104]  # never refreshed: that is done first
    assert window.office.ask(("active",), ("shown", names.CUSTOMER, "B3")) == [names.CUSTOMER, "Memorial"]
    window.office.ask(("selected", "Customer P&L", f"{find_profit()}7"))
    window.press("Customer")
    window.until(lambda: window.office.ask(("active",)) == [names.CUSTOMER], "the sheet Customer")
    chosen, profit = window.office.ask(("shown", names.CUSTOMER, "B3"), ("shown", names.CUSTOMER, "B6"))
    assert (chosen, profit) == ("University", pytest.approx(725))
    window.picture("customer")
    window.office.ask(("selected", "Sales", "B1"))
    window.press("Customer")
    assert "“customer”" in window.box()
    assert window.office.ask(("active",), ("shown", names.CUSTOMER, "B3")) == [names.CUSTOMER, "University"]


def test_a_finnish_workbook_saved_as_ods_is_refreshed_in_place(window: Window, tmp_path: Path) -> None:
    path, saved = tmp_path / "oma.xlsx", tmp_path / "oma.ods"
    new(path, template="wholesale", language="fi")
    inputs = window.office.ask(("visited", str(path)), ("saved_as", str(saved), "calc8"))[0]
    window.press("Refresh")
    said = window.box(picture="finnish")
    assert re.search(r"^\d+ asiakasta, joista kannattavia \d+, asiakastulos ", said)
    best = "$Asiakaskannattavuus.A7"
    names_then, value = window.office.ask(
        ("names",), ("typed", "Ohje", "F1", f"={best}&CUSTOMER_STATE({best})")
    )
    with speaking("fi"):
        described = [
            names.say_sheet_name(name) for name in list_described_sheets(samples.tables("wholesale"))
        ]
    assert names_then == [*inputs, *described, "xlprofit_results"]
    assert value.endswith("Kannattava")
    window.office.ask(("saved_as", str(saved), "calc8"), ("visited", str(saved)))
    window.press("Refresh")
    assert window.box().startswith(said.partition("\n")[0])
    assert window.office.ask(("names",), ("shown", "Ohje", "F1")) == [names_then, value]


def test_explain_shows_where_a_figure_comes_from(window: Window, book: Path) -> None:
    window.office.ask(("visited", str(book)))
    window.press("Refresh")
    window.box()
    window.office.ask(("selected", "Customer P&L", f"{find_profit()}8"))
    window.press("Explain this cell")
    window.until(lambda: window.office.ask(("active",)) == ["Explanation"], "the sheet Explanation")
    window.picture("explanation")
    cells = window.office.ask(("shown", "Explanation", "A1:A3"))[0]
    assert any("Memorial" in str(cell) for (cell,) in cells)
