"""The charts of the sheet *Customer*, and the tables of formulas below its page that they draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xlprofit.messages import N_, _
from xlprofit.sheets.customer_lookup import Facts, number_row, read_fact_number
from xlprofit.sheets.parts import Chart, Column, Format, Meaning, Series, Table, Value
from xlprofit.vocabulary.measures import MEASURES, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

BRIDGE, PARTS, MONTHS = "customer_bridge", "customer_bridge_parts", "customer_periods"
MOST_PERIODS = 24
"""The latest periods, which are drawn."""

STEPS = (
    (Measure.PROFIT, N_("At peer group %")),
    (Measure.COGS, N_("Cost of goods")),
    (Measure.COST_TO_ACQUIRE, N_("Cost to acquire")),
    (Measure.COST_TO_SERVE, N_("Cost to serve")),
    (Measure.COST_OF_CREDIT, N_("Cost of credit")),
    (Measure.PROFIT, N_("Customer profit")),
)
"""From what the peer group would leave of the customer's net revenue to its profit: measure and name of each step."""


def build_charts(
    results: Results, facts: Facts, pnl: Table, row: int, column: int
) -> tuple[tuple[Table, ...], tuple[Chart, ...]]:
    """Return the tables that are drawn, from a row on, and the charts, their left edge at a column.

    Args:
        results: the run.
        facts: what is looked up.
        pnl: the customer's P&L, whose gaps are the steps of the bridge.
        row: the header row of the first table.
        column: where the charts stand.
    """
    bridge, parts = _build_bridge_tables(pnl, row, column)
    currency = _("Currency: {currency}", currency=results.inputs.settings.currency)
    charts = [
        Chart(
            "column",
            _("Profit: from the peer group's % to the customer"),
            pnl.row,
            column,
            (BRIDGE, "step"),
            (
                Series(BRIDGE, "base", _("Base"), hidden=True),
                Series(BRIDGE, "base_below", _("Base below zero"), hidden=True),
                Series(PARTS, "total", _("Profit"), Meaning.NEUTRAL),
                Series(PARTS, "gain", _("Better than the peer group"), Meaning.PROFIT),
                Series(PARTS, "gain_below", _("Better, below zero"), Meaning.PROFIT),
                Series(PARTS, "loss", _("Worse than the peer group"), Meaning.LOSS),
                Series(PARTS, "loss_below", _("Worse, below zero"), Meaning.LOSS),
            ),
            y_title=currency,
            width=388.0,
            height=164.0,
            stacked=True,
        )
    ]
    months = _build_customer_periods(results, facts, bridge.last + 3)
    if months is None:
        return (bridge, parts), tuple(charts)
    charts.append(
        Chart(
            "column",
            _("Net revenue and profit, by period"),
            pnl.last + 2,
            column,
            (MONTHS, "period"),
            (
                Series(MONTHS, "revenue", _("Net revenue"), Meaning.NEUTRAL),
                Series(MONTHS, "profit_above", _("Profit"), Meaning.PROFIT),
                Series(MONTHS, "profit_below", _("Loss"), Meaning.LOSS),
            ),
            y_title=currency,
            width=388.0,
            height=220.0,
        )
    )
    return (bridge, parts, months), tuple(charts)


BRIDGE_COLUMNS = (
    ("step", N_("Step"), Format.TEXT),
    ("change", N_("Change"), Format.MONEY),
    ("start", N_("From"), Format.MONEY),
    ("end", N_("To"), Format.MONEY),
    ("base", N_("Base"), Format.MONEY),
    ("base_below", N_("Base below zero"), Format.MONEY),
)

PART_COLUMNS = (
    ("total", N_("Profit")),
    ("gain", N_("Better")),
    ("gain_below", N_("Better, below zero")),
    ("loss", N_("Worse")),
    ("loss_below", N_("Worse, below zero")),
)


def _build_bridge_tables(pnl: Table, row: int, column: int) -> tuple[Table, Table]:
    """Return the steps of the bridge, and beside them the parts of the columns that draw them."""
    values = _compute_bridge(pnl)
    steps = tuple(
        Column(key, _(header), values[key], format_, 11.0, formula=text, divided=key == "step")
        for (key, header, format_), text in zip(BRIDGE_COLUMNS, _write_steps(pnl, row + 1), strict=True)
    )
    parts = tuple(
        Column(key, _(header), values[key], Format.NUMBER, 11.0, formula=text)
        for (key, header), text in zip(PART_COLUMNS, _write_parts(row + 1), strict=True)
    )
    return (
        Table(BRIDGE, row, 1, steps, filtered=False),
        Table(PARTS, row, column, parts, filtered=False),
    )


def _write_steps(pnl: Table, first: int) -> tuple[str, ...]:
    """Return the formulas of the steps: what each adds, from where to where, and the invisible base below it."""
    place = {measure: pnl.first + at for at, measure in enumerate(MEASURES)}
    gaps = [f"N($F${place[measure]})" for measure, _name in STEPS[1:-1]]
    profit, net = f"N($B${place[Measure.PROFIT]})", f"N($B${place[Measure.NET_REVENUE]})"
    steps = ",".join((f"N($D${place[Measure.PROFIT]})*{net}", *gaps, profit))
    at = number_row("step", first)
    ends, sums = f"OR({at}=1,{at}={len(STEPS)})", f"SUM($B${first}:{{change}})"
    return (
        "",
        f"CHOOSE({at},{steps})",
        f"IF({ends},0,{sums}-{{change}})",
        f"IF({ends},{{change}},{sums})",
        f"IF({ends},0,MAX(0,MIN({{start}},{{end}})))",
        f"IF({ends},0,MIN(0,MAX({{start}},{{end}})))",
    )


def _write_parts(first: int) -> tuple[str, ...]:
    """Return the formulas of what is drawn of each step, above zero and below it."""
    last = first + len(STEPS) - 1
    at = f"ROW()-{first - 1}"
    change, start, end = (f"INDEX(${letter}${first}:${letter}${last},{at})" for letter in "BCD")
    ends = f"OR({at}=1,{at}={len(STEPS)})"
    above, below = f"MAX({start},{end})", f"MIN({start},{end})"
    parts = f"MAX(0,{above})-MAX(0,{below})", f"MIN(0,{below})-MIN(0,{above})"
    tests = f"{change}>0", f"{change}<0"
    return (
        f"IF({ends},{change},0)",
        *(f"IF(AND(NOT({ends}),{test}),{part},0)" for test in tests for part in parts),
    )


def _compute_bridge(pnl: Table) -> dict[str, list[Value]]:
    """Return what the cells of the bridge come to."""
    amounts, usual, gaps = ([read_fact_number(v) for v in pnl.columns[at].values] for at in (1, 3, 5))
    at = {measure: place for place, measure in enumerate(MEASURES)}
    expected = usual[at[Measure.PROFIT]] * amounts[at[Measure.NET_REVENUE]]
    changes = [expected, *(gaps[at[m]] for m, _name in STEPS[1:-1]), amounts[at[Measure.PROFIT]]]
    found: dict[str, list[Value]] = {column[0]: [] for column in (*BRIDGE_COLUMNS, *PART_COLUMNS)}
    reached = 0.0
    for place, (change, (_measure, name)) in enumerate(zip(changes, STEPS, strict=True)):
        ends = place in (0, len(STEPS) - 1)
        start, end = (0.0, change) if ends else (reached, reached + change)
        reached = end
        above, below = max(start, end), min(start, end)
        parts = (max(0.0, above) - max(0.0, below), min(0.0, below) - min(0.0, above))
        moved = {"gain": not ends and change > 0, "loss": not ends and change < 0}
        row: dict[str, Value] = {
            "step": _(name),
            "change": change,
            "start": start,
            "end": end,
            "base": 0.0 if ends else max(0.0, below),
            "base_below": 0.0 if ends else min(0.0, above),
            "total": change if ends else 0.0,
            **{
                f"{n}{s}": part if on else 0.0
                for n, on in moved.items()
                for s, part in zip(("", "_below"), parts, strict=True)
            },
        }
        for key, value in row.items():
            found[key].append(value)
    return found


def _build_customer_periods(results: Results, facts: Facts, row: int) -> Table | None:
    """Return net revenue and profit of the latest periods; nothing where the results sheet had no room for periods."""
    if not facts.kept:
        return None
    labels = [str(period) for period in results.periods]
    rows, first = min(len(labels), MOST_PERIODS), row + 1
    since = len(labels) - rows + 1
    revenue_text, revenue = facts.list_periods("net_revenue", since, rows, first)
    profit_text, profit = facts.list_periods("profit", since, rows, first)
    columns = (
        Column("period", _("Period"), labels[-rows:], width=12.0),
        _build_formula_column("profit", _("Customer profit"), profit_text, profit),
        _build_formula_column("revenue", _("Net revenue"), revenue_text, revenue),
        _build_formula_column(
            "profit_above", _("Profit"), "MAX(0,N({profit}))", [max(0.0, read_fact_number(v)) for v in profit]
        ),
        _build_formula_column(
            "profit_below", _("Loss"), "MIN(0,N({profit}))", [min(0.0, read_fact_number(v)) for v in profit]
        ),
    )
    return Table(MONTHS, row, 1, columns, filtered=False)


def _build_formula_column(key: str, header: str, text: str, values: Sequence[Value]) -> Column:
    return Column(key, header, values, Format.MONEY, 12.0, formula=text)
