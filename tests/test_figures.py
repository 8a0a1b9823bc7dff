"""What *Explain this cell* shows of every cell of every result sheet: that very figure, or the reason why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import pandas as pd
import pytest

import xlprofit
from tests.companies import analyze_sample
from tests.laws.test_same_results import speak
from tests.needs import few
from xlprofit import samples
from xlprofit.errors import XlprofitError
from xlprofit.results import Results
from xlprofit.sheets import book, explanation
from xlprofit.sheets.figures import Selection, find_figure
from xlprofit.sheets.parts import Column, Figure, Format, Formula, Meaning, Sheet, Table
from xlprofit.tables import Raw
from xlprofit.words import sheet_names as names
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import speaking

MONEY = (Format.MONEY, Format.MONEY_CENTS)


def described(results: Results) -> list[Sheet]:
    """Return every sheet that shows figures, *Customer* with a customer that is not the first."""
    sheets = book.describe_result_sheets(results, customer=str(results.whale.index[-1]))
    return list(say_sheets(sheets, results.findings.language, results.findings.own))


def select(sheet: Sheet, table: Table, row: int, column: int) -> Selection:
    """Return the cell of a table as a host hands it over: its row, and its column from the top."""
    blank: list[object] = [None] * (table.column - 1)
    in_row = blank + [one.values[row - table.first] for one in table.columns]
    shown = table.columns[column - table.column]
    in_column = [*[None] * (table.row - 1), shown.header, *shown.values]
    return Selection(sheet.name, row, column, "", in_row, in_column)


def cells(results: Results) -> Iterator[tuple[Sheet, Table, Selection]]:
    """Yield every cell of every table; of long tables the first, the last and some between."""
    for sheet in described(results):
        for table in sheet.tables:
            step = max(table.rows // 12, 1)
            for place in sorted({*range(0, table.rows, step), *([table.rows - 1] if table.rows else [])}):
                for column in range(table.column, table.column + len(table.columns)):
                    yield sheet, table, select(sheet, table, table.first + place, column)


def other_cells(sheet: Sheet) -> Iterator[Selection]:
    """Yield the numeric cells of a sheet that stand in no table's body: single ones, and those of total rows."""
    for cell in sheet.cells:
        value = cell.value.value if isinstance(cell.value, Formula) else cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield Selection(sheet.name, cell.row, cell.column, "", [None] * (cell.column - 1) + [value])
    for table in sheet.tables:
        for at, column in enumerate(table.columns, table.column):
            if table.has_total and column.total:
                yield Selection(sheet.name, table.total_row, at, "", [None] * (at - 1) + [1.0])


def explain(results: Results, sheet: Sheet, selection: Selection) -> Figure:
    """Return what a cell of a sheet explains; the sheets that explain nothing further refuse as a whole."""
    found = sheet
    if sheet.name in names.everywhere(names.CHECKS):
        assert book.find_described(selection, results) is None, "it raises before"
    return find_figure(selection, found, results, {})


@pytest.fixture(scope="module", params=few(["demo", *samples.TRADES, "fi"], "services"))
def run(request: pytest.FixtureRequest, company: Mapping[str, pd.DataFrame]) -> Results:
    if request.param == "fi":
        return xlprofit.analyze(speak(samples.tables("wholesale"), "fi"))
    return xlprofit.analyze(company) if request.param == "demo" else analyze_sample(request.param)


def list_meanings(sheet: Sheet, column: Column) -> list[str]:
    """Return what may say what a column is: its note, or else the titles on its sheet."""
    titles = [cell.value for cell in sheet.cells if cell.meaning in (Meaning.SECTION, Meaning.SUBTITLE)]
    return [column.note] if column.note else [title for title in titles if isinstance(title, str)]


def test_every_cell_is_explained_as_it_stands_or_refused_with_the_reason(run: Results) -> None:
    explained: Counter[str] = Counter()
    sums: dict[Figure, float] = {}
    rows: dict[str, pd.DataFrame] = {}
    with speaking(run.inputs.settings.language):
        for sheet, table, selection in cells(run):
            column = table.columns[selection.column - table.column]
            try:
                figure = explain(run, sheet, selection)
            except XlprofitError as error:
                assert selection.place in error.what or sheet.name in names.everywhere(names.CHECKS), (
                    error.what
                )
                assert error.fix
                if f'"{column.header}"' in error.what:  # and what it is instead
                    assert any(said in error.what for said in list_meanings(sheet, column)), error.what
                continue
            if isinstance(selection.value, str):
                if column.key != "line":
                    assert figure == Figure(customer=figure.customer, named_by=column.key)
                    assert figure.customer == run.resolve_customer(selection.value)
                continue
            assert column.format in MONEY, (sheet.name, column.key)
            if figure not in sums:
                if figure.customer not in rows:
                    rows[figure.customer] = run.explain(figure.customer)
                sums[figure] = float(explanation.choose_rows(rows[figure.customer], figure)["amount"].sum())
            if selection.value is not None:
                assert sums[figure] == pytest.approx(selection.value, abs=0.005), (selection, figure)
                explained[sheet.name] += 1
    assert len(explained) >= 8
    assert min(explained.values()) > 1


def test_so_is_every_number_outside_the_tables(run: Results) -> None:
    seen = 0
    with speaking(run.inputs.settings.language):
        for sheet in described(run):
            for selection in other_cells(sheet):
                seen += 1
                try:
                    figure = explain(run, sheet, selection)
                except XlprofitError as error:
                    assert sheet.name in names.everywhere(names.CHECKS) or selection.place in error.what
                    assert error.fix
                    continue
                whole = float(explanation.take_apart(run, figure).rows["amount"].sum())
                assert whole == pytest.approx(selection.value, abs=0.005), (selection, figure)
    assert seen > 20


def test_another_number_than_the_figure_is_said(run: Results) -> None:
    customer = str(run.whale.index[0])
    with speaking(run.inputs.settings.language):
        figure = Figure(customer=customer)
        whole = float(explanation.take_apart(run, figure).rows["amount"].sum())
        for number, said in ((whole, False), (whole + 100.0, True)):
            selection = Selection("Board", 2, 1, "", [number], [None, number])
            sheet = explanation.describe_explanation_sheet(run, figure, (), selection)
            assert any("Board!A2" in str(cell.value) for cell in sheet.cells) is said


def test_an_activity_called_as_a_group_or_a_measure_is_explained_as_itself() -> None:
    tables = {
        "Sales": pd.DataFrame(
            {"date": ["2024-01-31"] * 2, "customer": ["A", "B"], "gross_revenue": [1000.0, 900.0]}
        ).assign(returns=[30.0, 10.0], cogs=[200.0, 300.0]),
        "Activities": pd.DataFrame(
            {"activity": ["returns", "service", "Visit"], "group": ["service", "deliver", "acquire"]}
        ).assign(rate=1.0, unit_cost=[2.0, 3.0, 5.0]),
        "ActivityLog": pd.DataFrame(
            {"date": ["2024-01-15"] * 3, "customer": ["A"] * 3, "activity": ["returns", "service", "Visit"]}
        ).assign(quantity=[4.0, 5.0, 6.0]),
    }
    results = xlprofit.analyze(tables)
    seen = {}
    for sheet, table, selection in cells(results):
        column = table.columns[selection.column - table.column]
        if sheet.name == names.COST_TO_SERVE and selection.in_row[0] == "A" and column.figure is not None:
            figure = explain(results, sheet, selection)
            total = float(explanation.take_apart(results, figure).rows["amount"].sum())
            seen[column.header] = total
            assert selection.value in ("A", pytest.approx(total))
    assert (seen["returns"], seen["service"]) == (-8.0, -15.0)


@pytest.mark.parametrize(
    ("formula", "above", "expected"),
    [
        ("", ["Gross margin", None], Figure("gross_margin", customer="A")),
        ('=CUSTOMER_PROFIT("A","cogs","2024-01")', [None], Figure("cogs", period="2024-01", customer="A")),
        ("", ["2024-01", "Returns", None], Figure("returns", period="2024-01", customer="A")),
        ("", ["my remark", None], Figure(customer="A")),
    ],
)
def test_on_a_sheet_of_ones_own_the_formula_or_what_stands_beside_says_it(
    formula: str, above: list[object], expected: Figure
) -> None:
    days = pd.DataFrame({"date": ["2024-01-31", "2024-02-29"], "customer": ["A", "B"]})
    results = xlprofit.analyze({"Sales": days.assign(gross_revenue=100.0, returns=5.0, cogs=50.0)})
    selection = Selection("Board", len(above), 2, formula, ["a", 7.0], above)
    assert find_figure(selection, None, results, {}) == expected


def test_a_row_of_an_input_table_is_its_customers() -> None:
    frame = pd.DataFrame({"date": ["2024-01-31"], "customer": ["A"], "gross_revenue": [100.0]})
    results = xlprofit.analyze({"Sales": frame})
    raws = {"Sales": Raw("Sales", "Sales", frame)}
    selection = Selection("Sales", 2, 3, "", ["2024-01-31", "A", 100.0], ["gross_revenue", 100.0])
    assert find_figure(selection, None, results, raws) == Figure(customer="A")
    with pytest.raises(XlprofitError, match="Sales!C9 "):
        find_figure(Selection("Sales", 9, 3), None, results, raws)


def test_a_sheet_that_is_not_as_the_run_would_leave_it_is_refused() -> None:
    frame = pd.DataFrame({"date": ["2024-01-31"], "customer": ["A"], "gross_revenue": [100.0]})
    results = xlprofit.analyze({"Sales": frame})
    selection = Selection(names.TRENDS, 7, 1, "", ["A"], [None] * 5 + ["Asiakas", "A"])
    found = book.find_described(selection, results)
    with pytest.raises(XlprofitError, match="Press Refresh first"):
        find_figure(selection, found, results, {})
