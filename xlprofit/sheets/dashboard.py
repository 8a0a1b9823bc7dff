"""The sheet *Dashboard*: the answer on one page, and below it what the page is made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from xlprofit.addresses import format_block
from xlprofit.headings import word_meant
from xlprofit.messages import _, _n, join_messages
from xlprofit.sheets import customer_pnl, names, theme
from xlprofit.sheets.answers import Answer, build_answers
from xlprofit.sheets.company_bridge import build_bridge_chart, build_bridge_table
from xlprofit.sheets.do_first import build_do_first_table
from xlprofit.sheets.frame import (
    COMPANY_HEADERS,
    build_sheet_heading,
    describe_analysis_span,
    list_cell_values,
)
from xlprofit.sheets.headline import describe_headline, describe_whale
from xlprofit.sheets.left_out import describe_lost_sales, describe_missing_tables
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
    WordRule,
)
from xlprofit.sheets.trends import draw_text_bars
from xlprofit.sheets.year_before import SHOWN, YearBefore, compare_years, describe_year_change
from xlprofit.tables import header_key
from xlprofit.vocabulary.measures import COMPANY_LINES, Measure

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from collections.abc import Sequence

    from xlprofit.results import Results

TOP = 10
"""Customers listed at either end, where there are twice as many."""

COLUMNS = 8
"""The columns of the page; more links stand beside it."""

WIDTHS = {1: 27.0, 2: 21.0, 3: 40.0, 4: 16.0, 5: 13.0, 6: 13.0, 7: 18.0, 8: 12.0, 9: 18.0}
LINK_COLUMNS = (1, 2, 3, 4, 5, 7, 9)
"""The columns of the links to the result sheets; beside a narrow one the next stays free, for a long name."""

TILES = ((1, 2), (3, 4), (5, 6), (7, 8))
"""The columns of each tile: that of its figure and that of its sparkline."""

LINK_ROWS = 3
TITLE_ROW, HEADLINE_ROW, TILE_ROW, TASKS_ROW = 4, 6, 8, 13
CHART_ROW, CHART_ROWS = TASKS_ROW + 13, 16
TRUST_ROW = CHART_ROW + CHART_ROWS
BELOW_ROW = TRUST_ROW + 3
"""Where begins what is not on the page."""

BRIDGE_WIDTH, WHALE_WIDTH = 600.0, 306.0
TRENDED = "company_periods"


def describe_dashboard_sheet(results: Results) -> Sheet:
    """Return the sheet: headline, tiles, what to do first, bridge and whale curve; below the page the rest.

    One page of paper holds all down to the line that says how far it can be relied on.
    """
    known = compare_years(results)
    answers = build_answers(results)
    below = _build_below(results, known, answers)
    cells = (
        *_build_page_heading(results, known),
        *_build_tiles(results, known, below.periods),
        Cell(TASKS_ROW, 1, _("Do first"), Meaning.SECTION, across=COLUMNS),
        *_build_trust_cells(results, answers[-1]),
        *below.cells,
    )
    return Sheet(
        names.translate_sheet_name(names.DASHBOARD),
        cells=cells,
        tables=(build_do_first_table(results, TASKS_ROW + 1), *below.tables),
        charts=_build_page_charts(results, below.bridge),
        freeze=f"A{LINK_ROWS + 1}",
        tab=Meaning.TITLE,
        currency=results.inputs.settings.currency,
        widths=WIDTHS,
        heights={HEADLINE_ROW + 1: 6.0, TASKS_ROW - 1: 8.0},
        printed=format_block(TITLE_ROW, 1, TRUST_ROW, COLUMNS),
    )


def link_dashboard(sheet: Sheet, made: Sequence[str], theirs: Sequence[str]) -> Sheet:
    """Return the sheet with a link to every other: to those of ours at the very top, to the user's at its foot.

    Args:
        sheet: the Dashboard.
        made: the names of the result sheets, itself among them.
        theirs: the names of the user's sheets.
    """
    others = [name for name in made if name != sheet.name]
    foot = max(table.last for table in sheet.tables) + 3
    cells = [*_build_links(others, 1, LINK_COLUMNS), *sheet.cells]
    if theirs:
        cells.append(Cell(foot, 1, _("Input sheets"), Meaning.SECTION, across=COLUMNS))
        cells += _build_links(theirs, foot + 1, range(1, COLUMNS + 1))
    return replace(sheet, cells=tuple(cells))


def _build_links(sheets: Sequence[str], row: int, columns: Sequence[int]) -> list[Cell]:
    """Return links to sheets, a row after the other in some columns."""
    across = len(columns)
    return [
        Cell(row + at // across, columns[at % across], name, Meaning.LINK, link=Link(name))
        for at, name in enumerate(sheets)
    ]


def _build_page_heading(results: Results, known: YearBefore) -> tuple[Cell, ...]:
    said = [describe_analysis_span(results)]
    if len(known.last):
        said.append(_("changes: the last 12 months against the 12 before"))
    title, subtitle = build_sheet_heading(
        _("Customer profitability"), join_messages(" · ", said), across=COLUMNS
    )
    return (
        replace(title, row=TITLE_ROW),
        replace(subtitle, row=TITLE_ROW + 1),
        Cell(HEADLINE_ROW, 1, describe_headline(results), Meaning.HEADLINE, across=COLUMNS, wrap=True),
    )


def _build_tiles(results: Results, known: YearBefore, periods: Table) -> list[Cell]:
    """Return the tiles: a label, a figure with its sparkline, what it is a share of, and how it changed in a year."""
    company = results.company["total"]
    net = float(company[Measure.NET_REVENUE])
    lost = describe_lost_sales(results)
    cells: list[Cell] = []
    for (column, beside), measure in zip(TILES, SHOWN, strict=True):
        amount = float(company[measure])
        share = _describe_revenue_share(amount, net)
        if measure is Measure.NET_REVENUE:
            share = lost or _n("{n:,} customer", "{n:,} customers", len(results.names))
        changed, meaning = describe_year_change(known, measure, results)
        cells += [
            Cell(TILE_ROW, column, _(COMPANY_HEADERS[measure]), Meaning.LABEL, across=2),
            Cell(
                TILE_ROW + 1,
                column,
                amount,
                Meaning.KPI,
                Format.MONEY_SHORT,
                rules=() if measure is Measure.NET_REVENUE else (SignRule(),),
            ),
            Cell(
                TILE_ROW + 2,
                column,
                share,
                Meaning.ERROR if share == lost and lost else Meaning.NOTE,
                across=2,
            ),
        ]
        cells.append(_build_spark_cell(TILE_ROW + 1, beside, periods, measure))
        if changed:
            cells.append(Cell(TILE_ROW + 3, column, changed, meaning, across=2))
    return cells


def _build_spark_cell(row: int, column: int, periods: Table, measure: str) -> Cell:
    """Return the cell with the sparkline of a measure; a blank one where there are too few periods, or no figures."""
    there = next((c for c in periods.columns if c.key == measure), None)
    if there is None or periods.rows < 2:
        return Cell(row, column, None, Meaning.KPI)
    at = periods.position(measure)
    bars = draw_text_bars(np.array([there.values], dtype=np.float64))[0]
    block = format_block(periods.first, at, periods.last, at)
    return Cell(
        row, column, bars, Meaning.KPI, spark=Link(names.translate_sheet_name(names.DASHBOARD), block)
    )


def _describe_revenue_share(part: float, net: float) -> str:
    return _("{share:.1%} of net revenue", share=part / net) if net > 0 else _("no net revenue")


def _build_trust_cells(results: Results, reliable: Answer) -> tuple[Cell, ...]:
    """Return the line that says how far the page can be relied on, and what is not on it for want of tables.

    The codes are those of errors and warnings; *Checks* has them in full.
    """
    codes = sorted({one.code for one in results.findings if one.severity in ("stop", "error", "warning")})
    sign = theme.SIGNS.get(reliable.meaning, "")
    missing = describe_missing_tables(results)
    shown = _(" ({codes})", codes=", ".join(codes)) if codes else ""
    said = join_messages(". ", [part for part in (reliable.answer + shown, missing) if part])
    return (
        Cell(
            TRUST_ROW,
            1,
            (f"{sign} " if sign and reliable.meaning is not Meaning.PROFIT else "") + said,
            reliable.meaning,
            across=COLUMNS,
            wrap=True,
            link=Link(reliable.sheet),
        ),
    )


def _build_page_charts(results: Results, bridge: Table) -> tuple[Chart, ...]:
    """Return the bridge and the whale curve, side by side."""
    if not len(results.names):
        return ()
    currency = results.inputs.settings.currency
    height = CHART_ROWS * 15.0
    first = build_bridge_chart(bridge, (CHART_ROW, 1), (BRIDGE_WIDTH, height))
    profit = results.customers[Measure.PROFIT]
    peak = int((profit > 0).sum())
    return (
        first,
        Chart(
            "line",
            describe_whale(results),
            CHART_ROW,
            5,
            (customer_pnl.TABLE, "rank"),
            (Series(customer_pnl.TABLE, "cumulative", _("Cumulative profit"), Meaning.PROFIT),),
            x_title=_("Customers, by profit"),
            y_title=_("Cumulative profit, {currency}", currency=currency),
            width=WHALE_WIDTH,
            height=height,
            sheet=names.translate_sheet_name(names.CUSTOMER_PNL),
            marked=(peak - 1, _("Peak")) if peak else None,
        ),
    )


# --- below the page --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Below:
    """What stands below the page: every question, the customers at either end, the company, and the charts' figures.

    Attributes:
        cells: its titles, questions and answers.
        tables: all its tables.
        bridge: of these, the figures of the bridge.
        periods: and the company by period.
    """

    cells: tuple[Cell, ...]
    tables: tuple[Table, ...]
    bridge: Table
    periods: Table


def _build_below(results: Results, known: YearBefore, answers: Sequence[Answer]) -> _Below:
    """Return what stands below the page, one thing below the other."""
    best, worst = _build_extreme_tables(results, BELOW_ROW + len(answers) + 3)
    company = _build_company_table(results, worst.last + 4)
    ties = _build_tie_out_table(results, company.last + 4)
    bridge = build_bridge_table(results, ties.last + 4)
    periods = _build_period_table(known, bridge.last + 4)
    titles = (
        (best, _n("The most profitable customer", "The {n:,} most profitable customers", best.rows)),
        (worst, _n("The least profitable customer", "The {n:,} least profitable customers", worst.rows)),
        (company, _("The whole company")),
        (ties, _("Tied out to the books")),
        (bridge, _("Figures behind the bridge")),
        (periods, _("The company by period")),
    )
    shown = [(table, said) for table, said in titles if table is not worst or worst.rows]
    cells = (
        Cell(BELOW_ROW - 1, 1, _("Every question"), Meaning.SECTION, across=COLUMNS),
        *_build_answer_cells(answers, BELOW_ROW),
        *(Cell(table.row - 1, table.column, said, Meaning.SECTION, across=2) for table, said in shown),
    )
    return _Below(cells, tuple(table for table, _said in shown), bridge, periods)


def _build_answer_cells(answers: Sequence[Answer], row: int) -> list[Cell]:
    """Return a line for each question: the question, linked to its sheet, and the answer."""
    cells = []
    for at, said in enumerate(answers, row):
        sign = theme.SIGNS.get(said.meaning, "") if said.meaning in _SIGNED else ""
        cells += [
            Cell(at, 1, said.question, Meaning.LINK, link=Link(said.sheet)),
            Cell(
                at, 2, (f"{sign} " if sign else "") + said.answer, said.meaning, across=COLUMNS - 1, wrap=True
            ),
        ]
    return cells


_SIGNED = (Meaning.WARNING, Meaning.STOP, Meaning.ERROR)
"""The meanings of which an answer bears the sign; an arrow up or down is for a change alone."""


def _build_period_table(known: YearBefore, row: int) -> Table:
    """Return the company by period, without the measures that are known of no period."""
    frame = known.periods
    shown = [measure for measure in SHOWN if frame[measure].notna().all()]
    columns = (
        Column("period", _("Period"), [str(p) for p in frame.index], width=26.0),
        *(
            Column(measure, _(COMPANY_HEADERS[measure]), list_cell_values(frame[measure]), Format.MONEY, 13.0)
            for measure in shown
        ),
    )
    return Table(TRENDED, row, 1, columns, filtered=False)


def _build_extreme_tables(results: Results, row: int) -> tuple[Table, Table]:
    """Return the tables of the most and the least profitable customers, none of whom is in both."""
    order = results.whale.index
    best = order[: min(TOP, max(len(order) - len(order) // 2, 1))]
    worst = order[::-1][: min(TOP, len(order) // 2)]
    return (
        _build_ranked_table("most_profitable", (row, 1), best, results),
        _build_ranked_table("least_profitable", (row + len(best) + 4, 1), worst, results),
    )


def _build_ranked_table(name: str, place: tuple[int, int], customers: pd.Index, results: Results) -> Table:
    frame = results.customers.loc[customers]
    names_of = [str(c) for c in customers]
    columns = (
        Column(
            "customer",
            _("Customer"),
            names_of,
            width=26.0,
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
    return Table(name, *place, columns, filtered=False, empty=_("No customers"))


def _build_company_table(results: Results, row: int) -> Table:
    frame = results.company.loc[list(COMPANY_LINES)]
    total = frame["total"]
    net = float(total["net_revenue"])
    columns = (
        Column("line", _("Line"), [_(COMPANY_HEADERS[line]) for line in frame.index], width=26.0, wrap=True),
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
        Column("line", _("Control total"), line, width=26.0, wrap=True),
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
        "tie_out", row, 1, columns, filtered=False, empty=_("No {ControlTotals} given: nothing to tie out to")
    )
