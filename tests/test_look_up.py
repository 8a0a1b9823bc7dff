"""The sheet Look-up in a file: formulas of the add-in with their values in place, kept up by every refresh."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula

import xlprofit
from tests.lossless import office
from tests.lossless.audit import faults
from tests.needs import few, needs_soffice, takes_minutes
from tests.packages import parts_of
from xlprofit import formulas
from xlprofit.formulas.cells import FormulaError
from xlprofit.hosts.file import FileHost
from xlprofit.sheets import look_up, results_sheet
from xlprofit.sheets.figures import Selection
from xlprofit.vocabulary.measures import MEASURES
from xlprofit.words import sheet_names as names
from xlprofit.words.answers import say_answer
from xlprofit.words.speech import speaking
from xlprofit.workflow import Refreshed, explain_cell

ROW, COLUMN = look_up.CHOSEN_PLACE
PNL_ROW = 11
CALL = re.compile(r"=?(\w+)\((.*)\)")


@pytest.fixture(scope="module")
def with_formulas(refreshed: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """Return the small company's workbook, refreshed with formulas."""
    path = tmp_path_factory.mktemp("formulas") / "company.xlsx"
    shutil.copy(refreshed.path, path)
    return xlprofit.refresh(path, formulas=True)


@pytest.fixture(scope="module")
def in_finnish(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """Return a workbook in Finnish, refreshed with formulas."""
    path = tmp_path_factory.mktemp("finnish") / "yritys.xlsx"
    return xlprofit.refresh(xlprofit.new(path, language="fi", template="services"), formulas=True)


def _sheet(path: Path, *, values: bool) -> Any:
    book = load_workbook(path, data_only=values)
    return book[next(name for name in names.everywhere(names.LOOK_UP) if name in book.sheetnames)]


def _answer(lookup: formulas.Lookup, sheet: Any, text: str) -> Any:
    """Return what a formula of the sheet comes to, its references read from the sheet's values."""
    called = CALL.fullmatch(text)
    assert called
    given = []
    for reference in filter(None, called[2].split(",")):
        cells = sheet[reference.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        given.append([[cell.value for cell in row] for row in rows] if ":" in reference else cells.value)
    return formulas.REGISTRY[called[1]].call(lookup, *given)


def _bounds(block: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(block)
    assert left and top and right and bottom
    return left, top, right, bottom


def _shown(value: object) -> object:
    if isinstance(value, FormulaError):
        return value.code
    return None if value == formulas.BLANK else value


@pytest.mark.parametrize(("fixture", "language"), [("with_formulas", "en"), ("in_finnish", "fi")])
def test_every_formula_stands_with_the_value_that_the_function_gives(
    fixture: str, language: str, request: pytest.FixtureRequest
) -> None:
    refreshed: Refreshed = request.getfixturevalue(fixture)
    with speaking(language):
        lookup = results_sheet.build_results_lookup(results_sheet.describe_results_sheet(refreshed.results))
    drawn, valued = (_sheet(refreshed.path, values=v) for v in (False, True))
    seen = set()
    for row in drawn.iter_rows():
        for cell in row:
            array = isinstance(cell.value, ArrayFormula)
            text = cell.value.text if array else cell.value
            called = CALL.fullmatch(text) if cell.data_type == "f" else None
            if called is None or called[1] not in formulas.REGISTRY:
                continue
            seen.add(called[1])
            answer = say_answer(_answer(lookup, valued, text), lookup)
            rows = answer if isinstance(answer, list) else [[answer]]
            left, top, right, bottom = _bounds(cell.value.ref if array else cell.coordinate)
            assert (len(rows), len(rows[0])) == (bottom - top + 1, right - left + 1)
            for at, line in enumerate(rows):
                for c, value in enumerate(map(_shown, line)):
                    found = valued.cell(top + at, left + c).value
                    near = pytest.approx(value, rel=1e-9, abs=1e-6) if isinstance(value, float) else value
                    assert found == near, (text, at, c)
    assert seen == set(drawn_calls())


def drawn_calls() -> tuple[str, ...]:
    """Return the functions that the sheet calls, as it says itself."""
    return ("CUSTOMER_PROFIT", "COST_TO_SERVE", "CUSTOMER_STATE", "CUSTOMER_DECISION", "REFERRAL_VALUE")


def test_its_figures_are_those_of_the_other_sheets(with_formulas: Refreshed) -> None:
    results, sheet = with_formulas.results, _sheet(with_formulas.path, values=True)
    customer = sheet.cell(ROW, COLUMN).value
    assert customer == results.whale.index[0]
    pnl = {r[0].value: [c.value for c in r] for r in sheet.iter_rows(min_row=11, max_row=11 + len(MEASURES))}
    assert pnl["Profit"][1] == pytest.approx(results.customers.loc[customer, "profit"])
    periods = [str(p) for p in results.periods][-look_up.MOST_PERIODS :]
    assert pnl["Line"][2 : 2 + len(periods)] == periods
    by_period = results.pnl(period=True).loc[customer, "profit"]
    assert pnl["Profit"][2 : 2 + len(periods)] == pytest.approx(list(by_period)[-len(periods) :])
    ranked = [r[0].value for r in sheet.iter_rows(min_row=sheet.max_row - len(results.whale) + 1)]
    assert ranked == list(results.whale.index)


def test_the_list_to_choose_from_is_that_of_the_customers(with_formulas: Refreshed) -> None:
    (offered,) = _sheet(with_formulas.path, values=False).data_validations.dataValidation
    assert str(offered.sqref) == "B5"
    name, cells = offered.formula1.rsplit("!", 1)
    listed = load_workbook(with_formulas.path, data_only=True)[name.strip("'")][cells.replace("$", "")]
    assert {c[0].value for c in listed} == set(with_formulas.results.whale.index)


@pytest.mark.parametrize("name", few(["00123", "1-2", "3E5", "TRUE"], "3E5"))
def test_a_name_that_excel_would_misread_stays_a_text_when_it_is_chosen(name: str, tmp_path: Path) -> None:
    path = _with_a_sheet_of_my_own(tmp_path)
    book = load_workbook(path)
    book["Sales"].append(("2024-02-29", name, 500.0))
    book.save(path)
    xlprofit.refresh(path, formulas=True)
    cell = _sheet(path, values=True).cell(ROW, COLUMN)
    assert (cell.value, cell.data_type, cell.number_format) == (name, "s", "@")


def test_a_later_refresh_keeps_it_up_with_the_customer_that_was_chosen(
    with_formulas: Refreshed, tmp_path: Path
) -> None:
    path = tmp_path / "company.xlsx"
    book = load_workbook(with_formulas.path)
    other = with_formulas.results.whale.index[-1]
    book[names.LOOK_UP].cell(ROW, COLUMN).value = f" {other.upper()} "
    book.save(path)
    xlprofit.refresh(path)
    sheet = _sheet(path, values=True)
    assert sheet.cell(ROW, COLUMN).value == other
    assert sheet.cell(ROW + 1, COLUMN).value == with_formulas.results.trends.loc[other, "state"]


@pytest.mark.parametrize(
    ("fixture", "column"),
    [
        ("with_formulas", COLUMN + 1),
        ("in_finnish", COLUMN),
        pytest.param("with_formulas", 1, marks=takes_minutes),
        pytest.param("with_formulas", COLUMN, marks=takes_minutes),
        pytest.param("in_finnish", 6, marks=takes_minutes),
    ],
)
def test_any_of_its_figures_is_explained(
    fixture: str, column: int, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A host hands over the selected cell's row and column: the customer was chosen in another cell."""
    refreshed: Refreshed = request.getfixturevalue(fixture)
    sheet = _sheet(refreshed.path, values=True)
    row = next(cell.row for cell in sheet["A"] if cell.value in ("Cost to serve", "Palvelukustannus"))
    in_row = [cell.value for cell in sheet[row]]
    in_column = [cell.value for cell in next(sheet.iter_cols(min_col=column, max_col=column))]
    selection = Selection(sheet.title, row, column, "", in_row, in_column)
    report = explain_cell(FileHost(refreshed.path, tmp_path / "explained.xlsx", selection=selection))
    shown = load_workbook(report.path)[report_sheet(refreshed)]
    period = in_column[PNL_ROW - 1] if column > COLUMN else ""
    assert shown["A1"].value.startswith(f"{sheet.cell(ROW, COLUMN).value}: ")
    assert shown["A1"].value.endswith(f", {period}") is bool(period)
    if column > 1:
        assert shown["B4"].value == pytest.approx(in_row[column - 1])


def report_sheet(refreshed: Refreshed) -> str:
    """Return what the explanation is called in the language of a workbook."""
    with speaking(refreshed.results.inputs.settings.language):
        return names.say_sheet_name(names.EXPLANATION)


def test_a_customer_that_is_gone_gives_way_to_the_best(tmp_path: Path) -> None:
    path = _with_a_sheet_of_my_own(tmp_path)
    xlprofit.refresh(path, formulas=True)
    book = load_workbook(path)
    book[names.LOOK_UP].cell(ROW, COLUMN).value = "Nobody Oy"
    book.save(path)
    xlprofit.refresh(path)
    assert _sheet(path, values=True).cell(ROW, COLUMN).value == "ACME"


def test_in_a_finnish_workbook_it_is_finnish_and_so_is_its_name(in_finnish: Refreshed) -> None:
    book = load_workbook(in_finnish.path, data_only=True)
    assert names.LOOK_UP not in book.sheetnames
    sheet = book["Haku"]
    said = [row[0].value for row in sheet.iter_rows(max_col=1) if row[0].value]
    assert said[0] == "Haku"
    for text in ("Valitse asiakas", "Tila", "Päätös", "Asiakastulos", "Kateprosentti", "palvelu", "asiakas"):
        assert text in said
    assert sheet["B6"].value == "Kannattava"
    (offered,) = sheet.data_validations.dataValidation
    assert offered.formula1.startswith("'Asiakaskannattavuus'!")


@pytest.mark.parametrize("there", few([("en", "fi"), ("fi", "en")], ("en", "fi")))
def test_it_takes_the_name_of_the_language_that_the_workbook_turns_to(
    there: tuple[str, str], tmp_path: Path
) -> None:
    """The customer that was chosen stays, and so does a formula of the user's own that points at it."""
    called = {"en": "Look-up", "fi": "Haku"}
    before, after = (called[language] for language in there)
    path = _with_a_sheet_of_my_own(tmp_path)
    _speak(path, there[0])
    xlprofit.refresh(path, formulas=True)
    book = load_workbook(path)
    assert before in book.sheetnames
    book[before].cell(ROW, COLUMN).value = "Beta"
    book["Mine"]["A1"] = f"='{before}'!B6"
    book.save(path)
    _speak(path, there[1])
    xlprofit.refresh(path)
    found = load_workbook(path)
    assert after in found.sheetnames
    assert before not in found.sheetnames
    assert found[after].cell(ROW, COLUMN).value == "Beta"
    assert after in found["Mine"]["A1"].value


def test_twice_is_the_same(with_formulas: Refreshed, tmp_path: Path) -> None:
    path = tmp_path / "company.xlsx"
    shutil.copy(with_formulas.path, path)
    xlprofit.refresh(path, formulas=True)
    assert parts_of(path) == parts_of(with_formulas.path)


def test_without_it_no_sheet_is_added(refreshed: Refreshed) -> None:
    assert names.LOOK_UP not in load_workbook(refreshed.path, read_only=True).sheetnames


def test_a_sheet_of_the_users_own_of_that_name_stays(tmp_path: Path) -> None:
    path = _with_a_sheet_of_my_own(tmp_path)
    own = load_workbook(path)
    own.create_sheet(names.LOOK_UP)["A1"] = "mine"
    own.save(path)
    for asked in (True, False):
        xlprofit.refresh(path, formulas=asked)
        assert _sheet(path, values=True)["A1"].value == "mine"
        assert f"{names.LOOK_UP} (xlprofit)" in load_workbook(path, read_only=True).sheetnames


def test_written_to_another_file_the_book_stays_as_it_is(tmp_path: Path) -> None:
    path, other = _with_a_sheet_of_my_own(tmp_path), tmp_path / "other.xlsx"
    before = path.read_bytes()
    xlprofit.refresh(path, other, formulas=True)
    assert path.read_bytes() == before
    assert _sheet(other, values=True).cell(ROW, COLUMN).value == "ACME"
    old, new = parts_of(path), parts_of(other)
    changed = {name for name in old if new.get(name) != old[name]}
    assert changed <= {
        "[Content_Types].xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
    }
    plain = xlprofit.refresh(path, tmp_path / "plain.xlsx").path
    assert faults(other) <= faults(plain)


def test_later_refreshes_leave_no_orphan(tmp_path: Path) -> None:
    path = _with_a_sheet_of_my_own(tmp_path)
    xlprofit.refresh(path, formulas=True)
    first = parts_of(path)
    for _ in range(2):
        xlprofit.refresh(path)
    assert parts_of(path) == first


@needs_soffice
def test_another_program_shows_the_values_of_the_single_formulas(tmp_path: Path) -> None:
    """LibreOffice without the extension knows none of the functions; array formulas it calculates on opening."""
    path = _with_a_sheet_of_my_own(tmp_path)
    xlprofit.refresh(path, formulas=True)
    rows = office.shown([path], {path: [names.LOOK_UP]}, anew=False)[path][names.LOOK_UP]
    said = {row[0]: row[1] for row in rows if row[0]}
    assert (said["State"], said["Decision"]) == ("Profitable", "keep")
    assert said["Gross revenue"] == "#NAME?"
    assert "Cost to serve" in said
    assert [row[0] for row in rows].count(
        "Cost to serve"
    ) == 1  # nothing is known of it: the line of the P&L alone


def _on_opening(path: Path) -> tuple[str | None, bool]:
    """Return which engine is said to have calculated a workbook, and whether it is to be on opening."""
    said = load_workbook(path).calculation
    return str(said.calcId), bool(said.fullCalcOnLoad)


OPENED = [
    (None, None, False),
    ("1+1", "2", False),
    ("1+1", None, True),
    ("SUM('Customer P&amp;L'!B7:B9)", "1", True),
    ("SUM(Dashboard!B7:B9)", "1", True),
    ("SUM(dashboard!B7:B9)", "1", True),
    ("SUM(Yhteenveto!B7:B9)", "1", True),
    ("1+CUSTOMER_PROFIT(A2)", "1", True),
    ("[1]!Explain_Profit(A2)", "1", True),
    ("_xldudf_WHALE_CURVE()", "1", True),
    ("LIFETIME_VALUE(1,0.8,0.1)", "1", False),
]
"""A formula of the user's own, its value, and whether the book is calculated on opening for it."""


@pytest.mark.parametrize("case", few(OPENED, *OPENED[:4], OPENED[7], OPENED[-1]), ids=str)
def test_a_book_with_formulas_of_the_add_in_is_calculated_on_opening_only_if_it_must_be(
    case: tuple[str | None, str | None, bool], tmp_path: Path
) -> None:
    formula, value, calculated = case
    path = _with_a_sheet_of_my_own(tmp_path)
    if formula is not None:
        _put_formula(path, formula, value)
    if formula is None:
        assert _on_opening(xlprofit.refresh(path, tmp_path / "plain.xlsx").path)[1]
    found = _on_opening(xlprofit.refresh(path, formulas=True).path)
    assert found[1] is calculated
    if not calculated:
        assert found[0] == "191029"


def test_a_name_of_the_users_own_that_points_at_a_result_sheet_has_the_book_calculated(
    tmp_path: Path,
) -> None:
    path = _with_a_sheet_of_my_own(tmp_path)
    own = load_workbook(path)
    own.defined_names["Best"] = DefinedName("Best", attr_text="'Customer P&L'!$B$7")
    own.save(path)
    assert _on_opening(xlprofit.refresh(path, formulas=True).path)[1]


def _with_a_sheet_of_my_own(folder: Path) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    sales = book.create_sheet("Sales")
    for row in (("date", "customer", "revenue"), ("2024-01-31", "ACME", 90.0), ("2024-02-29", "Beta", 60.0)):
        sales.append(row)
    book.create_sheet("Mine")["A1"] = 1.0
    book.save(folder / "company.xlsx")
    return folder / "company.xlsx"


def _speak(path: Path, language: str) -> None:
    """Have a workbook's results told in a language."""
    book = load_workbook(path)
    if "Settings" in book.sheetnames:
        book.remove(book["Settings"])
    settings = book.create_sheet("Settings")
    settings.append(("setting", "value"))
    settings.append(("language", language))
    book.save(path)


def _put_formula(path: Path, formula: str, value: str | None) -> None:
    """Put a formula and its value into A1 of the sheet *Mine*, as Excel would have saved it."""
    parts = parts_of(path)
    with ZipFile(path) as book:
        found = [n for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
    name = max(found, key=lambda n: int(re.sub(r"\D", "", n)))
    cell = re.compile(rb'<c r="A1"[^>]*><v>1</v></c>')
    assert len(cell.findall(parts[name])) == 1
    given = f"<v>{value}</v>" if value else ""
    parts[name] = cell.sub(f'<c r="A1"><f>{formula}</f>{given}</c>'.encode(), parts[name])
    with ZipFile(path, "w") as book:
        for part, content in parts.items():
            book.writestr(part, content)


def test_no_customer_leaves_a_sheet_that_says_so() -> None:
    sales = pd.DataFrame({"date": ["2024-01-31"], "customer": ["A"], "gross_revenue": [1.0]})
    results = xlprofit.analyze({"Sales": sales})
    lookup = results_sheet.build_results_lookup(results_sheet.describe_results_sheet(results))
    assert look_up.describe_look_up_sheet(results, lookup).spills
    assert not look_up.describe_look_up_sheet(results, lookup._replace(places={})).spills
