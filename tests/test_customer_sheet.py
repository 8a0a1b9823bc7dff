"""The sheet Customer: whoever is chosen on it, its plain formulas come to what the results have, in any program."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import ironcalc
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import xlprofit
from tests.calc.office import needs_office, running
from tests.companies import make_small_demo
from tests.needs import few, takes_minutes
from xlprofit.addresses import parse_address
from xlprofit.drawing.layout import list_formula_answers
from xlprofit.drawing.room import count_text_lines, measure_room
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.hosts.file import FileHost
from xlprofit.results import Results
from xlprofit.sheets import book, customer, results_sheet
from xlprofit.sheets.customer_charts import MONTHS
from xlprofit.sheets.figures import Selection
from xlprofit.sheets.parts import Formula, Sheet
from xlprofit.vocabulary.measures import MEASURES
from xlprofit.words import sheet_names as names
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import speaking
from xlprofit.workflow import explain_cell

HARD_NAMES = (
    *("A*", "A?", "A~", "AB", "*", "?", "~", "'quoted'", 'say "no"', "=1+1", "00123", "123", "1-2", "true"),
    *("x" * 255, "x" * 400, "two\nlines", "Ärzte Ö\u0308", "日本商事", "🙂 & Co"),
)
"""Names that MATCH would take for wildcards, refuse, or mistake for each other and for numbers."""


def build_hard_company() -> dict[str, pd.DataFrame]:
    """Return a company of customers with hard names, some in no segment, with activities and invoices."""
    days = pd.date_range("2024-01-01", periods=14, freq="MS")
    each = [(at, name, month, day) for at, name in enumerate(HARD_NAMES) for month, day in enumerate(days)]
    sales = pd.DataFrame(
        [
            (day, name, 100.0 + 10 * at, 60.0 + at * (3 + month % 4), 5.0 * (month % 3))
            for at, name, month, day in each
        ],
        columns=["date", "customer", "gross_revenue", "cogs", "discount"],
    )
    customers = pd.DataFrame(
        {"customer": HARD_NAMES, "segment": [("", "A*", "~b?")[at % 3] for at in range(len(HARD_NAMES))]}
    )
    resources = pd.DataFrame({"resource": ["Desk"], "cost": [5000.0], "capacity": [1e5], "unit": ["minutes"]})
    activities = pd.DataFrame(
        {
            "activity": ["Call*", "Visit~"],
            "group": ["service", "acquire"],
            "resource": "Desk",
            "rate": [10.0, 60.0],
        }
    )
    log = pd.DataFrame(
        [
            (day, name, ("Call*", "Visit~")[(at + month) % 2], 1 + (at + month) % 4)
            for at, name, month, day in each
        ],
        columns=["date", "customer", "activity", "quantity"],
    )
    invoices = pd.DataFrame(
        [
            (f"{at}-{month}", name, day, day + pd.Timedelta(days=30), 100.0, day + pd.Timedelta(days=40))
            for at, name, month, day in each
        ],
        columns=["invoice", "customer", "issued", "due", "amount", "paid"],
    )
    invoices.loc[::5, "paid"] = pd.NaT
    return {
        "Sales": sales,
        "Customers": customers,
        "Resources": resources,
        "Activities": activities,
        "ActivityLog": log,
        "Invoices": invoices,
    }


CASES = ("demo", "hard names", "services, fi")


@dataclass(frozen=True, eq=False)
class Made:
    """A refreshed workbook and its results; what is read and described of them is so once, and stays as it is."""

    path: Path
    results: Results

    @cached_property
    def hidden(self) -> Sheet:
        return results_sheet.describe_results_sheet(self.results)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        return book.describe_result_sheets(self.results, hidden=self.hidden)

    @cached_property
    def values(self) -> Workbook:
        return load_workbook(self.path, data_only=True)

    @cached_property
    def sheet_name(self) -> str:
        """What the sheet is called in the workbook."""
        there = load_workbook(self.path, read_only=True).sheetnames
        return next(name for name in names.everywhere(names.CUSTOMER) if name in there)

    def describe_for(self, name: str) -> Sheet:
        """Return the sheet with a customer chosen, as a refresh writes it."""
        described = customer.describe_customer_sheet(self.results, self.hidden, self.sheets, name)
        (said,) = say_sheets([described], self.results.findings.language, self.results.findings.own)
        return said


@pytest.fixture(scope="module", params=few(CASES, "hard names"))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a workbook of one of the companies, refreshed."""
    path = tmp_path_factory.mktemp("customer") / "book.xlsx"
    if request.param == "demo":
        xlprofit.new(path, make_small_demo(20, 1_000, 700))
    elif request.param == "hard names":
        xlprofit.new(path, build_hard_company())
    else:
        xlprofit.new(path, language="fi", template="services")
    return Made(path, xlprofit.refresh(path).results)


def compare_answers(made: Made, ask: Any) -> Iterator[str]:
    """Yield the cells that come to something else than the results have, whoever is chosen.

    ``ask`` chooses a customer and gives what a cell then shows.
    """
    for name in map(str, made.results.whale.index):
        show = ask(name)
        for address, value in list_formula_answers(made.describe_for(name)).items():
            found = show(*parse_address(address))
            if isinstance(value, int | float) and isinstance(found, int | float):
                alike = math.isclose(value, found, rel_tol=1e-9, abs_tol=1e-6)
            else:
                alike = (value in (None, "") and found in (None, "")) or value == found
            if not alike:
                yield f"{name} {address}: {found!r} instead of {value!r}"


def test_ironcalc_calculates_the_same_for_every_customer(made: Made) -> None:
    path = made.path
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    called = made.sheet_name
    place = next(i for i, s in enumerate(model.get_worksheets_properties()) if s["name"] == called)

    def ask(name: str) -> Any:
        model.update_cell_with_text(place, *CHOSEN_PLACE, name)
        model.evaluate()
        return lambda row, column: model.get_cell_value(place, row, column)

    assert list(compare_answers(made, ask)) == []


@needs_office
def test_so_does_libreoffice(made: Made) -> None:
    path, results = made.path, made.results
    wanted = [str(name) for name in results.whale.index]
    path.chmod(0o644)
    path.parent.chmod(0o755)
    with running() as office:
        order = ("chosen", made.sheet_name, "B3", wanted, "A1:P100")
        _opened, shown = office.ask(("opened", str(path)), order, patience=120)

    def ask(name: str) -> Any:
        rows = shown[wanted.index(name)]
        return lambda row, column: rows[row - 1][column - 1]

    assert list(compare_answers(made, ask)) == []


def test_nobody_is_said_loudly_and_shows_no_figure(made: Made) -> None:
    path, results = made.path, made.results
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    place = next(i for i, s in enumerate(model.get_worksheets_properties()) if s["name"] == made.sheet_name)
    for nobody in ("Nobody at all", "A*B", ""):
        model.update_cell_with_text(place, *CHOSEN_PLACE, nobody)
        model.evaluate()
        assert model.get_cell_value(place, 3, customer.RIGHT)
        for table in made.describe_for(str(results.whale.index[0])).tables[:3]:
            for column in table.columns[1:]:
                at = table.position(column.key)
                for row in range(table.first, table.last + 1):
                    assert model.get_cell_value(place, row, at) in ("", None), (nobody, row, at)


def test_what_stands_on_it_is_what_the_results_have(made: Made) -> None:
    results = made.results
    for name in map(str, [*results.whale.index[:3], *results.whale.index[-3:]]):
        sheet = made.describe_for(name)
        pnl = sheet.table(customer.PNL)
        own = results.customers.loc[name]
        amounts, _shares, usual, _points, gaps = (column.values for column in pnl.columns[1:])
        assert list(amounts) == pytest.approx([own[m] for m in MEASURES])
        peers = results.peers[results.peers == results.peers[name]].index
        among = results.customers if not results.peers[name] else results.customers.loc[peers]
        for at, measure in enumerate(MEASURES):
            revenue, of = own["net_revenue"], among["net_revenue"].sum()
            assert usual[at] == pytest.approx(among[measure].sum() / of)
            assert gaps[at] == pytest.approx(own[measure] - revenue * among[measure].sum() / of, abs=1e-6)
        bridge = sheet.table("customer_bridge")
        change = [float(v) for v in bridge.columns[1].values]  # type: ignore[arg-type]
        assert sum(change[:-1]) == pytest.approx(change[-1], abs=1e-6)
        assert change[-1] == pytest.approx(own["profit"])


def test_the_activities_are_the_costliest_and_multiply(made: Made) -> None:
    results = made.results
    for name in map(str, results.names):
        table = made.describe_for(name).table(customer.ACTIVITIES)
        rows = list(zip(*(column.values for column in table.columns), strict=True))
        lines = results.explain(name, level="lines")
        activities = set(results.inputs["Activities"]["activity"].astype(str))
        costs = lines[lines["line"].isin(activities) & (lines["amount"] < 0)].sort_values("amount")["amount"]
        shown = [float(row[-1]) for row in rows if row[0]]
        assert shown == pytest.approx(list(costs[:5]))
        for _activity, many, _usual, each, rate, amount in rows:
            if each is not None:
                assert many * each * rate == pytest.approx(amount)
        if len(results.names) > 12:
            break


def test_it_is_printed_on_one_page_in_letters_of_eight_points(made: Made) -> None:
    results = made.results
    sheet = made.describe_for(str(results.whale.index[0]))
    room = measure_room(sheet)
    last_row, last_column = parse_address(room.printed.split(":")[1])
    across = sum(math.trunc(room.widths.get(c, 8.43) * 7 + 5) * 0.75 for c in range(1, last_column + 1))
    down = sum(room.heights.get(row, 15.0) for row in range(1, last_row + 1))
    scale = min((841.9 - 0.8 * 72) / across, (595.3 - 1.1 * 72) / down, 1.0)
    assert room.pages == 1
    assert 10.0 * scale >= 8.0, (across, down)


@takes_minutes
def test_what_was_chosen_stays_chosen(made: Made, tmp_path: Path) -> None:
    path, results = made.path, made.results
    other, last = tmp_path / "again.xlsx", str(results.whale.index[-1])
    opened = load_workbook(path)
    opened[made.sheet_name].cell(*CHOSEN_PLACE).value = last
    opened.save(other)
    xlprofit.refresh(other)
    again = load_workbook(other, data_only=True)[made.sheet_name]
    assert again.cell(*CHOSEN_PLACE).value == last
    assert again.cell(6, 1).value == pytest.approx(results.customers.loc[last, "net_revenue"], rel=1e-9)


def test_the_list_to_choose_from_is_that_of_the_customers(made: Made) -> None:
    path, results = made.path, made.results
    opened = load_workbook(path)
    (offered,) = opened[made.sheet_name].data_validations.dataValidation
    assert str(offered.sqref) == "B3"
    sheet, cells = offered.formula1.rsplit("!", 1)
    listed = made.values[sheet.strip("'")][cells.replace("$", "")]
    assert len(listed) == len(results.whale)


def test_its_former_name_is_known_so_that_an_old_sheet_becomes_it() -> None:
    with speaking("en"):
        assert "Look-up" in names.list_former_names(names.CUSTOMER)


def test_a_cell_of_it_is_explained(made: Made, tmp_path: Path) -> None:
    path, results = made.path, made.results
    sheet = made.values[made.sheet_name]
    row = customer.PNL_ROW + 1 + MEASURES.index("cost_to_serve")
    selection = Selection(
        sheet.title,
        row,
        2,
        "",
        [cell.value for cell in sheet[row]],
        [cell.value for cell in next(sheet.iter_cols(min_col=2, max_col=2))],
    )
    report = explain_cell(FileHost(path, tmp_path / "explained.xlsx", selection=selection))
    with speaking(results.inputs.settings.language):
        shown = load_workbook(report.path)[names.say_sheet_name(names.EXPLANATION)]
    chosen = str(results.whale.index[0])
    assert shown["B4"].value == pytest.approx(results.customers.loc[chosen, "cost_to_serve"], rel=1e-9)


def test_its_formulas_need_nothing_young(made: Made) -> None:
    """No dynamic array, no LET, no XLOOKUP, no array formula: Excel 2010 has all that it uses."""
    results = made.results
    sheet = made.describe_for(str(results.whale.index[0]))
    texts = [c.value.text for c in sheet.cells if isinstance(c.value, Formula)]
    texts += [column.formula for table in sheet.tables for column in table.columns if column.formula]
    used = {word.split("(")[0] for text in texts for word in _list_functions(text)}
    assert used <= {
        *("IF", "INDEX", "ROW", "ROWS", "SUMPRODUCT", "EXACT", "LEN", "COUNT", "N", "SUM", "MAX", "MIN"),
        *("AND", "OR", "NOT", "CHOOSE"),
    }


def _list_functions(text: str) -> list[str]:
    import re

    return re.findall(r"[A-Z][A-Z.]*\(", text)


def test_a_customers_name_on_any_sheet_leads_here(demo_results: Results) -> None:
    """Also on a sheet that is added: what is a customer's name is told by the results, not by the sheet."""
    known, here = set(demo_results.names), names.say_sheet_name(names.CUSTOMER)
    sheets = [s for s in say_sheets(book.describe_result_sheets(demo_results), "en") if s.name != here]
    naming: dict[str, int] = {}
    for sheet in sheets:
        for table in sheet.tables:
            for column in table.columns:
                at = [place for place, value in enumerate(column.values) if value in known]
                if not at:
                    continue
                links = [column.links[place] for place in at] if column.links else []
                assert {(link.sheet, link.cell) for link in links if link} == {(here, "B3")}, (
                    sheet.name,
                    table.name,
                    column.key,
                )
                naming[str(sheet.name)] = naming.get(str(sheet.name), 0) + 1
    assert {names.DASHBOARD, names.COST_TO_SERVE, names.CHANGES, names.REFERRAL_VALUE} <= set(naming)
    assert len(naming) >= 12


def test_where_no_period_has_room_on_the_results_sheet_a_customer_is_looked_up_all_the_same(
    demo_results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results_sheet, "MOST_CELLS", 0)  # as with 20,000 customers of two years
    hidden = results_sheet.describe_results_sheet(demo_results)
    assert [column.header for column in hidden.tables[0].columns[5:7]] == ["0", str(len(demo_results.whale))]
    name = str(demo_results.whale.index[3])
    sheet = customer.describe_customer_sheet(demo_results, hidden, (Sheet("Dashboard"),), name)
    own = demo_results.customers.loc[name]
    assert list(sheet.table(customer.PNL).columns[1].values) == pytest.approx([own[m] for m in MEASURES])
    assert [table.name for table in sheet.tables if table.name == MONTHS] == []


@pytest.mark.parametrize("language", ["en", "fi"])
def test_no_sentence_is_cut_off_whoever_is_chosen(demo_results: Results, language: str) -> None:
    sheets = say_sheets(book.describe_result_sheets(demo_results), language)
    page = next(sheet for sheet in sheets if any(table.name == customer.PNL for table in sheet.tables))
    needed = measure_room(page)
    width = sum(needed.widths[column] for column in range(2, customer.RIGHT + 6)) - 0.5
    for name, row in (("decisions", 4), ("trends", customer.LAST_ROW)):
        (table,) = (table for sheet in sheets for table in sheet.tables if table.name == name)
        said = next(column.values for column in table.columns if column.key == "reason")
        lines = max(count_text_lines(str(text), width) for text in said if text)
        assert lines * 12.75 <= needed.heights[row], (name, lines)  # as tall as Excel makes a line of Arial
