"""The buttons pressed with the mouse in a real window: what the sheets then show, and what the message boxes say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from tests.calc.office import needs_office, needs_window
from tests.calc.window import Window, shown
from tests.golden.test_activity_costs import worley
from xlprofit.run import new
from xlprofit.sheets import names
from xlprofit.sheets.parts import Meaning
from xlprofit.sheets.theme import look

pytestmark = [needs_office, needs_window]

LOSS = look(Meaning.LOSS).fill


@pytest.fixture(scope="module")
def window() -> Iterator[Window]:
    with shown() as window:
        yield window


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return G03 as a workbook that was never refreshed."""
    return new(tmp_path / "worley.xlsx", worley())


def test_refresh_is_pressed_and_the_result_sheets_are_looked_at(window: Window, book: Path) -> None:
    inputs = window.office.ask(("visited", str(book)))[0]
    before = window.colours()[LOSS]
    window.press("Refresh")
    said = window.box(picture="refreshed")
    assert said.startswith("2 customers, 1 of them profitable, customer profit -3,104 EUR.")

    shown, _, customers, profits = window.office.ask(
        ("names",),
        ("selected", "Customer P&L", "L7"),
        ("shown", "Customer P&L", "A7:A8"),
        ("shown", "Customer P&L", "N7:N8"),
    )
    assert shown == [*inputs, *names.ORDER, "xlprofit_results"]
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
    before, formula = window.office.ask(
        ("names",),
        ("typed", "Guide", "F1", "=$'Customer P&L'.N8+CUSTOMER_PROFIT(\"University\")"),
        ("replaced", "Sales", "38000", "39000"),
    )[:2]
    assert formula == pytest.approx(725 - 3_829)
    window.press("Refresh")
    window.box()
    shown, formula, text = window.office.ask(("names",), ("shown", "Guide", "F1"), ("formula", "Guide", "F1"))
    assert (shown, text) == (before, "=$'Customer P&L'.N8+CUSTOMER_PROFIT(\"University\")")
    assert formula == pytest.approx(725 - 3_829 - 2_000)


def say(window: Window, *orders: tuple[object, ...], button: str = "Refresh") -> str:
    """Press a button after some orders; return the message box's text, the document being as it was."""
    before = window.office.ask(*orders, ("names",), ("changed",))[-2:]
    window.press(button)
    said = window.box()
    assert window.office.ask(("names",), ("changed",)) == before
    return said


def test_explore(window: Window, book: Path, tmp_path: Path) -> None:
    out = {}
    out["explain never"] = say(
        window, ("visited", str(book)), ("selected", "Customers", "A1"), button="Explain this cell"
    )
    out["check"] = say(window, button="Check")
    out["unsaved empty"] = say(window, ("visited", ""))
    out["unsaved check"] = say(window, ("visited", ""), button="Check")
    out["read only"] = say(window, ("visited", str(book), True))
    (tmp_path / "x").mkdir()
    b = openpyxl.load_workbook(book)
    b["Sales"]["D2"] = "many"
    b["Sales"]["A3"] = "yesterday"
    b.save(tmp_path / "x" / "bad.xlsx")
    out["bad"] = say(window, ("visited", str(tmp_path / "x" / "bad.xlsx")))
    out["bad check"] = say(window, button="Check")
    b = openpyxl.load_workbook(book)
    b.create_sheet("Dashboard")["A1"] = "mine"
    b.save(tmp_path / "x" / "taken.xlsx")
    out["taken"] = say(window, ("visited", str(tmp_path / "x" / "taken.xlsx")))
    for k, v in out.items():
        print(f"--- {k}: {v}")
    assert 0
