"""The sheet *Scenario results*: what if, scenarios side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.comparison import outcome
from xlprofit.comparison.scenarios import list_scenario_rows
from xlprofit.messages import N_, _, join_messages, term
from xlprofit.sheets import names
from xlprofit.sheets.effects import EFFECT_HEADERS, EFFECT_NOTES
from xlprofit.sheets.frame import (
    TABLE_ROW,
    arrange_columns,
    build_sheet_heading,
    describe_analysis_span,
    fill_columns,
    list_cell_values,
    translate_cell_words,
)
from xlprofit.sheets.parts import Cell, Chart, Column, Format, Meaning, Series, Sheet, SignRule, Table
from xlprofit.vocabulary.measures import Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TABLE, BRIDGES, FREED, TURNED = (
    *("scenario_results", "scenario_bridges"),
    *("scenario_capacity", "scenario_customers"),
)
CHART_ROWS = 15
LEAST = 0.5
"""An effect smaller than this in every scenario, in currency, is not shown."""

SIGNED = (SignRule(),)


def describe_scenario_results_sheet(results: Results) -> Sheet | None:
    """Return the sheet; ``None`` where there are no scenarios."""
    scenarios = results.scenarios
    if not scenarios:
        return None
    first = _build_scenarios_table(results)
    chart_row = first.last + 2
    bridges = _build_bridges_table(results, chart_row + CHART_ROWS + 3)
    freed = _build_capacity_table(results, bridges.last + 4)
    turned = _build_turned_table(results, freed.last + 4)
    sections = (
        (bridges, _("Why: the change of company profit, effect by effect")),
        (freed, _("Capacity freed and missing")),
        (turned, _("Customers that turn, or get another verdict")),
    )
    currency = results.inputs.settings.currency
    return Sheet(
        names.translate_sheet_name(names.SCENARIO_RESULTS),
        cells=(
            *build_sheet_heading(
                _("Scenario results"),
                _("What profit would have been, computed anew from changed inputs")
                + " · "
                + describe_analysis_span(results),
            ),
            *(Cell(table.row - 1, 1, said, Meaning.SECTION, across=8) for table, said in sections),
        ),
        tables=(first, bridges, freed, turned),
        charts=(_build_change_chart(chart_row, currency, len(scenarios)),),
        freeze=f"B{first.first}",
        tab=Meaning.TITLE,
        currency=currency,
    )


def _describe_scenario(results: Results, name: str) -> str:
    """Return the changes of a scenario, in the words of the table."""
    rows = list_scenario_rows(results.inputs["Scenarios"], name)
    return join_messages(
        "; ",
        (
            _(
                "{what} {change} {of}",
                what=term("word", str(what)),
                change=str(change),
                of=str(of) or _("all"),
            )
            for what, change, of in zip(rows["what"], rows["change"], rows["of"], strict=True)
        ),
    )


SHOWN = (
    "scenario",
    "changes",
    "change",
    "company_profit",
    "profit",
    "gross_margin",
    "net_revenue",
    "losing",
    "verdicts",
)
"""The columns in the order of the question, what changes and what comes of it; the others are folded."""

COLUMNS = (
    Column("scenario", N_("Scenario"), (), width=22.0),
    Column("net_revenue", N_("Net revenue"), (), Format.MONEY, 14.0),
    Column("gross_margin", N_("Gross margin"), (), Format.MONEY, 14.0),
    Column("cost_to_serve", N_("Cost to serve"), (), Format.MONEY, 14.0),
    Column("profit", N_("Customer profit"), (), Format.MONEY, 14.0, rules=SIGNED),
    Column("company_profit", N_("Company profit"), (), Format.MONEY, 14.0, rules=SIGNED),
    Column(
        "change",
        N_("Change"),
        (),
        Format.MONEY,
        14.0,
        N_("Of company profit, against the figures as they are"),
        rules=SIGNED,
    ),
    Column("losing", N_("Loss-making"), (), Format.INTEGER, 11.0, N_("Customers with a loss")),
    Column(
        "turned_profitable",
        N_("Turn profitable"),
        (),
        Format.INTEGER,
        11.0,
        N_("Customers with a loss now and none then"),
    ),
    Column(
        "turned_losing",
        N_("Turn loss-making"),
        (),
        Format.INTEGER,
        12.0,
        N_("Customers with no loss now and one then"),
    ),
    Column(
        "verdicts",
        N_("Other verdict"),
        (),
        Format.INTEGER,
        11.0,
        N_("Customers with another verdict than now"),
    ),
    Column("changes", N_("What changes"), (), width=40.0, wrap=True),
)
"""The columns of the table of scenarios."""


def _build_scenarios_table(results: Results) -> Table:
    frame = outcome.tabulate_scenarios(results, results.scenarios)
    columns = fill_columns(
        COLUMNS,
        frame,
        {
            "scenario": [str(n) if n else _("As it is") for n in frame.index],
            "changes": [_describe_scenario(results, str(n)) if n else None for n in frame.index],
        },
    )
    return Table(TABLE, TABLE_ROW, 1, arrange_columns(columns, SHOWN), filtered=False)


def _build_change_chart(row: int, currency: str, count: int) -> Chart:
    return Chart(
        "bar" if count > 6 else "column",
        _("Change of company profit"),
        row,
        1,
        (TABLE, "scenario"),
        (Series(TABLE, "change", _("Change"), Meaning.PROFIT),),
        y_title=_("Change, {currency}", currency=currency),
        width=700.0,
        height=CHART_ROWS * 15.0,
        invert_negative=True,
    )


def _build_bridges_table(results: Results, row: int) -> Table:
    frame = outcome.tabulate_bridges(results, results.scenarios)
    effects = [e for e in frame if e != Measure.COMPANY_PROFIT and (frame[e].abs() >= LEAST).any()]
    sizes = frame[effects].abs().sum()
    effects = [str(e) for e in sizes.sort_values(ascending=False, kind="stable").index]
    columns = (
        Column("scenario", _("Scenario"), [str(n) for n in frame.index], width=22.0),
        Column(
            "company_profit",
            _("Change"),
            list_cell_values(frame[str(Measure.COMPANY_PROFIT)]),
            Format.MONEY,
            14.0,
            _("The sum of the effects"),
            rules=SIGNED,
        ),
        *(
            Column(
                str(effect),
                _(EFFECT_HEADERS[str(effect)]),
                list_cell_values(frame[effect]),
                Format.MONEY,
                14.0,
                _(EFFECT_NOTES[str(effect)]),
                rules=SIGNED,
                detail=place >= len(SHOWN) - 2,
            )
            for place, effect in enumerate(effects)
        ),
    )
    return Table(BRIDGES, row, 1, columns, filtered=False)


CAPACITY_COLUMNS = (
    Column("scenario", N_("Scenario"), (), width=22.0),
    Column("resource", N_("Resource"), (), width=14.0),
    Column("used", N_("Used now"), (), Format.NUMBER, 14.0, N_("Units that the activities use")),
    Column("used_after", N_("Used then"), (), Format.NUMBER, 14.0),
    Column(
        "supplied_after",
        N_("Supplied then"),
        (),
        Format.NUMBER,
        14.0,
        N_("Capacity × practical, in its unit"),
    ),
    Column(
        "freed",
        N_("Freed units"),
        (),
        Format.NUMBER,
        14.0,
        N_("Used now - used then; below zero: more are used"),
    ),
    Column(
        "freed_cost",
        N_("Freed cost"),
        (),
        Format.MONEY,
        14.0,
        N_("Freed units × rate: saved only if the capacity goes"),
    ),
    Column("missing", N_("Missing units"), (), Format.NUMBER, 11.0, N_("Used beyond the capacity")),
    Column(
        "missing_cost",
        N_("Missing cost"),
        (),
        Format.MONEY,
        11.0,
        N_("Missing units × rate: what more capacity would cost"),
    ),
)
"""The columns of the table of resources."""


def _build_capacity_table(results: Results, row: int) -> Table:
    frame = outcome.tabulate_freed_capacity(results, results.scenarios)
    if not len(frame):
        frame = pd.DataFrame({column.key: [] for column in CAPACITY_COLUMNS})
    columns = fill_columns(CAPACITY_COLUMNS, frame)
    return Table(FREED, row, 1, columns, filtered=False, empty=_("No scenario changes the use of a resource"))


TURNED_COLUMNS = (
    Column("scenario", N_("Scenario"), (), width=22.0),
    Column("customer", N_("Customer"), (), width=14.0),
    Column("profit", N_("Profit now"), (), Format.MONEY, 14.0, rules=SIGNED),
    Column("profit_after", N_("Profit then"), (), Format.MONEY, 14.0, rules=SIGNED),
    Column("verdict", N_("Verdict now"), (), width=14.0),
    Column("verdict_after", N_("Verdict then"), (), width=14.0),
)
"""The columns of the table of customers."""


def _build_turned_table(results: Results, row: int) -> Table:
    frame = outcome.list_turned_customers(results, results.scenarios)
    if not len(frame):
        frame = pd.DataFrame({column.key: [] for column in TURNED_COLUMNS})
    columns = fill_columns(
        TURNED_COLUMNS,
        frame,
        {key: translate_cell_words(frame[key]) for key in ("verdict", "verdict_after")},
    )
    return Table(TURNED, row, 1, columns, empty=_("No customer turns, and no verdict changes"))
