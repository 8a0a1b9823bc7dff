"""The sheet *Dashboard*: the answer on one page."""

from __future__ import annotations

import pandas as pd

from xlprofit import ledger as books
from xlprofit.model import whale
from xlprofit.results import Results
from xlprofit.sheets import customer_pnl, names, theme
from xlprofit.sheets.answers import answers
from xlprofit.sheets.frame import heading, links_to, places, span, values
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Format,
    Link,
    Meaning,
    Series,
    Sheet,
    SignRule,
    Table,
    Value,
    WordRule,
)

TOP = 10
"""Customers listed at either end."""

COLUMNS = 12
WIDTHS = dict.fromkeys(range(1, COLUMNS + 1), 13.5) | {1: 26.0, 7: 26.0}

COMPANY_HEADERS = {
    "gross_revenue": "Gross revenue",
    "discounts": "Discounts",
    "returns": "Returns",
    "net_revenue": "Net revenue",
    "cogs": "Cost of goods",
    "gross_margin": "Gross margin",
    "cost_to_acquire": "Cost to acquire",
    "cost_to_serve": "Cost to serve",
    "operating_profit": "Operating profit",
    "cost_of_credit": "Cost of credit",
    "profit": "Customer profit",
    "channel_cost": "Channel cost",
    "corporate_cost": "Corporate cost",
    "idle_capacity": "Idle capacity",
    "unassigned_cost": "Unassigned cost",
    "company_profit": "Company profit",
}
"""The words for the lines of the company's P&L."""

KPI_ROW, ANSWERS_ROW, CHART_ROWS = 4, 8, 18
ANSWERS = 8
CHART_ROW = ANSWERS_ROW + ANSWERS + 2
TABLES_ROW = CHART_ROW + CHART_ROWS + 2


def sheet(results: Results) -> Sheet:
    """Return the sheet: key figures, whale curve, best and worst customers, the company, the tie-out."""
    below = TABLES_ROW + min(TOP, max(len(results.names), 1)) + 4
    company = _company(results, below)
    ties = _tie_out(results, below)
    cells = [
        *heading("Customer profitability", span(results), across=COLUMNS),
        *_kpis(results),
        *_answers(results),
        Cell(TABLES_ROW - 1, 1, f"The {TOP} most profitable customers", Meaning.SECTION, across=5),
        Cell(TABLES_ROW - 1, 7, f"The {TOP} least profitable customers", Meaning.SECTION, across=5),
        Cell(below - 1, 1, "The whole company", Meaning.SECTION, across=5),
        Cell(below - 1, 7, "Tied out to the books", Meaning.SECTION, across=5),
    ]
    return Sheet(
        names.DASHBOARD,
        cells=tuple(cells),
        tables=(*_ends(results), company, ties),
        charts=_charts(results),
        tab=Meaning.TITLE,
        currency=results.inputs.settings.currency,
        widths=WIDTHS,
        breaks=(below - 1,),
    )


def _kpis(results: Results) -> list[Cell]:
    """Return the tiles: a label above a figure, and a line below that says what it is."""
    company, profit = results.company["total"], results.customers["profit"]
    total, peak = float(profit.sum()), whale.peak(profit)
    profitable, losing = int((profit > 0).sum()), int((profit < 0).sum())
    net = float(company["net_revenue"])
    tiles: list[tuple[str, Value, Format, str, bool]] = [
        ("Net revenue", net, Format.MONEY, f"{len(profit):,} customers", False),
        (
            "Gross margin",
            float(company["gross_margin"]),
            Format.MONEY,
            _of(company["gross_margin"], net),
            True,
        ),
        ("Customer profit", total, Format.MONEY, _of(total, net), True),
        (
            "Company profit",
            float(company["company_profit"]),
            Format.MONEY,
            _of(company["company_profit"], net),
            True,
        ),
        ("Profitable customers", profitable, Format.INTEGER, f"{losing:,} lose money", False),
        ("Lost to unprofitable ones", total - peak, Format.MONEY, f"peak {_money(peak, results)}", True),
    ]
    cells = []
    for i, (label, value, shown, line, signed) in enumerate(tiles):
        column = 1 + 2 * i
        rules = (SignRule(),) if signed else ()
        cells += [
            Cell(KPI_ROW, column, label, Meaning.LABEL, across=2),
            Cell(KPI_ROW + 1, column, value, Meaning.KPI, shown, across=2, rules=rules),
            Cell(KPI_ROW + 2, column, line, Meaning.NOTE, across=2),
        ]
    return cells


def _answers(results: Results) -> list[Cell]:
    """Return a line for each question: the question, linked to its sheet, and the answer."""
    cells = []
    for row, said in enumerate(answers(results), ANSWERS_ROW):
        sign = theme.SIGNS.get(said.meaning, "")
        cells += [
            Cell(row, 1, said.question, Meaning.LINK, link=Link(said.sheet)),
            Cell(row, 2, f"{sign} {said.answer}".strip(), said.meaning, across=COLUMNS - 1),
        ]
    return cells


def _of(part: float, net: float) -> str:
    return f"{part / net:.1%} of net revenue" if net > 0 else "no net revenue"


def _money(amount: float, results: Results) -> str:
    return f"{amount:,.0f} {results.inputs.settings.currency}"


def _charts(results: Results) -> tuple[Chart, ...]:
    if not len(results.names):
        return ()
    currency, table = results.inputs.settings.currency, customer_pnl.TABLE
    return (
        Chart(
            "line",
            "Whale curve: cumulative profit, the most profitable customer first",
            CHART_ROW,
            1,
            (table, "rank"),
            (Series(table, "cumulative", "Cumulative profit", Meaning.PROFIT),),
            x_title="Customers, by profit",
            y_title=f"Cumulative profit, {currency}",
            width=545.0,
            height=CHART_ROWS * 15.0,
            sheet=names.CUSTOMER_PNL,
        ),
        Chart(
            "column",
            "Profit by customer",
            CHART_ROW,
            7,
            (table, "rank"),
            (Series(table, "profit", "Customer profit", Meaning.PROFIT),),
            x_title="Customers, by profit",
            y_title=f"Customer profit, {currency}",
            width=545.0,
            height=CHART_ROWS * 15.0,
            invert_negative=True,
            sheet=names.CUSTOMER_PNL,
        ),
    )


def _ends(results: Results) -> tuple[Table, Table]:
    """Return the tables of the most and the least profitable customers."""
    order = results.whale.index
    return (
        _customers("most_profitable", 1, order[:TOP], results),
        _customers("least_profitable", 7, order[::-1][:TOP], results),
    )


def _customers(name: str, column: int, customers: pd.Index, results: Results) -> Table:
    frame = results.customers.loc[customers]
    names_of = [str(c) for c in customers]
    rows = places(str(c) for c in results.whale.index)
    columns = (
        Column(
            "customer",
            "Customer",
            names_of,
            width=26.0,
            links=links_to(names.CUSTOMER_PNL, names_of, rows),
        ),
        Column("net_revenue", "Net revenue", values(frame["net_revenue"]), Format.MONEY, 13.5),
        Column("gross_margin", "Gross margin", values(frame["gross_margin"]), Format.MONEY, 13.5),
        Column("cost_to_serve", "Cost to serve", values(frame["cost_to_serve"]), Format.MONEY, 13.5),
        Column("profit", "Customer profit", values(frame["profit"]), Format.MONEY, 13.5, rules=(SignRule(),)),
    )
    return Table(name, TABLES_ROW, column, columns, filtered=False, empty="No customers")


def _company(results: Results, row: int) -> Table:
    frame = results.company.loc[list(books.COMPANY_LINES)]
    total = frame["total"]
    net = float(total["net_revenue"])
    columns = (
        Column("line", "Line", [COMPANY_HEADERS[line] for line in frame.index], width=26.0),
        Column("customers", "Customers", values(frame["customers"]), Format.MONEY, 13.5),
        Column("no_customer", "No customer", values(frame["no_customer"]), Format.MONEY, 13.5),
        Column(
            "total",
            "Total",
            values(total),
            Format.MONEY,
            13.5,
            formula="{customers}+{no_customer}",
        ),
        Column(
            "share", "% of net", values(total / net if net > 0 else total * float("nan")), Format.SHARE, 13.5
        ),
    )
    return Table("company", row, 1, columns, filtered=False)


def _tie_out(results: Results, row: int) -> Table:
    frame = results.tie_out
    known = frame["difference"].notna()
    verdict = [
        ("ties" if t else "differs") if k else "unknown line"
        for t, k in zip(frame["ties"], known, strict=True)
    ]
    line = [f"{a} {b}".strip() for a, b in zip(frame["line"], frame["period"], strict=True)]
    columns = (
        Column("line", "Control total", line, width=26.0),
        Column("control", "Books", values(frame["control"]), Format.MONEY_CENTS, 13.5),
        Column("ledger", "Ledger", values(frame["ledger"]), Format.MONEY_CENTS, 13.5),
        Column("difference", "Difference", values(frame["difference"]), Format.MONEY_CENTS, 13.5),
        Column(
            "ties",
            "Ties out",
            verdict,
            width=13.5,
            rules=(
                WordRule(
                    (("ties", Meaning.PROFIT), ("differs", Meaning.LOSS), ("unknown line", Meaning.WARNING))
                ),
            ),
        ),
    )
    return Table(
        "tie_out", row, 7, columns, filtered=False, empty="No ControlTotals given: nothing to tie out to"
    )
