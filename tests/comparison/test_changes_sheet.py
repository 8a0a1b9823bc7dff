"""The sheets Changes and Scenario results, and the formulas: what they show is the comparison's own."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import xlprofit
from tests.companies import Tables
from xlprofit import formulas, samples
from xlprofit.comparing import compare_workbooks
from xlprofit.comparison.versions import find_compared_periods
from xlprofit.errors import FileError
from xlprofit.sheets import book, changes, waterfall
from xlprofit.sheets.parts import Sheet
from xlprofit.sheets.results_sheet import build_results_lookup, describe_results_sheet
from xlprofit.vocabulary.measures import Measure
from xlprofit.words.sheets import say_sheets


@pytest.fixture(scope="module")
def tables() -> Tables:
    found = dict(samples.tables("wholesale", str))
    settings = found["Settings"]
    asked = pd.DataFrame({"setting": ["compare"], "value": ["previous year"]})
    scenarios = pd.DataFrame(
        {
            "scenario": ["Dearer", "Dearer", "Fewer"],
            "what": ["price", "elasticity", "activity"],
            "of": ["", "", ""],
            "change": ["+3%", "-0.5", "-10%"],
        }
    )
    return found | {"Settings": pd.concat([settings, asked], ignore_index=True), "Scenarios": scenarios}


@pytest.fixture(scope="module")
def results(tables: Tables) -> xlprofit.Results:
    return xlprofit.analyze(tables)


@pytest.fixture(scope="module")
def sheets(results: xlprofit.Results) -> dict[str, Sheet]:
    said = say_sheets(book.describe_result_sheets(results), "en")
    return {sheet.name: sheet for sheet in said}


def test_a_workbook_without_them_has_neither_sheet(tables: Tables) -> None:
    plain = {name: frame for name, frame in tables.items() if name != "Scenarios"}
    plain["Settings"] = plain["Settings"][plain["Settings"]["setting"] != "compare"]
    results = xlprofit.analyze(plain)
    names = [sheet.name for sheet in say_sheets(book.describe_result_sheets(results), "en")]
    assert not {"Changes", "Scenario results"} & set(names)
    kinds = {c.kind for c in build_results_lookup(describe_results_sheet(results)).columns}
    assert not kinds & {"scenario", "served", "change"}


def test_the_waterfall_goes_from_before_to_after_and_its_columns_say_so(results: xlprofit.Results) -> None:
    assert results.change is not None
    comparison = results.change.comparison
    steps = changes.list_waterfall_steps(comparison)
    assert steps[0][2] == pytest.approx(comparison.before.company_profit)
    assert steps[-1][2] == pytest.approx(comparison.after.company_profit)
    for (_l, _s, end, _w), (_label, start, _e, whole) in pairwise(steps):
        assert whole or start == pytest.approx(end)
    assert steps[-2][2] == pytest.approx(comparison.after.company_profit, abs=10 * changes.LEAST)


@pytest.mark.parametrize(
    ("start", "end"), [(5, 8), (8, 5), (-5, -8), (-8, -5), (3, -4), (-4, 3), (0, 6), (-6, 0)]
)
def test_what_is_seen_of_a_step_is_its_size_and_lies_between_its_ends(start: float, end: float) -> None:
    base, _total, *seen = waterfall.split_step(start, end, False)
    drawn = [part for part in seen if part is not None]
    assert sum(map(abs, drawn)) == pytest.approx(abs(end - start))
    above = (base or 0) + sum(part for part in drawn if part > 0) if (base or 0) >= 0 else 0
    below = (base or 0) + sum(part for part in drawn if part < 0) if (base or 0) <= 0 else 0
    assert max(above, 0) == pytest.approx(max(start, end, 0))
    assert min(below, 0) == pytest.approx(min(start, end, 0))
    rising = [part is not None for part in (seen[0], seen[2])]
    assert any(rising) == (end > start)


def test_the_sheet_shows_every_customer_with_its_change(
    results: xlprofit.Results, sheets: dict[str, Sheet]
) -> None:
    assert results.change is not None
    profits = results.change.comparison.profits
    table = sheets["Changes"].table(changes.CUSTOMERS)
    columns: dict[str, list[Any]] = {column.key: list(column.values) for column in table.columns}
    assert dict(zip(columns["customer"], columns["change"], strict=True)) == pytest.approx(
        profits["change"].to_dict()
    )
    sizes = [abs(float(value or 0)) for value in columns["change"]]
    assert sizes == sorted(sizes, reverse=True)
    effects = [key for key in columns if key in {*results.change.comparison.bridge, "new_or_lost"}]
    for at, change in enumerate(columns["change"]):
        assert sum(columns[key][at] or 0 for key in effects) == pytest.approx(
            change, abs=len(effects) * changes.LEAST
        )


def test_the_chart_has_an_invisible_base_below_what_is_seen(sheets: dict[str, Sheet]) -> None:
    (chart,) = sheets["Changes"].charts
    assert chart.stacked and chart.kind == "column"
    assert [series.hidden for series in chart.series] == [True, *[False] * (len(chart.series) - 1)]


def test_a_plan_without_the_setting_is_compared(tables: Tables) -> None:
    planned = tables | {"Sales": pd.concat([tables["Sales"], tables["Sales"].assign(version="Plan")])}
    planned["Settings"] = planned["Settings"][planned["Settings"]["setting"] != "compare"]
    results = xlprofit.analyze(planned)
    assert results.change is not None and (results.change.kind, results.change.name) == ("plan", "Plan")
    assert results.change.comparison.profits["change"].abs().max() == pytest.approx(0.0, abs=1e-6)


def test_a_year_is_held_against_the_year_before_and_less_by_halves(results: xlprofit.Results) -> None:
    spans = find_compared_periods(results)
    assert spans is not None
    before, after = spans
    assert len(before) == len(after) == min(12, len(results.periods) // 2)
    assert after[-1] == results.periods[-1] and before[-1] < after[0]
    assert find_compared_periods(results, "previous period") == (
        (results.periods[-2],),
        (results.periods[-1],),
    )


def test_formulas_give_what_the_sheets_show(results: xlprofit.Results) -> None:
    lookup = build_results_lookup(describe_results_sheet(results))
    assert results.change is not None
    bridge = results.change.comparison.bridge
    name = str(bridge["volume"].abs().idxmax())
    assert formulas.profit_change(lookup, name.upper()) == pytest.approx(bridge.loc[name].sum())
    assert formulas.profit_change(lookup, name, "Unit cost") == pytest.approx(bridge.loc[name, "unit_cost"])
    run = results.scenarios["Dearer"].customers
    for measure in ("profit", "net_revenue", "margin"):
        found = formulas.customer_profit(lookup, name, measure, scenario="dearer")
        assert found == pytest.approx(run.loc[name, measure])
    assert formulas.customer_profit(lookup, name, scenario="Actual") == formulas.customer_profit(lookup, name)
    group = f"segment:{results.inputs['Customers'].set_index('customer')['segment'][name]}"
    members = results.inputs["Customers"].set_index("customer")["segment"] == group.partition(":")[2]
    own = run[members.reindex(run.index).fillna(False).to_numpy(dtype=bool)]
    assert formulas.customer_profit(lookup, group, scenario="Dearer") == pytest.approx(own["profit"].sum())
    assert formulas.customer_profit(lookup, group, "margin", scenario="Dearer") == pytest.approx(
        own["profit"].sum() / own["net_revenue"].sum()
    )
    whole = formulas.customer_profit(lookup, measure="profit", scenario="Fewer")
    assert isinstance(whole, list) and len(whole) == len(results.names) + 1
    for wrong in (
        formulas.customer_profit(lookup, name, "profit", "1999-01", "Dearer"),
        formulas.customer_profit(lookup, name, scenario="Cheaper"),
        formulas.profit_change(lookup, name, "weather"),
    ):
        assert isinstance(wrong, formulas.FormulaError) and wrong.code == "#VALUE!"


@pytest.mark.parametrize("scenario", ["", "Dearer", "Fewer"])
def test_groups_and_periods_are_sums_of_what_is_or_of_a_scenario(
    results: xlprofit.Results, scenario: str
) -> None:
    """Every measure of every period, of a customer and of a segment, as it is and in a scenario."""
    lookup = build_results_lookup(describe_results_sheet(results))
    run = results.scenarios[scenario] if scenario else results
    segments = run.inputs["Customers"].set_index("customer")["segment"].astype(str)
    segment = str(segments.mode()[0])
    members = [name for name in run.names if segments.get(str(name)) == segment]
    whole, by_period = run.customers, run.pnl(period=True)
    spans = {str(p): by_period.xs(p, level="period") for p in run.periods} | {"": whole}
    year = str(run.periods[-1])[:4]
    of_year = [frame for label, frame in spans.items() if label.startswith(year)]
    spans[year] = pd.concat(of_year).groupby(level=0).sum()
    for label, frame in spans.items():
        for who, rows in (
            (f"segment:{segment}", frame.loc[members]),
            (str(members[0]), frame.loc[members[:1]]),
        ):
            for measure in map(str, frame):
                found = formulas.customer_profit(lookup, who, measure, label, scenario)
                sums = {str(column): float(rows[str(column)].sum()) for column in rows}
                if measure == "margin" and not sums["net_revenue"] > 0:
                    assert found == formulas.BLANK, (label, who)
                    continue
                wanted = sums["profit"] / sums["net_revenue"] if measure == "margin" else sums[measure]
                assert found == pytest.approx(wanted, abs=1e-6), (label, who, measure)


@pytest.mark.parametrize("scenario", ["", "Dearer", "Fewer"])
def test_the_cost_to_serve_of_a_scenario_by_line_and_group(results: xlprofit.Results, scenario: str) -> None:
    lookup = build_results_lookup(describe_results_sheet(results))
    run = results.scenarios[scenario] if scenario else results
    name = str(run.customers["cost_to_serve"].idxmin())
    segment = str(run.inputs["Customers"].set_index("customer")["segment"][name])
    alike = run.inputs["Customers"].set_index("customer")["segment"] == segment
    own = run.customer_ledger[(run.customer_ledger["customer"] == name).to_numpy()]
    for activity in map(str, run.cost_to_serve):
        costs = run.cost_to_serve[activity]
        cost = formulas.cost_to_serve(lookup, name, activity, "", scenario)
        assert cost == pytest.approx(costs.loc[name])
        cost = formulas.cost_to_serve(lookup, f"segment:{segment}", activity, "", scenario)
        assert cost == pytest.approx(costs.loc[alike[alike].index].sum())
        for period in (str(run.periods[0]), str(run.periods[-1])):
            rows = own[((own["line"] == activity) & (own["period"] == period)).to_numpy()]
            cost = formulas.cost_to_serve(lookup, name, activity, period, scenario)
            assert cost == pytest.approx(rows["amount"].sum())
    for group in ("deliver", "order"):
        rows = own[(own["group"] == group).to_numpy()]
        cost = formulas.cost_to_serve(lookup, name, group, "", scenario)
        assert cost == pytest.approx(rows["amount"].sum())
    assert formulas.cost_to_serve(lookup, name, scenario=scenario) == pytest.approx(
        run.customers.loc[name, "cost_to_serve"]
    )
    wrong = formulas.cost_to_serve(lookup, name, "weather", "", scenario)
    assert isinstance(wrong, formulas.FormulaError) and wrong.code == "#VALUE!"


def test_nothing_compared_is_not_available(tables: Tables) -> None:
    plain = tables | {"Settings": tables["Settings"][tables["Settings"]["setting"] != "compare"]}
    lookup = build_results_lookup(describe_results_sheet(xlprofit.analyze(plain)))
    answer = formulas.profit_change(lookup, "Nobody")
    name = str(lookup.rows[0][0])
    assert isinstance(answer, formulas.FormulaError)
    found = formulas.profit_change(lookup, name)
    assert isinstance(found, formulas.FormulaError) and found.code == "#N/A"


def test_scenarios_stand_side_by_side(results: xlprofit.Results, sheets: dict[str, Sheet]) -> None:
    sheet = sheets["Scenario results"]
    table: dict[str, list[Any]] = {c.key: list(c.values) for c in sheet.table("scenario_results").columns}
    assert table["scenario"] == ["As it is", "Dearer", "Fewer"]
    base = results.company.loc[str(Measure.COMPANY_PROFIT), "total"]
    for name, profit, change in zip(table["scenario"], table["company_profit"], table["change"], strict=True):
        run = results if name == "As it is" else results.scenarios[str(name)]
        assert profit == pytest.approx(run.company.loc[str(Measure.COMPANY_PROFIT), "total"])
        assert change == pytest.approx(profit - base)
    bridges: dict[str, list[Any]] = {c.key: list(c.values) for c in sheet.table("scenario_bridges").columns}
    effects = [key for key in bridges if key not in ("scenario", "company_profit")]
    for at, whole in enumerate(bridges["company_profit"]):
        assert sum(bridges[e][at] for e in effects) == pytest.approx(whole, abs=1 + len(effects))
    freed: dict[str, list[Any]] = {c.key: list(c.values) for c in sheet.table("scenario_capacity").columns}
    assert all(
        units > 0 for units, name in zip(freed["freed"], freed["scenario"], strict=True) if name == "Fewer"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("why.csv", "no .xlsx file"), ("nowhere/why.xlsx", "no folder"), ("there.xlsx", "is there")],
)
def test_a_workbook_that_cannot_be_made_is_refused_before_anything_is_read(
    name: str, said: str, tmp_path: Path
) -> None:
    (tmp_path / "there.xlsx").touch()
    with pytest.raises(FileError, match=said):
        compare_workbooks(tmp_path / "before.xlsx", tmp_path / "after.xlsx", tmp_path / name)
