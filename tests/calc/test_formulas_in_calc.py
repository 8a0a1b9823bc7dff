"""Every formula typed into a cell of a real Calc."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

import xlprofit
from tests.calc.office import Office, needs_office, running
from tests.golden.test_activity_costs import worley
from xlprofit.calc.extension.words import describe_wizard_formula
from xlprofit.calc.translation import translate_workbook
from xlprofit.drawing.to_openpyxl import draw_worksheets
from xlprofit.formulas import REGISTRY
from xlprofit.sheets import results_sheet

pytestmark = needs_office


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with running() as office:
        yield office


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return G03, refreshed, with formulas as Excel writes them on a sheet of its own."""
    results = xlprofit.analyze(worley())
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Mine"
    for row, name in enumerate(("University", "Memorial", None, "Nobody"), 1):
        sheet.cell(row, 1, name)
    sheet["B1"] = "=CUSTOMER_PROFIT(A1)"
    sheet["B2"] = '=CUSTOMER_PROFIT(A2,"gross_margin")+LEN("CUSTOMER_PROFIT(")*0'
    sheet["B3"] = "=SUM(CUSTOMER_PROFIT(A1:A2))"
    sheet["B4"] = '=IFERROR(CUSTOMER_PROFIT(A4),"none")'
    sheet["B5"] = "=memorial+0"
    sheet["J1"] = ArrayFormula("J1:J4", "=CUSTOMER_PROFIT(A1:A4)")
    sheet["K1"] = ArrayFormula("K1:M3", '=CUSTOMER_PROFIT(,"profit")')
    workbook.defined_names["memorial"] = DefinedName("memorial", attr_text="CUSTOMER_PROFIT(Mine!$A$2)")
    draw_worksheets([results_sheet.describe_results_sheet(results)], workbook)
    path = tmp_path_factory.mktemp("calc") / "g03.xlsx"
    workbook.save(path)
    return path


TYPED = [
    ("D1", "=CUSTOMER_PROFIT(A1)", 725.0),
    ("D1", '=CUSTOMER_PROFIT("memorial")', -3829.0),
    ("D1", '=CUSTOMER_PROFIT(A1;"gross_margin")', 2660.0),
    ("D1", '=CUSTOMER_PROFIT(A2;"gross_margin")', 2660.0),
    ("D1", "=CUSTOMER_PROFIT(A1;C9;C9)", 725.0),
    ("D1", "=CUSTOMER_PROFIT(A3)", ""),
    ("D1", "=CUSTOMER_PROFIT(A4)", "#N/A"),
    ("D1", '=CUSTOMER_PROFIT(A1;"profits")', "#VALUE!"),
    ("D1", '=CUSTOMER_PROFIT(A1;;"1999")', "#VALUE!"),
    ("D1", '=IFERROR(CUSTOMER_PROFIT(A4);"none")', "none"),
    ("D1", "=CUSTOMER_PROFIT(NA())", "#N/A"),
    ("D1:D4", "=CUSTOMER_PROFIT(A1:A4)", [[725.0], [-3829.0], [""], ["#N/A"]]),
    ("D1:E2", '=CUSTOMER_PROFIT(A1:A2;{"gross_margin";"profit"})', [[2660.0, 725.0], [2660.0, -3829.0]]),
    (
        "D1:E3",
        '=CUSTOMER_PROFIT(;"profit")',
        [["customer", "profit"], ["University", 725.0], ["Memorial", -3829.0]],
    ),
    ("D1", "=COST_TO_SERVE(A2)", -6489.0),
    ("D1", '=COST_TO_SERVE(A2;"Delivery")', -2352.0),
    ("D1", '=COST_TO_SERVE(A2;"nothing")', "#VALUE!"),
    ("D1:D2", "=CUSTOMER_STATE(A1:A2)", [["Profitable"], ["Loss-making"]]),
    ("D1", "=CUSTOMER_STATE(A4)", "#N/A"),
    ("D1", "=CUSTOMER_DECISION(A1)", "keep"),
    ("D1", "=CUSTOMER_DECISION(A4)", "#N/A"),
    ("D1", "=REFERRAL_VALUE(A4)", "#N/A"),
    ("D1:D2", '=CUSTOMER_FORECAST(A1:A2;"run_rate")', [[725.0], [-3829.0]]),
    ("D1", '=CUSTOMER_FORECAST(A1;"retention")', 0.85),
    ("D1", '=CUSTOMER_FORECAST(A1;"retention";"low")', "#VALUE!"),
    ("D1", "=PROFIT_CHANGE(A1)", "#N/A"),
    ("D1", '=IFERROR(PROFIT_CHANGE(A1;"price");"not compared")', "not compared"),
    (
        "D1:H2",
        '=EXPLAIN_PROFIT(A2;"manual order")',
        [["line", "group", "units", "rate", "amount"], ["manual order", "order", 49.0, -78.0, -3822.0]],
    ),
    ("D1", "=EXPLAIN_PROFIT(A1:A2)", "#VALUE!"),
    (
        "D1:I2",
        '=EXPLAIN_PROFIT(A2;"manual order";"drivers")',
        [
            ["line", "driver", "resource", "driver_units", "usual_units", "each"],
            ["manual order", "quantity", "manual", 49.0, 24.5, 1.0],
        ],
    ),
    ("D1", '=EXPLAIN_PROFIT(A2;"manual order";"rows")', "#N/A"),
    ("D1", '=EXPLAIN_PROFIT(A2;"manual order";"reasons")', "#VALUE!"),
    ("D1:F2", "=WHALE_CURVE()", [["rank", "customer", "profit"], [1.0, "University", 725.0]]),
    ("D1:F2", "=WHALE_CURVE({10|-5|20})", [["rank", "profit", "cumulative"], [1.0, 20.0, 20.0]]),
    ("D1", '=WHALE_CURVE("x")', "#VALUE!"),
    ("D1", "=CAPACITY_RATE(560000;700000)", 0.8),
    ("D1", "=CAPACITY_RATE(560000;0)", "#DIV/0!"),
    ("D1", "=CAPACITY_RATE(1;1;2)", "#NUM!"),
    ("D1:D2", "=CAPACITY_RATE({100|200};100;0.8)", [[1.25], [2.5]]),
    ("D1", "=RECEIVABLE_COST(9000;365;0.1)", 900.0),
    ("D1", '=RECEIVABLE_COST("x";365;0.1)', "#VALUE!"),
    ("D1", "=LIFETIME_VALUE(100;1;0;5)", 500.0),
    ("D1", "=LIFETIME_VALUE(100;1;0)", "#NUM!"),
    ("D1", "=ROUND(PROSPECT_VALUE(0.012;10;1;0.1;0.8);2)", 0.52),
    ("D1", "=PROSPECT_VALUE(2;10;1;0.1)", "#NUM!"),
]
"""Formulas as they are typed, each with where, and what the cells then show."""


def test_every_formula_in_cells(office: Office, book: Path) -> None:
    assert {name for name in REGISTRY if any(name in typed for _, typed, _ in TYPED)} == set(REGISTRY)
    orders: list[tuple[object, ...]] = [("opened", str(book))]
    for address, formula, _ in TYPED:
        area = address if ":" in address else "D1"
        orders += [("typed", "Mine", area, formula), ("cleared", "Mine")]
    answers = office.ask(*orders)[1::2]
    for (address, formula, expected), answer in zip(TYPED, answers, strict=True):
        assert _rounded(answer) == expected, f"{address} {formula}"


def _rounded(shown: object) -> object:
    if isinstance(shown, list):
        return [_rounded(cell) for cell in shown]
    return round(shown, 9) if isinstance(shown, float) else shown


def test_a_document_that_was_never_refreshed_says_so(office: Office) -> None:
    answers = office.ask(
        ("opened", ""),
        ("typed", "", "A1", '=CUSTOMER_PROFIT("University")'),
        ("typed", "", "A2", "=CAPACITY_RATE(8;4)"),
    )
    assert answers[1:] == ["#N/A", 2.0]


def test_the_wizard_says_what_each_formula_and_argument_is(office: Office) -> None:
    (shown,) = office.ask(("wizard",))
    for name, function in REGISTRY.items():
        assert shown[name] == [function.summary, [[a.name, a.help] for a in function.arguments]]


def test_the_wizard_says_it_in_finnish_where_libreoffice_does() -> None:
    with running(language="fi") as office:
        (shown,) = office.ask(("wizard",))
    for name, function in REGISTRY.items():
        told = describe_wizard_formula(name, "fi")
        assert shown[name] == [told.summary, [list(argument) for argument in told.arguments]]
        assert told.summary != function.summary
        for (said, helped), argument in zip(told.arguments, function.arguments, strict=True):
            assert said != argument.name
            assert helped != argument.help


UNKNOWN = [["#NAME?"], ["#NAME?"], ["#NAME?"], ["none"], ["#NAME?"]]
COLUMN = [[725.0], [2660.0], [-3104.0], ["none"], [-3829.0]]
ARRAYS = [
    [725.0, "customer", "profit", "#N/A"],
    [-3829.0, "University", 725.0, "#N/A"],
    ["", "Memorial", -3829.0, "#N/A"],
    ["#N/A", "", "", ""],
]
"""What the formulas from Excel show before their names are translated, and after; arrays are wider than the table."""

WRITTEN = {
    "B1": "=CUSTOMER_PROFIT(A1)",
    "B2": '=CUSTOMER_PROFIT(A2,"gross_margin")+LEN("CUSTOMER_PROFIT(")*0',
    "B3": "=SUM(CUSTOMER_PROFIT(A1:A2))",
    "B4": '=IFERROR(CUSTOMER_PROFIT(A4),"none")',
    "J1": "J1:J4 =CUSTOMER_PROFIT(A1:A4)",
    "K1": 'K1:M3 =CUSTOMER_PROFIT(,"profit")',
}
"""What Excel writes; an array with the cells that it fills."""


@pytest.mark.parametrize("way", ["the command", "the menu entry"])
def test_a_workbook_goes_from_excel_to_calc_and_back(
    office: Office, book: Path, tmp_path: Path, way: str
) -> None:
    for_calc, saved, back = tmp_path / "calc.xlsx", tmp_path / "saved.xlsx", tmp_path / "back.xlsx"
    by_command = way == "the command"
    assert translate_workbook(book, for_calc, to="calc") == 7
    *_, before, _, column, arrays, typed, _ = office.ask(
        ("opened", str(for_calc if by_command else book)),
        ("recalculated",),
        ("shown", "Mine", "B1:B5"),
        ("turned",),
        ("shown", "Mine", "B1:B5"),
        ("shown", "Mine", "J1:M4"),
        ("typed", "Mine", "D1:D2", "=CUSTOMER_PROFIT(A1:A2)"),
        ("stored", str(saved), "Calc MS Excel 2007 XML"),
    )
    assert _rounded(before) == (COLUMN if by_command else UNKNOWN)
    assert [_rounded(column), _rounded(arrays)] == [COLUMN, ARRAYS]
    assert _rounded(typed) == [[725.0], [-3829.0]]
    assert "ORG.XLPROFIT.FORMULAS.CUSTOMER_PROFIT" in _formula(saved, "B1")
    assert translate_workbook(saved, back, to="excel") >= 8
    assert {cell: _formula(back, cell) for cell in WRITTEN} == WRITTEN
    assert _formula(back, "D1") == "D1:D2 =CUSTOMER_PROFIT(A1:A2)"
    workbook = openpyxl.load_workbook(back)
    assert {n: d.attr_text for n, d in workbook.defined_names.items()} == {
        "memorial": "CUSTOMER_PROFIT(Mine!$A$2)"
    }
    assert workbook["xlprofit_results"].sheet_state != "visible"


def test_what_calc_did_not_know_goes_back_as_excel_writes_it(
    office: Office, book: Path, tmp_path: Path
) -> None:
    saved = tmp_path / "saved.xlsx"
    office.ask(("opened", str(book)), ("recalculated",), ("stored", str(saved), "Calc MS Excel 2007 XML"))
    assert _formula(saved, "B1") == "=customer_profit(A1)"
    translate_workbook(saved, saved, to="excel")
    assert {cell: _formula(saved, cell) for cell in WRITTEN} == WRITTEN


def _formula(path: Path, cell: str) -> str:
    """Return the formula in a cell of a file; of an array with the cells that it fills."""
    value = openpyxl.load_workbook(path)["Mine"][cell].value
    return f"{value.ref} {value.text}" if isinstance(value, ArrayFormula) else str(value)
