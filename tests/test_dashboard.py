"""The Dashboard: what it says is what the results have, and nothing at stake is said twice."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest

import xlprofit
from tests.figures import read_figures
from tests.lossless.books import change, parts_of
from xlprofit import ledger as books
from xlprofit.analysis.avoidable import count_years
from xlprofit.analysis.whale import find_peak
from xlprofit.results import Results
from xlprofit.sheets import book, names
from xlprofit.sheets.company_bridge import list_company_steps
from xlprofit.sheets.do_first import Issue, build_do_first_table, find_customer_issues, list_tasks
from xlprofit.sheets.headline import describe_headline, describe_whale, find_headline
from xlprofit.sheets.waterfall import split_step
from xlprofit.sheets.year_before import SHOWN, compare_years, describe_year_change
from xlprofit.vocabulary.measures import Measure
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import say, speaking

MONTHS = [f"{year}-{month:02d}-15" for year in (2024, 2025) for month in range(1, 13)]


def sales(**margins: float) -> pd.DataFrame:
    """Return two years of sales of 1,000 a month to each customer, with the margin that each leaves a month."""
    return pd.DataFrame(
        [
            {"date": day, "customer": customer, "gross_revenue": 1_000.0, "cogs": 1_000.0 - margin}
            for customer, margin in margins.items()
            for day in MONTHS
        ]
    )


def test_the_headline_has_the_figures_of_the_results(demo_results: Results) -> None:
    found, company = find_headline(demo_results), demo_results.company["total"]
    profit = demo_results.customers["profit"]
    assert found.largest == Measure.IDLE_CAPACITY
    losses = -float(profit[profit < 0].sum())
    expected = [
        *(round(company["profit"]), round(company["company_profit"]), round(-company["idle_capacity"])),
        *(int((profit < 0).sum()), len(profit), round(losses)),
    ]
    for language in ("en", "fi"):
        with speaking(language):
            told = re.sub(r"(?<=\d)\u00a0(?=\d)", "", say(describe_headline(demo_results)))
        assert sorted(read_figures(told)) == sorted(expected)


@pytest.mark.parametrize(
    ("margins", "figures"),
    [
        ({"A": 100.0}, [2_400]),
        ({"A": 100.0, "B": 50.0}, [3_600, 2]),
        ({"A": 100.0, "B": -50.0}, [1_200, 1, 2, 1_200]),
        ({"A": -100.0, "B": -50.0}, [3_600, 2, 2, 3_600]),
        ({"A": -100.0}, [2_400]),
    ],
)
def test_the_headline_of_customers_alone(margins: dict[str, float], figures: list[float]) -> None:
    """Nothing stands below customer profit: what remains for the company is no other figure."""
    results = xlprofit.analyze({"Sales": sales(**margins)})
    assert read_figures(say(describe_headline(results))) == figures


def test_the_whale_curve_says_what_is_given_back(demo_results: Results) -> None:
    profit = demo_results.customers["profit"]
    peak = find_peak(profit)
    share = round(100 * (peak - profit.sum()) / peak)
    assert read_figures(say(describe_whale(demo_results))) == [int((profit < 0).sum()), share]


def test_the_bridge_adds_up_step_by_step(demo_results: Results) -> None:
    """Each step begins where the one before ends, and each total is where they have led."""
    at = 0.0
    steps = list_company_steps(demo_results)
    for place, (_label, start, end, whole) in enumerate(steps):
        if whole and place:
            assert end == pytest.approx(at, abs=1e-6)
        elif not whole:
            assert start == pytest.approx(at, abs=1e-6)
        at = end
        _base, *parts = split_step(start, end, whole)
        seen = sum(abs(part) for part in parts if part is not None)
        assert seen == pytest.approx(abs(end - start), abs=1e-6)
    assert at == pytest.approx(demo_results.company.loc["company_profit", "total"], abs=1e-6)


def test_a_year_before_is_two_whole_years(demo_results: Results) -> None:
    known = compare_years(demo_results)
    frame = known.periods
    assert frame["net_revenue"].sum() == pytest.approx(demo_results.company.loc["net_revenue", "total"])
    assert frame["company_profit"].sum() == pytest.approx(demo_results.company.loc["company_profit", "total"])
    both = known.find_change("net_revenue")
    assert both is not None
    assert both[0] == pytest.approx(frame["net_revenue"].iloc[:12].sum())
    assert both[1] == pytest.approx(frame["net_revenue"].iloc[12:].sum())
    told, _meaning = describe_year_change(known, "net_revenue", demo_results)
    share = round(100 * (both[1] / both[0] - 1))
    assert share in read_figures(say(told))


def test_one_year_has_no_year_before() -> None:
    results = xlprofit.analyze({"Sales": sales(A=100.0).iloc[:12]})
    known = compare_years(results)
    assert [known.find_change(measure) for measure in SHOWN] == [None] * 4


def test_what_belongs_to_no_period_leaves_company_profit_blank_by_period() -> None:
    """Idle capacity that is priced over the whole span is no month's."""
    tables = {
        "Sales": sales(A=100.0),
        "Resources": pd.DataFrame({"resource": ["Desk"], "cost": [1_000.0], "capacity": [100.0]}),
        "Activities": pd.DataFrame(
            {"activity": ["Call"], "group": ["service"], "resource": ["Desk"], "rate": [1.0]}
        ),
        "ActivityLog": pd.DataFrame(
            {"date": ["2024-03-01"], "customer": ["A"], "activity": ["Call"], "quantity": [10.0]}
        ),
    }
    results = xlprofit.analyze(tables)
    frame = books.sum_company_periods(results.customer_ledger, results.periods)
    dated = (results.customer_ledger["period"] != "").to_numpy()
    assert frame["company_profit"].isna().all() == (not dated.all())
    assert frame["net_revenue"].sum() == pytest.approx(24_000.0)


# --- do first --------------------------------------------------------------------------------------------


def test_no_euro_of_a_customer_is_said_twice(demo_results: Results) -> None:
    tasks = list_tasks(demo_results, most=500)
    names_of = [task.name for task in tasks]
    assert len(names_of) == len(set(names_of))
    assert [task.amount for task in tasks] == sorted((task.amount for task in tasks), reverse=True)
    issues = find_customer_issues(demo_results)
    for task in tasks:
        if task.name in issues.index:
            own = issues.loc[task.name]
            assert task.amount == pytest.approx(own.max())
            assert own[task.issue.value] == pytest.approx(task.amount)


def test_amounts_at_stake_are_those_of_the_sheets(demo_results: Results) -> None:
    years = count_years(demo_results.inputs.settings)
    decided = demo_results.decisions
    for task in list_tasks(demo_results, most=500):
        match task.issue:
            case Issue.COLLECT:
                assert task.amount == pytest.approx(demo_results.credit.loc[task.name, "overdue"])
                assert decided.loc[task.name, "verdict"] == "collect"
            case Issue.FIX:
                assert task.amount == pytest.approx(-decided["run_rate"].loc[task.name])
                assert task.confidence == pytest.approx(decided.loc[task.name, "confidence"])
            case Issue.IDLE:
                assert task.amount == pytest.approx(demo_results.capacity["idle_cost"].max() / years)
            case Issue.WARNING:
                assert demo_results.trends.loc[task.name, "early_warning"]
            case Issue.PURSUE:
                assert demo_results.prospects.loc[task.name, "verdict"] == "pursue"
    found = {task.issue for task in list_tasks(demo_results, most=500)}
    assert {Issue.COLLECT, Issue.FIX, Issue.END, Issue.INVESTIGATE, Issue.OVERDUE} <= found
    assert {Issue.WARNING, Issue.SERVICE, Issue.PURSUE, Issue.QUALIFY, Issue.IDLE} <= found


def test_each_task_leads_to_its_own_row(demo_results: Results) -> None:
    """The link stands on a cell that names the customer, the prospect or the resource."""
    said = {sheet.name: sheet for sheet in say_sheets(book.describe_result_sheets(demo_results), "en")}
    table = build_do_first_table(demo_results, 1)
    assert table.rows == 10
    for column in ("sheet", "customer"):
        links = next(c for c in table.columns if c.key == column).links
        for name, link in zip(table.columns[0].values, links, strict=True):
            if link is None or link.cell == "A1":
                continue
            if column == "customer":
                assert (link.sheet, link.cell) == (names.CUSTOMER, "B3")
                continue
            target = said[str(link.sheet)].tables[0]
            assert target.columns[0].values[int(link.cell[1:]) - target.first] == name


def test_every_action_says_something_in_both_languages(demo_results: Results) -> None:
    table = build_do_first_table(demo_results, 1)
    actions = next(c for c in table.columns if c.key == "action").values
    assert all(str(action) for action in actions)


def test_nothing_at_stake_is_an_empty_list() -> None:
    results = xlprofit.analyze({"Sales": sales(A=100.0)})
    assert list_tasks(results) == ()
    assert build_do_first_table(results, 1).empty


# --- in the file -----------------------------------------------------------------------------------------


def read_part_text(path: Path, part: str) -> str:
    """Return a part of a workbook's package."""
    with ZipFile(path) as package:
        return package.read(part).decode()


def test_a_workbook_made_here_opens_on_the_dashboard(tmp_path: Path) -> None:
    path = xlprofit.new(tmp_path / "own.xlsx", {"Sales": sales(A=100.0, B=-20.0)})
    xlprofit.refresh(path)
    xlprofit.refresh(path)  # the order stays
    listed = read_part_text(path, "xl/workbook.xml")
    order = re.findall(r'<sheet [^>]*name="([^"]*)"', listed)
    assert order[0] == names.DASHBOARD
    assert order.index(names.CHECKS) < order.index("Guide") < order.index("Sales")
    assert 'activeTab="0"' in listed
    with ZipFile(path) as package:
        selected = [n for n in package.namelist() if b'tabSelected="1"' in package.read(n)]
    assert len(selected) == 1


def test_sheets_that_were_selected_together_are_so_no_longer(tmp_path: Path) -> None:
    """Else what one types on the Dashboard, which is shown then, goes to all of them."""
    path = xlprofit.new(tmp_path / "own.xlsx", {"Sales": sales(A=100.0)})
    sheets = [name for name in parts_of(path) if name.startswith("xl/worksheets/sheet")]
    view = b'<sheetView tabSelected="1" '
    change(
        path,
        {name: lambda old: re.sub(rb"<sheetView (?![^>]*tabSelected)", view, old) for name in sheets[1:5]},
    )
    xlprofit.refresh(path)
    selected = [name for name, part in parts_of(path).items() if b"tabSelected" in part]
    assert len(selected) == 1 and selected[0] not in sheets


def test_local_names_follow_their_sheets(tmp_path: Path) -> None:
    """Print areas, filters and names of the user's belong to a sheet by its place, which is another one now."""
    path = xlprofit.new(tmp_path / "own.xlsx", {"Sales": sales(A=100.0)})
    mine = '<definedName name="rate" localSheetId="4">Sales!$A$1</definedName></definedNames>'
    change(path, {"xl/workbook.xml": lambda old: old.replace(b"</definedNames>", mine.encode())})
    before = list_local_names(path)
    assert ("rate", "Sales") in before
    xlprofit.refresh(path)
    assert before <= list_local_names(path)


def list_local_names(path: Path) -> set[tuple[str, str]]:
    """Return the names that belong to a sheet, each with the name of the sheet."""
    listed = read_part_text(path, "xl/workbook.xml")
    order = re.findall(r'<sheet [^>]*name="([^"]*)"', listed)
    found = re.findall(r"<definedName([^>]*)>", listed)
    pairs = ((re.search(r'name="([^"]*)"', tag), re.search(r'localSheetId="(\d+)"', tag)) for tag in found)
    return {(name[1], order[int(sheet[1])]) for name, sheet in pairs if name and sheet}


def test_sparklines_stand_on_zero_and_point_at_their_own_rows(tmp_path: Path) -> None:
    path = xlprofit.new(tmp_path / "own.xlsx", {"Sales": sales(A=100.0, B=-20.0)})
    xlprofit.refresh(path)
    listed = read_part_text(path, "xl/workbook.xml")
    with ZipFile(path) as package:
        sheets = [package.read(n).decode() for n in package.namelist() if n.startswith("xl/worksheets/sheet")]
    assert names.TRENDS in listed
    found = [xml for xml in sheets if "x14:sparklineGroup" in xml]
    assert len(found) == 2  # the Dashboard and Trends
    for xml in found:
        assert xml.endswith("</extLst></worksheet>")
        assert xml.count("<x14:sparkline>") in (
            3,
            4,
        )  # three tiles: what one year knows; two customers, two measures
        for cells, place in re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", xml):
            rows = {int(row) for row in re.findall(r"[A-Z](\d+)", cells.rpartition("!")[2])}
            row = int(re.sub(r"\D", "", place))
            assert rows == {row} or names.DASHBOARD in cells
            assert re.search(rf'<c r="{place}"[^>]*/>', xml)  # blank below what is drawn
    trends = next(xml for xml in found if f"<xm:f>'{names.TRENDS}'!" in xml)
    assert 'manualMin="0"' in trends  # of A, whose profit is never below zero
    assert 'manualMax="0"' in trends  # of B, whose profit never is above it


def test_bars_of_text_stand_where_there_are_too_many_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    from xlprofit.sheets import trends

    results = xlprofit.analyze({"Sales": sales(A=100.0, B=-20.0)})
    monkeypatch.setattr(trends, "MOST_FIGURES", 10)
    sheet = trends.describe_trends_sheet(results)
    bars = next(c for c in sheet.tables[0].columns if c.key == "profit_bars")
    assert bars.spark is None
    assert [len(str(text)) for text in bars.values] == [24, 24]
    assert not np.any([c.key.startswith("profit_0") for c in sheet.tables[0].columns])
