"""Formulas that a file names plainly are entered again where they show #NAME?, and nothing else is touched."""

# pyOpenVBA is typed but does not say so.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.apps.excel._model import Range, Workbook

from tests.excel.vba_host import Excel
from tests.lossless.books import change, parts_of
from tests.packages import sheets_of
from tests.witness.books import make_small_book
from xlprofit.excel.addin.vba import build_vba_sources
from xlprofit.formulas import REGISTRY
from xlprofit.sheets import names

FORMULA = re.compile(rb'(<c r="[A-Z]+\d+" s="\d+")[^>]*>(<f[^>]*>[A-Z_]+\([^<]*</f>)<v>[^<]*</v></c>')
"""A cell with a formula."""

Entered = list[tuple[str, str, str]]
"""What was entered: sheet, cells, formula."""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A refreshed workbook with the sheet *Look-up*, whose formulas show #NAME? as Excel opens it."""
    path = make_small_book(tmp_path_factory.mktemp("entering") / "book.xlsx")
    part = sheets_of(parts_of(path))[names.CUSTOMER]
    return change(path, {part: lambda old: FORMULA.sub(rb'\1 t="e">\2<v>#NAME?</v></c>', old)})


@pytest.fixture
def entered(monkeypatch: pytest.MonkeyPatch) -> Entered:
    """What is entered into cells from now on."""
    found: Entered = []

    def record(spec: Any) -> Any:
        def enter(cells: Any, value: object) -> None:
            found.append((cells.sheet.name, str(cells.Address()).replace("$", ""), str(value)))
            spec.setter(cells, value)

        return replace(spec, setter=enter)

    members = Range._vba_members
    for name in ("formula", "formulaarray"):
        monkeypatch.setitem(members, name, record(members[name]))
    return found


def _open(excel: Excel, path: Path) -> Workbook:
    opened = excel.open_workbook(path)
    opened.saved = True
    return opened


def _enter_again(excel: Excel) -> None:
    name = f"Again{len(excel.interpreter.modules)}"
    excel.add_module(
        f"Sub {name}Now()\r\n    EnterFormulasAgain ActiveWorkbook\r\nEnd Sub\r\n", name=f"Module{name}"
    )
    excel.run(f"{name}Now")


def _excel() -> Excel:
    return Excel(build_vba_sources(REGISTRY.values()))


def test_the_formulas_of_look_up_are_entered_again(book: Path, entered: Entered) -> None:
    excel = _excel()
    opened = _open(excel, book)
    _enter_again(excel)
    assert {sheet for sheet, _, _ in entered} == {names.CUSTOMER}
    called = {formula.partition("(")[0].lstrip("=") for _, _, formula in entered}
    assert called == {
        "CUSTOMER_STATE",
        "CUSTOMER_DECISION",
        "REFERRAL_VALUE",
        "CUSTOMER_PROFIT",
        "COST_TO_SERVE",
    }
    assert len({cells for _, cells, _ in entered}) == len(entered)
    assert any(":" in cells for _, cells, _ in entered)  # an array as one, or Excel refuses a part of it
    assert opened.saved
    assert excel.application.EnableEvents() is True


def test_they_stay_the_formulas_that_they_were(book: Path, entered: Entered) -> None:
    excel = _excel()
    opened = _open(excel, book)
    sheet = next(s for s in opened.sheets_ if s.name == names.CUSTOMER)
    cells = [sheet.vba_get("Range", [f"{c}{r}"]) for c in "ABCD" for r in range(1, 40)]
    before = [str(cell.Formula()) for cell in cells]
    _enter_again(excel)
    assert [str(cell.Formula()) for cell in cells] == before
    assert entered


def test_what_is_the_users_or_no_error_is_left_alone(book: Path, entered: Entered) -> None:
    excel = _excel()
    opened = _open(excel, book)
    for sheet, place, formula in (
        ("Sales", "Z1", '=CUSTOMER_PROFIT("ACME")'),
        (names.CUSTOMER, "Z1", "=NO_SUCH()"),
        (names.CUSTOMER, "Z2", "=1/0"),
        (names.CUSTOMER, "Z3", "=1+1"),
        (names.CUSTOMER, "Z4", '="CUSTOMER_PROFIT(1)"'),
    ):
        cell = next(s for s in opened.sheets_ if s.name == sheet).vba_get("Range", [place])
        cell._set_formula(formula)
    entered.clear()
    _enter_again(excel)
    assert entered
    assert not [cells for _, cells, _ in entered if cells.startswith("Z")]
    assert "Sales" not in {sheet for sheet, _, _ in entered}


def test_a_copy_of_the_sheet_is_the_users(book: Path, entered: Entered) -> None:
    excel = _excel()
    opened = _open(excel, book)
    look_up = next(s for s in opened.sheets_ if s.name == names.CUSTOMER)
    look_up.name = "My own"
    _enter_again(excel)
    assert entered == []


def test_it_happens_on_opening_after_look_up_and_when_a_customer_is_chosen(
    book: Path, entered: Entered
) -> None:
    excel = _excel()
    (module,) = (s for s in build_vba_sources(REGISTRY.values()) if s.kind == "document")
    text = module.text.replace("Private WithEvents host", "Private host").replace("Private Sub", "Public Sub")
    excel.add_module(text, name="Events")
    excel.add_module("Sub Opened()\r\n    host_WorkbookOpen ActiveWorkbook\r\nEnd Sub\r\n", name="Opening")
    chosen = f'Worksheets("{names.CUSTOMER}")'
    excel.add_module(
        f'Sub Chosen()\r\n    host_SheetChange {chosen}, {chosen}.Range("B5")\r\n'
        '    host_SheetChange Worksheets("Sales"), Worksheets("Sales").Range("B5")\r\nEnd Sub\r\n',
        name="Choosing",
    )
    _open(excel, book)
    excel.run("Opened")
    once = len(entered)
    assert once > 3
    excel.press("LookUp")
    assert len(entered) == 2 * once
    excel.press("Refresh")
    assert len(entered) == 2 * once
    excel.run("Chosen")
    assert len(entered) == 3 * once
