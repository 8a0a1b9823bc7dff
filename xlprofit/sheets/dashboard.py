"""The sheet *Dashboard*: the answer on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.analysis import whale
from xlprofit.headings import word_meant
from xlprofit.messages import N_, _, _n, join_messages
from xlprofit.sheets import customer_pnl, names, theme
from xlprofit.sheets.answers import build_answers
from xlprofit.sheets.frame import (
    build_customer_links,
    build_sheet_heading,
    describe_analysis_span,
    format_money_amount,
    list_cell_values,
    number_customer_rows,
)
from xlprofit.sheets.left_out import describe_lost_sales
from xlprofit.sheets.parts import (
    Cell,
    Chart,
    Column,
    Figure,
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
from xlprofit.tables import header_key
from xlprofit.vocabulary.measures import COMPANY_LINES

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

TOP = 10
"""Customers listed at either end."""

COLUMNS = 12
WIDTHS = dict.fromkeys(range(1, COLUMNS + 1), 13.5) | {1: 26.0, 7: 26.0}

COMPANY_HEADERS = {
    "gross_revenue": N_("Gross revenue"),
    "discounts": N_("Discounts"),
    "returns": N_("Returns"),
    "net_revenue": N_("Net revenue"),
    "cogs": N_("Cost of goods"),
    "gross_margin": N_("Gross margin"),
    "cost_to_acquire": N_("Cost to acquire"),
    "cost_to_serve": N_("Cost to serve"),
    "operating_profit": N_("Operating profit"),
    "cost_of_credit": N_("Cost of credit"),
    "profit": N_("Customer profit"),
    "channel_cost": N_("Channel cost"),
    "corporate_cost": N_("Corporate cost"),
    "idle_capacity": N_("Idle capacity"),
    "unassigned_cost": N_("Unassigned cost"),
    "company_profit": N_("Company profit"),
}
"""The words for the lines of the company's P&L."""

KPI_ROW, ANSWERS_ROW, CHART_ROWS = 4, 8, 18
ANSWERS = 8
CHART_ROW = ANSWERS_ROW + ANSWERS + 2
TABLES_ROW = CHART_ROW + CHART_ROWS + 2


def describe_dashboard_sheet(results: Results) -> Sheet:
    """Return the sheet: key figures, whale curve, best and worst customers, the company, the tie-out."""
    below = TABLES_ROW + min(TOP, max(len(results.names), 1)) + 4
    company = _build_company_table(results, below)
    ties = _build_tie_out_table(results, below)
    shown = min(TOP, len(results.names))
    most = _n("The most profitable customer", "The {n:,} most profitable customers", shown)
    least = _n("The least profitable customer", "The {n:,} least profitable customers", shown)
    cells = [
        *build_sheet_heading(_("Customer profitability"), describe_analysis_span(results), across=COLUMNS),
        *_build_kpi_tiles(results),
        *_build_answer_cells(results),
        Cell(TABLES_ROW - 1, 1, most, Meaning.SECTION, across=5),
        Cell(TABLES_ROW - 1, 7, least, Meaning.SECTION, across=5),
        Cell(below - 1, 1, _("The whole company"), Meaning.SECTION, across=5),
        Cell(below - 1, 7, _("Tied out to the books"), Meaning.SECTION, across=5),
    ]
    return Sheet(
        names.translate_sheet_name(names.DASHBOARD),
        cells=tuple(cells),
        tables=(*_build_extreme_tables(results), company, ties),
        charts=_build_dashboard_charts(results),
        tab=Meaning.TITLE,
        currency=results.inputs.settings.currency,
        widths=WIDTHS,
        breaks=(below - 1,),
    )


def _build_kpi_tiles(results: Results) -> list[Cell]:
    """Return the tiles: a label above a figure, and a line below that says what it is."""
    company, profit = results.company["total"], results.customers["profit"]
    total, peak = float(profit.sum()), whale.find_peak(profit)
    profitable, losing = int((profit > 0).sum()), int((profit < 0).sum())
    net = float(company["net_revenue"])
    losing_line = _n("{n:,} loses money", "{n:,} lose money", losing) if losing else _("none loses money")
    lost = describe_lost_sales(results)
    sold = lost or _n("{n:,} customer", "{n:,} customers", len(profit))
    tiles: list[tuple[str, Value, Format, str, bool]] = [
        (_("Net revenue"), net, Format.MONEY, sold, False),
        (
            _("Gross margin"),
            float(company["gross_margin"]),
            Format.MONEY,
            _describe_revenue_share(company["gross_margin"], net),
            True,
        ),
        (_("Customer profit"), total, Format.MONEY, _describe_revenue_share(total, net), True),
        (
            _("Company profit"),
            float(company["company_profit"]),
            Format.MONEY,
            _describe_revenue_share(company["company_profit"], net),
            True,
        ),
        (_("Profitable customers"), profitable, Format.INTEGER, losing_line, False),
        (
            _("Losses from unprofitable customers"),
            total - peak,
            Format.MONEY,
            _("peak {money}", money=format_money_amount(peak, results)),
            True,
        ),
    ]
    cells = []
    for i, (label, value, shown, line, signed) in enumerate(tiles):
        column = 1 + 2 * i
        rules = (SignRule(),) if signed else ()
        cells += [
            Cell(KPI_ROW, column, label, Meaning.LABEL, across=2),
            Cell(KPI_ROW + 1, column, value, Meaning.KPI, shown, across=2, rules=rules),
            Cell(KPI_ROW + 2, column, line, Meaning.ERROR if line == lost else Meaning.NOTE, across=2),
        ]
    return cells


def _build_answer_cells(results: Results) -> list[Cell]:
    """Return a line for each question: the question, linked to its sheet, and the answer."""
    cells = []
    for row, said in enumerate(build_answers(results), ANSWERS_ROW):
        sign = theme.SIGNS.get(said.meaning, "")
        cells += [
            Cell(row, 1, said.question, Meaning.LINK, link=Link(said.sheet)),
            Cell(row, 2, (f"{sign} " if sign else "") + said.answer, said.meaning, across=COLUMNS - 1),
        ]
    return cells


def _describe_revenue_share(part: float, net: float) -> str:
    return _("{share:.1%} of net revenue", share=part / net) if net > 0 else _("no net revenue")


def _build_dashboard_charts(results: Results) -> tuple[Chart, ...]:
    if not len(results.names):
        return ()
    currency, table = results.inputs.settings.currency, customer_pnl.TABLE
    return (
        Chart(
            "line",
            _("Whale curve: cumulative profit, the most profitable customer first"),
            CHART_ROW,
            1,
            (table, "rank"),
            (Series(table, "cumulative", _("Cumulative profit"), Meaning.PROFIT),),
            x_title=_("Customers, by profit"),
            y_title=_("Cumulative profit, {currency}", currency=currency),
            width=545.0,
            height=CHART_ROWS * 15.0,
            sheet=names.translate_sheet_name(names.CUSTOMER_PNL),
        ),
        Chart(
            "column",
            _("Profit by customer"),
            CHART_ROW,
            7,
            (table, "rank"),
            (Series(table, "profit", _("Customer profit"), Meaning.PROFIT),),
            x_title=_("Customers, by profit"),
            y_title=_("Customer profit, {currency}", currency=currency),
            width=545.0,
            height=CHART_ROWS * 15.0,
            invert_negative=True,
            sheet=names.translate_sheet_name(names.CUSTOMER_PNL),
        ),
    )


def _build_extreme_tables(results: Results) -> tuple[Table, Table]:
    """Return the tables of the most and the least profitable customers."""
    order = results.whale.index
    return (
        _build_ranked_table("most_profitable", 1, order[:TOP], results),
        _build_ranked_table("least_profitable", 7, order[::-1][:TOP], results),
    )


def _build_ranked_table(name: str, column: int, customers: pd.Index, results: Results) -> Table:
    frame = results.customers.loc[customers]
    names_of = [str(c) for c in customers]
    rows = number_customer_rows(str(c) for c in results.whale.index)
    columns = (
        Column(
            "customer",
            _("Customer"),
            names_of,
            width=26.0,
            links=build_customer_links(names.translate_sheet_name(names.CUSTOMER_PNL), names_of, rows),
            figure=Figure(),
        ),
        *(
            Column(
                measure,
                _(COMPANY_HEADERS[measure]),
                list_cell_values(frame[measure]),
                Format.MONEY,
                13.5,
                rules=(SignRule(),) if measure == "profit" else (),
                figure=Figure(measure),
            )
            for measure in ("net_revenue", "gross_margin", "cost_to_serve", "profit")
        ),
    )
    return Table(name, TABLES_ROW, column, columns, filtered=False, empty=_("No customers"))


def _build_company_table(results: Results, row: int) -> Table:
    frame = results.company.loc[list(COMPANY_LINES)]
    total = frame["total"]
    net = float(total["net_revenue"])
    columns = (
        Column("line", _("Line"), [_(COMPANY_HEADERS[line]) for line in frame.index], width=26.0),
        Column("customers", _("Customers"), list_cell_values(frame["customers"]), Format.MONEY, 13.5),
        Column("no_customer", _("No customer"), list_cell_values(frame["no_customer"]), Format.MONEY, 13.5),
        Column(
            "total",
            _("Total"),
            list_cell_values(total),
            Format.MONEY,
            13.5,
            formula="{customers}+{no_customer}",
        ),
        Column(
            "share",
            _("% of net"),
            list_cell_values(total / net if net > 0 else total * float("nan")),
            Format.SHARE,
            13.5,
        ),
    )
    return Table("company", row, 1, columns, filtered=False)


def _name_control_line(line: str, period: str) -> str:
    """Return what a control total is called: a measure by its name, another line as the user wrote it; its period."""
    keys = {header_key(measure): measure for measure in COMPANY_HEADERS}
    measure = keys.get(header_key(line)) or word_meant(line, COMPANY_HEADERS, "line")
    name = _(COMPANY_HEADERS[measure]) if measure else line
    return join_messages(" ", [name, period]) if period else name


def _build_tie_out_table(results: Results, row: int) -> Table:
    frame = results.tie_out
    known = frame["difference"].notna()
    verdict = [
        (_("ties") if t else _("differs")) if k else _("unknown line")
        for t, k in zip(frame["ties"], known, strict=True)
    ]
    line = [_name_control_line(a, b) for a, b in zip(frame["line"], frame["period"], strict=True)]
    columns = (
        Column("line", _("Control total"), line, width=26.0),
        Column("control", _("Books"), list_cell_values(frame["control"]), Format.MONEY_CENTS, 13.5),
        Column("ledger", _("Ledger"), list_cell_values(frame["ledger"]), Format.MONEY_CENTS, 13.5),
        Column(
            "difference", _("Difference"), list_cell_values(frame["difference"]), Format.MONEY_CENTS, 13.5
        ),
        Column(
            "ties",
            _("Ties out"),
            verdict,
            width=13.5,
            rules=(
                WordRule(
                    (
                        (_("ties"), Meaning.PROFIT),
                        (_("differs"), Meaning.LOSS),
                        (_("unknown line"), Meaning.WARNING),
                    )
                ),
            ),
        ),
    )
    return Table(
        "tie_out", row, 7, columns, filtered=False, empty=_("No {ControlTotals} given: nothing to tie out to")
    )
